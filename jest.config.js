/** Unit tests stand beside the code; tests that start real servers stand under test/. */
const shared = {
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@palette-iac/source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  setupFilesAfterEnv: ['<rootDir>/test/support/patience.ts'],
  transformIgnorePatterns: ['/node_modules/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};

export default {
  // Most of what the suites under test/ do is wait for servers; two at a time fill two cores.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1.5GB',
  testSequencer: '<rootDir>/scripts/test-sequencer.mjs',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      roots: ['agent', 'cli', 'core', 'crossplane', 'kubernetes', 'openapi', 'packs', 'plane', 'profiles', 'protocol', 'provider', 'resources'].map((room) => `<rootDir>/${room}`),
    },
    { ...shared, displayName: 'e2e', roots: ['<rootDir>/test'] },
  ],
};
