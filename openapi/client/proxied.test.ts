import { createServer } from 'node:http';

import { describe, expect, it } from '@jest/globals';

import { createClient } from './client.ts';
import { ApiError } from './errors.ts';

describe('a client behind a proxy', () => {
  /** A proxy that leads every way to `answer`, and the ways it was asked for. */
  async function startProxy(status: number) {
    const asked: unknown[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      asked.push([request.url, request.headers['proxy-authorization']]);
      socket.on('error', () => undefined);
      // The way is open; what stands at its end closes at once.
      socket.end(`HTTP/1.1 ${status} answer\r\n\r\n`);
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    const address = proxy.address();
    if (address === null || typeof address === 'string') throw new Error('the proxy does not listen on TCP');
    return { asked, proxy, port: address.port };
  }

  it.each([
    { name: 'asks the proxy, with its credentials', status: 200, reason: /cannot be reached/ },
    {
      name: 'tells that the proxy refuses',
      status: 403,
      reason: /plane\.test:443 cannot be reached through the HTTP proxy 127\.0\.0\.1:\d+: .*\(HTTP 403\)/,
    },
  ])('$name', async ({ status, reason }) => {
    const { asked, proxy, port } = await startProxy(status);
    try {
      const client = createClient({
        host: 'plane.test',
        retryAttempts: 0,
        env: { HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${port}` },
      });
      const error: unknown = await client.get('/v1/users/info').catch((thrown: unknown) => thrown);
      if (!(error instanceof ApiError)) throw error;
      expect([error.code, asked]).toEqual([
        'Unreachable',
        [['plane.test:443', `Basic ${Buffer.from('me:p@ss').toString('base64')}`]],
      ]);
      expect(error.message).toMatch(reason);
      expect(error.message).not.toContain('p@ss');
    } finally {
      proxy.close();
    }
  });
});
