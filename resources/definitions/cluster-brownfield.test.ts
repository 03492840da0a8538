import { describe, expect, it } from '@jest/globals';

import type { HydratedClusterProfile, Schemas } from '#openapi/client/index';
import { UNKNOWN } from '#resources/engine/index';

import { planProfileChanges } from './cluster-brownfield/attachments.ts';
import { manifestUrlOf } from './cluster-brownfield/import-cluster.ts';
import { deleteCluster, waitUntilHealthy } from './cluster-brownfield/wait.ts';
import { clusterBrownfield } from './cluster-brownfield.ts';
import { fakeContext, inTurn, notFound, PROJECT_UID, type Answers } from './testing/fake-context.ts';

const UID = 'd'.repeat(24);
const scope = { kind: 'project', projectUid: PROJECT_UID } as const;
const GET_CLUSTER = 'GET /v1/spectroclusters/{uid}';
const OVERVIEW = 'GET /v1/dashboard/spectroclusters/{uid}/overview';

type State = Parameters<typeof clusterBrownfield.read>[0]['state'];

const planned: State = {
  id: UID,
  name: 'edge',
  cloudType: 'generic',
  context: 'project',
  importMode: '',
  description: '',
  proxy: '',
  noProxy: '',
  hostPath: '',
  containerMountPath: '',
  applySetting: 'DownloadAndInstall',
  clusterTimezone: '',
  pauseAgentUpgrades: 'unlock',
  reviewRepaveState: '',
  skipCompletion: false,
  forceDelete: false,
  forceDeleteDelay: 20,
};

const stored: Schemas['v1SpectroCluster'] = {
  metadata: { name: 'edge', uid: UID, annotations: { scope: 'project' } },
  spec: { cloudType: 'generic', cloudConfigRef: { kind: 'generic', uid: 'cc' }, clusterProfileTemplates: [] },
  status: { state: 'Running', clusterImport: { importLink: 'kubectl apply -f https://plane/v1/import?token=t' } },
};

const healthy = { status: { state: 'Running', health: { state: 'Healthy' }, spcApply: { canBeApplied: true } } };
const pending = { status: { state: 'Pending', health: { state: 'Unknown' } } };

const world: Answers = {
  'POST /v1/spectroclusters/generic/import': { uid: UID },
  'POST /v1/spectroclusters/aws/import': { uid: UID },
  [GET_CLUSTER]: stored,
  [OVERVIEW]: healthy,
};

function profile(name: string, ...variables: Partial<Schemas['v1Variable']>[]): HydratedClusterProfile {
  return {
    kind: 'present',
    profile: { metadata: { name } },
    variables: variables.map((variable) => ({ name: 'x', ...variable })),
    manifests: new Map(),
  };
}

describe('create', () => {
  it('imports, waits, and reads back', async () => {
    const ctx = fakeContext({ ...world, [OVERVIEW]: inTurn(pending, pending, healthy) });
    const fresh = { ...planned, id: undefined };
    const state = await clusterBrownfield.create(
      {
        planned: { ...fresh, tags: ['site:vienna'], description: 'Edge', importMode: 'read_only', proxy: 'http://p' },
        checkpoint: ctx.checkpoint,
      },
      ctx,
    );
    expect(ctx.calls[0]).toMatchObject({
      operation: 'POST /v1/spectroclusters/generic/import',
      scope,
      body: {
        metadata: { name: 'edge', labels: { site: 'vienna' }, annotations: { description: 'Edge' } },
        spec: { clusterConfig: { importMode: 'read-only', proxy: { httpProxy: 'http://p' } } },
      },
    });
    expect(state).toMatchObject({
      id: UID,
      status: 'Running',
      healthStatus: 'Healthy',
      manifestUrl: 'https://plane/v1/import?token=t',
      cloudConfigId: 'cc',
    });
    expect(ctx.warnings).toEqual([]);
  });

  it.each([
    { name: 'skip_completion', change: { skipCompletion: true } },
    { name: 'the tag skip_completion', change: { tags: ['skip_completion'] } },
  ])('does not wait with $name, and knows the command all the same', async ({ change }) => {
    const ctx = fakeContext({ ...world, [OVERVIEW]: pending });
    const state = await clusterBrownfield.create(
      { planned: { ...planned, ...change }, checkpoint: ctx.checkpoint },
      ctx,
    );
    expect(state).toMatchObject({ kubectlCommand: expect.stringContaining('kubectl apply') });
    expect(ctx.operations().filter((operation) => operation === OVERVIEW)).toHaveLength(1);
  });

  it('stores nothing when a profile does not exist', async () => {
    const ctx = fakeContext({ ...world, 'GET /v1/clusterprofiles/{uid}': notFound('GET /v1/clusterprofiles/{uid}') });
    await expect(
      clusterBrownfield.create(
        { planned: { ...planned, clusterProfile: [{ id: 'p' }] }, checkpoint: ctx.checkpoint },
        ctx,
      ),
    ).rejects.toMatchObject({ path: ['clusterProfile'] });
    expect(ctx.operations().some((operation) => operation.startsWith('POST'))).toBe(false);
  });

  it('tells Terraform of the cluster before anything else can fail', async () => {
    const ctx = fakeContext({ ...world, 'PUT /v1/spectroclusters/{uid}/config/namespaces': new Error('down') });
    const namespaces = [{ name: 'shop', resourceAllocation: { cpu_cores: '2', memory_MiB: '512' } }];
    await expect(
      clusterBrownfield.create({ planned: { ...planned, namespaces }, checkpoint: ctx.checkpoint }, ctx),
    ).rejects.toThrow('down');
    expect(ctx.checkpoints).toMatchObject([{ id: UID }]);
  });
});

describe('waitUntilHealthy', () => {
  const cluster = { uid: UID, name: 'edge', kubectlCommand: 'kubectl apply -f https://plane/x' };

  it('ends with the command to run when no agent connects in time', async () => {
    const ctx = fakeContext({ [OVERVIEW]: pending });
    let time = 0;
    await waitUntilHealthy(cluster, { ...ctx, scope }, { graceMs: 30, now: () => (time += 15) });
    expect(ctx.warnings).toMatchObject([
      {
        summary: 'Cluster "edge" waits for its agent',
        detail: expect.stringContaining('kubectl apply -f https://plane/x'),
      },
    ]);
  });

  it('waits on as soon as an agent has connected', async () => {
    const importing = { status: { state: 'Importing', health: { state: 'Unknown' } } };
    const ctx = fakeContext({ [OVERVIEW]: inTurn(pending, importing, importing, healthy) });
    let time = 0;
    await waitUntilHealthy(cluster, { ...ctx, scope }, { graceMs: 30, now: () => (time += 15) });
    expect(ctx.warnings).toEqual([]);
  });

  it('tells in the end which packs are not ready, and why', async () => {
    const failing = {
      status: {
        state: 'Running',
        health: { state: 'UnHealthy' },
        packs: [
          {
            name: 'hello',
            condition: {
              type: 'Error',
              status: 'False',
              message: 'Deployment shop/web: spec.replicas: must be a number',
            },
          },
          { name: 'fine', condition: { type: 'Ready', status: 'True' } },
        ],
      },
    };
    const ctx = fakeContext({ [OVERVIEW]: failing });
    await waitUntilHealthy(cluster, { ...ctx, scope });
    expect(ctx.warnings[0]?.detail).toMatch(
      /Running and UnHealthy after 540 s.*pack hello: Deployment shop\/web: spec\.replicas: must be a number/s,
    );
    expect(ctx.warnings[0]?.detail).not.toContain('fine');
  });

  it('ends after a minute of the same error, unless something is still on its way', async () => {
    const overview = (hello: string, fine: string): object => ({
      status: {
        state: 'Running',
        health: { state: 'UnHealthy' },
        packs: [
          { name: 'hello', condition: { type: hello, status: 'False', message: 'spec.replicas: must be a number' } },
          {
            name: 'fine',
            condition: { type: fine, status: fine === 'Ready' ? 'True' : 'False', message: 'rolling out' },
          },
        ],
      },
    });
    const clock = (): (() => number) => {
      let time = 0;
      return () => (time += 20_000);
    };
    const stuck = fakeContext({ [OVERVIEW]: overview('Error', 'Ready') });
    await waitUntilHealthy(cluster, { ...stuck, scope }, { now: clock() });
    expect(stuck.warnings).toMatchObject([
      {
        summary: 'Cluster "edge" cannot run what is configured',
        detail: expect.stringContaining('pack hello: spec.replicas: must be a number'),
      },
    ]);
    const busy = fakeContext({ [OVERVIEW]: overview('Error', 'NotReady') });
    await waitUntilHealthy(cluster, { ...busy, scope }, { now: clock() });
    expect(busy.warnings).toMatchObject([{ summary: 'Cluster "edge" is not Running and Healthy yet' }]);
  });
});

describe('deleteCluster', () => {
  const cluster = { uid: UID, name: 'edge' };
  const DELETE = 'DELETE /v1/spectroclusters/{uid}';
  const deleting = { status: { state: 'Deleting' } };

  it.each([
    { name: 'not found', gone: notFound(GET_CLUSTER) },
    { name: 'in the state Deleted', gone: { status: { state: 'Deleted' } } },
  ])('ends when the cluster is $name', async ({ gone }) => {
    let looks = 0;
    const ctx = fakeContext({
      [GET_CLUSTER]: () => {
        looks += 1;
        if (looks < 3) return deleting;
        if (gone instanceof Error) throw gone;
        return gone;
      },
    });
    await deleteCluster(cluster, { force: false, forceAfterMinutes: 20 }, { ...ctx, scope });
    expect(ctx.operations().filter((operation) => operation === DELETE)).toHaveLength(1);
  });

  it('is forced once, after the delay', async () => {
    const ctx = fakeContext({ [GET_CLUSTER]: inTurn(deleting, deleting, deleting, { status: { state: 'Deleted' } }) });
    let minutes = 0;
    await deleteCluster(
      cluster,
      { force: true, forceAfterMinutes: 20 },
      { ...ctx, scope },
      { now: () => (minutes += 10) * 60_000 },
    );
    const deletes = ctx.calls.filter(({ operation }) => operation === DELETE);
    expect(deletes.map(({ query }) => query)).toEqual([undefined, { forceDelete: true }]);
  });

  it('is forced when one of several looks comes after the delay', async () => {
    const ctx = fakeContext({ [GET_CLUSTER]: inTurn(deleting, { status: { state: 'Deleted' } }) });
    const now = 100 * 60_000;
    const since = now - 20 * 60_000;
    await deleteCluster(cluster, { force: true, forceAfterMinutes: 20 }, { ...ctx, scope, since }, { now: () => now });
    const deletes = ctx.calls.filter(({ operation }) => operation === DELETE);
    expect(deletes.map(({ query }) => query)).toEqual([undefined, { forceDelete: true }]);
  });

  it('says what the agent says is in the way', async () => {
    const message = 'pack app: hook pre-delete Job shop/goodbye failed';
    const held = { status: { state: 'Deleting', conditions: [{ type: 'Healthy', status: 'False', message }] } };
    const ctx = fakeContext({ [GET_CLUSTER]: held });
    await expect(deleteCluster(cluster, { force: false, forceAfterMinutes: 20 }, { ...ctx, scope })).rejects.toThrow(
      `Its agent says: ${message}. `,
    );
  });

  it('says in which state the cluster stays', async () => {
    const ctx = fakeContext({ [GET_CLUSTER]: deleting });
    await expect(deleteCluster(cluster, { force: false, forceAfterMinutes: 20 }, { ...ctx, scope })).rejects.toThrow(
      /"edge" is still Deleting.*force_delete/,
    );
  });
});

describe('planProfileChanges', () => {
  const profiles = new Map([
    ['a1', profile('a', { name: 'size' }, { name: 'colour' })],
    ['a2', profile('a', { name: 'size' })],
    ['b1', profile('b')],
  ]);
  const running = [{ uid: 'a1', name: 'a' }];

  it.each([
    { name: 'nothing', prior: [{ id: 'a1' }], next: [{ id: 'a1' }], want: { attach: [], detach: [], variables: [] } },
    {
      name: 'a profile more',
      prior: [{ id: 'a1' }],
      next: [{ id: 'a1' }, { id: 'b1' }],
      want: { attach: [{ uid: 'b1', packValues: [], variables: [] }], detach: [], variables: [] },
    },
    { name: 'a profile less', prior: [{ id: 'a1' }], next: [], want: { attach: [], detach: ['a1'], variables: [] } },
    {
      name: 'another version, which takes the place of the first and of its values',
      prior: [{ id: 'a1', variables: { size: '1', colour: 'red' } }],
      next: [{ id: 'a2', variables: {} }],
      want: {
        attach: [{ uid: 'a2', packValues: [], replaceWithProfile: 'a1', variables: [{ name: 'size', value: '' }] }],
        detach: [],
        variables: [],
      },
    },
    {
      name: 'another profile, which does not',
      prior: [{ id: 'a1' }],
      next: [{ id: 'b1' }],
      want: { attach: [{ uid: 'b1', packValues: [], variables: [] }], detach: ['a1'], variables: [] },
    },
    {
      name: 'values alone: what changed, and what is given no more',
      prior: [{ id: 'a1', variables: { size: '1', colour: 'red' } }],
      next: [{ id: 'a1', variables: { size: '2' } }],
      want: {
        attach: [],
        detach: [],
        variables: [
          {
            profileUid: 'a1',
            variables: [
              { name: 'size', value: '2' },
              { name: 'colour', value: '' },
            ],
          },
        ],
      },
    },
    {
      name: 'values of packs, with the profile as a whole',
      prior: [{ id: 'a1' }],
      next: [{ id: 'a1', pack: [{ name: 'nginx', type: 'spectro', values: 'a: 1\n' }] }],
      want: {
        attach: [
          { uid: 'a1', packValues: [{ name: 'nginx', type: 'spectro', values: 'a: 1', manifests: [] }], variables: [] },
        ],
        detach: [],
        variables: [],
      },
    },
  ])('finds $name', ({ prior, next, want }) => {
    expect(planProfileChanges(prior, next, running, profiles)).toEqual(want);
  });
});

describe('read', () => {
  it('costs two requests, and more only for what is configured', async () => {
    const ctx = fakeContext(world);
    await clusterBrownfield.read({ state: planned }, ctx);
    expect(ctx.operations().toSorted()).toEqual([OVERVIEW, GET_CLUSTER]);
  });

  it('drops profiles that are attached no more, and leaves those of others alone', async () => {
    const templates = [
      { uid: 'a1', name: 'a' },
      { uid: 'theirs', name: 'other' },
    ];
    const ctx = fakeContext({
      ...world,
      [GET_CLUSTER]: { ...stored, spec: { ...stored.spec, clusterProfileTemplates: templates } },
    });
    expect(
      await clusterBrownfield.read({ state: { ...planned, clusterProfile: [{ id: 'a1' }, { id: 'gone' }] } }, ctx),
    ).toMatchObject({ state: { clusterProfile: [{ id: 'a1' }] } });
  });

  it('takes all profiles when add-ons have no resource of their own', async () => {
    const templates = [
      { uid: 'a1', name: 'a' },
      { uid: 'theirs', name: 'other' },
    ];
    const ctx = fakeContext(
      { ...world, [GET_CLUSTER]: { ...stored, spec: { ...stored.spec, clusterProfileTemplates: templates } } },
      { flags: ['disable_addon_deployment_resource'] },
    );
    expect(await clusterBrownfield.read({ state: { ...planned, clusterProfile: [{ id: 'a1' }] } }, ctx)).toMatchObject({
      state: { clusterProfile: [{ id: 'a1' }, { id: 'theirs' }] },
    });
  });

  it('keeps secret values and sees changes of others', async () => {
    const templates = [{ uid: 'a1', name: 'a' }];
    const ctx = fakeContext({
      ...world,
      [GET_CLUSTER]: { ...stored, spec: { ...stored.spec, clusterProfileTemplates: templates } },
      'GET /v1/spectroclusters/{uid}/variables': [
        {
          profileUid: 'a1',
          variables: [
            { name: 'key', value: '********', isSensitive: true },
            { name: 'size', value: '9' },
            { name: 'unasked', value: 'x' },
          ],
        },
      ],
    });
    const outcome = await clusterBrownfield.read(
      { state: { ...planned, clusterProfile: [{ id: 'a1', variables: { key: 's3cret', size: '1' } }] } },
      ctx,
    );
    expect(outcome).toMatchObject({ state: { clusterProfile: [{ variables: { key: 's3cret', size: '9' } }] } });
  });

  it.each([
    { name: 'without a status', cluster: { ...stored, status: undefined } },
    { name: 'in the state Deleted', cluster: { ...stored, status: { state: 'Deleted' } } },
  ])('says that a cluster $name is absent', async ({ cluster }) => {
    expect(await clusterBrownfield.read({ state: planned }, fakeContext({ ...world, [GET_CLUSTER]: cluster }))).toEqual(
      { kind: 'absent' },
    );
  });

  it('reads settings in the words of the configuration', async () => {
    const ctx = fakeContext({
      ...world,
      'GET /v1/spectroclusters/{uid}/config/namespaces': {
        items: [
          { metadata: { name: 'b' }, spec: { resourceAllocation: { cpuCores: 1, memoryMiB: 2 } } },
          { metadata: { name: 'a' }, spec: { resourceAllocation: { cpuCores: 2, memoryMiB: 512 } } },
        ],
      },
      'GET /v1/spectroclusters/{uid}/config/rbacs': {
        items: [
          {
            spec: {
              bindings: [
                {
                  type: 'RoleBinding',
                  namespace: 'a',
                  role: { kind: 'Role', name: 'r' },
                  subjects: [{ type: 'User', name: 'u' }],
                },
              ],
            },
          },
        ],
      },
      'GET /v1/spectroclusters/{uid}/features/complianceScan': {
        spec: { driverSpec: { 'kube-bench': { config: { schedule: { scheduledRunTime: '0 1 * * *' } } } } },
      },
    });
    const state: State = {
      ...planned,
      namespaces: [{ name: 'a', resourceAllocation: { cpu_cores: '2.0', memory_MiB: '512' } }],
      clusterRbacBinding: [{ type: 'RoleBinding', namespace: 'a', role: { kind: 'Role', name: 'r' }, subjects: [] }],
      scanPolicy: [{ configurationScanSchedule: '', penetrationScanSchedule: '', conformanceScanSchedule: '' }],
    };
    expect(await clusterBrownfield.read({ state }, ctx)).toMatchObject({
      state: {
        namespaces: [
          { name: 'a', resourceAllocation: { cpu_cores: '2.0', memory_MiB: '512' } },
          { name: 'b', resourceAllocation: { cpu_cores: '1', memory_MiB: '2' } },
        ],
        clusterRbacBinding: [{ subjects: [{ type: 'User', name: 'u', namespace: '' }] }],
        scanPolicy: [{ configurationScanSchedule: '0 1 * * *', penetrationScanSchedule: '' }],
      },
    });
  });
});

describe('update', () => {
  const all = { ...world, 'GET /v1/spectroclusters/{uid}/config/rbacs': { items: [] } };
  const change = async (
    next: Partial<State>,
    prior: Partial<State> = {},
    answers: Answers = all,
  ): Promise<ReturnType<typeof fakeContext>> => {
    const ctx = fakeContext(answers);
    await clusterBrownfield.update?.(
      { planned: { ...planned, ...next }, prior: { ...planned, ...prior }, checkpoint: ctx.checkpoint },
      ctx,
    );
    return ctx;
  };
  const writes = (ctx: ReturnType<typeof fakeContext>): string[] =>
    ctx.operations().filter((operation) => !operation.startsWith('GET'));

  it.each([
    { name: 'nothing for nothing', next: {}, want: [] },
    { name: 'metadata for tags', next: { tags: ['a:b'] }, want: ['PATCH /v1/spectroclusters/{uid}/metadata'] },
    {
      name: 'the time zone',
      next: { clusterTimezone: 'Europe/Vienna' },
      want: ['PATCH /v1/spectroclusters/{uid}/clusterConfig/timezone'],
    },
    {
      name: 'the lock of the agent',
      next: { pauseAgentUpgrades: 'lock' as const },
      want: ['POST /v1/spectroclusters/{uid}/upgrade/settings'],
    },
    {
      name: 'a renewal of certificates',
      next: { renewK8sCertificatesNow: '2026-01-01T00:00:00Z' },
      want: ['PATCH /v1/spectroclusters/{uid}/k8certificates/renew'],
    },
    {
      name: 'a first backup policy',
      next: { backupPolicy: [backup('0 1 * * *')] },
      want: ['POST /v1/spectroclusters/{uid}/features/backup'],
    },
    {
      name: 'another backup policy',
      next: { backupPolicy: [backup('0 1 * * *')] },
      prior: { backupPolicy: [backup('0 2 * * *')] },
      want: ['PUT /v1/spectroclusters/{uid}/features/backup'],
    },
    {
      name: 'a backup policy without a schedule for none',
      next: {},
      prior: { backupPolicy: [backup('0 2 * * *')] },
      want: ['PUT /v1/spectroclusters/{uid}/features/backup'],
    },
    {
      name: 'role bindings',
      next: {
        clusterRbacBinding: [
          { type: 'ClusterRoleBinding' as const, role: { kind: 'ClusterRole', name: 'view' }, subjects: [] },
        ],
      },
      want: ['PUT /v1/spectroclusters/{uid}/config/rbacs'],
    },
    {
      name: 'the host configuration',
      next: { hostConfig: [{ hostEndpointType: 'Ingress' as const, ingressHost: '*.x' }] },
      want: ['PATCH /v1/spectroclusters/{uid}/clusterConfig/hostCluster'],
    },
  ])('sends $name', async ({ next, prior, want }) => {
    expect(writes(await change(next, prior))).toEqual(want);
  });

  it('says at which line a quota is wrong', async () => {
    await expect(
      change({ namespaces: [{ name: 'a', resourceAllocation: { cpu_cores: 'many' } }] }),
    ).rejects.toMatchObject({ path: ['namespaces', 0, 'resourceAllocation'] });
  });

  it('does not wait for a cluster that has no agent, and says so', async () => {
    const answers = {
      ...world,
      [GET_CLUSTER]: { ...stored, status: { ...stored.status, state: 'Pending' } },
      'GET /v1/clusterprofiles/{uid}': { metadata: { name: 'a' } },
      'GET /v1/clusterprofiles/{uid}/variables': { variables: [] },
    };
    const ctx = await change({ clusterProfile: [{ id: 'a1' }] }, {}, answers);
    expect(writes(ctx)).toEqual(['PATCH /v1/spectroclusters/{uid}/profiles']);
    expect(ctx.warnings).toMatchObject([{ summary: 'Cluster "edge" has no agent yet' }]);
  });

  it('takes nodes out of service and waits for it', async () => {
    const machines = (state: string): object => ({
      items: [{ metadata: { uid: 'm1', name: 'node-1' }, status: { maintenanceStatus: { state } } }],
    });
    const ctx = await change(
      { machinePool: [{ name: 'pool', node: [{ nodeName: 'node-1', action: 'cordon' }] }] },
      {},
      {
        ...world,
        'GET /v1/cloudconfigs/generic/{configUid}/machinePools/{machinePoolName}/machines': inTurn(
          machines(''),
          machines('InProgress'),
          machines('Completed'),
        ),
      },
    );
    expect(ctx.calls.find(({ operation }) => operation.startsWith('PUT'))).toMatchObject({
      path: { cloudType: 'generic', machineUid: 'm1' },
      body: { action: 'cordon' },
    });
    expect(ctx.warnings).toEqual([]);
  });
});

function backup(schedule: string): NonNullable<State['backupPolicy']>[number] {
  return {
    prefix: 'p',
    backupLocationId: 'l',
    schedule,
    expiryInHour: 72,
    includeDisks: true,
    includeClusterResources: true,
  };
}

describe('plan', () => {
  const changes = async (next: object, answers: Answers = world): Promise<unknown> =>
    clusterBrownfield.modifyPlan?.(
      { prior: planned, planned: { ...planned, ...next }, config: {} },
      fakeContext(answers),
    ); // as: a plan with unknown values in it

  it.each([
    { name: 'the name', next: { name: 'other' }, path: ['name'] },
    { name: 'the cloud', next: { cloudType: 'aws' }, path: ['cloudType'] },
    { name: 'the mode', next: { importMode: 'read_only' }, path: ['importMode'] },
  ])('refuses to change $name', async ({ next, path }) => {
    expect(await changes(next)).toMatchObject([{ kind: 'problem', problem: { path } }]);
  });

  it('takes the empty import mode and the full one for the same', async () => {
    expect(await changes({ importMode: 'full' })).toEqual([]);
  });

  it('asks nothing about profiles that are not known yet', async () => {
    expect(await changes({ clusterProfile: [{ id: UNKNOWN }, { id: 'a1', variables: { x: UNKNOWN } }] })).toEqual([]);
  });

  it('checks values against the profile', async () => {
    const answers = {
      ...world,
      'GET /v1/clusterprofiles/{uid}': { metadata: { name: 'a' } },
      'GET /v1/clusterprofiles/{uid}/variables': { variables: [{ name: 'size', format: 'number' }] },
    };
    expect(await changes({ clusterProfile: [{ id: 'a1', variables: { size: 'big' } }] }, answers)).toMatchObject([
      { problem: { path: ['clusterProfile'], detail: expect.stringContaining('size') } },
    ]);
  });

  it('refuses profiles on a cluster that is only looked at', () => {
    expect(
      clusterBrownfield.validate?.({ config: { importMode: 'read_only', clusterProfile: [{ id: UNKNOWN }] } }),
    ).toMatchObject([{ path: ['importMode'] }]);
  });
});

describe('import', () => {
  it('finds the cluster, its kind of cloud and its profiles', async () => {
    const ctx = fakeContext({
      'POST /v1/dashboard/spectroclusters/search': { items: [{ metadata: { name: 'edge', uid: UID } }] },
      [GET_CLUSTER]: { ...stored, spec: { ...stored.spec, clusterProfileTemplates: [{ uid: 'a1' }] } },
    });
    expect(await clusterBrownfield.importState?.({ id: 'edge:tenant:generic' }, ctx)).toEqual({
      id: UID,
      context: 'tenant',
      cloudType: 'generic',
      clusterProfile: [{ id: 'a1' }],
    });
  });

  it('asks for all three parts', async () => {
    await expect(clusterBrownfield.importState?.({ id: 'edge:tenant' }, fakeContext())).rejects.toThrow(
      /idOrName:context:cloudType/,
    );
  });
});

it.each([
  ['kubectl apply -f https://plane/x', 'https://plane/x'],
  ['kubectl apply --server-side -f "https://plane/x"', 'https://plane/x'],
  ['https://plane/x', 'https://plane/x'],
  ['', ''],
])('the address in "%s" is "%s"', (command, url) => {
  expect(manifestUrlOf(command)).toBe(url);
});
