/**
 * A whole agent behind a firewall that lets nothing out but HTTPS to its plane, and that only through a proxy: real
 * plane, bus and API server. Every name of the plane is one that only the proxy can resolve.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

import { runAgent } from '#agent/main';
import type { AgentConfigInput } from '#agent/config';
import { startNats, type Nats } from '#cli/local/nats';
import { ensureAuthority, ensureCertificate } from '#cli/local/pki';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { createLogger } from '#core/log';
import { mapAt } from '#kubernetes/object';
import { createClient, type PaletteClient } from '#openapi/client/index';
import { PlaneConfig } from '#plane/config';
import { startPlane, type Plane } from '#plane/main';

import { sharedCluster, uniqueName } from '../support/cluster.ts';
import { startConnectProxy, type TestProxy } from '../support/proxies.ts';
import { eventually } from './support/harness.ts';
import { outsiderAt, type Outsider } from './support/outsider.ts';

const log = createLogger({ level: process.env['AGENT_TEST_LOG'] === undefined ? 'silent' : 'debug' });
const START_MS = 20 * 60_000;

let dir: string;
let nats: Nats;
let plane: Plane;
let proxy: TestProxy;
let client: PaletteClient;
let outsider: Outsider;
let kubeconfig: string;
let helm: string;
/** Names that the firewall lets out to. */
let letOut: ReadonlySet<string>;
/** The bus itself, beside the way to it that the plane has. */
let busPort = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'channel-firewall-'));
  ({ kubeconfig } = await sharedCluster());
  helm = await ensureTool('helm', { signal: AbortSignal.timeout(START_MS) });
  outsider = outsiderAt(kubeconfig);
  const authority = await ensureAuthority({ dir, name: 'ca' });
  nats = await startNats({
    dir: join(dir, 'nats'),
    authority,
    names: ['bus.test'],
    signal: AbortSignal.timeout(START_MS),
  });
  busPort = Number(new URL(nats.url).port);
  const tls = await ensureCertificate({
    dir,
    name: 'plane',
    authority,
    commonName: 'plane',
    names: ['localhost', '127.0.0.1', 'plane.test', 'standby.test'],
    usages: ['server'],
  });
  const config = PlaneConfig.parse({
    listen: { host: '127.0.0.1', port: 0 },
    publicUrl: 'https://plane.test',
    tls: { ...tls, caFile: authority.certFile },
    dataDir: join(dir, 'data'),
    database: { kind: 'pglite', dir: join(dir, 'database') },
    bus: {
      servers: [nats.url],
      clientServers: ['tls://bus.test:4222'],
      websocket: nats.websocketUrl,
      caFile: authority.certFile,
      operatorDir: nats.operatorDir,
    },
    // Renewed every few seconds.
    agents: { urls: ['https://standby.test'], accessSeconds: 15 },
    bootstrap: { tenantName: 'first', adminEmail: 'admin@example.test', apiKeyFile: join(dir, 'api-key') },
    agentImage: 'example.test/agent:1',
  });
  plane = await startPlane(config, { log, signal: new AbortController().signal });
  client = createClient({
    host: `localhost:${plane.port}`,
    ca: await readFile(authority.certFile, 'utf8'),
    apiKey: (await readFile(config.bootstrap.apiKeyFile, 'utf8')).trim(),
    // The plane counts agents without access by their address, which is everybody's here.
    retryAttempts: 5,
    env: {},
  });
  proxy = await startConnectProxy({
    credentials: 'me:s3cret',
    route: (authority_) => {
      if (!letOut.has(authority_)) return undefined;
      return authority_ === 'bus.test:4222' ? busPort : plane.port;
    },
  });
}, START_MS);

afterAll(async () => {
  client?.close();
  await proxy?.stop();
  await plane?.stop();
  await nats?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** One imported cluster, its agents, and what can be seen of them. */
interface Member {
  readonly uid: string;
  readonly namespace: string;
  start(config?: Partial<AgentConfigInput>): Promise<Replica>;
  /** How long it takes from telling the agent to compare everything to its answer, in milliseconds. */
  askedAndAnswered(): Promise<number>;
  credentials(): Promise<{ expiresAt: string; accessToken: string }>;
}

interface Replica {
  metric(name: string, label?: string): Promise<number>;
  stop(): Promise<void>;
}

let running: Replica[] = [];
const scope = async (): Promise<{ kind: 'project'; projectUid: string }> => {
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  return { kind: 'project', projectUid: items?.[0]?.metadata?.uid ?? '' };
};

async function importCluster(): Promise<Member> {
  const project = await scope();
  const namespace = uniqueName('firewall');
  const { uid } = await client.post('/v1/spectroclusters/generic/import', {
    scope: project,
    body: {
      metadata: { name: namespace },
      spec: {
        clusterConfig: { proxy: { httpsProxy: `http://me:s3cret@127.0.0.1:${proxy.port}`, noProxy: '10.0.0.0/8' } },
      },
    },
  });
  const manifest = String(
    await client.get('/v1/spectroclusters/{uid}/import/manifest', { path: { uid: uid ?? '' }, scope: project }),
  );
  await outsider.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const documents = parseAllDocuments(manifest).map(
    (document) => document.toJSON() as { kind: string; stringData?: Record<string, string> },
  );
  const secret = documents.find(({ kind }) => kind === 'Secret')?.stringData ?? {};
  await outsider.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'palette-agent-bootstrap', namespace },
    data: Object.fromEntries(
      Object.entries(secret).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
  });
  const start = async (config: Partial<AgentConfigInput> = {}): Promise<Replica> => {
    const stop = new AbortController();
    let port = 0;
    const work = runAgent(
      { kubeconfig, namespace, helm, stateDir: dir, ...config },
      { log, signal: stop.signal, env: {}, onListening: (address) => (port = address.port) },
    );
    await eventually('it listens', () => port !== 0 || undefined);
    const replica: Replica = {
      metric: async (name, label = '') => {
        const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
        const line = text.split('\n').find((found) => found.startsWith(`palette_agent_${name}${label} `));
        return Number(line?.split(' ').at(-1) ?? Number.NaN);
      },
      stop: async () => {
        stop.abort();
        await work;
      },
    };
    running.push(replica);
    return replica;
  };
  return {
    uid: uid ?? '',
    namespace,
    start,
    askedAndAnswered: async () => {
      const started = performance.now();
      const command = await client.post('/v1/spectroclusters/{uid}/commands', {
        path: { uid: uid ?? '' },
        scope: project,
        body: { type: 'resync' },
      });
      await eventually('the command is answered', async () => {
        const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: 'palette-agent-credentials' };
        const identity = Buffer.from(
          z
            .string()
            .catch('')
            .parse(mapAt(await outsider.object(ref), 'data')['identity.json']),
          'base64',
        );
        return identity.includes(command.uid ?? 'none') || undefined;
      });
      return performance.now() - started;
    },
    credentials: async () => {
      const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: 'palette-agent-credentials' };
      const text = Buffer.from(String(mapAt(await outsider.object(ref), 'data')['identity.json']), 'base64').toString();
      return (JSON.parse(text) as { credentials: { expiresAt: string; accessToken: string } }).credentials;
    },
  };
}

const isHeardBy = async (replica: Replica, channel: 'bus' | 'long-poll' | 'poll'): Promise<void> => {
  await eventually(
    `it is heard by ${channel}`,
    async () => (await replica.metric('channel', `{channel="${channel}"}`)) === 1 || undefined,
  );
};

beforeEach(() => {
  letOut = new Set(['plane.test:443']);
});
afterEach(async () => {
  await Promise.all(running.map(async (replica) => replica.stop()));
  running = [];
});

describe('an agent behind a firewall that lets HTTPS to the plane out alone, through a proxy with a password', () => {
  it("joins, is on the bus by the plane's own port, and has its access renewed without ever being off it", async () => {
    const member = await importCluster();
    const agent = await member.start();
    await isHeardBy(agent, 'bus');
    expect(await member.askedAndAnswered()).toBeLessThan(10_000);
    const first = await member.credentials();
    let off = 0;
    await eventually('access was renewed twice', async () => {
      if ((await agent.metric('bus_connected')) !== 1) off++;
      return Date.parse((await member.credentials()).expiresAt) > Date.parse(first.expiresAt) + 11_000 || undefined;
    });
    expect(off).toBe(0);
    expect((await member.credentials()).accessToken).not.toBe(first.accessToken);
    expect(new Set(proxy.asked)).toContain('plane.test:443');
    // Nothing of it is shown to the proxy but names.
    expect(proxy.asked.join()).not.toContain('s3cret');
  });

  it('goes from the bus to held questions to polling, and back, as the firewall closes and opens', async () => {
    // The plane without its tunnel: the bus has a way of its own.
    letOut = new Set(['plane.test:443', 'bus.test:4222']);
    const member = await importCluster();
    const agent = await member.start();
    await isHeardBy(agent, 'bus');

    await nats.service.stop();
    await isHeardBy(agent, 'long-poll');
    // Far sooner than by asking every five seconds.
    expect(await member.askedAndAnswered()).toBeLessThan(4_000);

    proxy.cut();
    await isHeardBy(agent, 'poll');
    proxy.mend();
    await isHeardBy(agent, 'long-poll');
    expect(await member.askedAndAnswered()).toBeLessThan(4_000);

    await nats.service.start({ signal: AbortSignal.timeout(60_000) });
    await isHeardBy(agent, 'bus');
    expect(await member.askedAndAnswered()).toBeLessThan(10_000);
  });

  it('turns to another address of the plane when the first one is closed, and comes back after its access has ended', async () => {
    const member = await importCluster();
    const agent = await member.start();
    await isHeardBy(agent, 'bus');
    letOut = new Set(['standby.test:443']);
    proxy.cut();
    proxy.mend();
    await isHeardBy(agent, 'bus');
    expect(await member.askedAndAnswered()).toBeLessThan(10_000);
    expect(proxy.asked).toContain('standby.test:443');

    letOut = new Set();
    proxy.cut();
    const { expiresAt } = await member.credentials();
    await eventually('its access has ended', () => Date.now() > Date.parse(expiresAt) + 1_000 || undefined);
    letOut = new Set(['plane.test:443']);
    proxy.mend();
    await eventually(
      'it has access again',
      async () => Date.parse((await member.credentials()).expiresAt) > Date.now() || undefined,
    );
    await isHeardBy(agent, 'bus');
    expect(await member.askedAndAnswered()).toBeLessThan(10_000);
  });

  it('works as one of two: the other stands by and takes over, at once when it is told to, in time when it is not', async () => {
    const member = await importCluster();
    const lease = { durationMs: 8_000, renewWithinMs: 6_000, retryMs: 300 };
    const config = { leaderElection: true, lease };
    const first = await member.start({ ...config, replica: 'first' });
    await eventually('the first works', async () => (await first.metric('leader')) === 1 || undefined);
    const second = await member.start({ ...config, replica: 'second' });
    await eventually('the second stands by', async () => (await second.metric('leader')) === 0 || undefined);
    await isHeardBy(first, 'bus');
    expect(await member.askedAndAnswered()).toBeLessThan(10_000);
    expect([await first.metric('leader'), await second.metric('leader')]).toEqual([1, 0]);

    const stoppedAt = performance.now();
    await first.stop();
    running = [second];
    await eventually('the second works', async () => (await second.metric('leader')) === 1 || undefined);
    expect(performance.now() - stoppedAt).toBeLessThan(10_000);
    await isHeardBy(second, 'bus');
    expect(await member.askedAndAnswered()).toBeLessThan(10_000);
  });

  it('loses its access on every channel within seconds when its cluster is forgotten', async () => {
    const member = await importCluster();
    const agent = await member.start();
    await isHeardBy(agent, 'bus');
    const { accessToken } = await member.credentials();
    const ca = await readFile(join(dir, 'ca.crt'), 'utf8');
    const ask = async (): Promise<number> => {
      const direct = createClient({
        host: `localhost:${plane.port}`,
        ca,
        retryAttempts: 0,
        env: {},
        jwt: `Bearer ${accessToken}`,
      });
      try {
        await direct.get('/v1/agents/self/desiredstate');
        return 200;
      } catch (error) {
        return (error as { status: number }).status;
      } finally {
        direct.close();
      }
    };
    expect(await ask()).toBe(200);
    const revokedAt = performance.now();
    await client.delete('/v1/spectroclusters/{uid}', {
      path: { uid: member.uid },
      query: { forceDelete: true },
      scope: await scope(),
    });
    expect(await ask()).toBe(401);
    await eventually('it is off the bus', async () => (await agent.metric('bus_connected')) === 0 || undefined);
    expect(performance.now() - revokedAt).toBeLessThan(10_000);
    await eventually(
      'it hears nothing more',
      async () => (await agent.metric('channel', '{channel="poll"}')) === 1 || undefined,
    );
  });
});
