import { memoryStore } from '../src/index.ts';
import { describeErasureEpochs } from './contract/epoch-contract.ts';
import { describeEpochSteps } from './contract/steps-contract.ts';

const memory = { name: 'memory', histories: 60, empty: async () => memoryStore() };

describeErasureEpochs(memory);
describeEpochSteps(memory);
