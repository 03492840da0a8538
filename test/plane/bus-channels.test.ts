/** The bus on every way that leads to it: TLS on one port, WebSockets, proxies, several servers; renewed and revoked. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import jwt from '@nats-io/jwt';

import { createBusLink, type BusLink } from '#agent/channel/bus';
import type { Network } from '#agent/channel/network';
import { createMetrics } from '#agent/metrics';
import type { Identity } from '#agent/identity/identity';
import { startNats, type Nats } from '#cli/local/nats';
import { silentLogger } from '#core/log';
import type { ProxySettings } from '#core/network/proxy';
import { accountJwt, agentUserJwt, createAccountKeys, planeUser, systemUser } from '#plane/bus/accounts';
import { pushAccount } from '#plane/bus/claims';
import { ensureOperator, type Operator } from '#plane/bus/operator';
import type { Bus, BusStatus } from '#protocol/bus';
import { ClusterUid, ProjectUid, TenantUid } from '#protocol/identifiers';
import { connectBus } from '#protocol/nats';
import { inboxPrefix, pokeSubject, REPORT_STREAM, reportSubject, type Poke } from '#protocol/subjects';

import { testNetwork } from '../support/network.ts';
import { startConnectProxy, startSocksProxy, type TestProxy } from '../support/proxies.ts';
import { eventually } from './fleet-support.ts';

const clusterUid = ClusterUid.parse('a'.repeat(24));
const tenantUid = TenantUid.parse('c'.repeat(24));
const account = createAccountKeys();

let dir: string;
let nats: Nats;
let ca: string;
let operator: Operator;
let system: Bus;
let plane: Bus;
let connect: TestProxy;
let socks: TestProxy;
/** Takes connections and says nothing: what swallows packets looks the same from here. */
let hole: Server;
const suite = new AbortController();
let test = new AbortController();

const portOf = (url: string): number => Number(new URL(url).port);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bus-channels-'));
  nats = await startNats({ dir, signal: AbortSignal.timeout(600_000), names: ['bus.test'] });
  ca = await readFile(nats.caFile, 'utf8');
  operator = await ensureOperator(nats.operatorDir);
  const open = async (user: { jwt: string; seed: string }, name: string): Promise<Bus> =>
    connectBus({
      servers: [nats.url],
      ca,
      ...user,
      inboxPrefix: '_INBOX',
      name,
      log: silentLogger,
      signal: suite.signal,
    });
  system = await open(await systemUser(operator), 'system');
  await pushAccount(system, await accountJwt(operator, tenantUid, account, []));
  plane = await open(await planeUser(account), 'plane');
  // Names that only the proxies know; like a firewall, they let through what is named here alone.
  const route = (authority: string): number | undefined =>
    ({ 'bus.test:443': portOf(nats.websocketUrl), 'bus.test:4222': portOf(nats.url) })[authority];
  connect = await startConnectProxy({ route, credentials: 'me:secret' });
  socks = await startSocksProxy({ route });
  hole = createTcpServer((socket) => void socket.on('error', () => undefined));
  await new Promise<void>((resolve) => {
    hole.listen(0, '127.0.0.1', resolve);
  });
}, 20 * 60_000);

afterAll(async () => {
  suite.abort();
  await Promise.all([system?.drain(), plane?.drain(), connect?.stop(), socks?.stop()]);
  hole?.close();
  await nats?.stop();
  await rm(dir, { recursive: true, force: true });
});

afterEach(() => {
  test.abort();
  test = new AbortController();
});

const proxied = (httpsProxy: string): ProxySettings => ({ httpsProxy });
const overConnect = (): ProxySettings => proxied(`http://me:secret@127.0.0.1:${connect.port}`);
const overSocks = (): ProxySettings => proxied(`socks5://127.0.0.1:${socks.port}`);
const holeUrl = (): string => `tls://127.0.0.1:${(hole.address() as AddressInfo).port}`;

const networkOf = (proxies: () => ProxySettings): Network => testNetwork(ca, proxies);

async function agentUser(
  expiresAt = Date.now() + 3_600_000,
): Promise<{ jwt: string; seed: string; publicKey: string }> {
  const key = jwt.createUser();
  const publicKey = key.getPublicKey();
  return {
    jwt: await agentUserJwt(account, { clusterUid, busPublicKey: publicKey }, expiresAt),
    seed: new TextDecoder().decode(key.getSeed()),
    publicKey,
  };
}

async function agentBus(
  servers: readonly string[],
  proxies: ProxySettings = {},
  statuses: BusStatus[] = [],
): Promise<Bus> {
  const { jwt: token, seed } = await agentUser();
  return connectBus({
    servers,
    jwt: token,
    seed,
    network: networkOf(() => proxies),
    inboxPrefix: inboxPrefix(clusterUid),
    name: 'agent',
    log: silentLogger,
    signal: test.signal,
    maxReconnectDelayMs: 200,
    onStatus: (status) => statuses.push(status),
  });
}

async function expectPokes(bus: Bus): Promise<void> {
  const heard: string[] = [];
  const listening = (async () => {
    for await (const message of bus.subscribe(pokeSubject(clusterUid), { signal: test.signal }))
      heard.push(message.text());
  })();
  await bus.flush();
  // More than one frame of a WebSocket, and more than one read of a socket.
  const long = 'x'.repeat(300_000);
  plane.publish(pokeSubject(clusterUid), 'desired-state');
  plane.publish(pokeSubject(clusterUid), long);
  await eventually('both are heard', () => heard.length === 2);
  expect(heard).toEqual(['desired-state', long]);
  await bus.drain();
  await listening;
}

describe('the way to the bus', () => {
  it.each([
    { name: 'TLS', servers: () => [nats.url], proxies: () => ({}) },
    { name: 'a WebSocket', servers: () => [nats.websocketUrl], proxies: () => ({}) },
    { name: 'a WebSocket through an HTTP proxy', servers: () => ['wss://bus.test'], proxies: overConnect },
    { name: 'TLS through an HTTP proxy', servers: () => ['tls://bus.test:4222'], proxies: overConnect },
    { name: 'a WebSocket through a SOCKS proxy', servers: () => ['wss://bus.test'], proxies: overSocks },
    { name: 'TLS through a SOCKS proxy', servers: () => ['tls://bus.test:4222'], proxies: overSocks },
  ])('may be $name', async ({ servers, proxies }) => {
    await expectPokes(await agentBus(servers(), proxies()));
  });

  it('is found beside servers that refuse, are silent, have another name or are none', async () => {
    const statuses: BusStatus[] = [];
    const started = performance.now();
    const plain = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise<void>((resolve) => {
      plain.listen(0, '127.0.0.1', resolve);
    });
    const none = `tls://127.0.0.1:${(plain.address() as AddressInfo).port}`;
    const bus = await agentBus(
      ['tls://127.0.0.1:1', holeUrl(), none, 'tls://nowhere.invalid', nats.websocketUrl],
      {},
      statuses,
    );
    plain.close();
    expect(statuses).toEqual([{ kind: 'connected', server: nats.websocketUrl }]);
    // A silent server is not waited for to its end.
    expect(performance.now() - started).toBeLessThan(4_900);
    await expectPokes(bus);
  });

  it('changes to another one when a firewall closes it, and goes on hearing', async () => {
    const statuses: BusStatus[] = [];
    const bus = await agentBus(['wss://bus.test', nats.url.replace('127.0.0.1', 'localhost')], overConnect(), statuses);
    expect(statuses).toEqual([{ kind: 'connected', server: 'wss://bus.test' }]);
    connect.cut();
    await eventually('it is connected again', () => statuses.filter(({ kind }) => kind === 'connected').length === 2);
    expect(statuses.at(-1)).toMatchObject({ server: nats.url.replace('127.0.0.1', 'localhost') });
    connect.mend();
    await expectPokes(bus);
  });

  it('does not lead to a server that offers no TLS where TLS is asked for', async () => {
    const liar = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => leaked++);
      socket.write('INFO {"server_id":"x","version":"2.10.0","proto":1,"max_payload":1000}\r\n');
    });
    let leaked = 0;
    await new Promise<void>((resolve) => {
      liar.listen(0, '127.0.0.1', resolve);
    });
    const statuses: BusStatus[] = [];
    await agentBus([`tls://127.0.0.1:${(liar.address() as AddressInfo).port}`, nats.url], {}, statuses);
    expect([statuses.at(0), leaked]).toEqual([{ kind: 'connected', server: nats.url }, 0]);
    liar.close();
  });
});

describe("an agent's credentials on the bus", () => {
  const link = async (
    identity: () => Identity,
    pokes: Poke[],
    changes: string[],
  ): Promise<{ link: BusLink; running: Promise<void> }> => {
    const made = createBusLink({
      identity,
      network: networkOf(() => ({})),
      onPoke: (poke) => pokes.push(poke),
      onConnected: () => changes.push('connected'),
      onDisconnected: () => changes.push('disconnected'),
      metrics: createMetrics(),
      log: silentLogger,
      signal: test.signal,
    });
    return { link: made, running: made.run() };
  };
  const identityFor = (
    { jwt: token, seed }: { jwt: string; seed: string },
    servers: readonly string[] = [nats.url],
  ): Identity => ({
    planeUrl: 'https://plane.test',
    clusterUid,
    seed,
    tokenDigest: 'x',
    commandCursor: 0,
    credentials: {
      clusterUid,
      clusterName: 'c',
      tenantUid,
      projectUid: ProjectUid.parse('d'.repeat(24)),
      accessToken: 'x',
      expiresAt: new Date().toISOString(),
      bus: { servers: [...servers], jwt: token },
      trustedKeys: [],
      heartbeatSeconds: 1,
      pollSeconds: 1,
    },
  });

  it('are renewed without a gap: every poke is heard, every report arrives, and the connection is never gone', async () => {
    const taking = test.signal;
    const stop = new AbortController();
    const received = new Set<string>();
    void (async () => {
      const queue = plane.work({
        stream: REPORT_STREAM.name,
        subjects: REPORT_STREAM.subjects,
        consumer: 'plane',
        dedupeMs: 120_000,
        maxBytes: 1 << 26,
        ackWaitMs: 10_000,
        maxInFlight: 64,
        signal: taking,
      });
      for await (const item of queue) {
        received.add(item.text());
        item.ack();
      }
    })();
    const key = await agentUser();
    let identity = identityFor(key);
    const pokes: Poke[] = [];
    const changes: string[] = [];
    const { link: made, running } = await link(() => identity, pokes, changes);
    await eventually('it is connected', () => made.connected());
    await eventually('the stream is there', async () =>
      plane.request('$JS.API.STREAM.INFO.REPORTS', '').then(
        () => true,
        () => false,
      ),
    );

    let sent = 0;
    let gone = 0;
    const failed: unknown[] = [];
    const talking = (async () => {
      while (!stop.signal.aborted) {
        if (!made.connected()) gone++;
        plane.publish(pokeSubject(clusterUid), 'commands');
        await plane.flush();
        sent++;
        const report = { id: `00000000-0000-4000-8000-${String(sent).padStart(12, '0')}` };
        // As the sender does: again after a failure, by the same id.
        for (let tries = 0; tries < 3; tries++) {
          const done = await made
            .channel()
            ?.send([report as never], { signal: AbortSignal.timeout(10_000) })
            .then(
              () => true,
              (error: unknown) => (failed.push(error), false),
            );
          if (done) break;
        }
      }
    })();
    for (let round = 1; round <= 5; round++) {
      const next = await agentUserJwt(
        account,
        { clusterUid, busPublicKey: key.publicKey },
        Date.now() + 3_600_000 + round * 1000,
      );
      // Every other time over another way.
      const servers = [round % 2 ? nats.websocketUrl : nats.url];
      identity = identityFor({ jwt: next, seed: key.seed }, servers);
      await made.renew();
    }
    await eventually('there was talk', () => sent > 20);
    stop.abort();
    await talking;
    await eventually('every poke was heard', () => pokes.length >= sent);
    expect({ gone, changes }).toEqual({ gone: 0, changes: ['connected'] });
    expect(reportSubject(clusterUid)).toContain(clusterUid);
    await eventually('every report arrived', () => received.size === sent);
    expect(failed.length).toBeLessThan(sent);
    test.abort();
    await running;
  });

  it('that were revoked end within seconds, on TLS and on WebSockets, and others stay', async () => {
    const other = await agentUser();
    const statuses: BusStatus[] = [];
    const gone = await agentUser();
    const open = async (user: typeof gone, servers: string[], onStatus: (status: BusStatus) => void): Promise<Bus> =>
      connectBus({
        servers,
        jwt: user.jwt,
        seed: user.seed,
        network: networkOf(() => ({})),
        inboxPrefix: inboxPrefix(clusterUid),
        name: 'agent',
        log: silentLogger,
        signal: test.signal,
        onStatus,
      });
    const over = [
      await open(gone, [nats.url], (status) => statuses.push(status)),
      await open(gone, [nats.websocketUrl], (status) => statuses.push(status)),
    ];
    const stays = await open(other, [nats.websocketUrl], () => undefined);
    const revokedAt = performance.now();
    await pushAccount(
      system,
      await accountJwt(operator, tenantUid, account, [
        { publicKey: gone.publicKey, at: Math.floor(Date.now() / 1000) + 1 },
      ]),
    );
    await eventually('both are cut off', () => over.every((bus) => !bus.connected()));
    expect(performance.now() - revokedAt).toBeLessThan(5_000);
    await eventually('they are refused', () => statuses.some(({ kind }) => kind === 'refused'));
    expect(over.some((bus) => bus.connected())).toBe(false);
    await stays.flush();
    expect(stays.connected()).toBe(true);
  });
});
