import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { canonicalJson } from '#protocol/canonical';
import { DesiredState } from '#protocol/desired-state';

import { compose, ComposeError, type AttachedProfile, type ComposeInput, type StackPack } from './compose.ts';

const uid = (text: string): string => text.repeat(24).slice(0, 24);

const pack = (name: string, over: Partial<StackPack> = {}): StackPack => ({
  name,
  layer: 'addon',
  version: '1.0.0',
  digest: `sha256:${'0'.repeat(64)}`,
  values: '',
  manifests: [],
  ...over,
});

const profile = (over: Partial<AttachedProfile> = {}): AttachedProfile => ({
  uid: uid('1'),
  name: 'base',
  version: '1.0.0',
  type: 'add-on',
  packs: [pack('app')],
  overrides: [],
  definitions: [],
  values: {},
  ...over,
});

const input = (over: Partial<ComposeInput> = {}): ComposeInput => ({
  tenantUid: uid('a'),
  project: { uid: uid('b'), name: 'Default' },
  cluster: { uid: uid('c'), name: 'edge', cloudType: 'generic', kubernetesVersion: 'v1.34.1' },
  lifecycle: 'active',
  drift: 'heal',
  resyncSeconds: 300,
  profiles: [profile()],
  macros: {},
  installPriority: (values) => {
    const [, text] = /priority: (-?\d+)/.exec(values) ?? [];
    return text === undefined ? undefined : Number(text);
  },
  packPriorities: new Map(),
  ...over,
});

describe('composing a desired state', () => {
  it('makes a document the protocol accepts', () => {
    expect(() =>
      DesiredState.parse({ ...compose(input()), revision: 1, issuedAt: new Date().toISOString() }),
    ).not.toThrow();
  });

  it.each([
    { name: "of the pack's own values where the layer's ask for none", values: 'replicas: 2', priority: 20 },
    { name: "of the layer's values before that", values: 'priority: -5', priority: -5 },
    { name: "of the layer's values even when it is 0", values: 'priority: 0', priority: 0 },
  ])('takes the priority $name', ({ values, priority }) => {
    const app = pack('app', { values });
    const { layers } = compose(
      input({ profiles: [profile({ packs: [app] })], packPriorities: new Map([[app.digest ?? '', 20]]) }),
    );
    expect(layers[0]?.installPriority).toBe(priority);
  });

  it('puts infrastructure first from the ground up, then add-ons by priority and name', () => {
    const packs = [
      pack('z-addon', { values: 'priority: -13' }),
      pack('calico', { layer: 'cni' }),
      pack('b', { values: 'priority: 10' }),
      pack('a', { values: 'priority: 10' }),
      pack('k8s', { layer: 'k8s' }),
      pack('ubuntu', { layer: 'os' }),
      pack('rook', { layer: 'csi' }),
    ];
    expect(compose(input({ profiles: [profile({ packs })] })).layers.map((layer) => layer.name)).toEqual([
      'ubuntu',
      'k8s',
      'calico',
      'rook',
      'z-addon',
      'a',
      'b',
    ]);
  });

  it("takes the cluster's values and manifests in place of the profile's", () => {
    const packs = [
      pack('app', {
        values: 'a: 1',
        manifests: [
          { name: 'one', content: 'x: 1' },
          { name: 'two', content: 'y: 1' },
        ],
      }),
    ];
    const overrides = [{ name: 'app', values: ' a: 2 ', manifests: [{ name: 'two', content: 'y: 2' }] }];
    const [layer] = compose(input({ profiles: [profile({ packs, overrides })] })).layers;
    expect(layer).toMatchObject({
      values: 'a: 2',
      manifests: [
        { name: 'one', content: 'x: 1' },
        { name: 'two', content: 'y: 2' },
      ],
    });
  });

  it('keeps variables on which profiles agree in the context, the others in the layers', () => {
    const definitions = [{ name: 'size', defaultValue: 'small' }, { name: 'colour' }];
    const first = profile({ definitions, values: { colour: 'red' } });
    const second = profile({
      uid: uid('2'),
      name: 'other',
      packs: [pack('other')],
      definitions,
      values: { colour: 'blue' },
    });
    const { context, layers } = compose(input({ profiles: [first, second] }));
    expect(context.variables).toEqual({ size: 'small' });
    expect(layers.map((layer) => layer.variables)).toEqual([{ colour: 'red' }, { colour: 'blue' }]);
  });

  it('refuses a required variable without value, by its name', () => {
    const definitions = [{ name: 'region', required: true }];
    expect(() => compose(input({ profiles: [profile({ definitions })] }))).toThrow(
      new ComposeError('profile base 1.0.0: variable region is required and has no value'),
    );
  });

  it('takes the default of a variable that is called as JavaScript calls its own things', () => {
    const definitions = [{ name: 'constructor', defaultValue: 'x' }];
    expect(compose(input({ profiles: [profile({ definitions })] })).context.variables).toEqual({ constructor: 'x' });
  });

  it('refuses a pack that two profiles bring', () => {
    const second = profile({ name: 'other' });
    expect(() => compose(input({ profiles: [profile(), second] }))).toThrow(
      /pack app comes with profile base 1.0.0 and with profile other 1.0.0/,
    );
  });

  it('asks a deleting cluster to remove everything, and says nothing else', () => {
    const { layers, context, lifecycle } = compose(input({ lifecycle: 'deleting', macros: { secret: 'x' } }));
    expect({ layers, context, lifecycle }).toEqual({
      layers: [],
      context: { system: {}, macros: {}, variables: {}, packs: {} },
      lifecycle: 'deleting',
    });
  });

  it('gives the same document whatever the order of profiles, packs and variables', () => {
    const name = fc.stringMatching(/^[a-z]{1,6}$/);
    const anyProfile = fc.record({
      names: fc.uniqueArray(name, { maxLength: 4 }),
      layers: fc.array(fc.constantFrom('os', 'k8s', 'cni', 'csi', 'addon', 'addon', 'addon'), {
        minLength: 4,
        maxLength: 4,
      }),
      priorities: fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 4, maxLength: 4 }),
      variables: fc.dictionary(name, fc.string(), { maxKeys: 4 }),
    });
    fc.assert(
      fc.property(
        fc.array(anyProfile, { maxLength: 4 }),
        fc.dictionary(name, fc.string()),
        fc.infiniteStream(fc.nat()),
        (shapes, macros, random) => {
          const shuffle = <T>(items: readonly T[]): T[] =>
            items
              .map((item) => ({ item, at: random.next().value ?? 0 }))
              .sort((a, b) => a.at - b.at)
              .map(({ item }) => item);
          const profiles = shapes.map(({ names, layers, priorities, variables }, index) =>
            profile({
              uid: uid(String(index + 1)),
              name: `profile-${index}`,
              // Names are unique over the document.
              packs: names.map((base, at) =>
                pack(`${base}-${index}`, {
                  layer: layers[at] as StackPack['layer'],
                  values: `priority: ${priorities[at] ?? 0}`,
                }),
              ),
              definitions: Object.keys(variables).map((key) => ({ name: key })),
              values: variables,
            }),
          );
          const mixed = shuffle(profiles).map((one) => ({
            ...one,
            packs: shuffle(one.packs),
            definitions: shuffle(one.definitions),
            values: Object.fromEntries(shuffle(Object.entries(one.values))),
          }));
          const straight = compose(input({ profiles, macros }));
          expect(
            canonicalJson(
              compose(input({ profiles: mixed, macros: Object.fromEntries(shuffle(Object.entries(macros))) })),
            ),
          ).toBe(canonicalJson(straight));
          expect(straight.layers.map((layer) => layer.installPriority)).toEqual(
            straight.layers.map((layer) => layer.installPriority).sort((a, b) => a - b),
          );
        },
      ),
    );
  });
});

describe('how layers are enforced', () => {
  const enforcing = (text: string): StackPack => pack('app', { values: `pack:\n  enforcement:\n${text}` });

  it('is said by the pack over the profile over the cluster, and fields that are left to others add up', () => {
    const document = compose(
      input({
        cluster: {
          ...input().cluster,
          labels: { 'palette-iac.dev/drift': 'alert', 'palette-iac.dev/conflicts': 'report', site: 'vienna' },
        },
        profiles: [
          profile({
            labels: { 'palette-iac.dev/drift': 'ignore', 'palette-iac.dev/ignore': 'Deployment#/spec/replicas' },
            packs: [
              enforcing('    drift: heal\n    ignore:\n      - { kind: Service, name: web, fields: [/spec/ports] }\n'),
              pack('plain'),
            ],
          }),
        ],
      }),
    );
    expect(document.policy).toEqual({ drift: 'alert', enforcement: { conflicts: 'report' }, resyncSeconds: 300 });
    expect(Object.fromEntries(document.layers.map(({ name, enforcement }) => [name, enforcement]))).toEqual({
      app: {
        drift: 'heal',
        ignore: [
          { kind: 'Deployment', fields: ['/spec/replicas'] },
          { kind: 'Service', name: 'web', fields: ['/spec/ports'] },
        ],
      },
      plain: { drift: 'ignore', ignore: [{ kind: 'Deployment', fields: ['/spec/replicas'] }] },
    });
  });

  it("is the pack's own word where the layer's values say nothing", () => {
    const app = pack('app');
    const packValues = new Map([[app.digest ?? '', 'pack:\n  enforcement:\n    immutable: recreate\n']]);
    expect(compose(input({ profiles: [profile({ packs: [app] })], packValues })).layers[0]?.enforcement).toEqual({
      immutable: 'recreate',
    });
  });

  it.each([
    {
      name: 'a tag of the cluster',
      labels: { 'palette-iac.dev/drift': 'fix' },
      text: '',
      want: 'cluster edge: tag palette-iac.dev/drift',
    },
    {
      name: 'a field without a pointer',
      labels: { 'palette-iac.dev/ignore': 'Deployment' },
      text: '',
      want: 'cluster edge: tag palette-iac.dev/ignore',
    },
    { name: 'an unknown key', labels: {}, text: '    drifts: heal\n', want: 'pack app: pack.enforcement' },
    {
      name: 'an unknown word',
      labels: {},
      text: '    conflicts: fight\n',
      want: 'pack app: pack.enforcement.conflicts',
    },
  ])('is refused for $name', ({ labels, text, want }) => {
    const packs = text === '' ? [pack('app')] : [enforcing(text)];
    const made = (): unknown =>
      compose(input({ cluster: { ...input().cluster, labels }, profiles: [profile({ packs })] }));
    expect(made).toThrow(ComposeError);
    expect(made).toThrow(want);
  });

  it('stays a matter of looking where the cluster is only looked at', () => {
    const labels = { 'palette-iac.dev/drift': 'heal' };
    const { policy } = compose(input({ drift: 'alert', cluster: { ...input().cluster, labels }, profiles: [] }));
    expect(policy.drift).toBe('alert');
  });

  it('names the variables that nobody is told the values of', () => {
    const definitions = [
      { name: 'token', isSensitive: true, defaultValue: 'x' },
      { name: 'size', defaultValue: '1' },
    ];
    expect(compose(input({ profiles: [profile({ definitions })] })).sensitive).toEqual(['token']);
    expect(compose(input()).sensitive).toBeUndefined();
  });
});

describe("the layer of a cluster's settings", () => {
  const objects = (resources: ComposeInput['resources']): unknown[] => {
    const [first] = compose(input({ resources })).layers;
    return (first?.manifests ?? []).flatMap(({ content }) =>
      content.split('\n---\n').map((text): unknown => JSON.parse(text)),
    );
  };

  it('comes first, and brings namespaces with labels and quotas, and bindings named after their role', () => {
    const bind = (name: string) => ({
      type: 'RoleBinding' as const,
      namespace: 'shop',
      role: { kind: 'ClusterRole' as const, name: 'edit' },
      subjects: [{ type: 'User' as const, name }],
    });
    const found = objects({
      namespaces: [
        { name: 'shop', labels: { team: 'a' }, cpuCores: 1.5, memoryMiB: 512 },
        { name: '/web-.*/', memoryMiB: 64 },
      ],
      roleBindings: [bind('ann'), bind('bob'), bind('ann')],
    });
    expect(found).toMatchObject([
      { kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } },
      {
        kind: 'ResourceQuota',
        metadata: { namespace: 'shop' },
        spec: { hard: { 'requests.cpu': '1500m', 'requests.memory': '512Mi' } },
      },
      { kind: 'ResourceQuota', metadata: { namespace: '/web-.*/' }, spec: { hard: { 'requests.memory': '64Mi' } } },
      { kind: 'RoleBinding', metadata: { namespace: 'shop' }, subjects: [{ name: 'ann' }, { name: 'bob' }] },
    ]);
  });

  it('is not there when nothing is asked for, or the cluster is being deleted', () => {
    const resources = { namespaces: [{ name: 'shop' }], roleBindings: [] };
    expect(compose(input({ resources: { namespaces: [], roleBindings: [] } })).layers.map(({ name }) => name)).toEqual([
      'app',
    ]);
    expect(compose(input({ resources, lifecycle: 'deleting' })).layers).toEqual([]);
    expect(compose(input({ resources })).layers[0]?.name).toBe('palette:cluster');
  });
});

describe('variables that are left to the cluster', () => {
  const labels = { 'palette-iac.dev/local-variables': 'allow' };
  const definitions = [{ name: 'size', defaultValue: 'small' }];

  it('are in the document of a cluster whose tags say so, with the values of the plane beside them', () => {
    const { cluster } = input();
    const content = compose(input({ cluster: { ...cluster, labels }, profiles: [profile({ definitions })] }));
    expect(content.localVariables).toEqual([{ name: 'size' }]);
    expect(content.context.variables).toEqual({ size: 'small' });
  });

  it('are no part of others, nor of one that is deleted', () => {
    const { cluster } = input();
    expect(compose(input({ profiles: [profile({ definitions })] }))).not.toHaveProperty('localVariables');
    const deleting = input({
      cluster: { ...cluster, labels },
      lifecycle: 'deleting',
      profiles: [profile({ definitions })],
    });
    expect(compose(deleting)).not.toHaveProperty('localVariables');
  });
});
