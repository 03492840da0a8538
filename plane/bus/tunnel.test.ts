import { createServer, type Server } from 'node:http';
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import { PlaneError } from '#plane/api/error';
import type { AgentPrincipal } from '#plane/api/handler';
import { ClusterUid, ProjectUid, TenantUid } from '#protocol/identifiers';

import { createTunnel, TUNNEL_PATH, type TunnelOptions } from './tunnel.ts';

const agent: AgentPrincipal = {
  kind: 'agent',
  agentUid: 'a'.repeat(24),
  clusterUid: ClusterUid.parse('a'.repeat(24)),
  tenantUid: TenantUid.parse('b'.repeat(24)),
  projectUid: ProjectUid.parse('c'.repeat(24)),
};

/** A bus server that answers an upgrade and repeats what it hears. */
let bus: TcpServer;
let heads: string[];
let plane: Server;
let authenticate: TunnelOptions['authenticate'];
const stop = new AbortController();

const listen = async (server: TcpServer): Promise<number> => {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A listening TCP server has an address with a port.
  return (server.address() as AddressInfo).port;
};

beforeEach(async () => {
  heads = [];
  bus = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (head) => {
      heads.push(head.toString());
      socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      socket.pipe(socket);
    });
  });
  const target = `ws://127.0.0.1:${await listen(bus)}`;
  authenticate = async () => agent;
  plane = createServer();
  plane.on(
    'upgrade',
    createTunnel({
      target,
      ca: undefined,
      authenticate: async (call) => authenticate(call),
      log: silentLogger,
      signal: stop.signal,
    }),
  );
  await listen(plane);
});

const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all([bus, plane].map(async (server) => new Promise((resolve) => void server.close(resolve))));
});

/** Asks for the bus; what comes back is gathered. */
function ask(path = TUNNEL_PATH): { readonly socket: Socket; heard(): string; answered(part: string): Promise<void> } {
  const socket = connect((plane.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (part) => (text += part.toString()));
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: plane\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer s3cret\r\nSec-WebSocket-Key: x\r\n\r\n`,
  );
  return {
    socket,
    heard: () => text,
    answered: async (part) => {
      while (!text.includes(part)) await new Promise((resolve) => void socket.once('data', resolve));
    },
  };
}

/** What one more is answered. */
async function outcome(): Promise<string> {
  const asking = ask();
  await Promise.race([asking.answered('101'), asking.answered('429')]);
  return asking.heard();
}

const closed = async (socket: Socket): Promise<void> => {
  if (!socket.closed) await new Promise((resolve) => void socket.once('close', resolve));
};

describe('the tunnel to the bus', () => {
  it('leads an agent to the bus without its token, both ways', async () => {
    const asking = ask();
    await asking.answered('101 Switching Protocols');
    asking.socket.write('PING');
    await asking.answered('PING');
    expect(heads).toEqual([expect.stringContaining('sec-websocket-key: x')]);
    expect(heads[0]).not.toContain('s3cret');
  });

  it.each([
    { name: 'another path', path: '/v1/other', answer: '404' },
    { name: 'a refused token', refusal: new PlaneError(401, 'AgentRevoked', 'no'), answer: '401 Unauthorized' },
    { name: 'too many refused tokens', refusal: new PlaneError(429, 'TooManyFailures', 'no'), answer: '429' },
    { name: 'a database that is away', refusal: new Error('away'), answer: '503' },
  ])('refuses $name', async ({ path, refusal, answer }) => {
    if (refusal) authenticate = async () => Promise.reject(refusal);
    const asking = ask(path);
    await asking.answered(answer);
    await closed(asking.socket);
    expect(heads).toEqual([]);
  });

  it('counts failures apart from those of people behind the same address', async () => {
    let source = '';
    authenticate = async (call) => {
      source = call.source;
      throw new PlaneError(401, 'AgentRevoked', 'no');
    };
    await ask().answered('401');
    expect(source).toMatch(/^bus .*127\.0\.0\.1$/);
  });

  it('holds eight connections of an agent at once, and counts those no more that ended', async () => {
    const held = Array.from({ length: 8 }, () => ask());
    for (const asking of held) await asking.answered('101');
    expect(await outcome()).toContain('429');
    held[0]?.socket.destroy();
    let answer = '';
    while (!answer.includes('101')) answer = await outcome();
    expect(answer).toContain('101');
  });

  it('counts nobody who left before it was known who they are', async () => {
    for (let count = 0; count < 8; count++) {
      let letIn: (who: AgentPrincipal) => void = () => undefined;
      const known = new Promise<AgentPrincipal>((resolve) => (letIn = resolve));
      const asked = new Promise<void>((resolve) => {
        authenticate = async () => {
          resolve();
          return known;
        };
      });
      const left = new Promise<void>((resolve) => {
        plane.once('connection', (socket: Socket) => void socket.once('close', () => resolve()));
      });
      const asking = ask();
      await asked;
      asking.socket.resetAndDestroy();
      await left;
      letIn(agent);
    }
    authenticate = async () => agent;
    expect(await outcome()).toContain('101');
  });
});
