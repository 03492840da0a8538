/** The plane's own registry, registries of other planes, and what survives a plane. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { sha256 } from '#core/digest';
import { generateKeyPair, readPrivateKey, signBlob } from '#packs/signature/index';
import { clearBlobs } from '#plane/domain/registries/clear-blobs';
import { newUid } from '#plane/store/uid';

import { serveFolder } from '../support/chart-repository.ts';
import { temporaryFolder } from '../support/palette.ts';
import { startWholePlane } from '../support/plane.ts';
import { packBytes } from './fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from './fleet-plane.ts';
import { eventually } from './fleet-support.ts';
import { createHelmRegistry, synced } from './registry-support.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

jest.setTimeout(60_000);

let plane: TestPlane;
let own: string;

const tenant = { projectuid: '' };

beforeAll(async () => {
  plane = await startTestPlane({ registries: { http: { backoff: { baseMs: 1, maxMs: 5 }, silenceMs: 60_000 } } });
  const { body } = await plane.call('/v1/registries/metadata');
  own = body.items[0].uid;
});

afterAll(async () => plane?.stop());

async function push(bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return plane.call(`/v1/registries/pack/${own}/packs`, { method: 'PUT', bytes, headers });
}

async function set(settings: object): Promise<void> {
  const answer = await plane.call(`/v1/registries/${own}/settings`, { method: 'PUT', body: settings, headers: tenant });
  expect(answer).toMatchObject({ status: 204 });
}

describe("the plane's own registry", () => {
  it('holds no more than its quota', async () => {
    await set({ quotaBytes: 1000 });
    const first = packBytes({ name: 'small' });
    expect(await push(first)).toMatchObject({ status: 201 });
    const { body } = await plane.call(`/v1/registries/${own}/settings`);
    expect(body).toMatchObject({ quotaBytes: 1000, usedBytes: expect.any(Number) });
    await set({ quotaBytes: body.usedBytes });
    const refused = await push(packBytes({ name: 'another' }));
    expect(refused).toMatchObject({
      status: 403,
      body: { code: 'QuotaExceeded', details: { usedBytes: body.usedBytes, quotaBytes: body.usedBytes } },
    });
    expect(await push(first)).toMatchObject({ status: 201 });
    await set({});
  });

  it('is read and pushed to by the projects that may', async () => {
    await set({ pushProjects: [] });
    expect(await push(packBytes({ name: 'pushed' }))).toMatchObject({ status: 403, body: { code: 'PushNotAllowed' } });
    expect(await push(packBytes({ name: 'pushed' }), tenant)).toMatchObject({ status: 201 });
    await set({ pushProjects: [plane.projectUid] });
    expect(await push(packBytes({ name: 'pushed' }))).toMatchObject({ status: 201 });

    const { body: before } = await plane.call('/v1/packs?filters=spec.name=pushed');
    const [{ metadata }] = before.items;
    await set({ readProjects: [] });
    for (const path of ['/v1/packs', '/v1/registries/metadata', '/v1/registries/pack'])
      expect((await plane.call(path)).body.items).toEqual([]);
    for (const path of [`/v1/packs/${metadata.uid}`, `/v1/packs/${metadata.uid}/content`, `/v1/registries/pack/${own}`])
      expect(await plane.call(path)).toMatchObject({ status: 404 });
    const profile = (pack: object): object => ({
      metadata: { name: 'hidden' },
      spec: { template: { type: 'add-on', packs: [{ name: 'pushed', values: '', ...pack }] } },
    });
    for (const pack of [{ tag: '1.0.0' }, { uid: metadata.uid }, { tag: '1.0.0', registryUid: own }])
      expect(await plane.call('/v1/clusterprofiles', { method: 'POST', body: profile(pack) })).toMatchObject({
        status: 422,
      });
    expect((await plane.call('/v1/packs', { headers: tenant })).body.items).not.toEqual([]);
    await set({});
  });

  it('lets the tenant alone decide who may', async () => {
    const answer = await plane.call(`/v1/registries/${own}/settings`, { method: 'PUT', body: {} });
    expect(answer).toMatchObject({ status: 403, body: { code: 'TenantOnly' } });
    const wrong = { method: 'PUT', headers: tenant };
    for (const body of [{ readProjects: [newUid()] }, { publicKeys: ['no key'] }])
      expect(await plane.call(`/v1/registries/${own}/settings`, { ...wrong, body })).toMatchObject({ status: 422 });
  });

  it('takes signed packs alone when keys are given, and hands the signature on', async () => {
    const keys = await generateKeyPair('');
    const key = await readPrivateKey(keys.privateKey, '');
    await set({ publicKeys: [keys.publicKey] });
    const bytes = packBytes({ name: 'signed' });
    expect(await push(bytes)).toMatchObject({ status: 422, body: { code: 'SignatureRequired' } });
    expect(await push(bytes, { 'palette-signature': signBlob(Buffer.from('x'), key) })).toMatchObject({
      status: 422,
      body: { code: 'SignatureRequired' },
    });
    const signature = signBlob(bytes, key);
    const pushed = await push(bytes, { 'palette-signature': signature });
    expect(pushed).toMatchObject({ status: 201, body: { digest: sha256(bytes) } });
    const content = await plane.call(`/v1/packs/${pushed.body.uid}/content`);
    expect(content.headers.get('palette-signature')).toBe(signature);
    expect(sha256(content.bytes)).toBe(sha256(bytes));
    await set({});
  });

  it('gives up a pack that nobody names, and its archive after a while', async () => {
    const { body: used } = await push(packBytes({ name: 'used' }));
    const made = await plane.call('/v1/clusterprofiles', {
      method: 'POST',
      body: {
        metadata: { name: 'user' },
        spec: { template: { type: 'add-on', packs: [{ name: 'used', tag: '1.0.0', values: '' }] } },
      },
    });
    expect(made.status).toBe(201);
    const remove = async (name: string): Promise<Answer> =>
      plane.call(`/v1/registries/pack/${own}/packs/${name}/1.0.0`, { method: 'DELETE' });
    expect(await remove('used')).toMatchObject({
      status: 409,
      body: { code: 'PackInUse', message: expect.stringContaining('cluster profile user 1.0.0') },
    });
    const { body: gone } = await push(packBytes({ name: 'gone' }));
    expect(await remove('gone')).toMatchObject({ status: 204 });
    expect(await remove('gone')).toMatchObject({ status: 404 });
    const blobs = async (): Promise<string[]> => {
      const rows = await plane.database
        .asSystem()
        .transaction(async (tx) => tx.query<{ digest: string }>('SELECT digest FROM pack_blobs'));
      return rows.map(({ digest }) => digest);
    };
    const clear = async (at: Date): Promise<number> =>
      plane.database.asSystem().transaction(async (tx) => clearBlobs(tx, at));
    expect(await clear(new Date())).toBe(0);
    expect(await clear(new Date(Date.now() + 7_200_000))).toBe(1);
    expect(await blobs()).toContain(used.digest);
    expect(await blobs()).not.toContain(gone.digest);
  });

  it('cannot be removed, and packs are not pushed to others', async () => {
    expect(await plane.call(`/v1/registries/${own}`, { method: 'DELETE' })).toMatchObject({ status: 422 });
    const created = await plane.call('/v1/registries/pack?skipPackSync=true', {
      method: 'POST',
      body: { metadata: { name: 'elsewhere' }, spec: { endpoint: 'https://packs.invalid', auth: { type: 'noAuth' } } },
    });
    const { uid } = created.body;
    const answer = await plane.call(`/v1/registries/pack/${uid}/packs`, {
      method: 'PUT',
      bytes: packBytes({ name: 'x' }),
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'RegistryNotOwn' } });
    expect(
      await plane.call('/v1/registries/helm', {
        method: 'POST',
        body: { metadata: { name: 'elsewhere' }, spec: { endpoint: 'https://x.invalid', auth: { type: 'noAuth' } } },
      }),
    ).toMatchObject({ status: 409, body: { code: 'RegistryNameTaken' } });
    expect(await plane.call(`/v1/registries/pack/${uid}`, { method: 'DELETE' })).toMatchObject({ status: 204 });
  });
});

describe('the registry of another plane', () => {
  it('is read with an API key of that plane, packs as they are there', async () => {
    const other = await startWholePlane();
    const client = other.client();
    try {
      const scope = { kind: 'tenant' } as const;
      const { items } = await client.get('/v1/registries/metadata', { scope });
      const theirs = items[0]?.uid ?? '';
      const pushed = await client.put('/v1/registries/pack/{uid}/packs', {
        path: { uid: theirs },
        body: packBytes({ name: 'shared' }),
        scope,
      });
      const endpoint = `https://${other.host}/v1/registries/pack/${theirs}`;
      const auth = { type: 'token', token: other.apiKey, tls: { ca: other.ca } };
      const validate = async (given: object): Promise<Answer> =>
        plane.call('/v1/registries/pack/validate', { method: 'POST', body: { endpoint, auth: given } });
      expect(await validate({ ...auth, token: 'wrong' })).toMatchObject({
        status: 422,
        body: { code: 'RegistryUnauthorized' },
      });
      expect(await validate(auth)).toMatchObject({ status: 204 });
      const body = { metadata: { name: 'theirs' }, spec: { endpoint, auth } };
      const { uid } = (await plane.call('/v1/registries/pack', { method: 'POST', body })).body;
      await synced(plane, `/v1/registries/pack/${uid}/sync/status`);
      const found = await plane.call(`/v1/packs?filters=spec.registryUid=${uid}`);
      expect(found.body.items).toMatchObject([{ spec: { name: 'shared', version: '1.0.0', digest: pushed.digest } }]);
    } finally {
      client.close();
      await other.stop();
    }
  });
});

describe('looking into a registry', () => {
  it('goes on in another process when the first one ends', async () => {
    const folder = await temporaryFolder('resume');
    const server = await serveFolder(folder.dir);
    await writeFile(
      join(folder.dir, 'index.yaml'),
      'apiVersion: v1\nentries:\n  web:\n  - name: web\n    version: 1.0.0\n    urls:\n    - web-1.0.0.tgz\n',
    );
    let clock = Date.now();
    const options = { now: () => new Date(clock), registries: { http: { silenceMs: 60_000 } } };
    const first = await startTestPlane(options);
    try {
      server.intercept = () => true; // it hangs, and the process ends meanwhile
      const uid = await createHelmRegistry(first, 'slow', server.url);
      await eventually('it is being looked into', () => server.requests.includes('/index.yaml'));
      const status = `/v1/registries/helm/${uid}/sync/status`;
      expect((await first.call(status)).body).toMatchObject({ status: 'InProgress' });
      await first.fleet.stop();
      server.intercept = () => false;
      clock += 120_000;
      const second = await startTestPlane({ ...options, replicaOf: first });
      try {
        await synced(first, status);
        expect((await first.call(`/v1/packs?filters=spec.registryUid=${uid}`)).body.items).toHaveLength(1);
      } finally {
        await second.stop();
      }
    } finally {
      await first.stop();
      await server.stop();
      await folder.remove();
    }
  });
});
