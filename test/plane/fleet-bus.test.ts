import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import jwt from '@nats-io/jwt';

import { silentLogger } from '#core/log';
import { accountJwt, agentUserJwt, createAccountKeys, planeUser, systemUser } from '#plane/bus/accounts';
import { pushAccount } from '#plane/bus/claims';
import type { Bus, BusStatus } from '#protocol/bus';
import { ClusterUid, TenantUid } from '#protocol/identifiers';
import { connectBus } from '#protocol/nats';
import { heartbeatSubject, inboxPrefix, pokeSubject, REPORT_STREAM, reportSubject } from '#protocol/subjects';

import { eventually, startNats, type TestNats } from './fleet-support.ts';

const mine = ClusterUid.parse('a'.repeat(24));
const other = ClusterUid.parse('b'.repeat(24));
const tenant = TenantUid.parse('c'.repeat(24));

describe('the bus, on a real nats-server', () => {
  let nats: TestNats;
  let system: Bus;
  let plane: Bus;
  const account = createAccountKeys();
  const stop = new AbortController();

  const connectUser = async (
    user: { jwt: string; seed: string },
    name: string,
    inbox = '_INBOX',
    onStatus?: (status: BusStatus) => void,
  ): Promise<Bus> =>
    connectBus({
      servers: [nats.url],
      ...user,
      inboxPrefix: inbox,
      name,
      log: silentLogger,
      signal: stop.signal,
      ...(onStatus ? { onStatus } : {}),
    });

  const connectAgent = async (
    clusterUid: ClusterUid,
    statuses: BusStatus[] = [],
  ): Promise<{ bus: Bus; publicKey: string }> => {
    const key = jwt.createUser();
    const publicKey = key.getPublicKey();
    const token = await agentUserJwt(account, { clusterUid, busPublicKey: publicKey }, Date.now() + 3_600_000);
    const seed = new TextDecoder().decode(key.getSeed());
    return {
      bus: await connectUser({ jwt: token, seed }, `agent-${clusterUid}`, inboxPrefix(clusterUid), (status) =>
        statuses.push(status),
      ),
      publicKey,
    };
  };

  beforeAll(async () => {
    nats = await startNats();
    system = await connectUser(await systemUser(nats.operator), 'system');
    await pushAccount(system, await accountJwt(nats.operator, tenant, account, []));
    plane = await connectUser(await planeUser(account), 'plane');
  }, 60_000);

  afterAll(async () => {
    stop.abort();
    await Promise.all([system?.drain(), plane?.drain()]);
    await nats?.stop();
  });

  const takeReports = (queue: string[], signal: AbortSignal): void => {
    void (async () => {
      const items = plane.work({
        stream: REPORT_STREAM.name,
        subjects: REPORT_STREAM.subjects,
        consumer: 'plane',
        dedupeMs: 120_000,
        maxBytes: 1 << 26,
        ackWaitMs: 30_000,
        maxInFlight: 64,
        signal,
      });
      for await (const item of items) {
        queue.push(item.text());
        item.ack();
      }
    })();
  };

  it('takes reports of an agent into the queue once for each id, also after the server was killed', async () => {
    const taken: string[] = [];
    const taking = new AbortController();
    takeReports(taken, taking.signal);
    const { bus } = await connectAgent(mine);
    await eventually('the stream is there', async () =>
      bus.publishDurable(reportSubject(mine), 'one', { msgId: 'one', timeoutMs: 1000 }).then(
        () => true,
        () => false,
      ),
    );
    const again = await bus.publishDurable(reportSubject(mine), 'one', { msgId: 'one' });
    expect(again.duplicate).toBe(true);
    await eventually('one report taken', () => taken.length === 1);

    await nats.kill();
    await eventually('the agent notices', () => !bus.connected());
    expect(() => bus.publish(heartbeatSubject(mine), 'lost')).toThrow(
      expect.objectContaining({ code: 'Disconnected' }),
    );
    await nats.start();
    await eventually('both are back', () => bus.connected() && plane.connected());
    await bus.publishDurable(heartbeatSubject(mine), 'two', { msgId: 'two' });
    await eventually('the second report taken', () => taken.length === 2);
    expect(taken).toEqual(['one', 'two']);
    taking.abort();
    await bus.drain();
  }, 60_000);

  it.each([
    { what: "another cluster's reports", subject: reportSubject(other) },
    { what: "another cluster's heartbeats", subject: heartbeatSubject(other) },
    { what: 'pokes', subject: pokeSubject(other) },
    { what: 'the JetStream API', subject: '$JS.API.STREAM.DELETE.REPORTS' },
    { what: "the system's claims", subject: '$SYS.REQ.CLAIMS.UPDATE' },
  ])('does not let an agent publish $what', async ({ subject }) => {
    const statuses: BusStatus[] = [];
    const { bus } = await connectAgent(mine, statuses);
    bus.publish(subject, 'x');
    await bus.flush();
    await eventually('refused', () => statuses.some((status) => status.kind === 'forbidden'));
    expect(statuses).toContainEqual({ kind: 'forbidden', operation: 'publish', subject });
    await bus.drain();
  });

  it.each([
    { what: "another cluster's pokes", subject: pokeSubject(other) },
    { what: "another cluster's answers", subject: `${inboxPrefix(other)}.>` },
    { what: 'its own reports', subject: reportSubject(mine) },
    { what: 'everything', subject: '>' },
  ])('does not let an agent hear $what', async ({ subject }) => {
    const { bus } = await connectAgent(mine);
    const hear = async (): Promise<void> => {
      for await (const message of bus.subscribe(subject, { signal: stop.signal })) expect(message).toBeUndefined();
    };
    await expect(hear()).rejects.toMatchObject({ code: 'Forbidden' });
    await bus.drain();
  });

  it("brings a poke to the cluster's agent", async () => {
    const { bus } = await connectAgent(mine);
    const pokes = bus.subscribe(pokeSubject(mine), { signal: stop.signal })[Symbol.asyncIterator]();
    await bus.flush();
    plane.publish(pokeSubject(other), 'desired-state');
    plane.publish(pokeSubject(mine), 'commands');
    const { value } = await pokes.next();
    expect(value?.text()).toBe('commands');
    await bus.drain();
  });

  it('cuts off a revoked agent at once and does not let it in again; others stay', async () => {
    const statuses: BusStatus[] = [];
    const { bus, publicKey } = await connectAgent(mine, statuses);
    const { bus: bystander } = await connectAgent(other);
    const revoked = await accountJwt(nats.operator, tenant, account, [
      { publicKey, at: Math.floor(Date.now() / 1000) },
    ]);
    await pushAccount(system, revoked);
    await eventually('cut off', () => !bus.connected(), 5_000);
    await eventually(
      'refused when it tries again',
      () => statuses.filter((status) => status.kind === 'refused').length >= 2,
      10_000,
    );
    expect(bus.connected()).toBe(false);
    expect(bystander.connected()).toBe(true);
    await Promise.all([bus.drain(), bystander.drain()]);
  }, 30_000);
});
