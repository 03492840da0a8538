/** What only a real server shows: certificates, kept connections, streams that break. */
import { createServer, type Server } from 'node:https';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer as createTcpServer } from 'node:net';

import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as x509 from '@peculiar/x509';

import { createClient, type ClientOptions } from './client.ts';
import type { Scope } from './contract.ts';
import { ApiError } from './errors.ts';
import type { PaletteEvent } from './events.ts';

const tenant: Scope = { kind: 'tenant' };
let credentials: { readonly key: string; readonly cert: string };
const open: { close: () => void }[] = [];

beforeAll(async () => {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=localhost',
      keys,
      signingAlgorithm: algorithm,
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + 3_600_000),
      extensions: [
        new x509.SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'dns', value: 'plane.test' },
        ]),
      ],
    },
    crypto,
  );
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  credentials = {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  };
});

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function start(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  name = 'localhost',
): Promise<{ host: string; server: Server }> {
  const server = createServer(credentials, handler);
  open.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, name, resolve);
  });
  return { host: `${name}:${portOf(server)}`, server };
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on TCP');
  return address.port;
}

function clientOf(options: ClientOptions) {
  const client = createClient({ apiKey: 'key', retryAttempts: 2, backoff: { baseMs: 1, maxMs: 2 }, ...options });
  open.push(client);
  return client;
}

async function failureOf(call: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await call.then(
    () => new Error('the call succeeded'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw error;
  return error;
}

const json = (response: ServerResponse, value: unknown): void => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};

describe('TLS', () => {
  it('refuses a certificate that nobody trusts, once, and names the setting', async () => {
    let asked = 0;
    const { host } = await start((_request, response) => {
      asked++;
      json(response, {});
    });
    const error = await failureOf(clientOf({ host }).get('/v1/users/info'));
    expect(error.code).toBe('BadCertificate');
    expect(error.hint).toMatch(/NODE_EXTRA_CA_CERTS.*ignore_insecure_tls_error/);
    expect(asked).toBe(0);
  });

  it('refuses a trusted certificate of another name', async () => {
    const { host } = await start((_request, response) => json(response, {}), '127.0.0.1');
    const error = await failureOf(clientOf({ host, ca: credentials.cert }).get('/v1/users/info'));
    expect(error.code).toBe('BadCertificate');
  });

  it('trusts the given CA, or everything when told so', async () => {
    const { host } = await start((_request, response) => json(response, { userUid: 'u' }));
    await expect(clientOf({ host, ca: credentials.cert }).get('/v1/users/info')).resolves.toEqual({ userUid: 'u' });
    await expect(clientOf({ host, insecure: true }).get('/v1/users/info')).resolves.toEqual({ userUid: 'u' });
  });

  it('says that a server speaks no TLS', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    open.push({ close: () => server.close() });
    await new Promise<void>((resolve) => {
      server.listen(0, 'localhost', resolve);
    });
    const error = await failureOf(clientOf({ host: `localhost:${portOf(server)}` }).get('/v1/users/info'));
    expect(error.message).toMatch(/does not speak TLS.*port in `host`/);
  });
});

describe('connections', () => {
  it('are used again', async () => {
    let connections = 0;
    const { host, server } = await start((_request, response) => json(response, {}));
    server.on('secureConnection', () => connections++);
    const client = clientOf({ host, ca: credentials.cert });
    for (let turn = 0; turn < 5; turn++) await client.get('/v1/users/info');
    expect(connections).toBe(1);
  });

  it('go through a proxy, which sees where to and no more', async () => {
    const { server } = await start((_request, response) => json(response, { userUid: 'u' }));
    const asked: string[] = [];
    const proxy = createHttpServer().on('connect', (request: IncomingMessage, socket) => {
      asked.push([request.url, request.headers['apikey'] ?? 'without a key'].join(' '));
      const way = connect(portOf(server), 'localhost', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        way.pipe(socket).pipe(way);
      });
      socket.on('error', () => undefined);
      way.on('error', () => undefined);
    });
    open.push({ close: () => proxy.close() });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    const env = { HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}` };
    const client = clientOf({ host: 'plane.test:8443', ca: credentials.cert, env });
    for (let turn = 0; turn < 3; turn++) {
      await expect(client.get('/v1/users/info')).resolves.toEqual({ userUid: 'u' });
    }
    expect(asked).toEqual(['plane.test:8443 without a key']);
    // The proxy cannot stand in for the server either.
    await expect(
      failureOf(clientOf({ host: 'other.test', ca: credentials.cert, env }).get('/v1/users/info')),
    ).resolves.toMatchObject({ code: 'BadCertificate' });
  });

  it('that the server closes after a while are not used for a POST', async () => {
    const { host, server } = await start((_request, response) => {
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"uid":"u"}');
    });
    server.keepAliveTimeout = 50; // milliseconds; the server says so in whole seconds only: 0
    const client = clientOf({ host, ca: credentials.cert });
    const create = async () => client.post('/v1/projects', { body: { metadata: { name: 'n' } } });
    const idle = new Promise<void>((resolve) => {
      server.once('secureConnection', (socket) => socket.once('close', () => resolve()));
    });
    await create();
    await idle;
    await expect(create()).resolves.toEqual({ uid: 'u' });
  });

  it('that break in the middle of an answer are replaced, for readers', async () => {
    let asked = 0;
    const { host } = await start((_request, response) => {
      if (++asked > 1) return json(response, { userUid: 'u' });
      response.writeHead(200, { 'content-length': '1000' }).write('{"userUid":');
      setImmediate(() => response.destroy());
      return undefined;
    });
    await expect(clientOf({ host, ca: credentials.cert }).get('/v1/users/info')).resolves.toEqual({ userUid: 'u' });
  });

  it('end when the caller does, also in the middle of an answer', async () => {
    const controller = new AbortController();
    let onClose: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => {
      onClose = resolve;
    });
    const { host } = await start((request, response) => {
      request.socket.once('close', onClose);
      response.writeHead(200, { 'content-length': '1000' }).write('{');
      setImmediate(() => controller.abort(new Error('enough')));
    });
    const call = clientOf({ host, ca: credentials.cert }).get('/v1/users/info', { signal: controller.signal });
    await expect(failureOf(call)).resolves.toMatchObject({ code: 'Aborted' });
    await closed;
  });
});

describe('the event stream', () => {
  const cluster = (id: number): string =>
    `id: ${id}\nevent: cluster\ndata: ${JSON.stringify({ clusterUid: 'c', state: 'Running', health: 'Healthy', revision: id, appliedRevision: id })}\n\n`;

  /** Events until there are `count` of them. */
  async function take(events: AsyncIterable<PaletteEvent>, count: number): Promise<string[]> {
    const got: string[] = [];
    for await (const event of events) {
      got.push(event.kind === 'open' ? `open${event.resumed ? ' resumed' : ''}` : `${event.kind} ${event.id}`);
      if (got.length >= count) break;
    }
    return got;
  }

  it('goes on after a break from the last event, and closes when its reader leaves', async () => {
    const requests: unknown[] = [];
    let closed: () => void = () => undefined;
    const left = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const { host } = await start((request, response) => {
      requests.push([request.url, request.headers['last-event-id'], request.headers['projectuid']]);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(cluster(requests.length));
      if (requests.length === 1) setTimeout(() => response.destroy(), 20);
      else response.once('close', closed);
    });
    const events = clientOf({ host, ca: credentials.cert }).events({
      clusterUid: 'c',
      scope: { kind: 'project', projectUid: 'p' },
      signal: new AbortController().signal,
    });
    await expect(take(events, 4)).resolves.toEqual(['open', 'cluster 1', 'open resumed', 'cluster 2']);
    await left;
    expect(requests).toEqual([
      ['/v1/events?clusterUid=c', undefined, 'p'],
      ['/v1/events?clusterUid=c', '1', 'p'],
    ]);
  });

  it('begins anew, and says so, when the API does not keep the last event any more', async () => {
    const positions: unknown[] = [];
    const { host } = await start((request, response) => {
      const after = request.headers['last-event-id'];
      positions.push(after);
      if (after !== undefined) return response.writeHead(410).end('{"code":"EventsExpired","message":"gone"}');
      return response.writeHead(200, { 'content-type': 'text/event-stream' }).write(cluster(9));
    });
    const events = clientOf({ host, ca: credentials.cert }).events({
      lastEventId: '3',
      scope: tenant,
      signal: new AbortController().signal,
    });
    await expect(take(events, 2)).resolves.toEqual(['open', 'cluster 9']);
    expect(positions).toEqual(['3', undefined]);
  });

  it('is opened anew when nothing comes for too long', async () => {
    let asked = 0;
    const { host } = await start((_request, response) => {
      asked++;
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    });
    const events = clientOf({ host, ca: credentials.cert, silenceMs: 30 }).events({
      scope: tenant,
      signal: new AbortController().signal,
    });
    await expect(take(events, 2)).resolves.toEqual(['open', 'open']);
    expect(asked).toBe(2);
  });

  it('tells that an API has none', async () => {
    const { host } = await start((_request, response) => response.writeHead(404).end('{}'));
    const events = clientOf({ host, ca: credentials.cert }).events({
      scope: tenant,
      signal: new AbortController().signal,
    });
    await expect(failureOf(take(events, 1))).resolves.toMatchObject({ status: 404 });
  });

  it('gives up after its tries', async () => {
    let asked = 0;
    const { host } = await start((_request, response) => {
      asked++;
      response.writeHead(503).end('{}');
    });
    const events = clientOf({ host, ca: credentials.cert }).events({
      scope: tenant,
      signal: new AbortController().signal,
    });
    await expect(failureOf(take(events, 1))).resolves.toMatchObject({ status: 503 });
    expect(asked).toBe(3);
  });

  it('tells of other objects, and passes over what it cannot read or does not know', async () => {
    const send = (id: number, event: string, data: string): string => `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`;
    const changed = { type: 'clusterprofile', uid: 'p', change: 'updated' };
    const { host } = await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(send(1, 'weather', '{"uid":"x"}') + send(2, 'resource', '{"clusterUid":"c"}'));
      response.write(send(3, 'resource', 'no JSON') + send(4, 'resource', JSON.stringify(changed)));
    });
    const events = clientOf({ host, ca: credentials.cert }).events({
      scope: tenant,
      signal: new AbortController().signal,
    });
    const got: PaletteEvent[] = [];
    for await (const event of events) {
      got.push(event);
      if (event.kind === 'resource') break;
    }
    expect(got).toEqual([
      { kind: 'open', resumed: false },
      { kind: 'resource', id: '4', data: changed },
    ]);
  });

  it('ends without an error when the caller says so', async () => {
    const controller = new AbortController();
    const { host } = await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(cluster(1));
    });
    const events = clientOf({ host, ca: credentials.cert }).events({ scope: tenant, signal: controller.signal });
    const got: string[] = [];
    for await (const event of events) {
      got.push(event.kind);
      if (event.kind === 'cluster') controller.abort(new Error('enough'));
    }
    expect(got).toEqual(['open', 'cluster']);
  });
});
