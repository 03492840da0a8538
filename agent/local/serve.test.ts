import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { silentLogger } from '#core/log';
import { createKubeClient } from '#kubernetes/client';

import { createAttempts } from './attempts.ts';
import { LocalConfig } from './config.ts';
import { asPage } from './page.ts';
import { createServe } from './serve.ts';
import type { LocalServices } from './services.ts';
import { createSessions } from './sessions.ts';
import type { StoredUser } from './users.ts';
import { createLocalVariables } from './variables.ts';
import { createAgentView } from './view.ts';

const MIB = 1024 * 1024;
const config = LocalConfig.parse({});
const admin: StoredUser = { name: 'admin', role: 'admin', hash: 'h', mustChangePassword: false };

let server: Server;
let port: number;
let token: string;
const ending = new AbortController();

beforeEach(async () => {
  const { signal } = ending;
  const client = createKubeClient(
    { server: new URL('https://127.0.0.1:1'), tls: {}, authorization: async () => undefined },
    { fieldManager: 'test' },
  );
  const sessions = createSessions(Date.now);
  ({ token } = sessions.begin(admin, 'bearer', false));
  const services: LocalServices = {
    config,
    client,
    namespace: 'palette-system',
    view: createAgentView({ now: () => new Date() }),
    users: {
      all: async () => [admin],
      find: async () => admin,
      change: async () => undefined,
      setPassword: async () => true,
    },
    sessions,
    attempts: createAttempts(config.login, () => performance.now()),
    audit: {
      note: () => undefined,
      query: async () => ({ items: [] }),
      download: async () => Readable.from([]),
      filters: async () => ({ users: [], resourceKinds: [] }),
      flush: async () => undefined,
    },
    variables: createLocalVariables(client, 'palette-system', silentLogger),
    bundleTrust: { keyIds: [], trust: () => undefined },
    logs: { lines: () => [] },
    log: silentLogger,
    now: () => new Date(),
    signal,
    note: () => undefined,
  };
  const serve = createServe(services, async () => asPage(Buffer.from('page')));
  server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

/** Sends a body of so many bytes, as somebody who reads the answer when all of it went. */
async function send(
  method: string,
  path: string,
  type: string,
  size: number,
): Promise<{ status: number; code: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent: false,
        headers: { 'content-type': type, 'content-length': size, authorization: `Bearer ${token}` },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.once('error', reject);
        response.once('end', () => {
          const { code } = z.object({ code: z.string() }).parse(JSON.parse(text));
          resolve({ status: response.statusCode ?? 0, code });
        });
      },
    );
    request.once('error', reject);
    const chunk = Buffer.alloc(MIB, 'x');
    Readable.from(
      (function* () {
        for (let sent = 0; sent < size; sent += chunk.length) yield chunk;
      })(),
    ).pipe(request);
  });
}

describe('a request that is refused before all of it came', () => {
  it.each([
    {
      name: 'to nowhere',
      method: 'POST',
      path: '/v1/nowhere',
      type: 'application/json',
      want: [404, 'ResourceNotFound'],
    },
    {
      name: 'with too long a body',
      method: 'PATCH',
      path: '/v1/users/current',
      type: 'application/json',
      want: [413, 'TooLarge'],
    },
    {
      name: 'of another type',
      method: 'POST',
      path: '/v1/edge-mgmt/edgehosts/current/actions/upload-content',
      type: 'text/plain',
      want: [409, 'NotMember'],
    },
  ])('is told why all the same: $name', async ({ method, path, type, want }) => {
    const { status, code } = await send(method, path, type, 32 * MIB);
    expect([status, code]).toEqual(want);
  });
});
