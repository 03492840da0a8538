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
  transformIgnorePatterns: ['/node_modules/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};

export default {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      roots: ['agent', 'cli', 'core', 'openapi', 'packs', 'plane', 'protocol', 'provider', 'resources'].map((room) => `<rootDir>/${room}`),
    },
    { ...shared, displayName: 'e2e', roots: ['<rootDir>/test'] },
  ],
};
