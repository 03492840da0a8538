import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { profileDigest } from './digest.ts';
import { ProfileDocument } from './document.ts';

const document = (over: object = {}): ProfileDocument =>
  ProfileDocument.parse({
    apiVersion: 'palette-iac.dev/v1',
    kind: 'ClusterProfile',
    name: 'web',
    variables: [{ name: 'a' }, { name: 'b', defaultValue: '1' }],
    layers: [{ name: 'app', version: '^1.0.0', values: 'a: 1', manifests: [{ name: 'm', content: 'x: 1' }] }],
    ...over,
  });
const layer = (over: object): object => ({ layers: [{ ...document().layers[0], ...over }] });
const resolved = (version: string, digit: string): object => ({
  resolved: { version, digest: `sha256:${digit.repeat(64)}` },
});

describe("a profile's digest", () => {
  it.each([
    {
      name: 'name, version, description and tags',
      over: { name: 'x', version: '9.0.0', description: 'd', tags: ['t'] },
    },
    { name: 'the order of variables', over: { variables: [{ name: 'b', defaultValue: '1' }, { name: 'a' }] } },
    {
      name: 'what clients write out that means nothing',
      over: {
        variables: [
          { name: 'a', description: '', defaultValue: '', regex: '', required: false, format: 'string', options: [] },
          { name: 'b', defaultValue: '1', inputType: 'text', hidden: false, isSensitive: false },
        ],
      },
    },
    {
      name: 'white space around values and manifests',
      over: layer({ values: '\na: 1\n\n', manifests: [{ name: 'm', content: 'x: 1\n' }] }),
    },
    { name: 'the registry that a pack is found in', over: layer({ registry: 'Elsewhere' }) },
  ])('does not depend on $name', ({ over }) => {
    expect(profileDigest(document(over))).toBe(profileDigest(document()));
  });

  it.each([
    { name: 'values', over: layer({ values: 'a: 2' }) },
    { name: 'a manifest', over: layer({ manifests: [{ name: 'm', content: 'x: 2' }] }) },
    { name: 'the kind of a layer', over: layer({ layer: 'csi' }) },
    { name: 'the type', over: { type: 'infra' } },
    { name: 'the cloud', over: { cloud: 'aws' } },
    {
      name: 'a default',
      over: {
        variables: [
          { name: 'a', defaultValue: 'x' },
          { name: 'b', defaultValue: '1' },
        ],
      },
    },
    {
      name: 'whether a variable is required',
      over: {
        variables: [
          { name: 'a', required: true },
          { name: 'b', defaultValue: '1' },
        ],
      },
    },
    { name: 'a version that is not resolved', over: layer({ version: '^2.0.0' }) },
  ])('depends on $name', ({ over }) => {
    expect(profileDigest(document(over))).not.toBe(profileDigest(document()));
  });

  it('is that of the very pack once the pack is known, whatever range found it', () => {
    const of = (over: object): string => profileDigest(document(layer(over)));
    expect(of({ version: '1.x', ...resolved('1.2.0', 'a') })).toBe(
      of({ version: '^1.2.0', ...resolved('1.2.0', 'a') }),
    );
    expect(of(resolved('1.2.0', 'a'))).not.toBe(of(resolved('1.2.0', 'b')));
  });

  it('is the same for what JSON carried', () => {
    const variable = fc.record(
      {
        name: fc.stringMatching(/^[a-z]{1,4}$/),
        defaultValue: fc.string(),
        format: fc.constantFrom('string', 'number'),
        required: fc.boolean(),
        options: fc.array(fc.record({ value: fc.string(), label: fc.string() }), { maxLength: 2 }),
      },
      { requiredKeys: ['name'] },
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(variable, { selector: ({ name }) => name, maxLength: 4 }),
        fc.string(),
        (variables, values) => {
          const given = document({ variables, ...layer({ values }) });
          expect(profileDigest(ProfileDocument.parse(JSON.parse(JSON.stringify(given))))).toBe(profileDigest(given));
        },
      ),
    );
  });
});
