import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createTrust } from '#core/network/trust';

import { createBusRoute } from './bus-route.ts';

const { signal } = new AbortController();
let server: Server;
let status: string;
let asked: number;

beforeEach(async () => {
  asked = 0;
  server = createServer();
  server.on('upgrade', (_request, socket) => {
    asked++;
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});
afterEach(async () => new Promise<void>((resolve) => void server.close(() => resolve())));

/** Tries every five seconds for ten minutes. @returns how often the server was asked */
async function dial(): Promise<number> {
  let now = 0;
  // A listening TCP server has an address with a port.
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const route = createBusRoute([url], { proxies: () => ({}), context: createTrust(() => []).context }, () => now);
  for (; now < 600_000; now += 5_000) await expect(route.open({ signal })).rejects.toThrow(url.slice('ws://'.length));
  return asked;
}

describe('a WebSocket of the bus that is refused', () => {
  it.each(['401 Unauthorized', '429 Too Many Requests'])('is asked for less and less often after %s', async (given) => {
    status = given;
    const times = await dial();
    // Five doublings up to a minute, then between half a minute and a minute.
    expect(times).toBeGreaterThan(9);
    expect(times).toBeLessThan(30);
  });

  it('is asked for as often as before while the server is in trouble', async () => {
    status = '503 Service Unavailable';
    expect(await dial()).toBe(120);
  });
});
