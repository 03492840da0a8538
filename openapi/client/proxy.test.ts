import { createServer } from 'node:http';

import { describe, expect, it } from '@jest/globals';

import { createClient } from './client.ts';
import { ApiError } from './errors.ts';
import { proxyFor } from './proxy.ts';

const PROXY = 'http://proxy.test:3128';

describe('proxyFor', () => {
  it.each([
    { name: 'no variable', host: 'plane.test', env: {}, want: undefined },
    { name: 'a proxy', host: 'plane.test', env: { HTTPS_PROXY: PROXY }, want: 'proxy.test:3128' },
    { name: 'the variable in lower case', host: 'plane.test', env: { https_proxy: PROXY }, want: 'proxy.test:3128' },
    { name: 'this machine', host: 'localhost:8443', env: { HTTPS_PROXY: PROXY }, want: undefined },
    { name: 'an address of this machine', host: '127.0.0.2:8443', env: { HTTPS_PROXY: PROXY }, want: undefined },
    { name: 'this machine over IPv6', host: '[::1]:8443', env: { HTTPS_PROXY: PROXY }, want: undefined },
    {
      name: 'an exception',
      host: 'plane.test',
      env: { HTTPS_PROXY: PROXY, NO_PROXY: 'a.test, plane.test' },
      want: undefined,
    },
    {
      name: 'an exception for what is below',
      host: 'eu.plane.test',
      env: { HTTPS_PROXY: PROXY, NO_PROXY: '.plane.test' },
      want: undefined,
    },
    {
      name: 'a name that only ends alike',
      host: 'xplane.test',
      env: { HTTPS_PROXY: PROXY, NO_PROXY: 'plane.test' },
      want: 'proxy.test:3128',
    },
    {
      name: 'an exception for the port',
      host: 'plane.test:8443',
      env: { HTTPS_PROXY: PROXY, NO_PROXY: 'plane.test:8443' },
      want: undefined,
    },
    {
      name: 'an exception for another port',
      host: 'plane.test',
      env: { HTTPS_PROXY: PROXY, NO_PROXY: 'plane.test:8443' },
      want: 'proxy.test:3128',
    },
    {
      name: 'an address as exception',
      host: '10.0.0.1:8443',
      env: { HTTPS_PROXY: PROXY, NO_PROXY: '10.0.0.1' },
      want: undefined,
    },
    {
      name: 'an exception for everything',
      host: 'plane.test',
      env: { HTTPS_PROXY: PROXY, NO_PROXY: '*' },
      want: undefined,
    },
  ])('for $name answers $want', ({ host, env, want }) => {
    expect(proxyFor(host, env)?.host).toBe(want);
  });

  it.each(['proxy.test:3128', 'socks5://proxy.test', 'x'])('refuses %s', (text) => {
    expect(() => proxyFor('plane.test', { HTTPS_PROXY: text })).toThrow(/HTTPS_PROXY must be a URL/);
  });
});

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
      reason: /proxy 127\.0\.0\.1:\d+ refused the way to plane\.test:443: 403/,
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
