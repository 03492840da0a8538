import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import jwt from '@nats-io/jwt';

import { sha256 } from '#core/digest';
import { markSilent } from '#plane/domain/heartbeat/supervise';
import type { DatabaseLocation } from '#plane/store/open-database';
import { verifyDesiredState } from '#protocol/signature';

import { fetchToken, registerAgent, type TestAgent } from './fleet-agent.ts';
import { attach, createProfile, importCluster, pushPack } from './fleet-packs.ts';
import { startTestPlane, type TestPlane } from './fleet-plane.ts';

/** What agents may and may not do, over a database of the caller's choice. */
export function describeAgents(what: string, locate: () => Promise<DatabaseLocation>): void {
  describe(`agents, over ${what},`, () => {
    let plane: TestPlane;
    let clock = 0;
    const stop = new AbortController();

    beforeAll(async () => {
      plane = await startTestPlane({ now: () => new Date(Date.now() + clock), location: await locate() });
    }, 60_000);

    afterAll(async () => {
      stop.abort();
      await plane?.stop();
    });

    const join = async (name: string): Promise<{ uid: string; agent: TestAgent }> => {
      const uid = await importCluster(plane, name);
      return { uid, agent: await registerAgent(plane, uid) };
    };
    const stand = async (uid: string): Promise<{ state: string; health: string }> => {
      const { body } = await plane.call(`/v1/dashboard/spectroclusters/${uid}/overview`);
      return { state: body.status.state, health: body.status.health.state };
    };
    const eventsOf = async (uid: string): Promise<{ type: string; data: Record<string, unknown> }[]> =>
      plane.database
        .asSystem()
        .transaction(async (tx) =>
          tx.query('SELECT type, data FROM events WHERE cluster_uid = $1 ORDER BY seq', [uid]),
        );

    it('register once with a token; the same agent may repeat it, another may not', async () => {
      const uid = await importCluster(plane, 'once');
      const token = await fetchToken(plane, uid);
      const key = jwt.createUser();
      const body = {
        clusterUid: uid,
        token,
        kubernetesUid: 'kube-1',
        kubernetesVersion: 'v1.34.1',
        agentVersion: '0.1.0',
        busPublicKey: key.getPublicKey(),
      };
      const register = async (over: object = {}): ReturnType<TestPlane['bare']> =>
        plane.bare('/v1/agents/register', { method: 'POST', body: { ...body, ...over } });
      const first = await register();
      expect(first.status).toBe(201);
      const repeated = await register();
      expect(repeated.status).toBe(201);
      const refused = { status: 401, body: { code: 'InvalidRegistrationToken' } };
      expect(await register({ kubernetesUid: 'kube-2' })).toMatchObject(refused);
      expect(await register({ busPublicKey: jwt.createUser().getPublicKey() })).toMatchObject(refused);
      expect(await register({ clusterUid: await importCluster(plane, 'once-other') })).toMatchObject(refused);
      expect(await register({ token: 'par_unknown' })).toMatchObject(refused);
    });

    it('cannot register with a token that has expired', async () => {
      const uid = await importCluster(plane, 'late');
      const token = await fetchToken(plane, uid);
      clock = 25 * 3_600_000;
      try {
        await expect(registerAgent(plane, uid, { token })).rejects.toMatchObject({ answer: { status: 401 } });
      } finally {
        clock = 0;
      }
    });

    it('may join again with a new token from the same Kubernetes cluster only, and the one before loses its access', async () => {
      const { uid, agent } = await join('again');
      const newToken = async (): Promise<string> => {
        const { body } = await plane.call(`/v1/spectroclusters/${uid}/import/manifest`);
        return /token: (\S+)/.exec(String(body))?.[1] ?? '';
      };
      await expect(
        registerAgent(plane, uid, { token: await newToken(), kubernetesUid: 'another' }),
      ).rejects.toMatchObject({ answer: { status: 409, body: { code: 'ClusterAlreadyRegistered' } } });
      const next = await registerAgent(plane, uid, { token: await newToken() });
      expect((await next.call('/v1/agents/self/desiredstate')).status).toBe(200);
      expect(await agent.call('/v1/agents/self/desiredstate')).toMatchObject({
        status: 401,
        body: { code: 'AgentRevoked' },
      });
    });

    it('renew their access; the one before lasts a while, and access ends without renewal', async () => {
      const { agent } = await join('renewing');
      const renewed = await agent.call('/v1/agents/self/credentials', {
        method: 'POST',
        body: { busPublicKey: jwt.createUser().getPublicKey() },
      });
      expect(renewed.status).toBe(200);
      const asRenewed = { headers: { authorization: `Bearer ${renewed.body.accessToken}` } };
      expect((await plane.bare('/v1/agents/self/desiredstate', asRenewed)).status).toBe(200);
      expect((await agent.call('/v1/agents/self/desiredstate')).status).toBe(200);
      clock = 11 * 60_000;
      expect((await agent.call('/v1/agents/self/desiredstate')).status).toBe(401);
      expect((await plane.bare('/v1/agents/self/desiredstate', asRenewed)).status).toBe(200);
      clock = 25 * 3_600_000;
      expect((await plane.bare('/v1/agents/self/desiredstate', asRenewed)).status).toBe(401);
      clock = 0;
    });

    it('fetch their desired state only when it is new, and trust it by its signature', async () => {
      const { agent } = await join('etag');
      const first = await agent.call('/v1/agents/self/desiredstate');
      const etag = first.headers.get('etag') ?? '';
      expect(etag).toBe(`"${sha256(Buffer.from(first.body.payload, 'base64url'))}"`);
      const second = await agent.call('/v1/agents/self/desiredstate', { headers: { 'if-none-match': etag } });
      expect(second.status).toBe(304);
      const { clusterUid, trustedKeys } = agent.credentials;
      await expect(verifyDesiredState(first.body, { clusterUid, trustedKeys, minRevision: 3 })).rejects.toMatchObject({
        reason: 'older revision',
      });
      const { agent: other } = await join('etag-other');
      await expect(
        verifyDesiredState(first.body, { clusterUid: other.credentials.clusterUid, trustedKeys, minRevision: 0 }),
      ).rejects.toMatchObject({ reason: 'other cluster' });
    });

    it('fetch the packs of their own desired state, byte for byte, and no others', async () => {
      const mine = await pushPack(plane, {
        name: 'mine',
        values: `# ${'x'.repeat(700_000)}\npack:\n  namespace: default\n`,
      });
      const foreign = await pushPack(plane, { name: 'foreign' });
      const { uid, agent } = await join('packs');
      await attach(plane, uid, [
        { uid: await createProfile(plane, { name: 'packs', packs: [{ name: 'mine', tag: '1.0.0' }] }) },
      ]);
      const archive = await agent.call(`/v1/agents/self/packs/${mine.digest}`);
      expect(archive.status).toBe(200);
      expect(sha256(archive.bytes)).toBe(mine.digest);
      expect(await agent.call(`/v1/agents/self/packs/${foreign.digest}`)).toMatchObject({
        status: 403,
        body: { code: 'PackNotInDesiredState' },
      });
    });

    it('cannot report on another cluster, nor use the API of users', async () => {
      const { agent } = await join('honest');
      const { uid: victim, agent: other } = await join('victim');
      expect((await agent.report(other.status({ healthy: false }))).status).toBe(403);
      const heartbeat = { clusterUid: victim, sentAt: new Date().toISOString(), agentVersion: '0.1.0', revision: 1 };
      expect(
        (await agent.call('/v1/agents/self/reports', { method: 'POST', body: { reports: [], heartbeat } })).status,
      ).toBe(403);
      expect((await agent.call(`/v1/spectroclusters/${victim}`)).status).toBe(401);
      expect((await plane.call('/v1/agents/self/desiredstate')).status).toBe(401);
    });

    it('count once however often a report comes, and never turn back time', async () => {
      const { uid, agent } = await join('reports');
      const { revision } = await agent.desiredState();
      const at = (seconds: number): string => new Date(Date.now() + seconds * 1000).toISOString();
      const good = agent.status({ revision, sentAt: at(-2) });
      expect((await agent.report(good)).status).toBe(204);
      expect(await stand(uid)).toEqual({ state: 'Running', health: 'Healthy' });
      const told = (await eventsOf(uid)).length;
      expect((await agent.report(good)).status).toBe(204);
      await agent.report(agent.status({ revision, sentAt: at(-9), phase: 'failed', healthy: false }));
      await agent.report(agent.status({ revision: 0, sentAt: at(-1), phase: 'applying' }));
      expect(await stand(uid)).toEqual({ state: 'Running', health: 'Healthy' });
      expect(await eventsOf(uid)).toHaveLength(told);
      const drift = {
        id: randomUUID(),
        clusterUid: agent.credentials.clusterUid,
        sentAt: at(-1),
        kind: 'drift' as const,
        object: { apiVersion: 'v1', kind: 'ConfigMap', name: 'c' },
        layer: 'hello',
        change: 'modified' as const,
        fields: ['data.a'],
        action: 'healed' as const,
        tookMs: 12,
        message: '',
      };
      await agent.report(drift);
      await agent.report(drift);
      const drifts = (await eventsOf(uid)).filter((event) => event.type === 'drift');
      expect(drifts).toMatchObject([{ data: { clusterUid: uid, layer: 'hello', action: 'healed' } }]);
    });

    it('tell of documents they refuse', async () => {
      const { uid, agent } = await join('refusal');
      await agent.report({
        id: randomUUID(),
        clusterUid: agent.credentials.clusterUid,
        sentAt: new Date().toISOString(),
        kind: 'refusal',
        reason: 'bad signature',
        message: 'no',
      });
      expect((await eventsOf(uid)).at(-1)).toMatchObject({ type: 'refusal', data: { reason: 'bad signature' } });
    });

    it('make their cluster unhealthy by 60 seconds of silence, and well again by a sign of life', async () => {
      const { uid, agent } = await join('silent');
      await agent.report(agent.status({ revision: (await agent.desiredState()).revision }));
      expect(await stand(uid)).toEqual({ state: 'Running', health: 'Healthy' });
      clock = 61_000;
      expect(await markSilent(plane.database, { fleet: plane.fleet.services })).toContain(uid);
      expect(await markSilent(plane.database, { fleet: plane.fleet.services })).not.toContain(uid);
      expect(await stand(uid)).toEqual({ state: 'Running', health: 'UnHealthy' });
      expect((await eventsOf(uid)).at(-1)).toMatchObject({
        type: 'cluster',
        data: { health: 'UnHealthy', message: expect.stringContaining('heartbeat') },
      });
      const heartbeat = { clusterUid: uid, sentAt: new Date().toISOString(), agentVersion: '0.1.0', revision: 1 };
      expect(
        (await agent.call('/v1/agents/self/reports', { method: 'POST', body: { reports: [], heartbeat } })).status,
      ).toBe(204);
      expect(await stand(uid)).toEqual({ state: 'Running', health: 'Healthy' });
      expect((await eventsOf(uid)).at(-1)).toMatchObject({ data: { health: 'Healthy' } });
      clock = 0;
    });

    it('get commands in order until they are done or too old', async () => {
      const { uid, agent } = await join('commands');
      const order = async (): Promise<string> =>
        (await plane.call(`/v1/spectroclusters/${uid}/commands`, { method: 'POST', body: { type: 'resync' } })).body
          .uid;
      const [first, second] = [await order(), await order()];
      const list = async (after = 0): Promise<{ id: string; cursor: number }[]> =>
        (await agent.call(`/v1/agents/self/commands?after=${after}`)).body.items;
      expect((await list()).map((command) => command.id)).toEqual([first, second]);
      expect((await list(1)).map((command) => command.id)).toEqual([second]);
      await agent.report({
        id: randomUUID(),
        clusterUid: agent.credentials.clusterUid,
        sentAt: new Date().toISOString(),
        kind: 'command',
        commandId: first,
        outcome: 'done',
        message: '',
      });
      expect((await list()).map((command) => command.id)).toEqual([second]);
      clock = 25 * 3_600_000;
      const items = await plane.database
        .asSystem()
        .transaction(async (tx) =>
          tx.query('SELECT 1 FROM cluster_commands WHERE cluster_uid = $1 AND outcome IS NULL AND expires_at > $2', [
            uid,
            new Date(Date.now() + clock),
          ]),
        );
      expect(items).toEqual([]);
      clock = 0;
    });

    it('see macros and the version of Kubernetes change', async () => {
      const { uid, agent } = await join('macros');
      const before = await agent.desiredState();
      expect(before.context.system).toMatchObject({ 'cluster.name': 'macros', 'kubernetes.version': '1.34.1' });
      expect(
        (
          await plane.call(`/v1/projects/${plane.projectUid}/macros`, {
            method: 'POST',
            body: { macros: [{ name: 'site', value: 'north' }] },
          })
        ).status,
      ).toBe(204);
      const after = await agent.desiredState();
      expect(after).toMatchObject({ revision: before.revision + 1, context: { macros: { site: 'north' } } });
      await agent.report(agent.status({ revision: after.revision, kubernetesVersion: 'v1.35.0' }));
      const upgraded = await agent.desiredState();
      expect(upgraded.context.system['kubernetes.version']).toBe('1.35.0');
      // An agent that has just started reports before it has asked its cluster.
      await agent.report(agent.status({ revision: upgraded.revision, phase: 'applying', kubernetesVersion: '' }));
      expect((await agent.desiredState()).revision).toBe(upgraded.revision);
      expect(await stand(uid)).toEqual({ state: 'Running', health: 'Unknown' });
    });

    it('can be followed from any event on, without a gap', async () => {
      const { uid, agent } = await join('followed');
      const seen: { id: number; data: Record<string, unknown> }[] = [];
      const following = new AbortController();
      const revision = (await agent.desiredState()).revision;
      await agent.report(agent.status({ revision }));
      for await (const event of plane.events(`/v1/events?clusterUid=${uid}`, following.signal, {
        'last-event-id': '0',
      })) {
        seen.push(event);
        if (event.data['health'] === 'Healthy') break;
      }
      following.abort();
      const [first] = seen;
      const again: number[] = [];
      const resumed = new AbortController();
      for await (const event of plane.events(`/v1/events?clusterUid=${uid}`, resumed.signal, {
        'last-event-id': String(first?.id),
      })) {
        again.push(event.id);
        if (again.length === seen.length - 1) break;
      }
      resumed.abort();
      expect(again).toEqual(seen.slice(1).map(({ id }) => id));
      expect((await plane.call('/v1/events', { headers: { 'last-event-id': 'yesterday' } })).status).toBe(422);
      // An event of a database that was since put back to an earlier state, say.
      expect((await plane.call('/v1/events', { headers: { 'last-event-id': '999999999' } })).status).toBe(410);
    });
  });
}
