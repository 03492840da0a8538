import fc from 'fast-check';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';

import { formatPath, type Path } from './report.ts';
import { migrate, type Migration, type MigrateOptions } from './migrate.ts';
import { loadTargets } from './targets.ts';

const UID = '687f86db08e0e7ea51677fa3';

let targets: MigrateOptions['targets'];
beforeAll(async () => {
  targets = await loadTargets();
});

const run = (objects: unknown, options: Partial<MigrateOptions> = {}): Migration =>
  migrate([{ file: 'a.yaml', text: typeof objects === 'string' ? objects : stringify(objects) }], {
    create: false,
    observe: false,
    targets,
    ...options,
  });

const object = (
  kind: string,
  apiVersion: string,
  spec: object,
  metadata: object = { annotations: { 'crossplane.io/external-name': UID } },
  rest: object = {},
): object => ({ apiVersion, kind, metadata: { name: 'base', ...metadata }, spec, ...rest });
const profile = (forProvider: object, ...rest: readonly object[]): object =>
  object(
    'Profile',
    'cluster.palette.crossplane.io/v1alpha1',
    { forProvider: { name: 'base', ...forProvider } },
    ...rest,
  );
const cluster = (forProvider: object, ...rest: readonly object[]): object =>
  object(
    'Brownfield',
    'cluster.palette.crossplane.io/v1alpha1',
    { forProvider: { name: 'edge', cloudType: 'generic', ...forProvider } },
    ...rest,
  );

describe('a managed resource', () => {
  it('keeps its fields, and blocks that occur once are objects', () => {
    const { manifests, findings } = run(
      profile({
        type: 'add-on',
        tags: ['a:b'],
        pack: [{ name: 'nginx', tag: '1.0.0', manifest: [{ name: 'm', content: 'a: 1\n' }] }],
        profileVariables: [{ variable: [{ name: 'v', displayName: 'V', options: [{ value: 'x', label: 'X' }] }] }],
      }),
    );
    expect(manifests).toEqual([
      {
        apiVersion: 'palette-iac.dev/v1alpha1',
        kind: 'ClusterProfile',
        metadata: { name: 'base', annotations: { 'crossplane.io/external-name': UID } },
        spec: {
          forProvider: {
            name: 'base',
            type: 'add-on',
            tags: ['a:b'],
            pack: [{ name: 'nginx', tag: '1.0.0', manifest: [{ name: 'm', content: 'a: 1\n' }] }],
            profileVariables: { variable: [{ name: 'v', displayName: 'V', options: [{ value: 'x', label: 'X' }] }] },
          },
        },
      },
    ]);
    expect(findings).toEqual([
      expect.objectContaining({ level: 'changed', path: 'spec.forProvider.profileVariables', line: 20 }),
    ]);
  });

  it('of a namespace stays there', () => {
    const { manifests } = run(
      object(
        'Aws',
        'cloudaccount.palette.m.crossplane.io/v1alpha1',
        {
          forProvider: { name: 'aws', awsAccessKey: 'k', awsSecretKeySecretRef: { name: 's', key: 'k' } },
          providerConfigRef: { kind: 'ProviderConfig', name: 'own' },
          writeConnectionSecretToRef: { name: 'out' },
        },
        { namespace: 'team', annotations: { 'crossplane.io/external-name': UID } },
      ),
    );
    expect(manifests).toEqual([
      {
        apiVersion: 'm.palette-iac.dev/v1alpha1',
        kind: 'CloudaccountAws',
        metadata: { name: 'base', namespace: 'team', annotations: { 'crossplane.io/external-name': UID } },
        spec: {
          forProvider: { name: 'aws', awsAccessKey: 'k', awsSecretKeySecretRef: { name: 's', key: 'k' } },
          providerConfigRef: { kind: 'ProviderConfig', name: 'own' },
          writeConnectionSecretToRef: { name: 'out' },
        },
      },
    ]);
  });

  it('keeps policies, pause, labels and annotations; not what the API server or another controller writes', () => {
    const { manifests, findings } = run(
      object(
        'Project',
        'spectrocloud.palette.crossplane.io/v1alpha1',
        {
          forProvider: { name: 'team' },
          initProvider: { description: 'd' },
          managementPolicies: ['Observe', 'Update'],
          deletionPolicy: 'Orphan',
          providerConfigRef: { name: 'own', policy: { resolution: 'Required' } },
          writeConnectionSecretToRef: { name: 'out', namespace: 'system' },
        },
        {
          uid: 'u',
          resourceVersion: '1',
          generation: 2,
          creationTimestamp: '2026-01-01T00:00:00Z',
          finalizers: ['finalizer.managedresource.crossplane.io'],
          managedFields: [],
          labels: { a: 'b' },
          annotations: {
            'crossplane.io/paused': 'true',
            'crossplane.io/external-name': UID,
            'crossplane.io/external-create-pending': '2026-01-01T00:00:00Z',
            'crossplane.io/external-create-succeeded': '2026-01-01T00:00:01Z',
            'kubectl.kubernetes.io/last-applied-configuration': '{}',
            note: 'mine',
          },
        },
        { status: { atProvider: { id: UID } } },
      ),
    );
    expect(manifests).toEqual([
      {
        apiVersion: 'palette-iac.dev/v1alpha1',
        kind: 'Project',
        metadata: {
          name: 'base',
          labels: { a: 'b' },
          annotations: { 'crossplane.io/paused': 'true', 'crossplane.io/external-name': UID, note: 'mine' },
        },
        spec: {
          forProvider: { name: 'team' },
          initProvider: { description: 'd' },
          managementPolicies: ['Observe', 'Update'],
          deletionPolicy: 'Orphan',
          providerConfigRef: { name: 'own' },
          writeConnectionSecretToRef: { name: 'out', namespace: 'system' },
        },
      },
    ]);
    expect(findings.map(({ level }) => level)).toEqual(['changed']);
  });

  it.each([
    {
      name: 'a field that there is not',
      given: profile({ colour: 'red' }),
      want: { level: 'lost', path: 'spec.forProvider.colour', line: 10 },
    },
    {
      name: 'a field in a block',
      given: profile({ pack: [{ name: 'a' }, { name: 'b', colour: 'red' }] }),
      want: { level: 'lost', path: 'spec.forProvider.pack[1].colour', line: 13 },
    },
    {
      name: 'a second block where one is allowed',
      given: cluster({
        scanPolicy: [
          { configurationScanSchedule: '', penetrationScanSchedule: '', conformanceScanSchedule: '' },
          { configurationScanSchedule: 'x' },
        ],
      }),
      want: { level: 'lost', path: 'spec.forProvider.scanPolicy[1]' },
    },
    {
      name: 'a field with another name',
      given: cluster({ renewK8SCertificatesNow: '2026-01-31T12:00:00Z' }),
      want: { level: 'changed', path: 'spec.forProvider.renewK8SCertificatesNow' },
    },
    {
      name: 'a reference to what is no kind here',
      given: cluster({
        backupPolicy: [{ backupLocationIdRef: { name: 'x' }, prefix: 'p', schedule: 's', expiryInHour: 1 }],
      }),
      want: { level: 'lost', path: 'spec.forProvider.backupPolicy[0].backupLocationIdRef' },
    },
    {
      name: 'a reference that was resolved before',
      given: cluster({
        backupPolicy: [
          { backupLocationId: UID, backupLocationIdRef: { name: 'x' }, prefix: 'p', schedule: 's', expiryInHour: 1 },
        ],
      }),
      want: { level: 'changed', path: 'spec.forProvider.backupPolicy[0].backupLocationIdRef' },
    },
    {
      name: 'a policy of a reference',
      given: cluster({ clusterProfile: [{ idRef: { name: 'x', policy: { resolve: 'Always' } } }] }),
      want: { level: 'lost', path: 'spec.forProvider.clusterProfile[0].idRef.policy' },
    },
    {
      name: 'a reference into another namespace',
      given: cluster({ clusterProfile: [{ idSelector: { matchLabels: { a: 'b' }, namespace: 'other' } }] }),
      want: { level: 'lost', path: 'spec.forProvider.clusterProfile[0].idSelector.namespace' },
    },
    {
      name: 'a selection by composite',
      given: cluster({ clusterProfile: [{ idSelector: { matchControllerRef: true } }] }),
      want: { level: 'lost', path: 'spec.forProvider.clusterProfile[0].idSelector.matchControllerRef' },
    },
    {
      name: 'connection details elsewhere',
      given: object('Project', 'spectrocloud.palette.crossplane.io/v1alpha1', {
        forProvider: { name: 'x' },
        publishConnectionDetailsTo: { name: 'x' },
      }),
      want: { level: 'lost', path: 'spec.publishConnectionDetailsTo' },
    },
    {
      name: 'another policy of the configuration',
      given: object('Project', 'spectrocloud.palette.crossplane.io/v1alpha1', {
        forProvider: { name: 'x' },
        providerConfigRef: { name: 'x', policy: { resolution: 'Optional' } },
      }),
      want: { level: 'lost', path: 'spec.providerConfigRef.policy' },
    },
    {
      name: "a project of Macros, which the configuration's takes the place of",
      given: object(
        'Macros',
        'spectrocloud.palette.crossplane.io/v1alpha1',
        { forProvider: { macros: { a: 'b' }, project: 'Default' } },
        { annotations: { 'crossplane.io/external-name': `project-macros-${UID}` } },
      ),
      want: { level: 'lost', path: 'spec.forProvider.project' },
    },
    {
      name: 'a value that is not allowed',
      given: profile({ type: 'cake' }),
      want: { level: 'action', path: 'spec.forProvider.type', line: 10 },
    },
    {
      name: 'a field that is needed',
      given: object('Brownfield', 'cluster.palette.crossplane.io/v1alpha1', { forProvider: { name: 'edge' } }),
      want: { level: 'action', path: 'spec.forProvider.cloudType' },
    },
    {
      name: 'an owner',
      given: profile(
        {},
        { annotations: { 'crossplane.io/external-name': UID }, ownerReferences: [{ kind: 'X', name: 'z' }] },
      ),
      want: { level: 'action', path: 'metadata.ownerReferences', message: expect.stringContaining('X z') },
    },
    {
      name: 'a kind without counterpart',
      given: object('Eks', 'cluster.palette.crossplane.io/v1alpha1', {}),
      want: { level: 'lost', path: '', object: 'Eks base' },
    },
  ])('tells of $name', ({ given, want }) => {
    expect(run(given).findings).toContainEqual(expect.objectContaining({ file: 'a.yaml', document: 1, ...want }));
  });

  it('says nothing of what only repeats the default', () => {
    const reference = { name: 'x', policy: { resolution: 'Required' } };
    const selector = { matchLabels: { a: 'b' }, matchControllerRef: false };
    const { manifests, findings } = run(
      cluster({ clusterProfile: [{ idRef: reference }, { idSelector: selector }], tags: null }),
    );
    expect(findings).toEqual([]);
    expect(manifests[0]).toMatchObject({
      spec: {
        forProvider: { clusterProfile: [{ idRef: { name: 'x' } }, { idSelector: { matchLabels: { a: 'b' } } }] },
      },
    });
  });
});

describe('what is in Palette', () => {
  const externalName = (migration: Migration): unknown => {
    const annotations: unknown = migration.manifests[0]?.['metadata'];
    return JSON.parse(JSON.stringify(annotations))?.annotations?.['crossplane.io/external-name'];
  };

  it('is taken over by the identifier that the status knows', () => {
    expect(externalName(run(profile({}, {}, { status: { atProvider: { id: UID } } })))).toBe(UID);
  });

  it('is taken over by its name where no identifier is known, and that is told', () => {
    const migration = run(profile({ version: '2.0.0' }, {}));
    expect(externalName(migration)).toBe('base:project:2.0.0');
    expect(migration.findings).toContainEqual(
      expect.objectContaining({ level: 'changed', path: 'metadata.annotations["crossplane.io/external-name"]' }),
    );
  });

  it('is created when that is asked for', () => {
    expect(externalName(run(profile({}, {}), { create: true }))).toBeUndefined();
  });

  it('is not created while nobody knows whether it was', () => {
    const open = profile({}, { annotations: { 'crossplane.io/external-create-pending': '2026-01-01T00:00:00Z' } });
    expect(externalName(run(open, { create: true }))).toBe('base:project:1.0.0');
  });

  it('has the name that manifests before 0.23.8 gave it by the external name or their own', () => {
    const old = (metadata: object): object =>
      object('Project', 'spectrocloud.palette.crossplane.io/v1alpha1', { forProvider: { description: 'd' } }, metadata);
    expect(run(old({ annotations: { 'crossplane.io/external-name': 'Team A' } })).manifests[0]).toMatchObject({
      metadata: { annotations: { 'crossplane.io/external-name': 'Team A' } },
      spec: { forProvider: { name: 'Team A', description: 'd' } },
    });
    expect(run(old({})).manifests[0]).toMatchObject({ spec: { forProvider: { name: 'base' } } });
  });

  it("is, for macros, in the configuration's project", () => {
    const macros = object(
      'Macros',
      'spectrocloud.palette.m.crossplane.io/v1alpha1',
      {
        forProvider: { macros: { a: 'b' }, context: 'project' },
        providerConfigRef: { kind: 'ProviderConfig', name: 'own' },
      },
      { namespace: 'team' },
    );
    const config = {
      apiVersion: 'palette.m.crossplane.io/v1beta1',
      kind: 'ProviderConfig',
      metadata: { name: 'own', namespace: 'team' },
      spec: { credentials: { source: 'Secret', secretRef: { name: 's', namespace: 'x', key: 'k' } } },
    };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's', namespace: 'team' },
      stringData: { k: '{"api_key":"a","host":"h","project_name":"Shop"}' },
    };
    const { manifests } = run({ kind: 'List', items: [macros, config, secret] });
    expect(manifests.at(-1)).toMatchObject({
      kind: 'Macros',
      metadata: { annotations: { 'crossplane.io/external-name': 'Shop:project' } },
    });
    const alone = run(macros);
    expect(alone.manifests).toEqual([]);
    expect(alone.findings).toContainEqual(expect.objectContaining({ level: 'action' }));
    const old = object(
      'Macros',
      'spectrocloud.palette.crossplane.io/v1alpha1',
      { forProvider: { macros: { a: 'b' }, project: 'Shop' } },
      {},
    );
    expect(run(old, { project: 'Shop' }).manifests[0]).toMatchObject({
      metadata: { annotations: { 'crossplane.io/external-name': 'Shop:project' } },
      spec: { forProvider: { macros: { a: 'b' }, context: 'project' } },
    });
  });

  it('is only looked at with --observe', () => {
    expect(run(profile({}), { observe: true }).manifests[0]).toMatchObject({
      spec: { managementPolicies: ['Observe'] },
    });
  });

  it('needs no name when it is only observed', () => {
    const { manifests } = run(
      object('Project', 'spectrocloud.palette.crossplane.io/v1alpha1', {
        forProvider: {},
        managementPolicies: ['Observe'],
      }),
    );
    expect(manifests[0]).toMatchObject({ spec: { forProvider: {} } });
  });
});

describe('other objects', () => {
  it('are left out; what they say of provider-palette is told', () => {
    const composition = [
      'apiVersion: apiextensions.crossplane.io/v1',
      'kind: Composition',
      'metadata: {name: x}',
      'spec:',
      '  pipeline:',
      '    - step: a',
      '      input:',
      '        resources:',
      '          - base:',
      '              apiVersion: cluster.palette.crossplane.io/v1alpha1',
      '              kind: Profile',
    ].join('\n');
    const { manifests, findings } = run(`${composition}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n`);
    expect(manifests).toEqual([]);
    expect(findings).toEqual([
      expect.objectContaining({
        level: 'lost',
        object: 'Composition x',
        path: 'spec.pipeline[0].input.resources[0].base.apiVersion',
        line: 10,
      }),
    ]);
  });

  it('the provider itself is to be removed in the end', () => {
    const text =
      'apiVersion: pkg.crossplane.io/v1\nkind: Provider\nmetadata: {name: p}\nspec: {package: "x/provider-palette:v0.29.9"}\n';
    expect(run(text).findings).toEqual([expect.objectContaining({ level: 'action', path: 'spec.package' })]);
  });

  it('that stand twice in the input are written once, and that is told', () => {
    const { manifests, findings } = run({ kind: 'List', items: [profile({}), profile({ description: 'later' })] });
    expect(manifests).toHaveLength(1);
    expect(manifests[0]).toMatchObject({ spec: { forProvider: { description: 'later' } } });
    expect(findings).toEqual([expect.objectContaining({ level: 'action', message: expect.stringContaining('twice') })]);
  });
});

describe('nothing gets lost silently', () => {
  /** Every text and number that a value holds, with its place. */
  const leaves = (value: unknown, path: Path): readonly (readonly [string, unknown])[] => {
    if (Array.isArray(value)) return value.flatMap((item: unknown, index) => leaves(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return [[formatPath(path), value]];
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
  };

  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
  const key = fc.oneof(
    fc.constantFrom(
      'pack',
      'tags',
      'profileVariables',
      'variable',
      'options',
      'manifest',
      'values',
      'cloud',
      'version',
    ),
    fc.stringMatching(/^[a-z][a-zA-Z]{0,8}(?:Ref|Selector)?$/),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('map')),
    map: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  }));

  it('whatever the fields are: each value is written, or its place or one above it is told', () => {
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 4 }), (forProvider) => {
        const { manifests, findings } = run(JSON.stringify(profile({ ...forProvider, name: 'base' })));
        const written = new Set(leaves(manifests, []).map(([, leaf]) => leaf));
        const told = findings.map(({ path }) => path).filter((path) => path.startsWith('spec.forProvider'));
        for (const [path, leaf] of leaves(forProvider, ['spec', 'forProvider'])) {
          if (!told.some((place) => path.startsWith(place))) expect(written).toContain(leaf);
        }
      }),
      { numRuns: 300 },
    );
  });
});
