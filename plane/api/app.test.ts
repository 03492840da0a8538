import { describe, expect, it, jest } from '@jest/globals';

import { silentLogger, type Logger } from '#core/log';
import type { PlaneServices } from '#plane/domain/services';
import type { Database } from '#plane/store/database';
import { ProjectUid, TenantUid } from '#protocol/identifiers';

import { createApp } from './app.ts';
import type { Authenticator } from './authenticate.ts';
import type { Binding } from './bind.ts';
import type { Operation, Schema } from './contract.ts';
import { PlaneError } from './error.ts';
import { createFailureLimit } from './failure-limit.ts';
import { createMetrics } from './metrics.ts';
import { JSON_LIMIT } from './read-request.ts';
import { createValidators } from './validate.ts';
import type { AnyReply } from './write-reply.ts';

const tenantUid = TenantUid.parse('a'.repeat(24));
const projectUid = ProjectUid.parse('b'.repeat(24));

const THING: Schema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string' },
    size: { type: 'integer', default: 7 },
    tags: { type: 'array', items: { type: 'string' } },
  },
};
const validatorOf = createValidators({ components: { schemas: { Thing: THING } } });

interface Route {
  readonly method?: string;
  readonly path?: string;
  readonly body?: Operation['body'];
  readonly parameters?: Operation['parameters'];
  readonly reply?: { readonly contentType: string; readonly schema: Schema };
  readonly public?: boolean;
  readonly handle: (request: { body: unknown; query: unknown; path: unknown }) => Promise<AnyReply>;
}

function binding({
  method = 'GET',
  path = '/v1/things',
  body,
  parameters = [],
  reply,
  handle,
  ...rest
}: Route): Binding {
  const contentType = reply ?? { contentType: 'application/json', schema: {} };
  const operation: Operation = {
    id: 'v1ProjectsUidGet', // stands for any operation
    method,
    path,
    body,
    parameters,
    replies: new Map([
      [200, contentType],
      [204, undefined],
    ]),
    security: [],
  };
  const streams = contentType.contentType === 'text/event-stream';
  return {
    operation,
    validator: validatorOf(operation),
    streams,
    access: rest.public ? 'public' : 'user',
    handle,
  };
}

const user = { kind: 'user', userUid: 'u', email: 'u@example.test', tenantUid, via: 'apiKey' } as const;

function serve(
  routes: readonly Route[],
  options: { log?: Logger; unready?: readonly string[] } = {},
): ReturnType<typeof createApp> {
  const authenticator: Authenticator = {
    failures: createFailureLimit(() => 0),
    user: async () => ({ principal: user, scope: { tenantUid, projectUid } }),
    agent: async () => Promise.reject(new PlaneError(401, 'AgentRevoked', 'no agents here')),
    anybody: async () => ({ kind: 'anonymous' }),
  };
  return createApp({
    bindings: routes.map(binding),
    authenticator,
    // No handler here touches them.
    database: { forTenant: () => ({}) } as unknown as Database,
    services: {} as PlaneServices,
    metrics: createMetrics(),
    log: options.log ?? silentLogger,
    unready: async () => options.unready ?? [],
    stopping: new AbortController().signal,
  });
}

const ok = async (): Promise<AnyReply> => ({ status: 200, body: { fine: true } });
const jsonBody = { required: true, contentType: 'application/json', schema: { $ref: '#/components/schemas/Thing' } };
const send = (body: string, type = 'application/json'): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': type },
});

describe('an answer', () => {
  it('carries the request id of the caller, or a new one, and what the plane offers', async () => {
    const app = serve([{ handle: ok }]);
    const own = await app.request('/v1/things', { headers: { 'X-Request-Id': 'mine-1' } });
    expect(own.headers.get('x-request-id')).toBe('mine-1');
    expect(own.headers.get('palette-capabilities')).toBe('bulk-read, events, idempotency, impact, resource-events');
    for (const forged of ['a b', '<script>', 'x'.repeat(65)]) {
      const answer = await app.request('/v1/things', { headers: { 'X-Request-Id': forged } });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('without a body has none', async () => {
    const answer = await serve([{ handle: async () => ({ status: 204 }) }]).request('/v1/things');
    expect({ status: answer.status, text: await answer.text(), type: answer.headers.get('content-type') }).toEqual({
      status: 204,
      text: '',
      type: null,
    });
  });

  it('may be bytes, and text in pieces', async () => {
    const bytes = { contentType: 'application/octet-stream', schema: {} };
    const events = { contentType: 'text/event-stream', schema: {} };
    const closed = jest.fn();
    async function* pieces(): AsyncGenerator<string> {
      try {
        yield ': hello\n\n';
        yield 'data: 1\n\n';
      } finally {
        closed();
      }
    }
    const app = serve([
      { path: '/v1/bytes', reply: bytes, handle: async () => ({ status: 200, body: new Uint8Array([0, 255]) }) },
      { path: '/v1/events', reply: events, handle: async () => ({ status: 200, body: pieces() }) },
    ]);
    expect([...new Uint8Array(await (await app.request('/v1/bytes')).arrayBuffer())]).toEqual([0, 255]);
    const stream = await app.request('/v1/events');
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    expect(await stream.text()).toBe(': hello\n\ndata: 1\n\n');

    closed.mockClear();
    const left = await app.request('/v1/events');
    const reader = left.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(closed).toHaveBeenCalledTimes(1);
  });
});

describe('a request', () => {
  it.each([
    {
      name: 'to an unknown path',
      path: '/v1/nothing',
      init: {},
      status: 404,
      code: 'NoSuchOperation',
      says: 'GET /v1/nothing',
    },
    {
      name: 'with another method',
      path: '/v1/things',
      init: { method: 'DELETE' },
      status: 405,
      code: 'MethodNotAllowed',
      says: 'POST',
    },
    {
      name: 'with a body that is not JSON',
      path: '/v1/things',
      init: send('{"name": '),
      status: 400,
      code: 'InvalidJson',
      says: 'not JSON',
    },
    {
      name: 'with a body that is not UTF-8',
      path: '/v1/things',
      init: { ...send(''), body: new Uint8Array([34, 255, 34]) },
      status: 400,
      code: 'InvalidJson',
      says: 'not JSON',
    },
    {
      name: 'without the body it needs',
      path: '/v1/things',
      init: { method: 'POST' },
      status: 400,
      code: 'MissingBody',
      says: 'application/json',
    },
    {
      name: 'with a body of another type',
      path: '/v1/things',
      init: send('name: x', 'application/yaml'),
      status: 415,
      code: 'UnsupportedMediaType',
      says: 'application/yaml',
    },
    {
      name: 'with a body that does not fit',
      path: '/v1/things',
      init: send('{"name": 5}'),
      status: 422,
      code: 'InvalidRequest',
      says: 'body.name: must be string',
    },
    {
      name: 'with a parameter that does not fit',
      path: '/v1/things?limit=many',
      init: send('{"name": "x"}'),
      status: 422,
      code: 'InvalidRequest',
      says: 'query.limit',
    },
    {
      name: 'with too large a body',
      path: '/v1/things',
      init: send(`"${'x'.repeat(JSON_LIMIT)}"`),
      status: 413,
      code: 'BodyTooLarge',
      says: '10 MiB',
    },
  ])('$name is refused with $status', async ({ path, init, status, code, says }) => {
    const limit = { name: 'limit', in: 'query', required: false, schema: { type: 'integer' } } as const;
    const answer = await serve([{ method: 'POST', body: jsonBody, parameters: [limit], handle: ok }]).request(
      path,
      init,
    );
    expect(answer.status).toBe(status);
    const body = await answer.json();
    expect(body).toMatchObject({
      code,
      message: expect.stringContaining(says),
      ref: answer.headers.get('x-request-id'),
    });
    if (status === 405) expect(answer.headers.get('allow')).toBe('POST');
  });

  it('reaches its handler with parameters typed, defaults filled in, and nulls of clients in Go left out', async () => {
    const seen: unknown[] = [];
    const parameters = [
      { name: 'uid', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'limit', in: 'query', required: false, schema: { type: 'integer', default: 50 } },
      { name: 'all', in: 'query', required: false, schema: { type: 'boolean' } },
    ] as const;
    const app = serve([
      {
        method: 'POST',
        path: '/v1/things/{uid}',
        body: jsonBody,
        parameters,
        handle: async ({ path, query, body }) => {
          seen.push({ path, query, body });
          return { status: 204 };
        },
      },
    ]);
    await app.request('/v1/things/a%2Fb?all=true&limit=', send('{"name":"x","tags":null,"extra":1}'));
    expect(seen).toEqual([
      { path: { uid: 'a/b' }, query: { limit: 50, all: true }, body: { name: 'x', size: 7, extra: 1 } },
    ]);
  });

  it('goes to the literal path before the one with a parameter, however they are ordered', async () => {
    const app = serve([
      { path: '/v1/things/{uid}', handle: async () => ({ status: 200, body: 'parameter' }) },
      { path: '/v1/things/search', handle: async () => ({ status: 200, body: 'literal' }) },
    ]);
    expect(await (await app.request('/v1/things/search')).json()).toBe('literal');
    expect(await (await app.request('/v1/things/other')).json()).toBe('parameter');
  });
});

describe('a failure', () => {
  it.each([
    { name: 'nobody foresaw', error: new Error('SELECT secret FROM somewhere'), status: 500, code: 'InternalError' },
    {
      name: 'of a database that went away',
      error: Object.assign(new Error('terminating'), { code: '57P01' }),
      status: 503,
      code: 'DatabaseUnavailable',
    },
    {
      name: 'of a statement that took too long',
      error: Object.assign(new Error('canceling'), { code: '57014' }),
      status: 503,
      code: 'DatabaseUnavailable',
    },
    { name: 'of time', error: AbortSignal.timeout(0), status: 503, code: 'RequestTimeout' },
  ])('$name is told without its inside, and logged with it', async ({ error, status, code }) => {
    const log = { ...silentLogger, error: jest.fn(), child: (): Logger => log };
    const handle = async (): Promise<AnyReply> => {
      if (!(error instanceof AbortSignal)) throw error;
      await new Promise((resolve) => error.addEventListener('abort', resolve));
      throw error.reason;
    };
    const answer = await serve([{ handle }], { log }).request('/v1/things');
    expect(answer.status).toBe(status);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ code, ref: answer.headers.get('x-request-id') });
    expect(text).not.toMatch(/SELECT|terminating|canceling|\.ts/);
    expect(log.error).toHaveBeenCalledTimes(1);
  });

  it.each([
    { name: 'a body that the contract does not allow', reply: { status: 200, body: { name: 5 } } },
    { name: 'a status that the contract does not document', reply: { status: 201, body: { name: 'x' } } },
  ])('of the plane to keep its contract shows here, not in a client: $name', async ({ reply }) => {
    const answer = await serve([
      { reply: { contentType: 'application/json', schema: THING }, handle: async () => reply },
    ]).request('/v1/things');
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 500,
      body: { code: 'InternalError' },
    });
  });

  it('to show a secret counts: who goes on is told to wait', async () => {
    const handle = async (): Promise<AnyReply> => Promise.reject(new PlaneError(401, 'InvalidLogin', 'no'));
    const app = serve([{ public: true, handle }]);
    const statuses: number[] = [];
    for (let i = 0; i < 22; i++) statuses.push((await app.request('/v1/things')).status);
    expect(statuses.slice(0, 20).every((status) => status === 401)).toBe(true);
    const last = await app.request('/v1/things');
    expect({ status: last.status, retryAfter: Number(last.headers.get('retry-after')) > 0 }).toEqual({
      status: 429,
      retryAfter: true,
    });
  });
});

describe('beside the contract', () => {
  it('there are health, readiness and figures', async () => {
    const app = serve([{ handle: ok }], { unready: ['the database does not answer'] });
    await app.request('/v1/things');
    expect((await app.request('/healthz')).status).toBe(200);
    const ready = await app.request('/readyz');
    expect({ status: ready.status, text: await ready.text() }).toEqual({
      status: 503,
      text: 'the database does not answer\n',
    });
    expect(await (await app.request('/metrics')).text()).toContain(
      'palette_plane_request_seconds_count{operation="v1ProjectsUidGet",status="200"} 1',
    );
  });
});
