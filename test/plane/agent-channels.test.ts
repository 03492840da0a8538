/** How agents hear of news without a bus, and how they come back after their access has ended. */
import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jwt from '@nats-io/jwt';
import { fromSeed } from '@nats-io/nkeys';

import type { ClusterUid } from '#protocol/identifiers';
import { signRecovery } from '#protocol/recovery';

import { registerAgent, tokenIn, type TestAgent } from './fleet-agent.ts';
import { attach, createProfile, importCluster, pushPack } from './fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from './fleet-plane.ts';
import { eventually } from './fleet-support.ts';

let plane: TestPlane;
let profile: string;
let clock = 0;

beforeAll(async () => {
  plane = await startTestPlane({ now: () => new Date(Date.now() + clock) });
  const pack = await pushPack(plane, { name: 'app', version: '1.0.0' });
  profile = await createProfile(plane, {
    name: 'app',
    packs: [{ name: 'app', tag: '1.0.0', uid: pack.uid, type: 'oci', values: 'a: 1\n' }],
  });
}, 60_000);

afterAll(async () => plane?.stop());

async function join(name: string): Promise<{ uid: string; agent: TestAgent; digest: string }> {
  const uid = await importCluster(plane, name);
  const agent = await registerAgent(plane, uid);
  const { headers } = await agent.call('/v1/agents/self/desiredstate');
  return { uid, agent, digest: (headers.get('etag') ?? '').replaceAll('"', '') };
}

async function timed(asking: Promise<Answer>): Promise<Answer & { readonly ms: number }> {
  const started = performance.now();
  return { ...(await asking), ms: performance.now() - started };
}

const wait = async (agent: TestAgent, query: string): Promise<Answer> => agent.call(`/v1/agents/self/changes?${query}`);

const uidOf = (agent: TestAgent): ClusterUid => agent.credentials.clusterUid;

/** Resolves when a plane holds so many questions. */
const held = async (by: TestPlane = plane, count = 1): Promise<void> =>
  eventually('the question is held', () => by.fleet.services.changes.waiting() === count);

describe('a question that the plane holds', () => {
  it('is answered at once by what the agent does not know of', async () => {
    const { agent, digest } = await join('missed');
    expect(await wait(agent, '')).toMatchObject({ status: 200, body: { desiredState: digest } });
    expect(await wait(agent, `digest=sha256:${'0'.repeat(64)}`)).toMatchObject({ body: { desiredState: digest } });
  });

  it('ends empty when the time is over', async () => {
    const { agent, digest } = await join('quiet');
    const answer = await timed(wait(agent, `digest=${digest}&waitSeconds=1`));
    expect(answer).toMatchObject({ status: 200, body: {} });
    expect(answer.ms).toBeGreaterThan(900);
  });

  it('is answered as soon as there is a new desired state', async () => {
    const { uid, agent, digest } = await join('news');
    const asking = timed(wait(agent, `digest=${digest}&waitSeconds=30`));
    await held();
    const changedAt = performance.now();
    await attach(plane, uid, [{ uid: profile }]);
    const answer = await asking;
    expect(answer.body.desiredState).toMatch(/^sha256:/);
    expect(answer.body.desiredState).not.toBe(digest);
    expect((await agent.call('/v1/agents/self/desiredstate')).headers.get('etag')).toBe(
      `"${answer.body.desiredState}"`,
    );
    expect(performance.now() - changedAt).toBeLessThan(5_000);
  });

  it('is answered by commands that the agent knows, after the last that it knows of', async () => {
    const { uid, agent, digest } = await join('commands');
    const asking = wait(agent, `digest=${digest}&after=0&types=resync&waitSeconds=30`);
    await held();
    await plane.call(`/v1/spectroclusters/${uid}/commands`, { method: 'POST', body: { type: 'resync' } });
    expect(await asking).toMatchObject({ status: 200, body: { commands: 1 } });
    expect((await wait(agent, `digest=${digest}&after=1&types=resync&waitSeconds=1`)).body).toEqual({});
    expect((await wait(agent, `digest=${digest}&after=0&types=preview&waitSeconds=1`)).body).toEqual({});
  });

  it('of one cluster is not answered by news of another', async () => {
    const [mine, other] = [await join('mine'), await join('other')];
    const asking = wait(mine.agent, `digest=${mine.digest}&waitSeconds=2`);
    await held();
    await plane.call(`/v1/spectroclusters/${other.uid}/commands`, { method: 'POST', body: { type: 'resync' } });
    expect((await asking).body).toEqual({});
  });

  it('is refused within seconds when the access ends, whatever else the agent has', async () => {
    const { uid, agent, digest } = await join('revoked');
    await attach(plane, uid, [{ uid: profile }]);
    const { layers } = await agent.desiredState();
    const pack = layers[0]?.content;
    expect((await agent.call(`/v1/agents/self/packs/${pack}`)).status).toBe(200);
    const now = (await agent.call('/v1/agents/self/desiredstate')).headers.get('etag')?.replaceAll('"', '');
    expect(now).not.toBe(digest);
    const asking = timed(wait(agent, `digest=${now}&waitSeconds=30`));
    await held();
    const revokedAt = performance.now();
    await plane.call(`/v1/spectroclusters/${uid}?forceDelete=true`, { method: 'DELETE' });
    const answer = await asking;
    expect(answer).toMatchObject({ status: 401, body: { code: 'AgentRevoked' } });
    expect(performance.now() - revokedAt).toBeLessThan(5_000);
    for (const path of ['desiredstate', `packs/${pack}`, 'commands', 'changes'])
      expect(await agent.call(`/v1/agents/self/${path}`)).toMatchObject({
        status: 401,
        body: { code: 'AgentRevoked' },
      });
  });

  it('is refused when the access is taken away while the cluster stays, and a new manifest lets the agent in again', async () => {
    const { uid, agent, digest } = await join('taken');
    const { body: manifest } = await plane.call(`/v1/spectroclusters/${uid}/import/manifest`);
    const asking = wait(agent, `digest=${digest}&waitSeconds=30`);
    await held();
    const revoke = async (): Promise<Answer> =>
      plane.call(`/v1/spectroclusters/${uid}/agent/revoke`, { method: 'POST' });
    expect((await revoke()).status).toBe(204);
    expect(await asking).toMatchObject({ status: 401, body: { code: 'AgentRevoked' } });
    expect((await revoke()).status).toBe(204);
    const { body: events } = await plane.call(`/v1/events/components/spectrocluster/${uid}`);
    expect(JSON.stringify(events).match(/access was revoked by admin@example.test/g)).toHaveLength(1);

    // Neither its key nor what was fetched before.
    const { body } = await plane.bare('/v1/agents/challenges', { method: 'POST', body: { clusterUid: uid } });
    const proof = signRecovery(agent.seed, { clusterUid: uidOf(agent), challenge: body.challenge });
    expect((await plane.bare('/v1/agents/credentials', { method: 'POST', body: proof })).body.code).toBe(
      'AgentRevoked',
    );
    await expect(registerAgent(plane, uid, { token: tokenIn(String(manifest)) })).rejects.toThrow(
      'InvalidRegistrationToken',
    );
    const again = await plane.call(`/v1/spectroclusters/${uid}/import/manifest`);
    const token = tokenIn(String(again.body));
    await expect(registerAgent(plane, uid, { token, kubernetesUid: 'another' })).rejects.toThrow(
      'ClusterAlreadyRegistered',
    );
    const back = await registerAgent(plane, uid, { token });
    expect((await back.call('/v1/agents/self/desiredstate')).status).toBe(200);
    expect((await agent.call('/v1/agents/self/desiredstate')).status).toBe(401);
  });

  it('does not spare a pack that is on its way', async () => {
    const noise = randomBytes(1_500_000).toString('base64');
    const pack = await pushPack(plane, {
      name: 'large',
      manifest: `apiVersion: v1\nkind: ConfigMap\ndata:\n  a: ${noise}\n`,
    });
    const large = await createProfile(plane, {
      name: 'large',
      packs: [{ name: 'large', tag: '1.0.0', uid: pack.uid, type: 'oci', values: 'a: 1\n' }],
    });
    const { uid, agent } = await join('on-its-way');
    await attach(plane, uid, [{ uid: large }]);
    const { layers } = await agent.desiredState();
    const reading = await plane.stream(`/v1/agents/self/packs/${layers[0]?.content}`, agent.credentials.accessToken);
    expect((await reading.read()).done).toBe(false);
    await plane.call(`/v1/spectroclusters/${uid}/agent/revoke`, { method: 'POST' });
    const toItsEnd = async (): Promise<void> => {
      for (let done = false; !done;) ({ done } = await reading.read());
    };
    await expect(toItsEnd()).rejects.toThrow('revoked');
  });

  it('is answered for a hundred agents with a look for all of them, by a replica that did not make the change', async () => {
    const replica = await startTestPlane({ replicaOf: plane });
    const { uid, agent, digest } = await join('replica');
    const through = { headers: { authorization: `Bearer ${agent.credentials.accessToken}` } };
    const asking = Array.from({ length: 100 }, async () =>
      replica.bare(`/v1/agents/self/changes?digest=${digest}&waitSeconds=30`, through),
    );
    await held(replica, 100);
    await plane.call(`/v1/spectroclusters/${uid}/commands`, { method: 'POST', body: { type: 'resync' } });
    for (const answer of await Promise.all(asking))
      expect(answer).toMatchObject({ status: 200, body: { commands: 1 } });
    await replica.stop();
  });

  it('ends when the plane stops', async () => {
    const replica = await startTestPlane({ replicaOf: plane });
    const { agent, digest } = await join('stops');
    const through = { headers: { authorization: `Bearer ${agent.credentials.accessToken}` } };
    const asking = timed(replica.bare(`/v1/agents/self/changes?digest=${digest}&waitSeconds=30`, through));
    await held(replica);
    replica.fleet.services.changes.release();
    expect((await asking).ms).toBeLessThan(5_000);
    await replica.stop();
  });
});

describe('an agent whose access has ended', () => {
  const challenge = async (clusterUid: string): Promise<string> => {
    const answer = await plane.bare('/v1/agents/challenges', { method: 'POST', body: { clusterUid } });
    expect(answer.status).toBe(201);
    return answer.body.challenge;
  };
  const recover = async (body: object): Promise<Answer> =>
    plane.bare('/v1/agents/credentials', { method: 'POST', body });

  it('gets new access by its key, however long it was away', async () => {
    const { agent } = await join('away');
    clock = 400 * 24 * 3_600_000;
    try {
      expect((await agent.call('/v1/agents/self/desiredstate')).status).toBe(401);
      const asked = { clusterUid: uidOf(agent), challenge: await challenge(uidOf(agent)) };
      const answer = await recover(signRecovery(agent.seed, asked));
      expect(answer).toMatchObject({ status: 200, body: { clusterUid: uidOf(agent), clusterName: 'away' } });
      const headers = { authorization: `Bearer ${answer.body.accessToken}` };
      expect((await plane.bare('/v1/agents/self/desiredstate', { headers })).status).toBe(200);
      // Once, and never again with the same.
      expect(await recover(signRecovery(agent.seed, asked))).toMatchObject({
        status: 401,
        body: { code: 'InvalidChallenge' },
      });
    } finally {
      clock = 0;
    }
  });

  it('gets access for an hour, and keeps the one before for ten minutes after a renewal', async () => {
    const { agent } = await join('hour');
    const lastsMs = Date.parse(agent.credentials.expiresAt) - Date.now();
    expect([lastsMs > 3_500_000, lastsMs <= 3_600_000]).toEqual([true, true]);
    const busPublicKey = jwt.createUser().getPublicKey();
    await agent.call('/v1/agents/self/credentials', { method: 'POST', body: { busPublicKey } });
    try {
      expect((await agent.call('/v1/agents/self/desiredstate')).status).toBe(200);
      clock = 11 * 60_000;
      expect((await agent.call('/v1/agents/self/desiredstate')).status).toBe(401);
    } finally {
      clock = 0;
    }
  });

  it.each([
    {
      name: 'another key',
      code: 'AgentRevoked',
      change: { seed: new TextDecoder().decode(jwt.createUser().getSeed()) },
    },
    { name: 'a challenge that is none', code: 'InvalidChallenge', change: { challenge: 'bm9uZQ' } },
    { name: 'a signature that is none', code: 'AgentRevoked', change: { signature: 'AAAA' } },
    { name: 'a challenge from two minutes ago', code: 'InvalidChallenge', change: { clock: 120_000 } },
  ])('is refused with $name', async ({ code, change }) => {
    const { agent } = await join(`bad-${code}-${Object.keys(change)[0]}`.toLowerCase());
    const asked = { clusterUid: uidOf(agent), challenge: change.challenge ?? (await challenge(uidOf(agent))) };
    const body = signRecovery(change.seed ?? agent.seed, asked);
    clock = change.clock ?? 0;
    try {
      expect(await recover(change.signature ? { ...body, signature: change.signature } : body)).toMatchObject({
        status: 401,
        body: { code },
      });
    } finally {
      clock = 0;
    }
  });

  it("cannot name another one's key as its own, which would have that one revoked by the next", async () => {
    const [mine, other] = [await join('mine-names'), await join('other-named')];
    const busPublicKey = fromSeed(new TextEncoder().encode(other.agent.seed)).getPublicKey();
    expect(
      await mine.agent.call('/v1/agents/self/credentials', { method: 'POST', body: { busPublicKey } }),
    ).toMatchObject({ status: 409, body: { code: 'KeyInUse' } });
  });

  it("cannot take another one's challenge, nor come back once it was revoked", async () => {
    const [mine, other] = [await join('mine-recovers'), await join('other-recovers')];
    const theirs = { clusterUid: uidOf(mine.agent), challenge: await challenge(uidOf(other.agent)) };
    expect(await recover(signRecovery(mine.agent.seed, theirs))).toMatchObject({ body: { code: 'InvalidChallenge' } });
    await plane.call(`/v1/spectroclusters/${mine.uid}?forceDelete=true`, { method: 'DELETE' });
    await eventually('it is gone', async () => (await plane.call(`/v1/spectroclusters/${mine.uid}`)).status === 404);
    const asked = { clusterUid: uidOf(mine.agent), challenge: await challenge(uidOf(mine.agent)) };
    expect(await recover(signRecovery(mine.agent.seed, asked))).toMatchObject({
      status: 401,
      body: { code: 'AgentRevoked' },
    });
  });

  it('tells nobody by a challenge which clusters there are', async () => {
    expect((await challenge('f'.repeat(24))).length).toBeGreaterThan(10);
    expect((await challenge('no uid')).length).toBeGreaterThan(10);
  });
});
