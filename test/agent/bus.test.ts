/** The agent on a real message bus: woken by pokes, heard through the work queue, alive without it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { mapAt } from '#kubernetes/object';
import { silentLogger } from '#core/log';
import { accountJwt, agentUserJwt, createAccountKeys, planeUser, systemUser } from '#plane/bus/accounts';
import { pushAccount } from '#plane/bus/claims';
import type { Bus } from '#protocol/bus';
import { TenantUid } from '#protocol/identifiers';
import { connectBus } from '#protocol/nats';
import { pokeSubject, REPORT_STREAM } from '#protocol/subjects';

import { startNats, type TestNats } from '../plane/fleet-support.ts';
import {
  configMap,
  createSite,
  eventually,
  layer,
  openCluster,
  refTo,
  type TestCluster,
  type TestSite,
} from './support/harness.ts';

jest.setTimeout(60_000);

const account = createAccountKeys();
const stop = new AbortController();
const received: string[] = [];
let nats: TestNats;
let bus: Bus;
let cluster: TestCluster;
let site: TestSite;

async function connect(user: { readonly jwt: string; readonly seed: string }, name: string): Promise<Bus> {
  return connectBus({
    servers: [nats.url],
    ...user,
    inboxPrefix: '_INBOX',
    name,
    log: silentLogger,
    signal: stop.signal,
    maxReconnectDelayMs: 200,
  });
}

async function takeReports(): Promise<void> {
  const queue = bus.work({
    stream: REPORT_STREAM.name,
    subjects: REPORT_STREAM.subjects,
    consumer: 'plane',
    dedupeMs: 60_000,
    maxBytes: 16 * 1024 * 1024,
    ackWaitMs: 10_000,
    maxInFlight: 64,
    signal: stop.signal,
  });
  for await (const item of queue) {
    received.push(`${item.subject} ${item.text()}`);
    item.ack();
  }
}

beforeAll(async () => {
  cluster = await openCluster();
  nats = await startNats();
  const system = await connect(await systemUser(nats.operator), 'system');
  const tenant = TenantUid.parse('a'.repeat(24));
  await pushAccount(system, await accountJwt(nats.operator, tenant, account, []));
  await system.drain();
  bus = await connect(await planeUser(account), 'plane');
  void takeReports();
}, 20 * 60_000);

afterAll(async () => {
  stop.abort();
  await bus?.drain();
  await nats?.stop();
  await cluster?.close();
});

beforeEach(async () => {
  site = await createSite(cluster);
  const { plane } = site;
  // Without a poke nothing would be asked for in this test.
  plane.pollSeconds = 600;
  plane.bus = async (busPublicKey) => ({
    servers: [nats.url],
    jwt: await agentUserJwt(account, { clusterUid: plane.clusterUid, busPublicKey }, Date.now() + 3_600_000),
  });
});
afterEach(async () => site.stop());

const heard = (text: string): true | undefined =>
  received.some((item) => item.startsWith(`cluster.${site.plane.clusterUid}.`) && item.includes(text)) || undefined;

describe('an agent on the bus', () => {
  it('fetches at once when it is poked, reports through the work queue, and falls back to REST without the bus', async () => {
    const object = configMap(site.namespace, 'poked', {});
    const applied = async (value: string): Promise<void> => {
      await eventually(`${value} is applied`, async () => {
        const data = mapAt(await site.object(refTo(object)), 'data');
        return data['value'] === value || undefined;
      });
    };
    const offer = async (value: string): Promise<number> =>
      site.plane.offer({ layers: [layer('app', 10, { ...object, data: { value } })] });
    await site.invite();
    const agent = await site.startAgent();
    await eventually(
      'it is connected',
      async () => (await agent.metric('palette_agent_bus_connected')) === 1 || undefined,
    );
    await eventually('a heartbeat is heard', () => heard('"sentAt"'));

    // Before it was connected it may have used REST.
    const overRest = site.plane.reports.length;
    await offer('first');
    bus.publish(pokeSubject(site.plane.clusterUid), 'desired-state');
    await applied('first');
    await eventually('the status is heard', () => heard('"revision":1,'));
    expect(site.plane.reports.length).toBe(overRest);

    await nats.kill();
    await eventually(
      'it is disconnected',
      async () => (await agent.metric('palette_agent_bus_connected')) === 0 || undefined,
    );
    await site.edit(refTo(object), { data: { value: 'foreign' } });
    await applied('first');
    await eventually('the drift is reported over REST', () => site.reports('drift').length === 1 || undefined);

    await offer('second');
    await nats.start();
    // Being connected again is reason enough to ask: a poke may have been missed.
    await applied('second');
    await eventually('reports are heard again', () => heard('"revision":2,'));
  });
});
