// Adds the matchers to every test file's `expect`.
const { matchers } = Reflect.get(globalThis, 'palette-iac.dev/testing').testing;
Reflect.get(globalThis, 'expect').extend(matchers);
