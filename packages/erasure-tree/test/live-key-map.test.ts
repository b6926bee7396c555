import { memoryStore } from '../src/index.ts';
import { describeLiveKeyMap } from './contract/map-contract.ts';

describeLiveKeyMap({ name: 'memory', histories: 0, empty: async () => memoryStore() });
