/** What a real API server makes of the CRDs: it takes them and every example, and says what is wrong with the rest. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

import { allCrds } from '#crossplane/schema/crds';
import type { CustomResourceDefinition } from '#crossplane/schema/crd';
import { exampleOf } from '#crossplane/schema/examples';
import { schemaFiles } from '#crossplane/schema/generated-files';
import { CLUSTER_GROUP, NAMESPACED_GROUP, VERSION } from '#crossplane/schema/groups';
import { managedKinds, type ManagedKind } from '#crossplane/schema/kinds';
import { exampleConfig } from '#crossplane/schema/provider-config';
import type { KubeObject } from '#kubernetes/object';
import { kubectl, startCluster } from '#test/support/cluster';

const NAMESPACE = 'team-shop';

let cluster: Awaited<ReturnType<typeof startCluster>>;
let crds: CustomResourceDefinition[];

beforeAll(async () => {
  crds = await allCrds();
  cluster = await startCluster({ controllerManager: false, scheduler: false, kwok: false });
  await apply({ apiVersion: 'v1', kind: 'List', items: crds });
  await kubectl(cluster, [
    'wait',
    '--for=condition=Established',
    '--timeout=60s',
    ...crds.map(({ metadata }) => `crd/${metadata.name}`),
  ]);
  await kubectl(cluster, ['create', 'namespace', NAMESPACE]);
}, 20 * 60_000);

afterAll(async () => cluster?.stop());

async function apply(object: object, ...options: readonly string[]): Promise<string> {
  const args = ['apply', '--server-side', '--force-conflicts', ...options, '-f', '-'];
  return kubectl(cluster, args, { input: JSON.stringify(object) });
}

/** What the API server says against an object, without storing it. */
async function refusal(object: object): Promise<string> {
  try {
    await apply(object, '--dry-run=server');
    return 'it was taken';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function get(object: KubeObject, kind: { readonly plural: string; readonly group: string }): Promise<KubeObject> {
  const namespace = object.metadata.namespace === undefined ? [] : ['-n', object.metadata.namespace];
  const text = await kubectl(cluster, [
    'get',
    `${kind.plural}.${kind.group}`,
    object.metadata.name,
    ...namespace,
    '-o',
    'json',
  ]);
  return JSON.parse(text) as KubeObject; // as: what an API server answers
}

const kinds = managedKinds().map((kind) => ({ ...kind, title: `${kind.apiVersion} ${kind.kind}` }));

describe('the CRDs', () => {
  it('are accepted, and nothing in them is against the rules of structural schemas', async () => {
    const list = JSON.parse(await kubectl(cluster, ['get', 'crds', '-o', 'json'])) as {
      // as: what an API server answers
      items: {
        metadata: { name: string };
        status: { conditions: { type: string; status: string; message: string }[] };
      }[];
    };
    expect(list.items.map(({ metadata }) => metadata.name).toSorted()).toEqual(
      crds.map(({ metadata }) => metadata.name).toSorted(),
    );
    const wrong = list.items.flatMap(({ metadata, status }) =>
      status.conditions.flatMap(({ type, status: is, message }) =>
        (type === 'Established' || type === 'NamesAccepted') === (is === 'True')
          ? []
          : [`${metadata.name}: ${message}`],
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('are committed as they are made', async () => {
    for (const [path, text] of await schemaFiles()) {
      const committed = await readFile(join(import.meta.dirname, '../..', path), 'utf8');
      expect(path.endsWith('.yaml') ? parse(committed) : committed).toEqual(
        path.endsWith('.yaml') ? parse(text) : text,
      );
    }
  });

  it('show what one looks for first', async () => {
    const kind = kindOf('ClusterBrownfield', 'Namespaced');
    const example = exampleOf(kind);
    await apply(example);
    await kubectl(cluster, [
      'annotate',
      'clusterbrownfields',
      example.metadata.name,
      '-n',
      NAMESPACE,
      'crossplane.io/external-name=abc',
    ]);
    await apply(
      {
        ...example,
        spec: undefined,
        status: {
          atProvider: { id: 'abc', status: 'Running', healthStatus: 'Healthy' },
          conditions: [
            { type: 'Ready', status: 'True', reason: 'Available', lastTransitionTime: '2026-01-01T00:00:00Z' },
            { type: 'Synced', status: 'True', reason: 'ReconcileSuccess', lastTransitionTime: '2026-01-01T00:00:00Z' },
          ],
        },
      },
      '--subresource=status',
    );
    const [head, row] = (await kubectl(cluster, ['get', 'palette', '-n', NAMESPACE])).split('\n');
    expect(head?.split(/\s+/)).toEqual(['NAME', 'READY', 'SYNCED', 'STATE', 'HEALTH', 'EXTERNAL-NAME', 'AGE']);
    expect(row?.split(/\s+/).slice(0, 6)).toEqual([
      'clusterbrownfield.m.palette-iac.dev/shop-berlin',
      'True',
      'True',
      'Running',
      'Healthy',
      'abc',
    ]);
  });
});

function kindOf(name: string, scope: 'Namespaced' | 'Cluster'): ManagedKind {
  const found = managedKinds().find(({ kind, scope: its }) => kind === name && its === scope);
  if (found === undefined) throw new Error(`there is no ${scope} kind ${name}`);
  return found;
}

describe('examples of the reference', () => {
  it.each(kinds)('of $title are taken, with the defaults of the kind', async (kind) => {
    const example = exampleOf(kind);
    await apply(example);
    expect((await get(example, kind))['spec']).toMatchObject({
      deletionPolicy: 'Delete',
      managementPolicies: ['*'],
      providerConfigRef:
        kind.scope === 'Cluster' ? { name: 'default' } : { kind: 'ClusterProviderConfig', name: 'default' },
    });
  });

  it('of a provider configuration are taken', async () => {
    expect(await apply(exampleConfig)).toContain('clusterproviderconfig');
  });
});

describe('inside blocks', () => {
  it('defaults are filled in, but not where a value excludes another', async () => {
    const kind = kindOf('ClusterBrownfield', 'Cluster');
    const object = {
      apiVersion: kind.apiVersion,
      kind: kind.kind,
      metadata: { name: 'defaults' },
      spec: {
        forProvider: {
          name: 'defaults',
          cloudType: 'generic',
          backupPolicy: {
            prefix: 'p',
            backupLocationId: 'l',
            schedule: '',
            expiryInHour: 1,
            includeClusterResourcesMode: 'auto',
          },
        },
      },
    };
    await apply(object);
    expect((await get(object, kind))['spec']).toMatchObject({
      forProvider: {
        name: 'defaults',
        cloudType: 'generic',
        backupPolicy: {
          prefix: 'p',
          backupLocationId: 'l',
          schedule: '',
          expiryInHour: 1,
          includeDisks: true,
          includeClusterResourcesMode: 'auto',
        },
      },
    });
  });
});

describe('lists and maps', () => {
  it('are replaced as a whole, whoever wrote them before', async () => {
    const clusters = kindOf('ClusterBrownfield', 'Cluster');
    const macros = kindOf('Macros', 'Cluster');
    const write = async (kind: ManagedKind, forProvider: object, manager: string): Promise<unknown> => {
      const object = {
        apiVersion: kind.apiVersion,
        kind: kind.kind,
        metadata: { name: 'merge' },
        spec: { forProvider },
      };
      await apply(object, `--field-manager=${manager}`);
      return (await get(object, kind))['spec'];
    };
    const attached = (...ids: string[]): object => ({
      name: 'merge',
      cloudType: 'generic',
      tags: ids,
      clusterProfile: ids.map((id) => ({ id, pack: ids.map((name) => ({ name })) })),
    });
    await write(clusters, attached('a', 'b'), 'late-initialisation');
    expect(await write(clusters, attached('b'), 'user')).toMatchObject({
      forProvider: { tags: ['b'], clusterProfile: [{ id: 'b', pack: [{ name: 'b' }] }] },
    });
    await write(macros, { macros: { a: '1', b: '2' } }, 'late-initialisation');
    expect(await write(macros, { macros: { b: '3' } }, 'user')).toEqual(
      expect.objectContaining({ forProvider: { macros: { b: '3' } } }),
    );
  });

  it('of policies are replaced, too', async () => {
    const kind = kindOf('Project', 'Cluster');
    const object = { apiVersion: kind.apiVersion, kind: kind.kind, metadata: { name: 'policies' } };
    await apply({ ...object, spec: { forProvider: { name: 'p' } } });
    await apply({ ...object, spec: { forProvider: { name: 'p' }, managementPolicies: ['Observe'] } });
    expect((await get(object, kind))['spec']).toMatchObject({ managementPolicies: ['Observe'] });
  });
});

interface Wrong {
  readonly name: string;
  readonly kind: string;
  readonly spec: object;
  readonly says: RegExp;
}

const profile = { name: 'p', pack: [] };
const brownfield = { name: 'c', cloudType: 'generic' };
const wrong: readonly Wrong[] = [
  {
    name: 'a required field that is missing',
    kind: 'Project',
    spec: { forProvider: {} },
    says: /spec\.forProvider\.name: Required value: give name here or in initProvider, unless managementPolicies only observe/,
  },
  {
    name: 'an empty name',
    kind: 'Project',
    spec: { forProvider: { name: '' } },
    says: /spec\.forProvider\.name: .*at least 1 chars long/,
  },
  {
    name: 'a field that there is not',
    kind: 'Project',
    spec: { forProvider: { name: 'p', nmae: 'p' } },
    says: /\.spec\.forProvider\.nmae: field not declared in schema/,
  },
  {
    name: 'a value that is not among those that there are',
    kind: 'RegistrationToken',
    spec: { forProvider: { name: 't', expiryDate: '2030-01-01', status: 'on' } },
    says: /spec\.forProvider\.status: Unsupported value: "on": supported values: "active", "inactive"/,
  },
  {
    name: 'a date in another form',
    kind: 'RegistrationToken',
    spec: { forProvider: { name: 't', expiryDate: '01.02.2030' } },
    says: /spec\.forProvider\.expiryDate: .*should match '\^\\d\{4\}-\\d\{2\}-\\d\{2\}\$'/,
  },
  {
    name: 'a secret in plain text',
    kind: 'CloudaccountAws',
    spec: { forProvider: { name: 'a', awsSecretKey: 'S3CRET' } },
    says: /\.spec\.forProvider\.awsSecretKey: field not declared in schema/,
  },
  {
    name: 'two fields that exclude each other',
    kind: 'CloudaccountAws',
    spec: {
      forProvider: { name: 'a', awsAccessKey: 'x', awsSecuredAccessKeySecretRef: { name: 's', key: 'k' } },
    },
    says: /spec\.forProvider\.awsSecuredAccessKeySecretRef: Forbidden: only one of awsSecuredAccessKeySecretRef and awsAccessKey may be given: remove the other/,
  },
  {
    name: 'two fields in a block that exclude each other',
    kind: 'ClusterBrownfield',
    spec: {
      forProvider: {
        ...brownfield,
        backupPolicy: {
          prefix: 'p',
          backupLocationId: 'l',
          schedule: '',
          expiryInHour: 1,
          includeClusterResources: true,
          includeClusterResourcesMode: 'auto',
        },
      },
    },
    says: /spec\.forProvider\.backupPolicy\.includeClusterResources: Forbidden: only one of/,
  },
  {
    name: 'a number that is too small',
    kind: 'ClusterBrownfield',
    spec: { forProvider: { ...brownfield, forceDeleteDelay: 5 } },
    says: /spec\.forProvider\.forceDeleteDelay: Invalid value: 5: .*greater than or equal to 20/,
  },
  {
    name: 'a profile that is named in no way',
    kind: 'ClusterBrownfield',
    spec: { forProvider: { ...brownfield, clusterProfile: [{ id: 'a' }, { variables: { a: 'b' } }] } },
    says: /spec\.forProvider\.clusterProfile\[1\]\.id: Required value: give id, idRef or idSelector/,
  },
  {
    name: 'a reference without a name',
    kind: 'ClusterBrownfield',
    spec: { forProvider: { ...brownfield, clusterProfile: [{ idRef: {} }] } },
    says: /spec\.forProvider\.clusterProfile\[0\]\.idRef\.name: Required value/,
  },
  {
    name: 'a block that misses a field',
    kind: 'ClusterBrownfield',
    spec: { forProvider: { ...brownfield, scanPolicy: { configurationScanSchedule: '' } } },
    says: /spec\.forProvider\.scanPolicy\.conformanceScanSchedule: Required value/,
  },
  {
    name: 'a list where one object is wanted',
    kind: 'ClusterBrownfield',
    spec: { forProvider: { ...brownfield, scanPolicy: [] } },
    says: /\.spec\.forProvider\.scanPolicy: expected map/,
  },
  {
    name: 'all policies and one besides',
    kind: 'Project',
    spec: { forProvider: { name: 'p' }, managementPolicies: ['*', 'Observe'] },
    says: /spec\.managementPolicies: .*'\*' allows everything: give it alone/,
  },
  {
    name: 'a policy that needs to look and may not',
    kind: 'Project',
    spec: { forProvider: { name: 'p' }, managementPolicies: ['Create'] },
    says: /spec\.managementPolicies: .*add Observe/,
  },
  {
    name: 'a policy that there is not',
    kind: 'Project',
    spec: { forProvider: { name: 'p' }, managementPolicies: ['Observe', 'Replace'] },
    says: /spec\.managementPolicies\[1\]: Unsupported value: "Replace"/,
  },
  {
    name: 'a deletion policy that there is not',
    kind: 'Project',
    spec: { forProvider: { name: 'p' }, deletionPolicy: 'Keep' },
    says: /spec\.deletionPolicy: Unsupported value: "Keep": supported values: "Delete", "Orphan"/,
  },
];

describe('a managed resource is refused, with the field and what to do, for', () => {
  it.each(wrong)('$name ($kind)', async ({ kind, spec, says }) => {
    for (const scope of ['Namespaced', 'Cluster'] as const) {
      const { apiVersion } = kindOf(kind, scope);
      const metadata = { name: 'wrong', ...(scope === 'Namespaced' ? { namespace: NAMESPACE } : {}) };
      // In the cluster as a whole a Secret is named with its namespace.
      const text = JSON.stringify(spec).replaceAll(
        '"key":"k"',
        scope === 'Namespaced' ? '"key":"k"' : '"key":"k","namespace":"n"',
      );
      expect(await refusal({ apiVersion, kind, metadata, spec: JSON.parse(text) as object })).toMatch(says); // as: a spec of the table
    }
  });

  it.each([
    {
      name: 'a namespace of another Secret',
      scope: 'Namespaced' as const,
      spec: { writeConnectionSecretToRef: { name: 's', namespace: 'other' } },
      says: /\.spec\.writeConnectionSecretToRef\.namespace: field not declared/,
    },
    {
      name: 'a Secret without a namespace',
      scope: 'Cluster' as const,
      spec: { writeConnectionSecretToRef: { name: 's' } },
      says: /spec\.writeConnectionSecretToRef\.namespace: Required value/,
    },
    {
      name: 'a provider configuration of an unknown kind',
      scope: 'Namespaced' as const,
      spec: { providerConfigRef: { kind: 'Config', name: 'default' } },
      says: /spec\.providerConfigRef\.kind: Unsupported value: "Config": supported values: "ProviderConfig", "ClusterProviderConfig"/,
    },
    {
      name: 'a provider configuration without a kind',
      scope: 'Namespaced' as const,
      spec: { providerConfigRef: { name: 'default' } },
      says: /spec\.providerConfigRef\.kind: Required value/,
    },
  ])('$name ($scope)', async ({ scope, spec, says }) => {
    const example = exampleOf(kindOf('Project', scope));
    const metadata = { ...example.metadata, name: 'wrong' };
    expect(await refusal({ ...example, metadata, spec: { ...(example['spec'] as object), ...spec } })).toMatch(says); // as: an example
  });
});

describe('what is required may come from elsewhere or not at all:', () => {
  it.each([
    { name: 'initProvider gives it', spec: { forProvider: {}, initProvider: { name: 'p' } } },
    { name: 'the object is only looked at', spec: { forProvider: {}, managementPolicies: ['Observe'] } },
    { name: 'the object may only be deleted', spec: { forProvider: {}, managementPolicies: ['Observe', 'Delete'] } },
    { name: 'the object is paused', spec: { forProvider: {}, managementPolicies: [] } },
  ])('$name', async ({ spec }) => {
    const { apiVersion, kind } = kindOf('Project', 'Namespaced');
    expect(await refusal({ apiVersion, kind, metadata: { name: 'x', namespace: NAMESPACE }, spec })).toBe(
      'it was taken',
    );
  });
});

describe('what is fixed', () => {
  const CHANGED = /cannot be changed once it is set; to have it otherwise, delete this object and make it again/;
  const cases = [
    { kind: 'ClusterBrownfield', field: 'cloudType', before: { ...brownfield }, after: { cloudType: 'aws' } },
    { kind: 'ClusterBrownfield', field: 'name', before: { ...brownfield }, after: { name: 'other' } },
    {
      kind: 'ClusterBrownfield',
      field: 'importMode',
      before: { ...brownfield, importMode: 'read_only' },
      after: { importMode: 'full' },
    },
    { kind: 'ClusterProfile', field: 'type', before: { ...profile, type: 'cluster' }, after: { type: 'add-on' } },
    {
      kind: 'ClusterProfile',
      field: 'context',
      before: { ...profile, context: 'tenant' },
      after: { context: 'project' },
    },
    { kind: 'CloudaccountAws', field: 'context', before: { name: 'a', context: '' }, after: { context: 'tenant' } },
  ];

  it.each(cases)('of a $kind is its $field: a change to $after is refused', async ({ kind, field, before, after }) => {
    const { apiVersion } = kindOf(kind, 'Namespaced');
    const object = { apiVersion, kind, metadata: { name: `fixed-${field.toLowerCase()}`, namespace: NAMESPACE } };
    await apply({ ...object, spec: { forProvider: before } });
    const said = await refusal({ ...object, spec: { forProvider: { ...before, ...after } } });
    expect(said).toContain(`spec.forProvider.${field}: Forbidden: `);
    expect(said).toMatch(CHANGED);
  });

  it.each([
    { name: 'left out again', before: { context: 'tenant' }, after: {} },
    { name: 'said in another way', before: { context: '' }, after: { context: 'project' } },
    { name: 'written when it was not before', before: {}, after: { context: 'tenant' } },
    {
      name: 'changed when the object is only looked at',
      before: { context: 'tenant' },
      after: { context: 'project' },
      policies: ['Observe'],
    },
  ])('may be $name', async ({ before, after, policies = ['*'] }) => {
    const { apiVersion, kind } = kindOf('CloudaccountAws', 'Cluster');
    const object = { apiVersion, kind, metadata: { name: 'movable' } };
    await kubectl(cluster, ['delete', 'cloudaccountaws.palette-iac.dev', 'movable', '--ignore-not-found']);
    await apply({ ...object, spec: { forProvider: { name: 'a', ...before } } });
    expect(
      await refusal({ ...object, spec: { forProvider: { name: 'a', ...after }, managementPolicies: policies } }),
    ).toBe('it was taken');
  });
});

describe('a provider configuration is refused, with the field and what to do, for', () => {
  const credentials = { source: 'Secret', secretRef: { name: 's', namespace: 'n' } };
  it.each([
    {
      name: 'credentials that are missing',
      spec: { host: 'h' },
      says: /spec\.credentials: Required value/,
    },
    {
      name: 'credentials from elsewhere',
      spec: { credentials: { ...credentials, source: 'Filesystem' } },
      says: /spec\.credentials\.source: Unsupported value: "Filesystem": supported values: "Secret"/,
    },
    {
      name: 'a Secret without a namespace',
      spec: { credentials: { source: 'Secret', secretRef: { name: 's' } } },
      says: /spec\.credentials\.secretRef\.namespace: Required value/,
    },
    {
      name: 'an address in place of a host',
      spec: { host: 'https://palette.example.com', credentials },
      says: /spec\.host: .*without scheme and path: palette\.example\.com:8443/,
    },
    {
      name: 'no requests at all',
      spec: { credentials, rateLimit: { requestsPerSecond: 0 } },
      says: /spec\.rateLimit\.requestsPerSecond: Invalid value: 0: .*greater than 0/,
    },
  ])('$name', async ({ spec, says }) => {
    for (const [group, kind] of [
      [CLUSTER_GROUP, 'ProviderConfig'],
      [NAMESPACED_GROUP, 'ClusterProviderConfig'],
    ]) {
      expect(await refusal({ apiVersion: `${group}/${VERSION}`, kind, metadata: { name: 'wrong' }, spec })).toMatch(
        says,
      );
    }
  });

  it('a Secret in another namespace', async () => {
    const metadata = { name: 'wrong', namespace: NAMESPACE };
    const said = await refusal({
      apiVersion: `${NAMESPACED_GROUP}/${VERSION}`,
      kind: 'ProviderConfig',
      metadata,
      spec: { credentials },
    });
    expect(said).toMatch(/\.spec\.credentials\.secretRef\.namespace: field not declared/);
  });
});
