import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

import { silentLogger } from '#core/log';
import { createKubeClient } from '#kubernetes/client';
import { ClusterUid } from '#protocol/identifiers';

import { createAttempts } from './attempts.ts';
import { LocalConfig } from './config.ts';
import { asPage } from './page.ts';
import { createServe } from './serve.ts';
import { limitSilence } from './server.ts';
import type { LocalServices } from './services.ts';
import { createSessions } from './sessions.ts';
import type { StoredUser } from './users.ts';
import { createLocalVariables } from './variables.ts';
import { createAgentView, type AgentView } from './view.ts';

const MIB = 1024 * 1024;
const config = LocalConfig.parse({});
const admin: StoredUser = { name: 'admin', role: 'admin', hash: 'h', mustChangePassword: false };

let server: Server;
let port: number;
let token: string;
let view: AgentView;
const ending = new AbortController();

beforeEach(async () => {
  const { signal } = ending;
  const client = createKubeClient(
    { server: new URL('https://127.0.0.1:1'), tls: {}, authorization: async () => undefined },
    { fieldManager: 'test' },
  );
  view = createAgentView({ now: () => new Date() });
  const sessions = createSessions(Date.now);
  ({ token } = sessions.begin(admin, 'bearer', false));
  const services: LocalServices = {
    config,
    client,
    namespace: 'palette-system',
    view,
    users: {
      all: async () => [admin],
      find: async () => admin,
      change: async () => undefined,
      setPassword: async () => true,
    },
    sessions,
    attempts: createAttempts(config.login, () => performance.now()),
    audit: {
      begin: async () => undefined,
      note: () => undefined,
      query: async () => ({ items: [] }),
      download: async () => Readable.from([]),
      filters: async () => ({ users: [], resourceKinds: [] }),
      flush: async () => undefined,
    },
    variables: createLocalVariables(client, 'palette-system', silentLogger),
    bundleTrust: async () => ({ keyIds: [], trust: () => undefined }),
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

/** The agent as a member of a plane that nobody reaches. */
function join(): void {
  const unused = (): never => {
    throw new Error('nothing here asks for it');
  };
  view.attach({
    clusterUid: ClusterUid.parse('a'.repeat(24)),
    clusterName: () => 'test',
    planeUrl: () => 'https://plane.example.test',
    trustedKeys: () => [],
    document: () => undefined,
    status: unused,
    busConnected: () => false,
    reachPlane: unused,
    planeReachable: () => false,
    resync: unused,
    actions: () => [],
    reapply: unused,
    collect: unused,
  });
}

interface Told {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const Refusal = z.object({ code: z.string(), message: z.string() });

/** Sends a body, which is at least so long, in pieces, as somebody who looks for the answer while sending. */
async function send(
  method: string,
  path: string,
  { type, head = '', size }: { readonly type: string; readonly head?: string; readonly size: number },
): Promise<Told> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent: false,
        headers: { 'content-type': type, authorization: `Bearer ${token}` },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.once('error', reject);
        response.once('end', () => resolve({ status: response.statusCode ?? 0, ...Refusal.parse(JSON.parse(text)) }));
      },
    );
    request.once('error', reject);
    const chunk = Buffer.alloc(MIB, 'x');
    Readable.from(
      (function* () {
        yield Buffer.from(head);
        for (let sent = 0; sent < size; sent += chunk.length) yield chunk;
      })(),
    ).pipe(request);
  });
}

const UPLOAD = '/v1/edge-mgmt/edgehosts/current/actions/upload-content';

describe('a request that is refused before all of it came', () => {
  it.each([
    { name: 'to nowhere', method: 'POST', path: '/v1/nowhere', type: 'application/json', want: [404, /nothing/] },
    { name: 'too long', method: 'PATCH', path: '/v1/users/current', type: 'application/json', want: [413, /larger/] },
    { name: 'of another type', method: 'POST', path: UPLOAD, type: 'text/plain', want: [415, /expected the bundle/] },
    { name: 'no bundle', method: 'POST', path: UPLOAD, type: 'application/gzip', want: [422, /not a readable bundle/] },
  ] as const)('is told why all the same: $name', async ({ method, path, type, want: [status, message] }) => {
    join();
    expect(await send(method, path, { type, size: 32 * MIB })).toMatchObject({
      status,
      message: expect.stringMatching(message),
    });
  });

  it('is told that the agent has joined no plane', async () => {
    expect(await send('POST', UPLOAD, { type: 'application/gzip', size: MIB })).toMatchObject({ code: 'NotMember' });
    view.standby();
    expect(await send('POST', UPLOAD, { type: 'application/gzip', size: MIB })).toMatchObject({
      message: expect.stringContaining('another replica'),
    });
  });
});

describe('a bundle in a form', () => {
  const field = (name: string, content: string): string =>
    `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${content}`;

  it.each([
    {
      name: 'that holds something else',
      head: field('uploadFile', 'PK'),
      size: 32 * MIB,
      want: /not a readable bundle/,
    },
    { name: 'with an unknown field', head: field('other', ''), size: 32 * MIB, want: /a field that is not known/ },
    { name: 'without it', head: `${field('signature', 's')}\r\n--b--\r\n`, size: 0, want: /no uploadFile/ },
    { name: 'with an endless signature', head: field('signature', ''), size: 32 * MIB, want: /signature is longer/ },
    { name: 'that ends early', head: field('uploadFile', ''), size: 0, want: /ends early/ },
  ])('is refused $name', async ({ head, size, want }) => {
    join();
    const told = await send('POST', UPLOAD, { type: 'multipart/form-data; boundary=b', head, size });
    expect(told.message).toMatch(want);
    expect([400, 422]).toContain(told.status);
    expect(view.events()).toMatchObject([{ reason: 'BundleRefused' }]);
  });
});

describe('a body', () => {
  /** Answers a while after the body came. */
  async function slowly(body: string | undefined): Promise<number> {
    const slow = createServer((request, response) => {
      limitSilence(request, 100);
      request.resume().once('end', () => setTimeout(() => response.end('done'), 400));
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    try {
      return await new Promise<number>((resolve, reject) => {
        // as: it listens on a port
        const at = (slow.address() as AddressInfo).port;
        const headers = { 'content-length': 4 };
        const request = httpRequest(
          { host: '127.0.0.1', port: at, method: 'POST', agent: false, headers },
          (answer) => {
            answer.resume();
            resolve(answer.statusCode ?? 0);
          },
        );
        request.once('error', reject);
        if (body === undefined) request.flushHeaders();
        else request.end(body);
      });
    } finally {
      slow.closeAllConnections();
      slow.close();
    }
  }

  it('that does not come ends the request', async () => {
    await expect(slowly(undefined)).rejects.toThrow();
  });

  it('that came may be worked on for longer', async () => {
    await expect(slowly('body')).resolves.toBe(200);
  });
});
