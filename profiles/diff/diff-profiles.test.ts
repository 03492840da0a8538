import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { KubernetesObject } from '#packs/index';
import { canonicalJson } from '#protocol/canonical';

import { profileDigest } from '../digest.ts';
import { ProfileDocument } from '../document.ts';
import { noLatestTag, rule } from '../policy/index.ts';
import { changesAnything, diffProfiles } from './diff-profiles.ts';
import { differenceMarkdown, differenceText } from './format-difference.ts';
import { fitComment, MAX_COMMENT } from './markdown.ts';
import { MASKED } from './mask.ts';
import { renderedChanges, sameObjects } from './rendered-changes.ts';

const profile = (over: object = {}): ProfileDocument =>
  ProfileDocument.parse({
    apiVersion: 'palette-iac.dev/v1',
    kind: 'ClusterProfile',
    name: 'shop',
    layers: [
      { name: 'nginx', version: '1.x', values: 'charts:\n  nginx:\n    replicas: 1 # few\n' },
      { name: 'extra', type: 'manifest', manifests: [{ name: 'config', content: configMap('a', { key: '1' }) }] },
    ],
    ...over,
  });

function configMap(name: string, data: Record<string, string>): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
}

const nginx = (over: object): object => ({
  name: 'nginx',
  version: '1.x',
  values: 'charts:\n  nginx:\n    replicas: 1 # few\n',
  ...over,
});
const extra = (content: string): object => ({
  name: 'extra',
  type: 'manifest',
  manifests: [{ name: 'config', content }],
});
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

describe('the difference of two profiles', () => {
  it.each<{ name: string; before?: object; after: object; lines: string[] }>([
    {
      name: 'a version of the profile',
      after: { version: '1.1.0' },
      lines: ['profile:', '~ version: 1.0.0 → 1.1.0'],
    },
    {
      name: 'a value by its path',
      after: { layers: [nginx({ values: 'charts: {nginx: {replicas: 2}}' }), extra(configMap('a', { key: '1' }))] },
      lines: ['layers:', '~ nginx 1.x', '~ values.charts.nginx.replicas: 1 → 2'],
    },
    {
      name: 'what a range stands for',
      before: { layers: [nginx({ resolved: { version: '1.1.0', digest: digest('1') } })] },
      after: { layers: [nginx({ resolved: { version: '1.2.0', digest: digest('2') } })] },
      lines: [
        'layers:',
        '~ nginx 1.1.0 → 1.2.0',
        `~ resolved.digest: ${digest('1')} → ${digest('2')}`,
        '~ resolved.version: 1.1.0 → 1.2.0',
      ],
    },
    {
      name: 'nothing of a range that stands for the same pack, in whatever registry',
      before: { layers: [nginx({ version: '1.x', resolved: { version: '1.1.0', digest: digest('1') } })] },
      after: {
        layers: [nginx({ version: '^1.1.0', registry: 'other', resolved: { version: '1.1.0', digest: digest('1') } })],
      },
      lines: [],
    },
    {
      name: 'comments that changed alone',
      after: {
        layers: [
          nginx({ values: 'charts:\n  nginx:\n    replicas: 1 # enough\n' }),
          extra(configMap('a', { key: '1' })),
        ],
      },
      lines: ['layers:', '~ nginx 1.x', '~ values (comments and layout)'],
    },
    {
      name: 'another preset',
      before: { layers: [nginx({ values: '# spectrocloud.com/enabled-presets: Isolation:closed\na: 1' })] },
      after: { layers: [nginx({ values: '# spectrocloud.com/enabled-presets: Isolation:open\na: 1' })] },
      lines: ['layers:', '~ nginx 1.x', '~ presets.Isolation: closed → open'],
    },
    {
      name: 'macros without quotes',
      before: { layers: [nginx({ values: 'a: {{ .spectro.var.a }}\nb: 1' })] },
      after: { layers: [nginx({ values: 'a: {{ .spectro.var.b }}\nb: 1' })] },
      lines: ['layers:', '~ nginx 1.x', '~ values.a: {{ .spectro.var.a }} → {{ .spectro.var.b }}'],
    },
    {
      name: 'lines of values that cannot be read',
      before: { layers: [nginx({ values: 'a: [1\nb: 1' })] },
      after: { layers: [nginx({ values: 'a: [2\nb: 1' })] },
      lines: ['layers:', '~ nginx 1.x', '~ values:1: a: [1 → a: [2'],
    },
    {
      name: 'an object of a manifest by its name',
      after: { layers: [nginx({}), extra(configMap('a', { key: '2' }))] },
      lines: ['layers:', '~ extra', '~ manifest config[ConfigMap//a].data.key: "1" → "2"'],
    },
    {
      name: 'layers that came and went',
      after: { layers: [nginx({}), { name: 'redis', version: '7.0.0' }] },
      lines: ['layers:', '+ redis 7.0.0', '- extra'],
    },
    {
      name: 'the order of layers',
      after: { layers: [extra(configMap('a', { key: '1' })), nginx({})] },
      lines: ['layers:', '~ order: nginx, extra → extra, nginx'],
    },
    {
      name: 'variables by name, their order being none',
      before: { variables: [{ name: 'a' }, { name: 'b', defaultValue: 'x' }] },
      after: { variables: [{ name: 'b', defaultValue: 'y' }, { name: 'a' }] },
      lines: ['variables:', '~ [name=b].defaultValue: x → y'],
    },
  ])('says $name', ({ before, after, lines }) => {
    const text = differenceText(diffProfiles({ document: profile(before) }, { document: profile(after) }));
    expect(
      text
        .split('\n')
        .slice(1)
        .map((line) => line.trim()),
    ).toEqual(lines);
  });

  it('hides defaults of sensitive variables, wherever they come up', () => {
    const side = (secret: string) => ({
      document: profile({
        variables: [{ name: 'password', isSensitive: true, defaultValue: secret }],
        layers: [nginx({ values: `url: postgres://app:${secret}@db` }), extra(configMap('a', { key: secret }))],
      }),
      rendered: rendered([
        object('ConfigMap', { data: { url: `x ${secret} y`, encoded: Buffer.from(secret).toString('base64') } }),
      ]),
    });
    const difference = diffProfiles(side('hunter2'), side('correct horse'));
    const told = `${JSON.stringify(difference)}${differenceText(difference)}${differenceMarkdown(difference).join('')}`;
    expect(told).not.toMatch(/hunter2|horse|aHVudGVyMg|Y29ycmVjdCBob3JzZQ/);
    expect(difference.variables).toEqual([{ path: '[name=password].defaultValue', before: MASKED, after: MASKED }]);
    expect(difference.layers).toHaveLength(2);
    expect(difference.objects).toHaveLength(1);
  });

  it.each([
    { name: 'as YAML', secret: (value: string) => `kind: Secret\ndata: {{ .x }}\n  a: ${value}` },
    { name: 'as JSON', secret: (value: string) => `{"kind": "Secret",\n"data": {{ .x }}: ]\n"a": "${value}"}` },
    { name: 'with its key in quotes', secret: (value: string) => `'kind' : Secret\ndata: {{ .x }}\n  a: ${value}` },
  ])('hides a Secret of a manifest that cannot be read $name', ({ secret }) => {
    const difference = diffProfiles(
      { document: profile({ layers: [extra(secret('one'))] }) },
      { document: profile({ layers: [extra(secret('two'))] }) },
    );
    expect(difference.layers[0]?.fields).toEqual([{ path: 'manifest config:3', before: MASKED, after: MASKED }]);
  });

  it('says which rules changed, also those in TypeScript', () => {
    const mine = (check: Parameters<typeof rule>[0]['check']) => rule({ name: 'mine', description: 'm', check });
    const one = [noLatestTag(), mine(() => [])];
    const two = [noLatestTag({}, { severity: 'warning' }), mine(() => [{ message: 'no' }])];
    const difference = diffProfiles({ document: profile(), policies: one }, { document: profile(), policies: two });
    expect(difference.policies.map(({ path }) => path)).toEqual(
      ['[name=mine].code', '[name=no-latest-tag].params', '[name=no-latest-tag].severity'].sort((a, b) =>
        a.includes('mine') ? 1 : b.includes('mine') ? -1 : 0,
      ),
    );
    expect(
      changesAnything(
        diffProfiles({ document: profile(), policies: one }, { document: profile(), policies: [...one] }),
      ),
    ).toBe(false);
  });

  it('has profiles that are new and gone', () => {
    expect(differenceText(diffProfiles(undefined, { document: profile() }))).toBe(
      'profile shop 1.0.0, which is new\nlayers:\n  + nginx 1.x\n  + extra',
    );
    expect(differenceText(diffProfiles({ document: profile() }, undefined))).toMatch(
      /^profile shop 1\.0\.0, which is gone\nlayers:\n {2}- nginx/,
    );
  });

  it('is told in markdown that contents cannot break out of', () => {
    const side = (data: string) => ({
      document: profile({ name: 'a|b <script> @team' }),
      rendered: rendered([object('ConfigMap', { data: { file: `x\n\`\`\`${data}\n# ${data}\n</details>` } })]),
    });
    const markdown = fitComment(differenceMarkdown(diffProfiles(side('1'), side('2'))));
    expect(markdown).toContain('a\\|b &lt;script> @&#8203;team');
    expect(markdown).toContain('````diff');
    const big = fitComment(
      differenceMarkdown(
        diffProfiles(
          { document: profile(), rendered: rendered([]) },
          {
            document: profile(),
            rendered: rendered(Array.from({ length: 5000 }, (_, at) => object('ConfigMap', {}, `config-${at}`))),
          },
        ),
      ),
    );
    expect(big.length).toBeLessThan(MAX_COMMENT);
    expect(big).toMatch(/more lines/);
    expect(big).toContain('5000 created');
  });

  const text = fc.constantFrom('', 'a: 1', 'a: 2', 'a: 1 # x', '{{', 'b: [1, 2]', 'b: [2, 1]');
  const anyLayer = fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    layer: fc.constantFrom('addon', 'cni'),
    version: fc.constantFrom('1.0.0', '2.0.0'),
    values: text,
    manifests: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom('m', 'n'),
        content: fc.oneof(text, fc.constantFrom(configMap('a', {}), configMap('b', { x: '1' }))),
      }),
      { selector: ({ name }) => name, maxLength: 2 },
    ),
  });
  const anyProfile = fc
    .record({
      version: fc.constantFrom('1.0.0', '1.1.0'),
      tags: fc.constantFrom([], ['a:b']),
      variables: fc.uniqueArray(
        fc.record({
          name: fc.constantFrom('x', 'y'),
          defaultValue: fc.constantFrom('1', 'secret'),
          isSensitive: fc.boolean(),
        }),
        { selector: ({ name }) => name, maxLength: 2 },
      ),
      layers: fc.uniqueArray(anyLayer, { selector: ({ name }) => name, maxLength: 3 }),
    })
    .map((over) => profile(over));

  it('is nothing exactly when the profiles are equal', () => {
    const plain = ({ variables, ...rest }: ProfileDocument) =>
      canonicalJson({ ...rest, variables: [...variables].sort((a, b) => (a.name < b.name ? -1 : 1)) });
    fc.assert(
      fc.property(anyProfile, anyProfile, (a, b) => {
        expect(changesAnything(diffProfiles({ document: a }, { document: structuredClone(a) }))).toBe(false);
        const changed = changesAnything(diffProfiles({ document: a }, { document: b }));
        expect(changed).toBe(plain(a) !== plain(b));
        if (profileDigest(a) !== profileDigest(b)) expect(changed).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

function object(kind: string, over: object = {}, name: string = 'x'): KubernetesObject {
  return { apiVersion: 'v1', kind, metadata: { name }, ...over };
}

function rendered(...layers: readonly (readonly KubernetesObject[])[]) {
  return {
    layers: layers.map((objects, at) => ({
      layer: {
        name: `layer-${at}`,
        profile: { uid: '1', name: 'p', version: '1.0.0' },
        layer: 'addon' as const,
        version: '1.0.0',
        values: '',
        manifests: [],
        installPriority: 0,
      },
      objects,
    })),
  };
}

describe('the difference of two renderings', () => {
  it('follows an object from layer to layer, and to another version of its API', () => {
    const old = object('Ingress', { apiVersion: 'networking.k8s.io/v1beta1' });
    const now = object('Ingress', { apiVersion: 'networking.k8s.io/v1' });
    expect(renderedChanges(rendered([old], []), rendered([], [now]))).toEqual([
      {
        kind: 'changed',
        layer: 'layer-1',
        object: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'x' },
        fields: [
          { path: '(layer)', before: 'layer-0', after: 'layer-1' },
          { path: 'apiVersion', before: 'networking.k8s.io/v1beta1', after: 'networking.k8s.io/v1' },
        ],
        restarts: false,
      },
    ]);
  });

  it('is empty exactly when the renderings are equal', () => {
    const anyObject = fc
      .record({
        kind: fc.constantFrom('ConfigMap', 'Secret'),
        name: fc.constantFrom('a', 'b'),
        data: fc.dictionary(fc.constantFrom('k', 'l'), fc.constantFrom('1', '2'), { maxKeys: 2 }),
      })
      .map(({ kind, name, data }) => object(kind, { data }, name));
    const unique = fc.uniqueArray(anyObject, {
      selector: ({ kind, metadata }) => `${kind}/${metadata.name}`,
      maxLength: 4,
    });
    const anyRendering = fc
      .tuple(unique, fc.nat(4))
      .map(([objects, cut]) => rendered(objects.slice(0, cut), objects.slice(cut)));
    fc.assert(
      fc.property(anyRendering, anyRendering, (a, b) => {
        expect(renderedChanges(a, structuredClone(a))).toEqual([]);
        expect(renderedChanges(a, b).length === 0).toBe(sameObjects(a, b));
      }),
      { numRuns: 200 },
    );
  });
});
