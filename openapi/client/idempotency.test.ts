import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createClient } from './client.ts';
import { originOf } from './derived.ts';
import { ApiError } from './errors.ts';
import type { Fetch, HttpResponse } from './https-fetch.ts';
import { withIdempotency } from './idempotency.ts';

interface Sent {
  readonly path: string;
  readonly key: string | undefined;
}

/** An API that answers as told, one try after the other; the last answer stands for all that follow. */
function api(...answers: readonly (number | 'broken')[]): {
  readonly fetch: Fetch;
  readonly sent: Sent[];
  readonly offers: (capabilities: string) => void;
} {
  const sent: Sent[] = [];
  let capabilities = '';
  const fetch: Fetch = async ({ url, headers }) => {
    sent.push({ path: new URL(url).pathname, key: headers['idempotency-key'] });
    const answer = answers[Math.min(sent.length, answers.length) - 1] ?? 200;
    if (answer === 'broken') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    return Promise.resolve({
      status: answer,
      headers: { 'palette-capabilities': capabilities },
      body: (async function* () {
        yield Buffer.from(JSON.stringify({ uid: 'u', items: [] }));
      })(),
    } satisfies HttpResponse);
  };
  return { fetch, sent, offers: (value) => void (capabilities = value) };
}

const clientOf = (fetch: Fetch) =>
  createClient({ host: 'plane.test', apiKey: 'k', fetch, env: {}, backoff: { baseMs: 1, maxMs: 2 }, retryAttempts: 3 });
const body = { metadata: { name: 'n' } };

describe('a POST with an idempotency key', () => {
  it('is sent again with the key when its answer was lost, where the API knows keys', async () => {
    const { fetch, sent, offers } = api(200, 'broken', 502, 201);
    offers('events, idempotency');
    const client = clientOf(fetch);
    await client.get('/v1/users/info');
    await expect(client.post('/v1/projects', { body, idempotencyKey: 'once' })).resolves.toMatchObject({ uid: 'u' });
    expect(sent.slice(1)).toEqual(Array.from({ length: 3 }, () => ({ path: '/v1/projects', key: 'once' })));
  });

  it.each([
    { name: 'the API knows no keys', capabilities: 'events', idempotencyKey: 'once' },
    { name: 'nobody gave a key', capabilities: 'idempotency', idempotencyKey: undefined },
  ])('is not sent again when $name', async ({ capabilities, idempotencyKey }) => {
    const { fetch, sent, offers } = api(200, 'broken', 201);
    offers(capabilities);
    const client = clientOf(fetch);
    await client.get('/v1/users/info');
    await expect(client.post('/v1/projects', { body, idempotencyKey })).rejects.toBeInstanceOf(ApiError);
    expect(sent).toHaveLength(2);
  });

  it.each(['', 'ä', 'a\nb', 'x'.repeat(256)])('is refused with a key that none can be: %j', async (idempotencyKey) => {
    const { fetch, sent } = api(201);
    await expect(clientOf(fetch).post('/v1/projects', { body, idempotencyKey })).rejects.toThrow(/idempotency key/);
    expect(sent).toEqual([]);
  });

  it('is a POST: other methods need none', async () => {
    const { fetch } = api(200);
    await expect(clientOf(fetch).get('/v1/users/info', { idempotencyKey: 'x' })).rejects.toThrow(/belongs to a POST/);
  });
});

describe('withIdempotency', () => {
  it('names each call by its operation and how many came before, and leaves other methods alone', async () => {
    const { fetch, sent } = api(201);
    const once = withIdempotency(clientOf(fetch), 'base/1');
    const backup = async (uid: string): Promise<unknown> =>
      once.post('/v1/spectroclusters/{uid}/features/backup', {
        path: { uid },
        body: {},
        scope: { kind: 'tenant' },
      });
    await once.post('/v1/projects', { body });
    await backup('a');
    await once.post('/v1/projects', { body });
    await backup('b');
    await once.post('/v1/projects', { body, idempotencyKey: 'own' });
    await once.get('/v1/users/info').catch(() => undefined);
    expect(sent).toEqual([
      { path: '/v1/projects', key: 'base/1/POST /v1/projects#1' },
      { path: '/v1/spectroclusters/a/features/backup', key: 'base/1/POST /v1/spectroclusters/{uid}/features/backup#1' },
      { path: '/v1/projects', key: 'base/1/POST /v1/projects#2' },
      { path: '/v1/spectroclusters/b/features/backup', key: 'base/1/POST /v1/spectroclusters/{uid}/features/backup#2' },
      { path: '/v1/projects', key: 'own' },
      { path: '/v1/users/info', key: undefined },
    ]);
  });

  it('shares what is kept for the client that it was made of', () => {
    const client = clientOf(api(201).fetch);
    expect(originOf(withIdempotency(withIdempotency(client, 'a'), 'b'))).toBe(client);
    expect(originOf(client)).toBe(client);
  });

  it('takes any base that it does not refuse at once, whatever is called', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 140 }), async (base) => {
        const { fetch, sent } = api(201);
        const client = clientOf(fetch);
        const fits = /^[ -~]{1,120}$/.test(base);
        if (!fits) {
          expect(() => withIdempotency(client, base)).toThrow(TypeError);
          return;
        }
        await withIdempotency(client, base).post('/v1/spectroclusters/{uid}/features/complianceScan', {
          path: { uid: 'c' },
          body: {},
          scope: { kind: 'tenant' },
        });
        expect(sent[0]?.key?.length).toBeLessThanOrEqual(255);
      }),
    );
  });
});
