/** Requests under idempotency keys through HTTPS and the typed client; run over each database. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { withIdempotency, type ClientOptions, type Fetch, type PaletteClient, type Scope } from '#openapi/client/index';
import { createHttpsFetch } from '#openapi/client/https-fetch';
import { startWholePlane, type TestPlane, type TestPlaneOptions } from '#test/support/plane';

const tenant = { kind: 'tenant' } as const;

let counter = 0;
/** A name, or a key, that no other test uses. */
function unique(prefix: string): string {
  return `${prefix}-${++counter}`;
}

interface Target {
  readonly client: PaletteClient;
  readonly scope: Scope;
  readonly clusterUid: string;
  readonly profileUid: string;
  readonly projectUid: string;
}

/** Creates something under a key; `twist` makes another body of it. Answers what the API did. */
type Create = (target: Target, idempotencyKey: string, twist: string) => Promise<{ readonly uid?: string } | void>;

const creates: Readonly<Record<string, Create>> = {
  project: async ({ client }, idempotencyKey, twist) =>
    client.post('/v1/projects', { body: { metadata: { name: `p-${idempotencyKey}${twist}` } }, idempotencyKey }),
  'cluster profile': async ({ client, scope }, idempotencyKey, twist) =>
    client.post('/v1/clusterprofiles', {
      scope,
      body: { metadata: { name: `p-${idempotencyKey}${twist}` }, spec: { template: { type: 'add-on', packs: [] } } },
      idempotencyKey,
    }),
  'copy of a cluster profile': async ({ client, scope, profileUid }, idempotencyKey, twist) =>
    client.post('/v1/clusterprofiles/{uid}/clone', {
      path: { uid: profileUid },
      scope,
      body: { metadata: { name: `copy-${idempotencyKey}${twist}` } },
      idempotencyKey,
    }),
  cluster: async ({ client, scope }, idempotencyKey, twist) =>
    client.post('/v1/spectroclusters/generic/import', {
      scope,
      body: { metadata: { name: `c-${idempotencyKey}${twist}` } },
      idempotencyKey,
    }),
  'backup schedule': async ({ client, scope, clusterUid }, idempotencyKey, twist) =>
    client.post('/v1/spectroclusters/{uid}/features/backup', {
      path: { uid: clusterUid },
      scope,
      body: { backupPrefix: `b${twist}` },
      idempotencyKey,
    }),
  'registration token': async ({ client }, idempotencyKey, twist) =>
    client.post('/v1/edgehosts/tokens', {
      body: { metadata: { name: `t-${idempotencyKey}${twist}` } },
      idempotencyKey,
    }),
  'cloud account': async ({ client, scope }, idempotencyKey, twist) =>
    client.post('/v1/cloudaccounts/aws', {
      scope,
      body: {
        metadata: { name: `a-${idempotencyKey}${twist}` },
        spec: { credentialType: 'secret', partition: 'aws', accessKey: 'AKIA', secretKey: 'secret' },
      },
      idempotencyKey,
    }),
  macro: async ({ client, projectUid }, idempotencyKey, twist) =>
    client.post('/v1/projects/{uid}/macros', {
      path: { uid: projectUid },
      scope: tenant,
      body: { macros: [{ name: `m${idempotencyKey}${twist}`, value: '1' }] },
      idempotencyKey,
    }),
  'API key, whose secret is answered again': async ({ client }, idempotencyKey, twist) =>
    client.post('/v1/apiKeys', { body: { metadata: { name: `k-${idempotencyKey}${twist}` } }, idempotencyKey }),
};

export function describeIdempotency(name: string, database: () => Promise<TestPlaneOptions['database']>): void {
  describe(`idempotency keys over ${name}`, () => {
    let plane: TestPlane;
    let target: Target;
    let client: PaletteClient;
    let lastHeaders: Readonly<Record<string, unknown>> = {};
    let close: () => void = () => undefined;

    beforeAll(async () => {
      plane = await startWholePlane({ tenants: ['other'], database: await database() });
      const way = createHttpsFetch({ ca: plane.ca });
      close = () => way.close();
      const fetch: Fetch = async (request) => {
        const response = await way.fetch(request);
        lastHeaders = response.headers;
        return response;
      };
      client = plane.client({ fetch });
      const { uid: projectUid } = await client.post('/v1/projects', { body: { metadata: { name: unique('home') } } });
      const scope = { kind: 'project', projectUid } as const;
      const { uid: clusterUid } = await client.post('/v1/spectroclusters/generic/import', {
        scope,
        body: { metadata: { name: 'home' } },
      });
      const { uid: profileUid } = await client.post('/v1/clusterprofiles', {
        scope,
        body: { metadata: { name: 'home' }, spec: { template: { type: 'add-on', packs: [] } } },
      });
      target = { client, scope, projectUid, clusterUid, profileUid };
    }, 120_000);
    afterAll(async () => {
      close();
      await plane?.stop();
    }, 30_000);

    const project = async (by: PaletteClient, projectName: string, idempotencyKey: string): Promise<string> =>
      (await by.post('/v1/projects', { body: { metadata: { name: projectName } }, idempotencyKey })).uid;
    const projectsNamed = async (projectName: string): Promise<number> => {
      // A client of its own: the other one shares lists of names for some seconds.
      const { items } = await plane.client().get('/v1/dashboard/projects/metadata', { query: { name: projectName } });
      return items.length;
    };
    const patient: Partial<ClientOptions> = { retryAttempts: 3, backoff: { baseMs: 1, maxMs: 5 } };

    it('are offered', () => {
      expect(client.offers('idempotency')).toBe(true);
    });

    it.each(Object.entries(creates))(
      'make one %s of two requests, and answer the second as the first',
      async (_what, create) => {
        const key = unique('twice');
        const first = await create(target, key, '');
        expect(lastHeaders['idempotency-replayed']).toBeUndefined();
        const second = await create(target, key, '');
        expect(second).toEqual(first);
        expect(lastHeaders['idempotency-replayed']).toBe('true');
        // Whoever asks for something else by now learns what came of the first request.
        expect(await create(target, key, '-other')).toEqual(first);
      },
    );

    it('of a refused request stay free: it may be corrected and sent under the same one', async () => {
      const taken = unique('taken');
      await project(client, taken, unique('key'));
      const key = unique('refused');
      await expect(project(client, taken, key)).rejects.toMatchObject({ status: 409, code: 'DuplicateName' });
      await expect(project(client, ' ', key)).rejects.toMatchObject({ status: 422 });
      const uid = await project(client, unique('free'), key);
      expect(await project(client, taken, key)).toBe(uid);
    });

    it('that were used for something else are refused, and say for what', async () => {
      const key = unique('elsewhere');
      const into = async (scope: Scope): Promise<unknown> =>
        client.post('/v1/clusterprofiles', {
          scope,
          body: { metadata: { name: key }, spec: { template: { type: 'add-on', packs: [] } } },
          idempotencyKey: key,
        });
      await into(target.scope);
      await expect(project(client, unique('project'), key)).rejects.toMatchObject({
        status: 422,
        code: 'IdempotencyKeyReused',
        message: expect.stringMatching(
          /POST \/v1\/clusterprofiles in project [0-9a-f]{24} before; this is POST \/v1\/projects in the tenant/,
        ),
        details: { request: 'POST /v1/clusterprofiles', projectUid: target.projectUid },
      });
      await expect(into(tenant)).rejects.toMatchObject({ status: 422, code: 'IdempotencyKeyReused' });
    });

    it('make one object of requests that come at the same time', async () => {
      const key = unique('crowd');
      const crowd = Array.from({ length: 8 }, async () => project(plane.client(patient), key, key));
      expect(new Set(await Promise.all(crowd)).size).toBe(1);
      expect(await projectsNamed(key)).toBe(1);
    });

    it('belong to their user: others may use the same', async () => {
      const key = unique('mine');
      const mine = await project(client, key, key);
      const other = plane.client({ apiKey: plane.keys.get('other') });
      const theirs = await project(other, key, key);
      expect(theirs).not.toBe(mine);
      expect(await project(other, unique('any'), key)).toBe(theirs);
    });

    it.each([
      { what: 'too long', key: 'x'.repeat(256) },
      { what: 'empty', key: '' },
    ])('are refused when they are $what', async ({ key }) => {
      const way = createHttpsFetch({ ca: plane.ca });
      const response = await way.fetch({
        method: 'POST',
        url: `https://${plane.host}/v1/projects`,
        headers: { ApiKey: plane.apiKey, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ metadata: { name: unique('never') } }),
        signal: AbortSignal.timeout(10_000),
      });
      let text = '';
      for await (const chunk of response.body) text += Buffer.from(chunk).toString();
      way.close();
      expect([response.status, JSON.parse(text)]).toMatchObject([422, { code: 'InvalidRequest' }]);
    });

    it('bring back an answer that was lost on the way: nothing is made twice, nothing is refused', async () => {
      const projectName = unique('lost');
      let lost = 0;
      const way = createHttpsFetch({ ca: plane.ca });
      const careless = plane.client({
        ...patient,
        fetch: async (request) => {
          const response = await way.fetch(request);
          if (request.method !== 'POST' || lost === 2) return response;
          lost++;
          let size = 0;
          for await (const chunk of response.body) size += chunk.length;
          expect(size).toBeGreaterThan(0);
          throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
        },
      });
      await careless.get('/v1/users/info');
      const once = withIdempotency(careless, unique('run'));
      const { uid } = await once.post('/v1/projects', { body: { metadata: { name: projectName } } });
      way.close();
      expect(lost).toBe(2);
      expect(await client.get('/v1/projects/{uid}', { path: { uid } })).toMatchObject({
        metadata: { name: projectName },
      });
      expect(await projectsNamed(projectName)).toBe(1);
    });

    it('let work that began before go on: a client of the same base does only the rest', async () => {
      const base = unique('work');
      const work = async (steps: number): Promise<string[]> => {
        const once = withIdempotency(client, base);
        const made: string[] = [];
        for (let step = 0; step < steps; step++)
          made.push((await once.post('/v1/projects', { body: { metadata: { name: unique('step') } } })).uid);
        return made;
      };
      const begun = await work(2);
      const done = await work(3);
      expect(done.slice(0, 2)).toEqual(begun);
      expect(new Set(done).size).toBe(3);
    });
  });
}
