import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { askBytes, createRegistryHttp, type RegistryHttp } from './http.ts';
import { RegistryTls } from './registry-spec.ts';

const signal = new AbortController().signal;

describe('a redirect', () => {
  const heard: { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders }[] = [];
  let other: Server;
  let server: Server;
  let http: RegistryHttp;
  const urlOf = (of: Server): string => `http://127.0.0.1:${(of.address() as AddressInfo).port}`;

  beforeAll(async () => {
    const answering = (answer: Parameters<typeof createServer>[1]): Server =>
      createServer((request, response) => {
        heard.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
        answer?.(request, response);
      });
    other = answering((_request, response) => response.end('there'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    server = answering((_request, response) => response.writeHead(307, { location: `${urlOf(other)}/there` }).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    http = createRegistryHttp({ tls: RegistryTls.parse({}), allowLoopback: true, env: {} });
  });

  afterAll(() => {
    http?.close();
    server?.close();
    other?.close();
  });

  const ask = async (method: 'GET' | 'POST'): ReturnType<typeof askBytes> =>
    askBytes(http, {
      url: new URL(`${urlOf(server)}/here`),
      method,
      headers: { authorization: 'Basic x', 'x-amz-security-token': 'token', accept: 'text/plain' },
      ...(method === 'POST' ? { body: 'Action=AssumeRole' } : {}),
      maxBytes: 1000,
      timeoutMs: 5000,
      signal,
    });

  it('to another host takes no credentials along', async () => {
    expect((await ask('GET')).bytes.toString()).toBe('there');
    expect(heard.at(-1)).toMatchObject({ path: '/there', headers: { accept: 'text/plain' } });
    expect(Object.keys(heard.at(-1)?.headers ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(authorization|x-amz-security-token)$/)]),
    );
  });

  it('is not followed with what was sent', async () => {
    expect((await ask('POST')).status).toBe(307);
    expect(heard.at(-1)).toMatchObject({ method: 'POST', path: '/here' });
  });
});
