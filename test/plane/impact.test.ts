/** Questions to the fleet: who is asked what, what comes back, and that asking changes nothing. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import { newUid } from '#plane/store/uid';
import { type PreviewRequest, type PreviewResult, verifyPreview } from '#protocol/preview';
import { verifyDesiredState } from '#protocol/signature';

import { registerAgent, type TestAgent } from './fleet-agent.ts';
import { attach, createProfile, importCluster, pushPack, registryUid } from './fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from './fleet-plane.ts';

const RESULT: PreviewResult = {
  revision: 2,
  counts: { created: 1, changed: 1, removed: 0, unchanged: 3, restarts: 1, refused: 1, hooks: 1 },
  changes: [
    {
      kind: 'changed',
      layer: 'app',
      object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
      fields: [
        { path: 'spec.replicas', before: 1, after: 2 },
        { path: 'metadata.labels', after: { tier: 'web' } },
      ],
      restarts: true,
      note: 'a note',
    },
    {
      kind: 'created',
      layer: 'app',
      object: { apiVersion: 'v1', kind: 'Namespace', name: 'shop' },
      fields: [],
      restarts: false,
    },
  ],
  refused: [{ layer: 'app', message: 'not so' }],
  hooks: [{ event: 'pre-upgrade', layer: 'app', object: { apiVersion: 'batch/v1', kind: 'Job', name: 'migrate' } }],
  omitted: 0,
};

jest.setTimeout(60_000);

let plane: TestPlane;
let clock = 0;
let digest: string;

beforeAll(async () => {
  plane = await startTestPlane({ now: () => new Date(Date.now() + clock), accessSeconds: 7 * 86_400 });
  ({ digest } = await pushPack(plane, { name: 'app' }));
  await pushPack(plane, {
    name: 'app',
    version: '1.1.0',
    values: 'pack:\n  namespace: default\nmanifests:\n  main: {}\nmore: 1\n',
  });
}, 60_000);
afterAll(async () => plane?.stop());
beforeEach(() => {
  clock = 0;
});

const VARIABLES = [
  { name: 'greeting', defaultValue: 'hello' },
  { name: 'password', isSensitive: true, defaultValue: 'none' },
];

function document(name: string, over: object = {}): object {
  return {
    apiVersion: 'palette-iac.dev/v1',
    kind: 'ClusterProfile',
    name,
    version: '1.1.0',
    type: 'add-on',
    variables: VARIABLES,
    layers: [{ name: 'app', version: '1.1.x', values: 'pack:\n  namespace: default\nmanifests:\n  main: {}\n' }],
    ...over,
  };
}

async function profile(name: string, version = '1.0.0'): Promise<string> {
  return createProfile(plane, { name, version, packs: [{ name: 'app', tag: '1.0.0' }], variables: VARIABLES });
}

interface Member {
  readonly uid: string;
  readonly agent: TestAgent;
}

/** A cluster with an agent that is heard, running a profile. */
async function member(name: string, profileUid?: string, variables: readonly object[] = []): Promise<Member> {
  const uid = await importCluster(plane, name);
  const agent = await registerAgent(plane, uid);
  await agent.report(agent.status());
  if (profileUid !== undefined) expect((await attach(plane, uid, [{ uid: profileUid, variables }])).status).toBe(204);
  return { uid, agent };
}

async function ask(body: object, headers: Record<string, string> = {}): Promise<Answer> {
  return plane.call('/v1/impacts', { method: 'POST', body, headers });
}

/** The one question that waits for an agent. */
async function question({ uid, agent }: Member): Promise<PreviewRequest> {
  const { body } = await agent.call('/v1/agents/self/commands?types=resync,preview');
  const id: string = body.items.at(-1).id;
  const signed = await agent.call(`/v1/agents/self/previews/${id}`);
  expect(signed.status).toBe(200);
  const { trustedKeys, clusterUid } = agent.credentials;
  expect(clusterUid).toBe(uid);
  await expect(verifyDesiredState(signed.body, { trustedKeys, clusterUid, minRevision: 0 })).rejects.toMatchObject({
    reason: 'malformed',
  });
  return verifyPreview(signed.body, { trustedKeys, clusterUid, id });
}

async function answer({ agent }: Member, previewId: string, result = RESULT): Promise<void> {
  const { clusterUid } = agent.credentials;
  const common = { clusterUid, sentAt: new Date().toISOString() };
  expect((await agent.report({ ...common, id: randomUUID(), kind: 'preview', previewId, result })).status).toBe(204);
  await agent.report({
    ...common,
    id: randomUUID(),
    kind: 'command',
    commandId: previewId,
    outcome: 'done',
    message: '',
  });
}

describe('a question to the fleet', () => {
  it('goes to the clusters that run any version of the profile, and tells what they answer', async () => {
    const [old, newer, other] = [await profile('asked'), await profile('asked', '1.0.1'), await profile('not-asked')];
    const first = await member('asked-1', old, [
      { name: 'greeting', value: 'servus' },
      { name: 'password', value: 'geheim' },
    ]);
    const second = await member('asked-2', newer);
    await member('not-asked', other);
    const stateBefore = await standing();

    const created = await ask({ document: document('asked') });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      profile: { name: 'asked', version: '1.1.0', digest: expect.stringMatching(/^sha256:/) },
      complete: false,
      clusters: [
        { name: 'asked-1', state: 'pending', fromVersion: '1.0.0', projectName: 'Default' },
        { name: 'asked-2', state: 'pending', fromVersion: '1.0.1' },
      ],
    });
    const { candidate, sensitive, id } = await question(first);
    expect(sensitive).toEqual(['password']);
    expect(candidate).toMatchObject({
      clusterUid: first.uid,
      lifecycle: 'active',
      context: { variables: { greeting: 'servus', password: 'geheim' } },
      layers: [{ name: 'app', version: '1.1.0', profile: { name: 'asked', version: '1.1.0' } }],
    });
    // The candidate's pack is at hand while it is asked about, and not one minute longer.
    const pack = `/v1/agents/self/packs/${candidate.layers[0]?.content ?? ''}`;
    expect((await first.agent.call(pack)).status).toBe(200);
    // Neither is another agent's question.
    expect((await second.agent.call(`/v1/agents/self/previews/${id}`)).status).toBe(404);

    const waiting = plane.call(`/v1/impacts/${created.body.uid}?waitSeconds=20`);
    await answer(first, id);
    expect((await first.agent.call(pack)).status).toBe(403);
    expect((await first.agent.call(`/v1/agents/self/previews/${id}`)).status).toBe(404);
    await answer(second, (await question(second)).id);
    const { body } = await waiting;
    expect(body).toMatchObject({
      complete: true,
      clusters: [
        { name: 'asked-1', state: 'answered', revision: 2, counts: RESULT.counts },
        { name: 'asked-2', state: 'answered' },
      ],
    });
    const detail = await plane.call(`/v1/impacts/${created.body.uid}/clusters/${first.uid}`);
    expect(detail.body).toMatchObject({
      name: 'asked-1',
      changes: RESULT.changes,
      refused: RESULT.refused,
      hooks: RESULT.hooks,
      omitted: 0,
    });
    expect(await standing()).toEqual(stateBefore);
  });

  it('is not put to agents that do not know it', async () => {
    const old = await member('older-agent', await profile('older'));
    await ask({ document: document('older') });
    expect((await old.agent.call('/v1/agents/self/commands')).body.items).toEqual([]);
    expect((await old.agent.call('/v1/agents/self/commands?types=resync')).body.items).toEqual([]);
    expect((await old.agent.call('/v1/agents/self/commands?types=resync,preview,later')).body.items).toHaveLength(1);
  });

  it('says of each cluster why it cannot be asked', async () => {
    const uid = await profile('various');
    await member('various-1-same', uid);
    const silent = await member('various-2-silent', uid);
    const never = await importCluster(plane, 'various-3-never');
    await attach(plane, never, [{ uid }]);
    const clash = await member('various-4-clash', uid);
    await attach(plane, clash.uid, [
      {
        uid: await createProfile(plane, {
          name: 'clash',
          packs: [{ name: 'extra', type: 'manifest', manifests: [{ name: 'm', content: 'kind: x' }] }],
        }),
      },
    ]);
    clock = 5 * 60_000;
    for (const { name } of await clusters('various'))
      if (name !== 'various-2-silent' && name !== 'various-3-never') await heartbeat(name);
    const layers = [
      { name: 'app', version: '1.0.0', values: '' },
      { name: 'extra', type: 'manifest', manifests: [{ name: 'm', content: 'kind: y' }] },
    ];
    const { body } = await ask({ document: document('various', { layers }) });
    expect(stateOf(body)).toEqual({
      'various-1-same': ['pending', ''],
      'various-2-silent': ['outOfReach', expect.stringContaining('heard last at')],
      'various-3-never': ['outOfReach', 'no agent has joined it yet'],
      'various-4-clash': ['refused', expect.stringContaining('pack extra comes with profile')],
    });
    expect(body.clusters[1].lastSeen).toBeDefined();
    await pushPack(plane, { name: 'edge-k8s', version: '1.31.12', layer: 'k8s' });
    const newer = { type: 'cluster', layers: [{ name: 'edge-k8s', layer: 'k8s', version: '1.31.12' }] };
    const tooOld = await ask({ document: document('various', newer), clusters: ['various-1-same'] });
    expect(stateOf(tooOld.body)).toEqual({ 'various-1-same': ['refused', expect.stringContaining('edge-k8s')] });
    const required = [...VARIABLES, { name: 'region', required: true }];
    const asked = await ask({ document: document('various', { variables: required }), clusters: ['various-1-same'] });
    expect(stateOf(asked.body)).toEqual({ 'various-1-same': ['refused', expect.stringContaining('region')] });
    const unchanged = await ask({ profileUid: uid, clusters: ['various-1-same', silent.uid] });
    expect(stateOf(unchanged.body)).toEqual({
      'various-1-same': ['unchanged', ''],
      'various-2-silent': ['unchanged', ''],
    });
    expect(unchanged.body.complete).toBe(true);
  });

  it('ends with its time-out, and with what an agent could not find out', async () => {
    const uid = await profile('late');
    await member('late-1', uid);
    const failing = await member('late-2', uid);
    const { body } = await ask({ document: document('late'), timeoutSeconds: 60 });
    const { id } = await question(failing);
    await failing.agent.report({
      id: randomUUID(),
      clusterUid: failing.agent.credentials.clusterUid,
      sentAt: new Date().toISOString(),
      kind: 'command',
      commandId: id,
      outcome: 'failed',
      message: 'the API server does not answer',
    });
    clock = 61_000;
    const ended = await plane.call(`/v1/impacts/${body.uid}?waitSeconds=20`);
    expect(stateOf(ended.body)).toEqual({
      'late-1': ['timedOut', 'its agent did not answer in time'],
      'late-2': ['failed', 'the API server does not answer'],
    });
    expect(ended.body.complete).toBe(true);
  });

  it('a reader waits no longer than the time-out', async () => {
    const uid = await profile('waited');
    await member('waited-1', uid);
    const { body } = await ask({ document: document('waited'), timeoutSeconds: 2 });
    const started = performance.now();
    const ended = await plane.call(`/v1/impacts/${body.uid}?waitSeconds=20`);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(stateOf(ended.body)).toEqual({ 'waited-1': ['timedOut', expect.any(String)] });
  });

  it('shows clusters of the scope alone, also to those who name them', async () => {
    const otherProject = newUid();
    await plane.database
      .forTenant(plane.tenantUid)
      .transaction(async (tx) =>
        tx.execute('INSERT INTO projects (uid, name) VALUES ($1, $2)', [otherProject, 'Other']),
      );
    const inOther = { projectuid: otherProject };
    const shared = await plane.call('/v1/clusterprofiles', {
      method: 'POST',
      headers: { projectuid: '' },
      body: {
        metadata: { name: 'shared' },
        spec: {
          version: '1.0.0',
          template: { type: 'add-on', cloudType: 'all', packs: [{ name: 'app', tag: '1.0.0' }] },
          variables: VARIABLES,
        },
      },
    });
    expect(shared.status).toBe(201);
    await plane.call(`/v1/clusterprofiles/${shared.body.uid}/publish`, {
      method: 'PATCH',
      headers: { projectuid: '' },
    });
    const mine = await member('scope-mine', shared.body.uid);
    const theirs = await plane.call('/v1/spectroclusters/generic/import', {
      method: 'POST',
      headers: inOther,
      body: { metadata: { name: 'scope-theirs' } },
    });
    await plane.call(`/v1/spectroclusters/${theirs.body.uid}/profiles`, {
      method: 'PATCH',
      headers: inOther,
      body: { profiles: [{ uid: shared.body.uid }] },
    });

    const inProject = await ask({ document: document('shared') });
    expect(Object.keys(stateOf(inProject.body))).toEqual(['scope-mine']);
    const inTenant = await ask({ document: document('shared') }, { projectuid: '' });
    expect(Object.keys(stateOf(inTenant.body))).toEqual(['scope-mine', 'scope-theirs']);
    expect(await ask({ document: document('shared'), clusters: [theirs.body.uid] })).toMatchObject({ status: 404 });
    expect(await ask({ document: document('shared'), clusters: ['scope-theirs'] })).toMatchObject({ status: 404 });
    // A question of the tenant, or of another project, is nobody else's to read.
    for (const path of [`/v1/impacts/${inTenant.body.uid}`, `/v1/impacts/${inTenant.body.uid}/clusters/${mine.uid}`])
      expect((await plane.call(path)).status).toBe(404);
    expect((await plane.call(`/v1/impacts/${inProject.body.uid}`, { headers: inOther })).status).toBe(404);
    expect((await plane.call(`/v1/impacts/${inProject.body.uid}`, { headers: { projectuid: '' } })).status).toBe(200);
    expect((await plane.call(`/v1/impacts/${inProject.body.uid}/clusters/${theirs.body.uid}`)).status).toBe(404);
    const replica = await startTestPlane({ replicaOf: plane });
    expect((await replica.call(`/v1/impacts/${inTenant.body.uid}`, { headers: { projectuid: '' } })).status).toBe(404);
    await replica.stop();
  });

  it('may be about a cluster that does not run the profile yet, and about one version only', async () => {
    const [one, two] = [await profile('narrow'), await profile('narrow', '1.0.1')];
    await member('narrow-1', one);
    await member('narrow-2', two);
    const bare = await member('narrow-3');
    expect(Object.keys(stateOf((await ask({ document: document('narrow'), inPlaceOf: two })).body))).toEqual([
      'narrow-2',
    ]);
    const added = await ask({ document: document('narrow'), clusters: ['narrow-3'] });
    expect(stateOf(added.body)).toEqual({ 'narrow-3': ['pending', ''] });
    expect(added.body.clusters[0].fromVersion).toBeUndefined();
    expect((await question(bare)).candidate.layers).toMatchObject([{ name: 'app', version: '1.1.0' }]);
    const nobody = await ask({ document: document('nobody-runs-it') });
    expect(nobody).toMatchObject({ status: 201, body: { clusters: [], complete: true } });
  });

  it('is refused with what is wrong with it', async () => {
    const uid = await profile('wrong');
    const registry = await registryUid(plane);
    expect(registry).not.toBe('');
    const cases: readonly (readonly [object, number, string])[] = [
      [{}, 422, 'one of these: profileUid'],
      [{ profileUid: uid, document: document('wrong') }, 422, 'one of these: profileUid'],
      [{ profileUid: newUid() }, 404, 'cluster profile'],
      [{ document: { name: 'x' } }, 422, 'profile.'],
      [{ document: document('wrong', { layers: [{ name: 'missing', version: '1' }] }) }, 422, 'pack missing'],
      [
        { document: document('wrong', { layers: [{ name: 'app', registry: 'nowhere', version: '1' }] }) },
        422,
        'nowhere',
      ],
      [
        {
          document: document('wrong', {
            layers: [{ name: 'app', version: '1.1.0', resolved: { version: '1.1.0', digest } }],
          }),
        },
        422,
        'locked',
      ],
      [{ document: document('wrong'), clusters: ['no-such-cluster'] }, 404, 'no-such-cluster'],
    ];
    for (const [body, status, message] of cases) {
      const refused = await ask(body);
      expect({ status: refused.status, message: refused.body.message }).toEqual({
        status,
        message: expect.stringContaining(message),
      });
    }
  });

  it('is forgotten after a while; the last command of a cluster stays, so that no later one has its place', async () => {
    const one = await member('forgotten', await profile('forgotten'));
    const first = await ask({ document: document('forgotten'), timeoutSeconds: 2 });
    const cursor = async (): Promise<number> => {
      const { body } = await one.agent.call('/v1/agents/self/commands?types=preview');
      return body.items.at(-1).cursor;
    };
    const before = await cursor();
    clock = 7_200_000;
    await one.agent.report(one.agent.status({ sentAt: new Date(Date.now() + clock).toISOString() }));
    await ask({ document: document('forgotten') });
    expect((await plane.call(`/v1/impacts/${first.body.uid}`)).status).toBe(404);
    expect(await cursor()).toBeGreaterThan(before);
  });

  it('is turned down while too many are open', async () => {
    clock = 14_400_000;
    const answers = [];
    for (let at = 0; at < 21; at++)
      answers.push(await ask({ document: document('nobody-runs-it'), timeoutSeconds: 300 }));
    expect(answers.slice(0, 20).every(({ status }) => status === 201)).toBe(true);
    expect(answers.at(-1)).toMatchObject({ status: 429, body: { code: 'TooManyImpacts' } });
    expect(answers.at(-1)?.headers.get('retry-after')).toBe('5');
    clock = 14_400_000 + 301_000;
    expect((await ask({ document: document('nobody-runs-it') })).status).toBe(201);
  });
});

function stateOf(impact: {
  clusters: { name: string; state: string; message: string }[];
}): Record<string, [string, string]> {
  return Object.fromEntries(impact.clusters.map(({ name, state, message }) => [name, [state, message]]));
}

async function clusters(prefix: string): Promise<{ name: string }[]> {
  return plane.database
    .forTenant(plane.tenantUid)
    .transaction(async (tx) =>
      tx.query<{ name: string }>('SELECT name FROM clusters WHERE name LIKE $1', [`${prefix}%`]),
    );
}

async function heartbeat(name: string): Promise<void> {
  await plane.database
    .forTenant(plane.tenantUid)
    .transaction(async (tx) =>
      tx.execute('UPDATE clusters SET heartbeat_at = $2 WHERE name = $1', [name, new Date(Date.now() + clock)]),
    );
}

/** Everything that clusters run and users see. */
async function standing(): Promise<unknown> {
  return plane.database.forTenant(plane.tenantUid).transaction(async (tx) => ({
    desired: await tx.query(
      'SELECT cluster_uid, revision, digest, content_digest, pack_digests FROM desired_states ORDER BY 1',
    ),
    profiles: await tx.query('SELECT * FROM cluster_profiles ORDER BY uid'),
    attachments: await tx.query(
      'SELECT cluster_uid, profile_uid, overrides FROM cluster_profile_attachments ORDER BY 1, 2',
    ),
    clusters: await tx.query('SELECT uid, state, health, revision, applied_revision FROM clusters ORDER BY uid'),
    events: await tx.query('SELECT count(*) AS count FROM events'),
  }));
}
