import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { addRevocation } from '#plane/bus/account-store';
import type { Bus, BusStatus } from '#protocol/bus';
import { heartbeatSubject, pokeSubject, reportSubject } from '#protocol/subjects';

import { registerAgent, type TestAgent } from './fleet-agent.ts';
import { attach, createProfile, importCluster } from './fleet-packs.ts';
import { startTestPlane, type TestPlane } from './fleet-plane.ts';
import { eventually, startNats, type TestNats } from './fleet-support.ts';

describe('the plane and its bus', () => {
  let nats: TestNats;
  let plane: TestPlane;
  const stop = new AbortController();

  beforeAll(async () => {
    nats = await startNats();
    plane = await startTestPlane({ nats });
  }, 60_000);

  afterAll(async () => {
    stop.abort();
    await plane?.stop();
    await nats?.stop();
  });

  const profile = async (name: string): Promise<string> =>
    createProfile(plane, { name, packs: [], variables: [{ name: 'value', defaultValue: '0' }] });
  const set = async (clusterUid: string, profileUid: string, value: string): Promise<number> =>
    (
      await plane.call(`/v1/spectroclusters/${clusterUid}/variables`, {
        method: 'PATCH',
        body: [{ profileUid, variables: [{ name: 'value', value }] }],
      })
    ).status;
  const waiting = async (): Promise<number> =>
    (await plane.database.asSystem().transaction(async (tx) => tx.query('SELECT 1 FROM outbox'))).length;
  const listen = (agent: TestAgent, bus: Bus): string[] => {
    const pokes: string[] = [];
    void (async () => {
      for await (const poke of bus.subscribe(pokeSubject(agent.credentials.clusterUid), { signal: stop.signal }))
        pokes.push(poke.text());
    })();
    return pokes;
  };
  const health = async (uid: string): Promise<string> =>
    (await plane.call(`/v1/dashboard/spectroclusters/${uid}/overview`)).body.status.health.state;

  it('brings every change to the agent after nats-server was killed, one poke for many changes', async () => {
    const profileUid = await profile('killed');
    const clusterUid = await importCluster(plane, 'killed');
    await attach(plane, clusterUid, [{ uid: profileUid }]);
    const agent = await registerAgent(plane, clusterUid);
    const bus = await agent.connect(stop.signal);
    const pokes = listen(agent, bus);
    await bus.flush();
    await eventually('what waited before is sent', async () => (await waiting()) === 0);

    await nats.kill();
    await eventually('the agent notices', () => !bus.connected());
    for (const value of ['1', '2', '3', '4']) expect(await set(clusterUid, profileUid, value)).toBe(204);
    expect(await waiting()).toBe(1);
    // Without the bus the agent polls: nothing keeps the change from it.
    expect((await agent.desiredState()).context.variables).toEqual({ value: '4' });

    await nats.start();
    await eventually('nothing waits any more', async () => (await waiting()) === 0, 20_000);
    await eventually('the agent is back', () => bus.connected());
    await bus.flush();
    pokes.length = 0;
    expect(await set(clusterUid, profileUid, '5')).toBe(204);
    await eventually('the next poke arrives', () => pokes.includes('desired-state'));

    const desired = await agent.desiredState();
    await agent.publish(bus, agent.status({ revision: desired.revision }));
    await eventually('the report is taken in', async () => (await health(clusterUid)) === 'Healthy');
    await bus.drain();
  }, 60_000);

  it('takes a report that came over bus and API once, and drops what is forged or broken', async () => {
    const clusterUid = await importCluster(plane, 'twice');
    const agent = await registerAgent(plane, clusterUid);
    const other = await registerAgent(plane, await importCluster(plane, 'neighbour'));
    const bus = await agent.connect(stop.signal);
    const { revision } = await agent.desiredState();
    const subject = reportSubject(agent.credentials.clusterUid);
    await bus.publishDurable(subject, 'not json', { msgId: 'broken-1' });
    await bus.publishDurable(subject, JSON.stringify({ kind: 'status' }), { msgId: 'broken-2' });
    // Its own subject, another's cluster.
    await bus.publishDurable(subject, JSON.stringify(other.status({ revision: 99, phase: 'failed' })), {
      msgId: 'forged-1',
    });
    await bus.publishDurable(
      heartbeatSubject(agent.credentials.clusterUid),
      JSON.stringify({
        clusterUid: other.credentials.clusterUid,
        sentAt: new Date().toISOString(),
        agentVersion: '',
        revision: 0,
      }),
      { msgId: 'forged-2' },
    );
    const report = agent.status({ revision });
    await agent.publish(bus, report);
    await agent.report(report);
    await eventually('taken in', async () => (await health(clusterUid)) === 'Healthy');
    const rows = await plane.database
      .asSystem()
      .transaction(async (tx) =>
        tx.query('SELECT 1 FROM events WHERE cluster_uid = $1 AND data->>$2 = $3', [clusterUid, 'health', 'Healthy']),
      );
    expect(rows).toHaveLength(1);
    expect(await health(other.credentials.clusterUid)).toBe('Unknown');
    await bus.drain();
  }, 30_000);

  it('cuts off the agent of a deleted cluster, on the bus and on the API, and leaves others alone', async () => {
    const clusterUid = await importCluster(plane, 'deleted');
    const agent = await registerAgent(plane, clusterUid);
    const bystander = await registerAgent(plane, await importCluster(plane, 'stays'));
    const statuses: BusStatus[] = [];
    const bus = await agent.connect(stop.signal, (status) => statuses.push(status));
    const stays = await bystander.connect(stop.signal);
    const pokes = listen(agent, bus);
    await bus.flush();
    await plane.call(`/v1/spectroclusters/${clusterUid}`, { method: 'DELETE' });
    await eventually('told to clean up', () => pokes.includes('desired-state'));
    const { revision } = await agent.desiredState();
    await agent.publish(bus, agent.status({ revision, phase: 'cleaned' }));
    await eventually('cut off', () => !bus.connected(), 10_000);
    await eventually('not let in again', () => statuses.some((status) => status.kind === 'refused'), 10_000);
    expect((await agent.call('/v1/agents/self/desiredstate')).status).toBe(401);
    expect((await plane.call(`/v1/spectroclusters/${clusterUid}`)).status).toBe(404);
    expect(stays.connected()).toBe(true);
    await Promise.all([bus.drain(), stays.drain()]);
  }, 60_000);

  it('cuts off whom another replica revoked that died before it told the bus', async () => {
    const agent = await registerAgent(plane, await importCluster(plane, 'died'));
    const bus = await agent.connect(stop.signal);
    await plane.database.asSystem().transaction(async (tx) => {
      const [row] = await tx.query<{ bus_public_key: string; expires_at: Date }>(
        'SELECT bus_public_key, expires_at FROM agents WHERE cluster_uid = $1',
        [agent.credentials.clusterUid],
      );
      if (!row) throw new Error('the agent is not known');
      await addRevocation(tx, plane.tenantUid, { publicKey: row.bus_public_key, expiresAt: row.expires_at });
    });
    await eventually('cut off', () => !bus.connected(), 10_000);
    expect(bus.connected()).toBe(false);
    await bus.drain();
  }, 30_000);

  it('keeps tenants apart: another tenant’s agents hear and reach nothing of this one', async () => {
    const neighbour = await startTestPlane({ nats, replicaOf: plane });
    try {
      const mine = await registerAgent(plane, await importCluster(plane, 'tenant-a'));
      const theirs = await registerAgent(neighbour, await importCluster(neighbour, 'tenant-b'));
      expect(
        (await neighbour.call(`/v1/spectroclusters/${mine.credentials.clusterUid}`, { headers: { projectuid: '' } }))
          .status,
      ).toBe(404);
      const bus = await theirs.connect(stop.signal);
      const hear = async (): Promise<void> => {
        for await (const message of bus.subscribe(pokeSubject(mine.credentials.clusterUid), { signal: stop.signal }))
          expect(message).toBeUndefined();
      };
      await expect(hear()).rejects.toMatchObject({ code: 'Forbidden' });
      await bus.drain();
    } finally {
      await neighbour.stop();
    }
  }, 60_000);
});
