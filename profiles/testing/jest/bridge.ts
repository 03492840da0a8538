/** Under which name a test's global object holds our modules, which run outside of Jest's sandbox: once per worker. */
export const BRIDGE = 'palette-iac.dev/testing';
