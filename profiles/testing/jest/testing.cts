// What a test imports as palette-iac/profiles/testing: the module that runs outside of Jest's sandbox.
module.exports = Reflect.get(globalThis, 'palette-iac.dev/testing').testing;
