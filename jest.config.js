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
  testTimeout: 30000,
  maxWorkers: 2,
};
