import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { expectTypeOf } from 'expect-type';
import fc from 'fast-check';
import nock from 'nock';

import { createClient, type ClientOptions } from './client.ts';
import type { Schemas, Scope } from './contract.ts';
import { ApiError, isNotFound } from './errors.ts';

const KEY = 'key-that-must-not-leak';
const tenant: Scope = { kind: 'tenant' };
const project = (projectUid: string): Scope => ({ kind: 'project', projectUid });
const fast = { baseMs: 1, maxMs: 2 };

const client = (options: Partial<ClientOptions> = {}) =>
  createClient({ host: 'plane.test', apiKey: KEY, backoff: fast, env: {}, ...options });
const plane = () => nock('https://plane.test');

beforeEach(() => {
  nock.disableNetConnect();
});

afterEach(() => {
  const pending = nock.pendingMocks();
  nock.abortPendingRequests();
  nock.cleanAll();
  nock.enableNetConnect();
  expect(pending).toEqual([]);
});

// Left in place it would stand between later test files and the network.
afterAll(() => nock.restore());

/** The ApiError that a call ends with. */
async function failureOf(call: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await call.then(
    () => new Error('the call succeeded'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw error;
  return error;
}

describe('a call', () => {
  it('sends credential, scope, query and path, and answers the body', async () => {
    plane()
      .get('/v1/clusterprofiles/a%2Fb')
      .query({ includePackMeta: 'schema' })
      .matchHeader('ApiKey', KEY)
      .matchHeader('ProjectUid', 'p1')
      .reply(200, { metadata: { name: 'one' } });
    const profile = await client().get('/v1/clusterprofiles/{uid}', {
      path: { uid: 'a/b' },
      query: { includePackMeta: 'schema', resourceType: undefined },
      scope: project('p1'),
    });
    expectTypeOf(profile).toEqualTypeOf<Schemas['v1ClusterProfile']>();
    expect(profile).toEqual({ metadata: { name: 'one' } });
  });

  it('sends a body as JSON and answers nothing for 204', async () => {
    plane()
      .put('/v1/projects/p', { metadata: { name: 'n' } })
      .matchHeader('content-type', 'application/json')
      .reply(204);
    const answer = await client().put('/v1/projects/{uid}', { path: { uid: 'p' }, body: { metadata: { name: 'n' } } });
    expectTypeOf(answer).toEqualTypeOf<void>();
    expect(answer).toBeUndefined();
  });

  it('reads a list that a server in Go wrote as null', async () => {
    plane().get('/v1/cloudaccounts/summary').reply(200, { items: null });
    await expect(client().get('/v1/cloudaccounts/summary', { scope: tenant })).resolves.toEqual({ items: [] });
  });

  it('sends bytes as they are and reads bytes back', async () => {
    const bytes = new Uint8Array([0, 255, 10, 13]);
    plane()
      .put('/v1/registries/pack/r/packs', (body: unknown) => body === Buffer.from(bytes).toString('hex'))
      .matchHeader('content-type', 'application/octet-stream')
      .reply(201, { uid: 'u', name: 'n', version: '1', digest: 'd' });
    plane()
      .get('/v1/spectroclusters/c/assets/adminKubeconfig')
      .reply(200, Buffer.from(bytes), { 'content-type': 'application/octet-stream' });
    await client().put('/v1/registries/pack/{uid}/packs', { path: { uid: 'r' }, body: bytes });
    const got = await client().get('/v1/spectroclusters/{uid}/assets/adminKubeconfig', {
      path: { uid: 'c' },
      scope: tenant,
    });
    expect([...got]).toEqual([...bytes]);
  });

  it('cannot be led to another path by a parameter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', '.', '..', '../x', '?a=b', '#x', 'a/../b', '$&')),
        async (uid) => {
          let path = '';
          const fetch = async (request: { readonly url: string }): Promise<never> => {
            path = new URL(request.url).pathname;
            throw new Error('seen');
          };
          await client({ fetch, retryAttempts: 0 })
            .get('/v1/projects/{uid}', { path: { uid } })
            .catch(() => undefined);
          if (path !== '') expect(decodeURIComponent(path.replace(/^\/v1\/projects\//, ''))).toBe(uid);
          expect(path).toMatch(/^$|^\/v1\/projects\/[^/]+$/);
        },
      ),
    );
  });

  it('keeps scopes apart when requests run side by side', async () => {
    const seen: string[] = [];
    const uids = Array.from({ length: 40 }, (_, index) => `p${index}`);
    for (const uid of uids) {
      plane()
        .get(`/v1/clusterprofiles/${uid}`)
        .delay(Number(uid.slice(1)) % 3)
        .reply(200, function answer() {
          seen.push([uid, this.req.headers['projectuid'] ?? 'tenant'].join(' '));
          return {};
        });
    }
    const one = client();
    await Promise.all(
      uids.map(async (uid, index) =>
        one.get('/v1/clusterprofiles/{uid}', { path: { uid }, scope: index % 2 === 0 ? project(uid) : tenant }),
      ),
    );
    expect(seen.toSorted()).toEqual(uids.map((uid, index) => `${uid} ${index % 2 === 0 ? uid : 'tenant'}`).toSorted());
  });

  it('shares look-ups of names at the same time, and asks again after a change', async () => {
    plane().get('/v1/registries/metadata').times(2).reply(200, { items: [] });
    plane().post('/v1/projects').reply(201, { uid: 'u' });
    const one = client();
    await Promise.all([1, 2, 3].map(async () => one.get('/v1/registries/metadata', { scope: tenant })));
    await one.post('/v1/projects', { body: { metadata: { name: 'n' } } });
    await one.get('/v1/registries/metadata', { scope: tenant });
    expect(nock.isDone()).toBe(true);
  });

  it('needs its scope, path and body where the contract does', () => {
    const calls = (one: ReturnType<typeof client>): unknown[] => [
      // @ts-expect-error the scope must be told
      one.get('/v1/clusterprofiles/{uid}', { path: { uid: 'a' } }),
      // @ts-expect-error the path has a parameter
      one.get('/v1/projects/{uid}'),
      // @ts-expect-error this path has no PATCH
      one.patch('/v1/projects/{uid}', { path: { uid: 'a' } }),
      // @ts-expect-error a reader has no body
      one.get('/v1/projects/{uid}', { path: { uid: 'a' }, body: {} }),
    ];
    expect(calls).toBeDefined();
  });
});

describe('an answer that is not success', () => {
  it('throws what the API says, with the request id', async () => {
    plane()
      .get('/v1/projects/p')
      .reply(404, { code: 'ResourceNotFound', message: 'project p is not there' }, { 'X-Request-Id': 'r-1' });
    const error = await failureOf(client().get('/v1/projects/{uid}', { path: { uid: 'p' } }));
    expect(error).toMatchObject({
      code: 'ResourceNotFound',
      status: 404,
      requestId: 'r-1',
      method: 'GET',
      path: '/v1/projects/p',
    });
    expect(isNotFound(error)).toBe(true);
    expect(error.message).toBe('GET /v1/projects/p: 404 ResourceNotFound: project p is not there. (request r-1)');
  });

  it.each([
    { status: 401, hint: /api_key.*SPECTROCLOUD_APIKEY/ },
    { status: 403, hint: /project_name/ },
    { status: 404, hint: /host.*needs a management plane/ },
    { status: 500, hint: /request id/ },
  ])('says what to do about $status', async ({ status, hint }) => {
    plane().get('/v1/users/info').reply(status, '<html>');
    const error = await failureOf(client().get('/v1/users/info'));
    expect(error).toMatchObject({ status, code: `Http${status}` });
    expect(error.hint).toMatch(hint);
  });

  it('never shows the key, even when the API answers it', async () => {
    plane()
      .get('/v1/users/info')
      .reply(401, { code: 'Unauthorized', message: `unknown key ${KEY}`, details: { given: KEY }, ref: 'x' });
    const error = await failureOf(client().get('/v1/users/info'));
    expect(
      `${error.message} ${JSON.stringify(error)} ${String(error.stack)} ${JSON.stringify(error.details)}`,
    ).not.toContain(KEY);
  });

  it('never shows the token of a bearer, with its word or without', async () => {
    plane()
      .get('/v1/users/info')
      .reply(401, { code: 'Unauthorized', message: `Bearer ${KEY}? no ${KEY} here` });
    const error = await failureOf(client({ apiKey: undefined, jwt: `Bearer ${KEY}` }).get('/v1/users/info'));
    expect(error.reason).toBe('[redacted]? no [redacted] here');
  });

  it('takes no other 2xx for success and does not send the request again', async () => {
    plane().post('/v1/projects').reply(200, { uid: 'u' });
    const error = await failureOf(client().post('/v1/projects', { body: { metadata: { name: 'n' } } }));
    expect(error).toMatchObject({ code: 'UnexpectedStatus', status: 200 });
  });

  it('does not follow a redirect with the credential', async () => {
    plane().get('/v1/users/info').reply(302, '', { location: 'https://elsewhere.test/' });
    await expect(failureOf(client().get('/v1/users/info'))).resolves.toMatchObject({
      code: 'UnexpectedStatus',
      status: 302,
    });
  });

  it('says that something else than the API answers', async () => {
    plane().get('/v1/users/info').reply(200, '<html>welcome</html>');
    const error = await failureOf(client().get('/v1/users/info'));
    expect(error.code).toBe('InvalidResponse');
    expect(error.hint).toMatch(/host/);
  });
});

describe('trying again', () => {
  it('waits as long as Retry-After says', async () => {
    plane().get('/v1/users/info').reply(429, {}, { 'Retry-After': '1' });
    plane().get('/v1/users/info').reply(200, { userUid: 'u' });
    const started = performance.now();
    await expect(client().get('/v1/users/info')).resolves.toEqual({ userUid: 'u' });
    expect(performance.now() - started).toBeGreaterThanOrEqual(990);
  });

  it('gives up at once when Retry-After goes beyond the deadline', async () => {
    plane().get('/v1/users/info').reply(503, { code: 'Busy', message: 'busy' }, { 'Retry-After': '3600' });
    await expect(failureOf(client().get('/v1/users/info'))).resolves.toMatchObject({ status: 503, code: 'Busy' });
  });

  it.each(['ECONNRESET', 'ECONNREFUSED', 'EPIPE'])('repeats a GET after %s', async (code) => {
    plane()
      .get('/v1/users/info')
      .replyWithError(Object.assign(new Error(code), { code }));
    plane().get('/v1/users/info').reply(503, {});
    plane().get('/v1/users/info').reply(200, { userUid: 'u' });
    await expect(client().get('/v1/users/info')).resolves.toEqual({ userUid: 'u' });
  });

  it('does not repeat a POST that may have been processed', async () => {
    const create = async () => failureOf(client().post('/v1/projects', { body: { metadata: { name: 'n' } } }));
    plane().post('/v1/projects').reply(500, {});
    await expect(create()).resolves.toMatchObject({ status: 500 });
    plane().post('/v1/projects').reply(502, {});
    await expect(create()).resolves.toMatchObject({ status: 502 });
    plane()
      .post('/v1/projects')
      .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    await expect(create()).resolves.toMatchObject({ code: 'Unreachable' });
  });

  it('repeats a POST that met no server', async () => {
    plane()
      .post('/v1/projects')
      .replyWithError(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    plane().post('/v1/projects').reply(201, { uid: 'u' });
    await expect(client().post('/v1/projects', { body: { metadata: { name: 'n' } } })).resolves.toEqual({ uid: 'u' });
  });

  it('stops after its tries and names the setting', async () => {
    plane()
      .get('/v1/users/info')
      .times(3)
      .replyWithError(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
    const error = await failureOf(client({ retryAttempts: 2 }).get('/v1/users/info'));
    expect(error.code).toBe('Unreachable');
    expect(error.hint).toMatch(/`host`/);
  });

  it('repeats a GET that ran out of the time for one try', async () => {
    plane().get('/v1/users/info').delay(5000).reply(200, {});
    plane().get('/v1/users/info').reply(200, { userUid: 'u' });
    await expect(client({ timeoutMs: 50 }).get('/v1/users/info')).resolves.toEqual({ userUid: 'u' });
  });

  it('does not repeat a POST that ran out of time', async () => {
    plane().post('/v1/projects').delay(5000).reply(201, { uid: 'u' });
    const error = await failureOf(
      client({ timeoutMs: 50 }).post('/v1/projects', { body: { metadata: { name: 'n' } } }),
    );
    expect(error.code).toBe('DeadlineExceeded');
  });

  it('ends with the deadline of the whole call, telling the last failure', async () => {
    plane().get('/v1/users/info').times(1000).optionally().reply(503, { code: 'Busy', message: 'busy' });
    const started = performance.now();
    const call = client({ retryAttempts: 1000, backoff: { baseMs: 30, maxMs: 30 } }).get('/v1/users/info', {
      deadlineMs: 150,
    });
    const error = await failureOf(call);
    nock.cleanAll();
    expect(['Busy', 'DeadlineExceeded']).toContain(error.code);
    expect(error.message).toContain('busy');
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('ends when the caller does, while it is on its way and while it waits', async () => {
    const controller = new AbortController();
    plane().get('/v1/users/info').delay(5000).reply(200, {});
    const onItsWay = failureOf(client().get('/v1/users/info', { signal: controller.signal }));
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(onItsWay).resolves.toMatchObject({ code: 'Aborted' });

    const waiting = new AbortController();
    plane()
      .get('/v1/users/info')
      .reply(503, () => {
        setTimeout(() => waiting.abort(new Error('enough')), 20);
        return {};
      });
    const call = client({ backoff: { baseMs: 60_000, maxMs: 60_000 }, deadlineMs: 120_000 }).get('/v1/users/info', {
      signal: waiting.signal,
    });
    await expect(failureOf(call)).resolves.toMatchObject({ code: 'Aborted' });
  });
});

describe('createClient', () => {
  it.each(['https://plane.test/', 'plane.test', 'plane.test:8443', '[::1]:8443', '127.0.0.1:1'])(
    'takes the host %s',
    (host) => {
      expect(() => createClient({ host })).not.toThrow();
    },
  );

  it.each(['', 'http://plane.test', 'plane.test/path', 'user@plane.test', 'a b'])('refuses the host "%s"', (host) => {
    expect(() => createClient({ host })).toThrow(/host must be/);
  });

  it('learns what the API offers from any answer, failures included', async () => {
    plane().get('/v1/users/info').reply(401, {}, { 'Palette-Capabilities': 'bulk-read, events' });
    const one = client();
    expect(one.offers('events')).toBeUndefined();
    await failureOf(one.get('/v1/users/info'));
    expect([one.offers('events'), one.offers('bulk-read')]).toEqual([true, true]);
  });
});
