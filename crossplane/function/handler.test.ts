import { describe, expect, it } from '@jest/globals';

import { ApiError } from '#openapi/client/index';
import { inTurn, PROJECT_UID, type Answers } from '#resources/definitions/testing/fake-context';

import {
  callUntilStable,
  clusterProviderConfig,
  composed,
  credentials,
  encoded,
  functionOver,
  identity,
  type Called,
} from './testing/rounds.ts';

const WEB = 'b'.repeat(24);
const WEB_2 = 'c'.repeat(24);
const BASE = 'd'.repeat(24);
const CLUSTER = 'e'.repeat(24);

const world: Answers = {
  ...identity,
  'GET /v1/dashboard/clusterprofiles/metadata': {
    items: [
      { metadata: { name: 'web', uid: WEB }, spec: { version: '1.0.0' } },
      { metadata: { name: 'web', uid: WEB_2 }, spec: { version: '1.10.0' } },
      { metadata: { name: 'base', uid: BASE }, spec: { version: '2.0.0' } },
    ],
  },
  'GET /v1/clusterprofiles/{uid}/variables': ({ path }: { path?: Readonly<Record<string, string>> }) => ({
    variables:
      path?.['uid'] === BASE ? [] : [{ name: 'replicas', format: 'number', required: true, defaultValue: '1' }],
  }),
  'GET /v1/cloudaccounts/summary': {
    items: [{ kind: 'aws', metadata: { name: 'production', uid: 'account' } }],
    listmeta: { continue: '' },
  },
};

const down = new ApiError({
  code: 'Unreachable',
  status: 0,
  reason: 'palette.example.com cannot be reached: connect ECONNREFUSED',
  method: 'GET',
  path: '/v1/users/info',
});

const cluster = [clusterProviderConfig, credentials];

function paletteCluster(spec: object, more: { metadata?: object; status?: object } = {}): object {
  return {
    apiVersion: 'fleet.palette-iac.dev/v1alpha1',
    kind: 'PaletteCluster',
    metadata: {
      name: 'edge',
      namespace: 'team',
      uid: 'u',
      labels: { 'crossplane.io/composite': 'edge' },
      ...more.metadata,
    },
    spec,
    ...(more.status === undefined ? {} : { status: more.status }),
  };
}

/** What the API server has of the composed cluster: defaults and what the controller wrote are among it. */
const observedCluster = {
  apiVersion: 'm.palette-iac.dev/v1alpha1',
  kind: 'ClusterBrownfield',
  metadata: {
    name: 'edge-x7k2p',
    namespace: 'team',
    annotations: {
      'crossplane.io/composition-resource-name': 'cluster',
      'crossplane.io/external-name': CLUSTER,
    },
    managedFields: [
      { manager: 'palette-controller', operation: 'Update', fieldsV1: { 'f:metadata': {} } },
      {
        manager: 'apiextensions.crossplane.io/composed/0123',
        operation: 'Apply',
        fieldsV1: {
          'f:metadata': { 'f:annotations': { 'f:crossplane.io/composition-resource-name': {} }, 'f:labels': {} },
          'f:spec': {
            'f:forProvider': {
              'f:name': {},
              'f:cloudType': {},
              'f:clusterProfile': { 'k:{"id":"old"}': { '.': {}, 'f:id': {} } },
            },
            'f:providerConfigRef': { 'f:kind': {}, 'f:name': {} },
          },
        },
      },
    ],
  },
  spec: {
    deletionPolicy: 'Delete',
    managementPolicies: ['*'],
    forProvider: {
      name: 'edge',
      cloudType: 'generic',
      applySetting: 'DownloadAndInstall',
      clusterProfile: [{ id: 'old', variables: { late: 'initialised' } }],
    },
    providerConfigRef: { kind: 'ClusterProviderConfig', name: 'default' },
  },
  status: {
    atProvider: { id: CLUSTER, status: 'Running', healthStatus: 'Healthy', kubectlCommand: 'kubectl apply -f x' },
    conditions: [
      { type: 'Synced', status: 'True', reason: 'ReconcileSuccess' },
      { type: 'Ready', status: 'True', reason: 'Available' },
    ],
  },
};

const kept = {
  apiVersion: 'm.palette-iac.dev/v1alpha1',
  kind: 'ClusterBrownfield',
  metadata: { namespace: 'team' },
  spec: {
    forProvider: { name: 'edge', cloudType: 'generic', clusterProfile: [{ id: 'old' }] },
    providerConfigRef: { kind: 'ClusterProviderConfig', name: 'default' },
  },
};

/** Fails so many times and then answers. */
function failing(times: number): () => object {
  let asked = 0;
  return () => {
    if (asked++ < times) throw down;
    return {};
  };
}

const conditions = ({ response }: Called): string[] =>
  response.conditions.map(
    ({ type, status, reason }) => `${type}=${['', 'Unknown', 'True', 'False'][status]} ${reason}`,
  );
const messages = ({ response }: Called): string[] => response.results.map(({ message }) => message);
const status = ({ response }: Called): unknown => response.desired?.composite?.resource?.['status'];
const READY = { unspecified: 0, true: 1, false: 2 };

describe('a cluster', () => {
  it('becomes a managed resource with the profiles by name and version', async () => {
    const spec = {
      crossplane: { resourceRefs: [] },
      cloud: { type: 'aws', account: 'production' },
      profiles: [
        { name: 'base', version: '2.0.0' },
        { name: 'web', variables: { replicas: '3' } },
      ],
      tags: ['site:vienna'],
      connectionSecretName: 'edge-connection',
    };
    const called = await functionOver(world).call({ composite: paletteCluster(spec), cluster });
    expect(composed(called)).toEqual({
      cluster: {
        ready: 'READY_FALSE',
        resource: {
          apiVersion: 'm.palette-iac.dev/v1alpha1',
          kind: 'ClusterBrownfield',
          metadata: { namespace: 'team' },
          spec: {
            providerConfigRef: { kind: 'ClusterProviderConfig', name: 'default' },
            writeConnectionSecretToRef: { name: 'edge-connection' },
            forProvider: {
              name: 'edge',
              cloudType: 'aws',
              context: 'project',
              clusterProfile: [{ id: BASE }, { id: WEB_2, variables: { replicas: '3' } }],
              tags: ['site:vienna'],
            },
          },
        },
      },
    });
    expect(conditions(called)).toEqual([
      'ProfilesResolved=True Resolved',
      'ClusterSynced=False NotComposed',
      'ClusterReady=False NotComposed',
    ]);
    expect(status(called)).toMatchObject({
      profile: 'base, web',
      version: '2.0.0, 1.10.0',
      cloudAccountUid: 'account',
    });
    expect(called.response.meta?.ttl?.seconds).toBe(600);
    expect(called.response.results).toEqual([]);
  });

  it('is ready when its managed resource is, and tells of it', async () => {
    const called = await functionOver(world).call({
      composite: paletteCluster({}),
      observed: { cluster: { object: observedCluster } },
      cluster,
    });
    expect(composed(called)).toMatchObject({ cluster: { ready: 'READY_TRUE' } });
    expect(conditions(called).slice(1)).toEqual(['ClusterSynced=True ReconcileSuccess', 'ClusterReady=True Available']);
    expect(status(called)).toEqual({
      clusterUid: CLUSTER,
      state: 'Running',
      health: 'Healthy',
      kubectlCommand: 'kubectl apply -f x',
      profile: '',
      version: '',
      profiles: [],
    });
  });

  it('takes the external name over, and then the better one that its managed resource has', async () => {
    const annotations = { 'crossplane.io/external-name': 'edge:project:generic' };
    const composite = paletteCluster({}, { metadata: { annotations } });
    const fresh = await functionOver(world).call({ composite, cluster });
    expect(composed(fresh)).toMatchObject({ cluster: { resource: { metadata: { annotations } } } });
    const later = await functionOver(world).call({
      composite,
      observed: { cluster: { object: observedCluster } },
      cluster,
    });
    expect(composed(later)).toMatchObject({
      cluster: { resource: { metadata: { annotations: { 'crossplane.io/external-name': CLUSTER } } } },
    });
  });

  it('keeps the external name that it gave when nobody names it any more', async () => {
    const [own, composedFields] = observedCluster.metadata.managedFields;
    const annotations = {
      'f:crossplane.io/composition-resource-name': {},
      'f:crossplane.io/external-name': {},
    };
    const fieldsV1 = { ...composedFields?.fieldsV1, 'f:metadata': { 'f:annotations': annotations } };
    const object = {
      ...observedCluster,
      metadata: { ...observedCluster.metadata, managedFields: [own, { ...composedFields, fieldsV1 }] },
    };
    const called = await functionOver(world).call({
      composite: paletteCluster({}),
      observed: { cluster: { object } },
      cluster,
    });
    expect(composed(called)).toMatchObject({
      cluster: { resource: { metadata: { annotations: { 'crossplane.io/external-name': CLUSTER } } } },
    });
    const others = await functionOver(world).call({
      composite: paletteCluster({}),
      observed: { cluster: { object: observedCluster } },
      cluster,
    });
    expect(composed(others)).toMatchObject({ cluster: { resource: { metadata: { namespace: 'team' } } } });
    expect(JSON.stringify(composed(others))).not.toContain('external-name');
  });

  it('is asked for in three rounds, and in two when its Secret is known', async () => {
    const subject = functionOver(world);
    const call = { composite: paletteCluster({}), cluster };
    expect((await subject.call(call)).rounds).toBe(3);
    expect((await subject.call(call)).rounds).toBe(2);
  });

  it('leaves alone what other functions desire', async () => {
    const desired = {
      composite: { resource: { status: { other: 1 } } },
      resources: { bucket: { resource: { kind: 'Bucket' } } },
    };
    const called = await functionOver(world).call({ composite: paletteCluster({}), cluster, desired });
    expect(Object.keys(composed(called))).toEqual(['bucket', 'cluster']);
    expect(status(called)).toMatchObject({ other: 1, profile: '' });
  });
});

describe('what is wrong with a cluster', () => {
  const cases: { name: string; spec: object; path: string; says: RegExp; reason: string }[] = [
    {
      name: 'a profile that does not exist',
      spec: { profiles: [{ name: 'base' }, { name: 'wbe' }] },
      path: 'spec.profiles[1].name',
      says: /no cluster profile "wbe"; profiles in reach: "web", "base"/,
      reason: 'NotFound',
    },
    {
      name: 'a version that does not exist',
      spec: { profiles: [{ name: 'web', version: '9.9.9' }] },
      path: 'spec.profiles[0].version',
      says: /has no version "9.9.9"; it has "1.0.0", "1.10.0"/,
      reason: 'NotFound',
    },
    {
      name: 'a variable that the profile has not',
      spec: { profiles: [{ name: 'web', variables: { replica: '3' } }] },
      path: 'spec.profiles[0].variables.replica',
      says: /no variable has that name; did you mean "replicas"\?/,
      reason: 'InvalidVariables',
    },
    {
      name: 'a value of the wrong type',
      spec: { profiles: [{ name: 'web', variables: { replicas: 'many' } }] },
      path: 'spec.profiles[0].variables.replicas',
      says: /the format is number/,
      reason: 'InvalidVariables',
    },
    {
      name: 'a cloud account that does not exist',
      spec: { cloud: { type: 'aws', account: 'prod' } },
      path: 'spec.cloud.account',
      says: /no aws account "prod"; accounts in reach: "production"/,
      reason: 'NotFound',
    },
    {
      name: 'a profile that is not made yet',
      spec: { profiles: [{ ref: { name: 'mine' } }] },
      path: 'spec.profiles[0].ref.name',
      says: /no PaletteClusterProfile "mine" yet/,
      reason: 'WaitingForProfile',
    },
  ];

  it.each(cases)('is told at its field: $name', async ({ spec, path, says, reason }) => {
    const called = await functionOver(world).call({ composite: paletteCluster(spec), cluster });
    expect(messages(called)).toEqual([expect.stringMatching(says)]);
    expect(messages(called)[0]).toContain(`${path}: `);
    expect(called.response.results[0]?.severity).toBe(2);
    expect(conditions(called)[0]).toBe(`ProfilesResolved=False ${reason}`);
    // Nothing is composed wrongly, and a composite without anything composed must not look ready.
    expect(composed(called)).toEqual({});
    expect(called.response.desired?.composite?.ready).toBe(READY.false);
  });

  it.each(cases)('changes nothing that is composed: $name', async ({ spec }) => {
    const observed = { cluster: { object: observedCluster } };
    const called = await functionOver(world).call({ composite: paletteCluster(spec), observed, cluster });
    expect(composed(called)).toEqual({ cluster: { ready: 'READY_TRUE', resource: kept } });
    expect(messages(called)[0]).toContain('What is composed stays as it is.');
    expect(status(called)).toMatchObject({ clusterUid: CLUSTER, health: 'Healthy' });
    expect(called.response.desired?.composite?.ready).toBe(READY.unspecified);
  });

  it.each([
    { name: 'may be put right outside', spec: { profiles: [{ name: 'wbe' }] }, seconds: 30 },
    { name: 'takes other values', spec: { profiles: [{ name: 'web', variables: { replica: '3' } }] }, seconds: 30 },
    { name: 'waits for a profile', spec: { profiles: [{ name: 'wbe' }, { ref: { name: 'mine' } }] }, seconds: 15 },
    {
      name: 'has to be edited',
      spec: { cloud: { importMode: 'read_only' }, profiles: [{ name: 'web' }] },
      seconds: 60,
    },
  ])('is looked at again soon when it $name', async ({ spec, seconds }) => {
    const observed = { cluster: { object: observedCluster } };
    const called = await functionOver(world).call({ composite: paletteCluster(spec), observed, cluster });
    expect(called.response.meta?.ttl?.seconds).toBe(seconds);
  });

  it('is right when the profile has been put right a moment ago', async () => {
    const variables = (name: string): object => ({ variables: [{ name, format: 'number' }] });
    const subject = functionOver({
      ...world,
      'GET /v1/clusterprofiles/{uid}/variables': inTurn(variables('replicas'), variables('count')),
    });
    const call = {
      composite: paletteCluster({ profiles: [{ name: 'web', variables: { count: '3' } }] }),
      cluster,
    };
    expect(conditions(await subject.call(call))[0]).toBe('ProfilesResolved=False InvalidVariables');
    subject.time += 6_000;
    expect(conditions(await subject.call(call))[0]).toBe('ProfilesResolved=True Resolved');
  });

  it('is fatal only when retrying cannot help and nothing is composed', async () => {
    const composite = paletteCluster({ cloud: { type: 7 }, profiles: [{ nmae: 'web' }] });
    const fresh = await functionOver(world).call({ composite, cluster });
    expect(fresh.response.results).toMatchObject([
      { severity: 1, message: expect.stringMatching(/spec\.cloud\.type: .*string.*; spec\.profiles\[0\]: .*nmae/s) },
    ]);
    const later = await functionOver(world).call({ composite, observed: { cluster: { object: observedCluster } } });
    expect(later.response.results.map(({ severity }) => severity)).toEqual([2, 2]);
    expect(composed(later)).toMatchObject({ cluster: { resource: kept } });
  });

  it('finds a profile that was made a moment ago', async () => {
    const listing = (name: string): object => ({
      items: [{ metadata: { name, uid: WEB }, spec: { version: '1.0.0' } }],
    });
    const subject = functionOver({
      ...world,
      'GET /v1/dashboard/clusterprofiles/metadata': inTurn(listing('other'), listing('web')),
    });
    const call = { composite: paletteCluster({ profiles: [{ name: 'web' }] }), cluster };
    expect(composed(await subject.call(call))).toEqual({});
    subject.time += 6_000;
    expect(composed(await subject.call(call))).toMatchObject({ cluster: {} });
  });
});

describe('when the API cannot be asked', () => {
  const observed = { cluster: { object: observedCluster } };
  const spec = { profiles: [{ name: 'web' }] };

  it.each([
    { name: 'it is down', answers: { ...world, 'GET /v1/users/info': down }, reason: 'ApiUnreachable' },
    {
      name: 'the key is revoked',
      answers: {
        ...world,
        'GET /v1/users/info': new ApiError({
          code: 'Unauthorized',
          status: 401,
          reason: 'no',
          method: 'GET',
          path: '/',
        }),
      },
      reason: 'CredentialsInvalid',
    },
    {
      name: 'it goes down on the way',
      answers: { ...world, 'GET /v1/dashboard/clusterprofiles/metadata': down },
      reason: 'ApiUnreachable',
    },
    {
      name: 'the project is gone',
      answers: { ...world, 'GET /v1/dashboard/projects/metadata': { items: [] } },
      reason: 'ProjectNotFound',
    },
  ])('keeps what is composed and says so: $name', async ({ answers, reason }) => {
    const called = await functionOver(answers).call({ composite: paletteCluster(spec), observed, cluster });
    expect(composed(called)).toEqual({ cluster: { ready: 'READY_TRUE', resource: kept } });
    expect(conditions(called)).toEqual([
      `ProfilesResolved=False ${reason}`,
      'ClusterSynced=True ReconcileSuccess',
      'ClusterReady=True Available',
    ]);
    expect(called.response.results).toMatchObject([{ severity: 2, reason }]);
    expect(called.response.meta?.ttl?.seconds).toBe(20);
  });

  it.each([
    { name: 'without provider configuration', objects: [], reason: 'ProviderConfigNotFound' },
    { name: 'without Secret', objects: [clusterProviderConfig], reason: 'CredentialsInvalid' },
    {
      name: 'with a Secret without key',
      objects: [clusterProviderConfig, { ...credentials, data: { host: encoded('h') } }],
      reason: 'CredentialsInvalid',
    },
  ])('composes nothing $name, and keeps what is', async ({ objects, reason }) => {
    const composite = paletteCluster(spec);
    const fresh = await functionOver(world).call({ composite, cluster: objects });
    expect(composed(fresh)).toEqual({});
    expect(conditions(fresh)[0]).toBe(`ProfilesResolved=False ${reason}`);
    expect(fresh.response.desired?.composite?.ready).toBe(READY.false);
    const later = await functionOver(world).call({ composite, observed, cluster: objects });
    expect(composed(later)).toMatchObject({ cluster: { resource: kept } });
  });

  it('answers in time when the API does not', async () => {
    const silent = async (): Promise<never> => new Promise(() => undefined);
    const subject = functionOver(
      { ...world, 'GET /v1/dashboard/clusterprofiles/metadata': silent },
      { answerWithinMs: 20 },
    );
    const called = await subject.call({ composite: paletteCluster(spec), observed, cluster });
    expect(composed(called)).toEqual({ cluster: { ready: 'READY_TRUE', resource: kept } });
    expect(conditions(called)[0]).toBe('ProfilesResolved=False ApiUnreachable');
    expect(called.response.results).toMatchObject([{ severity: 2, reason: 'ApiUnreachable' }]);
  });

  it('says since when, and says the same until it is over', async () => {
    const subject = functionOver({ ...world, 'GET /v1/users/info': failing(2) });
    const first = await subject.call({ composite: paletteCluster(spec), observed, cluster });
    const [condition] = first.response.conditions;
    expect(condition?.message).toMatch(
      /cannot be reached.*What is composed stays as it is\. Since 2026-01-01T00:00:00Z\.$/,
    );
    subject.time += 3_600_000;
    const composite = paletteCluster(spec, {
      status: { conditions: [{ ...condition, status: 'False' }], profile: 'web', version: '1.10.0' },
    });
    const second = await subject.call({ composite, observed, cluster });
    expect(second.response.conditions[0]).toEqual(condition);
    expect(status(second)).toMatchObject({ profile: 'web', version: '1.10.0' });
    subject.time += 60_000;
    const last = await subject.call({ composite, observed, cluster });
    expect(conditions(last)[0]).toBe('ProfilesResolved=True Resolved');
  });
});

describe('a cluster and a profile of one namespace', () => {
  const composite = paletteCluster({ profiles: [{ ref: { name: 'mine' }, variables: { replicas: '2' } }] });
  const profile = (status: object): object => ({
    apiVersion: 'fleet.palette-iac.dev/v1alpha1',
    kind: 'PaletteClusterProfile',
    metadata: { name: 'mine', namespace: 'team' },
    status,
  });

  it('meet when the profile is there', async () => {
    const waiting = await functionOver(world).call({ composite, cluster: [...cluster, profile({})] });
    expect(conditions(waiting)[0]).toBe('ProfilesResolved=False WaitingForProfile');
    expect(waiting.response.meta?.ttl?.seconds).toBe(15);
    const there = profile({ profileUid: WEB, version: '3.0.0', name: 'web' });
    const called = await functionOver(world).call({ composite, cluster: [...cluster, there] });
    expect(composed(called)).toMatchObject({
      cluster: { resource: { spec: { forProvider: { clusterProfile: [{ id: WEB, variables: { replicas: '2' } }] } } } },
    });
    expect(status(called)).toMatchObject({ profile: 'web', version: '3.0.0' });
  });
});

describe('claims', () => {
  const legacy = (spec: object): object => ({
    apiVersion: 'legacy.fleet.palette-iac.dev/v1alpha1',
    kind: 'XPaletteCluster',
    metadata: { name: 'edge-9xk2w', uid: 'u', labels: { 'crossplane.io/claim-name': 'edge' } },
    spec: {
      claimRef: { apiVersion: 'x', kind: 'PaletteCluster', namespace: 'team', name: 'edge' },
      compositionUpdatePolicy: 'Automatic',
      ...spec,
    },
  });
  const config = { ...clusterProviderConfig, apiVersion: 'palette-iac.dev/v1alpha1', kind: 'ProviderConfig' };

  it('become cluster-scoped managed resources, and get connection details', async () => {
    const called = await functionOver(world).call({
      composite: legacy({ writeConnectionSecretToRef: { name: 'u', namespace: 'crossplane-system' } }),
      observed: { cluster: { object: observedCluster, details: { kubectlCommand: 'kubectl x', other: 'y' } } },
      cluster: [config, credentials],
    });
    expect(composed(called)).toMatchObject({
      cluster: {
        resource: {
          apiVersion: 'palette-iac.dev/v1alpha1',
          kind: 'ClusterBrownfield',
          metadata: {},
          spec: {
            providerConfigRef: { name: 'default' },
            writeConnectionSecretToRef: { name: 'edge-9xk2w-cluster', namespace: 'crossplane-system' },
            forProvider: { name: 'edge' },
          },
        },
      },
    });
    const details = called.response.desired?.composite?.connectionDetails ?? {};
    expect(Object.keys(details)).toEqual(['kubectlCommand']);
    expect(details['kubectlCommand']?.toString()).toBe('kubectl x');
  });

  it('refer to claims of their namespace', async () => {
    const profile = {
      apiVersion: 'legacy.fleet.palette-iac.dev/v1alpha1',
      kind: 'PaletteClusterProfile',
      metadata: { name: 'mine', namespace: 'team' },
      status: { profileUid: BASE, version: '1.0.0', name: 'mine' },
    };
    const composite = legacy({ profiles: [{ ref: { name: 'mine' } }] });
    const called = await functionOver(world).call({ composite, cluster: [config, credentials, profile] });
    expect(composed(called)).toMatchObject({
      cluster: { resource: { spec: { forProvider: { clusterProfile: [{ id: BASE }] } } } },
    });
  });
});

describe('offline', () => {
  it.each([
    { name: 'by the context', call: { context: { 'palette-iac.dev/mode': 'Offline' } } },
    {
      name: 'by the input',
      call: { input: { apiVersion: 'template.palette-iac.dev/v1alpha1', kind: 'Input', mode: 'Offline' } },
    },
  ])('asks nobody $name', async ({ call }) => {
    const subject = functionOver({});
    const composite = paletteCluster({
      cloud: { type: 'aws', account: 'any' },
      profiles: [{ name: 'web', version: '1.0.0' }, { ref: { name: 'mine' } }],
    });
    const called = await subject.call({ composite, ...call });
    expect(composed(called)).toMatchObject({
      cluster: {
        resource: {
          spec: { forProvider: { clusterProfile: [{ id: 'offline:web:1.0.0' }, { id: 'offline:mine:newest' }] } },
        },
      },
    });
    expect(conditions(called)[0]).toBe('ProfilesResolved=Unknown Offline');
    expect(subject.api.calls).toEqual([]);
  });
});

describe('calls', () => {
  it('of hundreds of composites ask the API as often as one', async () => {
    const subject = functionOver(world);
    const spec = { profiles: [{ name: 'web' }, { name: 'base' }] };
    const all = Array.from({ length: 300 }, async (_, index) =>
      callUntilStable(subject.handle, {
        composite: paletteCluster(spec, { metadata: { name: `c${index}` } }),
        cluster,
      }),
    );
    await Promise.all(all);
    expect(subject.api.calls).toHaveLength(5);
    subject.time += 60_000;
    await subject.call({ composite: paletteCluster(spec), cluster });
    expect(subject.api.calls).toHaveLength(10);
    expect(subject.api.calls.at(-1)?.scope).toEqual({ kind: 'project', projectUid: PROJECT_UID });
  });

  it('about other kinds are refused', async () => {
    const composite = { apiVersion: 'example.org/v1', kind: 'Bucket', metadata: { name: 'b' } };
    const called = await functionOver({}).call({ composite });
    expect(called.response.results).toMatchObject([
      { severity: 1, message: expect.stringContaining('knows nothing of Bucket (example.org/v1)') },
    ]);
  });
});
