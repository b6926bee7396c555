import { availableParallelism } from 'node:os';

export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/packages/testing/jest/strip-types.cjs' },
  testMatch: ['<rootDir>/{packages,services}/*/test/**/*.test.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/.data'],
  globalSetup: '<rootDir>/packages/testing/jest/global-setup.ts',
  globalTeardown: '<rootDir>/packages/testing/jest/global-teardown.ts',
  setupFilesAfterEnv: ['<rootDir>/packages/testing/jest/leak-tripwire.ts'],
  reporters: ['default', '<rootDir>/packages/testing/jest/plain-line.cjs'],
  testSequencer: '<rootDir>/packages/testing/jest/longest-first.mjs',
  // A guard against a test that hangs, no measure of pace: a machine may be many times slower than another.
  testTimeout: 180_000,
  // With as many as there are cores, a quarter of two cores was idle: tests wait for processes and disks.
  maxWorkers: availableParallelism() + 1,
};
