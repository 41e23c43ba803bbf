/** Runs under `node --experimental-vm-modules`: middy and others are ESM only. */
export default {
  testEnvironment: 'node',
  // Jest leaves a core idle by default; where there are two, that is half of the machine.
  maxWorkers: '100%',
  // An emulator on a busy machine answers slowly.
  testTimeout: 20_000,
  globalSetup: '<rootDir>/test/program/build.js',
  globalTeardown: '<rootDir>/test/program/remove.js',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2022',
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
};
