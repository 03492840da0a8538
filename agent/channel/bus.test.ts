import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createUser } from '@nats-io/nkeys';

import { silentLogger } from '#core/log';
import { createTrust } from '#core/network/trust';
import { ClusterUid, ProjectUid, TenantUid } from '#protocol/identifiers';

import type { Identity } from '../identity/identity.ts';
import { createMetrics } from '../metrics.ts';
import { createBusLink } from './bus.ts';

const INFO = { server_id: 'x', version: '2.10.0', proto: 1, headers: true, max_payload: 1_000_000, nonce: 'n0nce' };

/** As much of a bus server as a connection needs to stand. */
let server: Server;
const open = new Set<Socket>();
const stop = new AbortController();

beforeEach(async () => {
  server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n')) if (line === 'PING') socket.write('PONG\r\n');
    });
    socket.write(`INFO ${JSON.stringify(INFO)}\r\n`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterEach(async () => {
  stop.abort();
  for (const socket of open) socket.destroy();
  await new Promise((resolve) => void server.close(resolve));
});

describe('the link to the bus', () => {
  it('is opened anew when the library gave it up, for example since it could not sign with the key', async () => {
    const clusterUid = ClusterUid.parse('a'.repeat(24));
    const seed = new TextDecoder().decode(createUser().getSeed());
    const good: Identity = {
      planeUrl: 'https://plane.test',
      clusterUid,
      seed,
      tokenDigest: 'x',
      commandCursor: 0,
      credentials: {
        clusterUid,
        clusterName: 'c',
        tenantUid: TenantUid.parse('b'.repeat(24)),
        projectUid: ProjectUid.parse('c'.repeat(24)),
        accessToken: 'x',
        expiresAt: new Date().toISOString(),
        // A listening TCP server has an address with a port.
        bus: { servers: [`nats://127.0.0.1:${(server.address() as AddressInfo).port}`], jwt: 'jwt' },
        trustedKeys: [],
        heartbeatSeconds: 1,
        pollSeconds: 1,
      },
    };
    let identity = good;
    const changes: string[] = [];
    let changed: () => void = () => undefined;
    const note = (change: string): void => {
      changes.push(change);
      changed();
    };
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) await new Promise<void>((resolve) => (changed = resolve));
    };
    const link = createBusLink({
      identity: () => identity,
      network: {
        proxies: () => ({}),
        context: createTrust(() => []).context,
        connect: async () => Promise.reject(new Error('REST is not spoken here')),
      },
      onPoke: () => undefined,
      onConnected: () => note('connected'),
      onDisconnected: () => note('disconnected'),
      metrics: createMetrics(),
      log: silentLogger,
      signal: stop.signal,
    });
    const running = link.run();
    await until(() => changes.length === 1);
    identity = { ...good, seed: 'none' };
    for (const socket of open) socket.destroy();
    // First the connection breaks, then the library gives up.
    await until(() => changes.length === 3);
    identity = good;
    await until(() => changes.length === 4);
    expect(changes).toEqual(['connected', 'disconnected', 'disconnected', 'connected']);
    expect(link.connected()).toBe(true);
    stop.abort();
    await running;
  });
});
