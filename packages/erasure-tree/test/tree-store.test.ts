import { memoryStore } from '../src/index.ts';
import { describeTreeStore } from './contract/store-contract.ts';

describeTreeStore({ name: 'memory', histories: 0, empty: async () => memoryStore() });
