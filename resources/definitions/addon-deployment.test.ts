import { describe, expect, it } from '@jest/globals';

import { ApiError, type Schemas } from '#openapi/client/index';
import { UNKNOWN } from '#resources/engine/index';

import { addonDeployment } from './addon-deployment.ts';
import { waitUntilApplied } from './addon-deployment/wait.ts';
import { fakeContext, inTurn, notFound, PROJECT_UID, type Answers } from './testing/fake-context.ts';

const CLUSTER = 'c'.repeat(24);
const PROFILE = 'd'.repeat(24);
const NEXT = 'e'.repeat(24);
const scope = { kind: 'project', projectUid: PROJECT_UID } as const;
const GET_CLUSTER = 'GET /v1/spectroclusters/{uid}';
const OVERVIEW = 'GET /v1/dashboard/spectroclusters/{uid}/overview';
const PATCH = 'PATCH /v1/spectroclusters/{uid}/profiles';
const DELETE = 'DELETE /v1/spectroclusters/{uid}/profiles';

type State = Parameters<typeof addonDeployment.read>[0]['state'];

const state: State = {
  id: `${CLUSTER}_${PROFILE}`,
  clusterUid: CLUSTER,
  context: 'project',
  applySetting: 'DownloadAndInstall',
  clusterProfile: [{ id: PROFILE, variables: { size: '2' } }],
};

const running = (...uids: string[]): Schemas['v1SpectroCluster'] => ({
  metadata: { name: 'edge', uid: CLUSTER },
  spec: { clusterProfileTemplates: uids.map((uid) => ({ uid, name: 'addon', packs: [] })) },
  status: { state: 'Running' },
});
const packs = (...conditions: [type: string, profileUid?: string][]): Schemas['v1SpectroClusterUidSummary'] => ({
  metadata: { name: 'edge' },
  status: {
    state: 'Running',
    packs: conditions.map(([type, profileUid = PROFILE], index) => ({
      name: `pack-${index}`,
      profileUid,
      condition: { type, status: type === 'Ready' ? 'True' : 'False', message: `it is ${type}` },
    })),
  },
});
const world: Answers = {
  [GET_CLUSTER]: running(PROFILE),
  [OVERVIEW]: packs(['Ready']),
  'GET /v1/clusterprofiles/{uid}': ({ path }: { path?: Record<string, string> }) => ({
    metadata: { name: 'addon', uid: path?.['uid'] },
    spec: { version: '1.0.0' },
  }),
  'GET /v1/clusterprofiles/{uid}/variables': { variables: [{ name: 'size' }] },
  'GET /v1/spectroclusters/{uid}/variables': [
    { profileUid: PROFILE, variables: [{ name: 'size', value: '2' }] },
    { profileUid: NEXT, variables: [{ name: 'size', value: '2' }] },
  ],
};

describe('an add-on deployment', () => {
  it('attaches its profile, and is known by cluster and profile', async () => {
    const ctx = fakeContext({ ...world, [GET_CLUSTER]: inTurn(running(), running(PROFILE)) });
    const made = await addonDeployment.create({ planned: state, checkpoint: ctx.checkpoint }, ctx);
    expect(made).toMatchObject({ id: `${CLUSTER}_${PROFILE}`, clusterProfile: [{ variables: { size: '2' } }] });
    expect(ctx.calls.find(({ operation }) => operation === PATCH)).toMatchObject({
      path: { uid: CLUSTER },
      body: {
        profiles: [{ uid: PROFILE, variables: [{ name: 'size', value: '2' }] }],
        spcApplySettings: { actionType: 'DownloadAndInstall' },
      },
      scope,
    });
    expect(ctx.checkpoints).toMatchObject([{ id: `${CLUSTER}_${PROFILE}` }]);
  });

  it('takes the place of another version that the cluster has', async () => {
    const ctx = fakeContext({ ...world, [GET_CLUSTER]: inTurn(running(NEXT), running(PROFILE)) });
    await addonDeployment.create({ planned: state, checkpoint: ctx.checkpoint }, ctx);
    expect(ctx.calls.find(({ operation }) => operation === PATCH)?.body).toMatchObject({
      profiles: [{ uid: PROFILE, replaceWithProfile: NEXT }],
    });
  });

  it('becomes another one with another version, in one request', async () => {
    const planned = { ...state, clusterProfile: [{ id: NEXT, variables: { size: '2' } }] };
    const ctx = fakeContext({
      ...world,
      [OVERVIEW]: packs(['Ready', NEXT]),
      [GET_CLUSTER]: inTurn(running(PROFILE), running(NEXT)),
    });
    const changed = await addonDeployment.update?.({ planned, prior: state, checkpoint: ctx.checkpoint }, ctx);
    expect(changed?.id).toBe(`${CLUSTER}_${NEXT}`);
    expect(ctx.operations().filter((operation) => !operation.startsWith('GET'))).toEqual([PATCH]);
  });

  it.each([
    { name: 'the cluster is gone', cluster: notFound(GET_CLUSTER) },
    { name: 'the cluster is deleted', cluster: { ...running(PROFILE), status: { state: 'Deleted' } } },
    { name: 'the cluster has no status', cluster: { metadata: { name: 'edge' } } },
    { name: 'the profile was taken off', cluster: running(NEXT) },
  ])('is absent when $name', async ({ cluster }) => {
    const ctx = fakeContext({ ...world, [GET_CLUSTER]: cluster });
    expect(await addonDeployment.read({ state }, ctx)).toEqual({ kind: 'absent' });
  });

  it('is known by its identifier alone', async () => {
    const found = await addonDeployment.read(
      // as: what an import by identifier knows
      { state: { id: `${CLUSTER}_${PROFILE}`, context: 'project' } as State },
      fakeContext(world),
    );
    expect(found).toMatchObject({ kind: 'current', state: { clusterUid: CLUSTER, clusterProfile: [{ id: PROFILE }] } });
  });

  it('says which cluster there is not, before anything is attached', async () => {
    const ctx = fakeContext({ ...world, [GET_CLUSTER]: notFound(GET_CLUSTER) });
    await expect(addonDeployment.create({ planned: state, checkpoint: ctx.checkpoint }, ctx)).rejects.toMatchObject({
      path: ['clusterUid'],
    });
    expect(ctx.operations()).not.toContain(PATCH);
  });

  it('has nothing to take off a cluster that is being deleted', async () => {
    const deleting = new ApiError({
      code: 'ClusterBeingDeleted',
      status: 409,
      reason: 'it is being deleted',
      method: 'DELETE',
      path: '/v1/spectroclusters/{uid}/profiles',
    });
    await addonDeployment.delete({ state }, fakeContext({ [DELETE]: deleting }));
    await addonDeployment.delete({ state }, fakeContext({ [DELETE]: notFound(DELETE) }));
    const other = new ApiError({ code: 'Forbidden', status: 403, reason: 'no', method: 'DELETE', path: '/' });
    await expect(addonDeployment.delete({ state }, fakeContext({ [DELETE]: other }))).rejects.toBe(other);
  });

  it('is imported by the identifiers of cluster and profile', async () => {
    const imported = await addonDeployment.importState?.({ id: `${CLUSTER}_${PROFILE}` }, fakeContext());
    expect(imported).toMatchObject({ clusterUid: CLUSTER, context: 'project', clusterProfile: [{ id: PROFILE }] });
    await expect(addonDeployment.importState?.({ id: 'edge_addon' }, fakeContext())).rejects.toThrow(
      'CLUSTER-ID_PROFILE-ID',
    );
  });

  it('wants exactly one profile, as far as that is known', () => {
    const validate = (clusterProfile: unknown): readonly unknown[] =>
      // as: a configuration may hold anything that is not known yet
      addonDeployment.validate?.({ config: { clusterProfile } as never }) ?? [];
    expect(validate(undefined)).toHaveLength(1);
    expect(validate([])).toHaveLength(1);
    expect(validate([{ id: PROFILE }, { id: NEXT }])).toHaveLength(1);
    expect(validate([{ id: PROFILE }])).toEqual([]);
    expect(validate(UNKNOWN)).toEqual([]);
  });

  it.each([
    { name: 'stays with other values', next: [{ id: PROFILE, variables: { size: '3' } }], changes: [] },
    { name: 'is another one with another profile', next: [{ id: NEXT }], changes: [{ kind: 'unknown', path: ['id'] }] },
    { name: 'is not known while the profile is not', next: UNKNOWN, changes: [{ kind: 'unknown', path: ['id'] }] },
  ])('$name', async ({ next, changes }) => {
    const planned = { ...state, clusterProfile: next } as never; // as: partly known
    expect(await addonDeployment.modifyPlan?.({ prior: state, planned, config: planned }, fakeContext())).toEqual(
      changes,
    );
  });
});

describe('waiting for an add-on', () => {
  const target = { clusterUid: CLUSTER, profileUid: PROFILE };

  it('ends when every pack of the profile is ready, whatever else the cluster has to do', async () => {
    const ctx = fakeContext({ [OVERVIEW]: inTurn(packs(['Pending']), packs(['Ready'], ['Error', NEXT])) });
    await waitUntilApplied(target, { ...ctx, scope });
    expect(ctx.calls).toHaveLength(2);
    expect(ctx.warnings).toEqual([]);
  });

  it.each([
    {
      name: 'what is wrong with it for long',
      overview: packs(['Error']),
      options: { patienceMs: 0 },
      says: /cannot run/,
    },
    { name: 'that it takes longer', overview: packs(['Pending']), options: {}, says: /does not run the profile yet/ },
    {
      name: 'that there is no agent',
      overview: { ...packs(['Pending']), status: { ...packs(['Pending']).status, state: 'Pending' } },
      options: { graceMs: 0 },
      says: /waits for its agent/,
    },
  ])('warns of $name, and keeps it', async ({ overview, options, says }) => {
    const ctx = fakeContext({ [OVERVIEW]: overview });
    await waitUntilApplied(target, { ...ctx, scope }, options);
    expect(ctx.warnings).toHaveLength(1);
    expect(ctx.warnings[0]?.summary).toMatch(says);
  });
});
