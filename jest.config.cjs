const swc = [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      target: 'es2022',
      transform: { legacyDecorator: true },
    },
    module: { type: 'commonjs' },
  },
];

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  setupFiles: ['reflect-metadata'],
  maxWorkers: 2,
  workerIdleMemoryLimit: '1500MB',
  testTimeout: 60000,
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.affinity', '<rootDir>/.cache'],
  globalSetup: '<rootDir>/test/support/globalSetup.ts',
  globalTeardown: '<rootDir>/test/support/globalTeardown.ts',
  // These ship ES modules only; Jest's own module system cannot require them as Node can.
  transform: { '^.+\\.ts$': swc, 'node_modules/(jose|@prisma/schema-engine-wasm)/.+\\.js$': swc },
  transformIgnorePatterns: ['node_modules/(?!jose/|@prisma/schema-engine-wasm/)'],
};
