import { describe, expect, it } from '@jest/globals';

import { ProfileDocument } from '#profiles/document';

import { checkDocument } from './check-document.ts';

/** A document that nobody's program has checked. */
function document(layer: object, more: object = {}): ProfileDocument {
  return ProfileDocument.parse({
    apiVersion: 'palette-iac.dev/v1',
    kind: 'ClusterProfile',
    name: 'x',
    layers: [{ name: 'a', version: '1.0.0', ...layer }],
    ...more,
  });
}

const rules = (given: ProfileDocument): string[] => checkDocument(given).map(({ rule }) => rule);

describe('hostile documents', () => {
  it('with values of 100 MB are refused without being read', () => {
    const started = performance.now();
    expect(rules(document({ values: `a: ${'x'.repeat(100 * 1024 * 1024)}` }))).toEqual(['too-large']);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('with a bomb of aliases are refused', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 10; level++)
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`);
    expect(rules(document({ values: lines.join('\n') }))).toEqual(['yaml-syntax']);
  });

  it('nested without end are refused', () => {
    expect(rules(document({ values: '['.repeat(100_000) }))).toContain('yaml-syntax');
    expect(rules(document({ type: 'manifest', manifests: [{ name: 'm', content: '{a: '.repeat(50_000) }] }))).toContain(
      'yaml-syntax',
    );
  });

  it('with ten thousand macros are read in time that grows with their number, not faster', () => {
    const millisecondsFor = (macros: number): number => {
      const values = Array.from({ length: macros }, (_, index) => `k${index}: '{{.spectro.var.v}}'`).join('\n');
      const started = performance.now();
      expect(rules(document({ values }, { variables: [{ name: 'v' }] }))).toEqual([]);
      return performance.now() - started;
    };
    millisecondsFor(100);
    expect(millisecondsFor(10_000)).toBeLessThan(40 * millisecondsFor(1_000) + 500);
  });

  it('with an expression that never ends are told so', () => {
    const variables = [{ name: 'v', regex: '^(a+)+$', defaultValue: `${'a'.repeat(40)}!` }];
    expect(rules(document({}, { variables }))).toContain('variable-definition');
  });
});

describe('what can be told without packs', () => {
  it.each([
    {
      name: 'a preset header is no problem',
      layer: { values: '# spectrocloud.com/enabled-presets: A:b\nx: 1\n' },
      want: [],
    },
    { name: 'values that are a list', layer: { values: '- a' }, want: ['values-shape'] },
    { name: 'a key twice', layer: { values: 'a: 1\na: 2' }, want: ['duplicate-key'] },
    {
      name: 'a system macro that there is not',
      layer: { values: "a: '{{.spectro.system.cluster.nmae}}'" },
      want: ['system-macro-unknown'],
    },
    {
      name: 'a pack of another profile',
      layer: { values: "a: '{{.spectro.pack.other.x}}'" },
      want: ['pack-output-unknown'],
    },
    {
      name: 'a variable with a default of its own',
      layer: { values: `a: '{{ .spectro.var.x | default "1" }}'` },
      want: ['variable-undefined'],
    },
    { name: 'a layer of nothing', layer: { type: 'manifest' }, want: ['empty-layer'] },
    {
      name: 'a manifest twice',
      layer: {
        manifests: [
          { name: 'm', content: '' },
          { name: 'm', content: '' },
        ],
      },
      want: ['duplicate-manifest'],
    },
  ])('$name', ({ layer, want }) => {
    expect(rules(document(layer))).toEqual(want);
  });

  it('says that a secret stands openly', () => {
    const variables = [{ name: 'v', isSensitive: true, defaultValue: 's3cret' }];
    const found = checkDocument(document({ values: "a: '{{.spectro.var.v}}'" }, { variables }));
    expect(found).toMatchObject([{ severity: 'warning', rule: 'secret-in-profile' }]);
    expect(JSON.stringify(found)).not.toContain('s3cret');
  });
});
