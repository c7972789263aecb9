const swc = [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
      target: 'es2022',
      keepClassNames: true,
    },
    module: { type: 'commonjs', ignoreDynamic: true },
  },
];

const common = {
  rootDir: __dirname,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/hardware', '<rootDir>/tools'],
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': swc },
  moduleNameMapper: {
    '^@kkt/([a-z0-9-]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^@hardware/emulator$': '<rootDir>/hardware/emulator/src/index.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data'],
};

/**
 * unit: pure code, no servers, milliseconds.
 * db:   needs PostgreSQL and the Redis-compatible server; each file gets its own database.
 * e2e:  real processes, the emulator, the whole way of a receipt.
 */
module.exports = {
  testSequencer: '<rootDir>/tools/jest-sequencer.cjs',
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['**/*.spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/libs/testing/src/jest/patience.ts'],
    },
    {
      ...common,
      displayName: 'db',
      testMatch: ['**/*.db-spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/libs/testing/src/jest/patience.ts'],
      globalSetup: '<rootDir>/libs/testing/src/jest/global-setup.ts',
      globalTeardown: '<rootDir>/libs/testing/src/jest/global-teardown.ts',
    },
    {
      ...common,
      displayName: 'e2e',
      testMatch: ['**/*.e2e-spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/libs/testing/src/jest/patience.ts'],
      globalSetup: '<rootDir>/libs/testing/src/jest/global-setup.ts',
      globalTeardown: '<rootDir>/libs/testing/src/jest/global-teardown.ts',
    },
  ],
};
