import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { sha256 } from '#core/digest';
import { openPackArchive } from '#packs/index';
import { generateKeyPair, readPrivateKey, signBlob } from '#packs/signature/index';

import { indexCharts, packageCharts, serveFolder, type FileServer } from '../support/chart-repository.ts';
import { temporaryFolder } from '../support/palette.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { startTestPlane, type TestPlane } from './fleet-plane.ts';
import { createHelmRegistry, synced } from './registry-support.ts';

jest.setTimeout(60_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: FileServer;
let postgres: TestPostgres;
let plane: TestPlane;

beforeAll(async () => {
  folder = await temporaryFolder('charts');
  await packageCharts(folder.dir, [
    { name: 'web', version: '1.0.0' },
    { name: 'web', version: '1.1.0', values: '# How many.\nreplicas: 3\n', readme: '# Web\n' },
    { name: 'store', version: '2.0.0' },
  ]);
  await indexCharts(folder.dir);
  server = await serveFolder(folder.dir);
  // The other suites of registries run over the embedded database.
  postgres = await startPostgres();
  const location = { kind: 'postgres', url: await postgres.createDatabase('registries') } as const;
  plane = await startTestPlane({
    location,
    registries: { http: { backoff: { baseMs: 1, maxMs: 5 }, silenceMs: 1000 } },
  });
}, 700_000);

afterAll(async () => {
  await plane?.stop();
  await postgres?.stop();
  await server?.stop();
  await folder?.remove();
});

describe('a chart repository', () => {
  let uid: string;

  it('is looked into when it is registered', async () => {
    uid = await createHelmRegistry(plane, 'charts', server.url);
    expect(await synced(plane, `/v1/registries/helm/${uid}/sync/status`)).toMatchObject({
      status: 'Success',
      message: '',
      isSyncSupported: true,
      lastSyncedTime: expect.any(String),
    });
    const found = await plane.call('/v1/packs/search', {
      method: 'POST',
      body: { filter: { type: ['helm'], registryUid: [uid] } },
    });
    expect(found.body.items.map((item: { spec: object }) => item.spec)).toMatchObject([
      { name: 'store', type: 'helm', layer: 'addon', registries: [{ name: 'charts', latestVersion: '2.0.0' }] },
      { name: 'web', registries: [{ latestVersion: '1.1.0' }] },
    ]);
  });

  it('is read without its secrets and is listed with the others', async () => {
    expect((await plane.call(`/v1/registries/helm/${uid}`)).body).toMatchObject({
      metadata: { uid, name: 'charts' },
      spec: { endpoint: server.url, auth: { type: 'noAuth' }, isPrivate: false },
      status: { helmSyncStatus: { status: 'Success' } },
    });
    for (const path of ['/v1/registries/helm', '/v1/registries/helm/summary', '/v1/registries/metadata'])
      expect(JSON.stringify((await plane.call(path)).body)).toContain(uid);
  });

  it('gives the versions of a chart; the archive comes when its values are read', async () => {
    const before = server.requests.length;
    const pages = await plane.call(`/v1/packs?filters=spec.registryUid=${uid}&limit=2`);
    expect(pages.body.listmeta).toMatchObject({ count: 3, continue: '2' });
    const { body } = await plane.call(`/v1/packs/web/registries/${uid}`);
    expect(body).toMatchObject({ name: 'web', type: 'helm', tags: [{ tag: '1.1.0' }, { tag: '1.0.0' }] });
    expect(body.packValues[0]).toMatchObject({ readme: '# Web\n', values: expect.stringContaining('# How many.') });
    expect(server.requests.slice(before)).toContain('/web-1.1.0.tgz');
    const [{ packUid }] = body.tags;
    expect((await plane.call(`/v1/packs/${packUid}/readme`)).body).toEqual({ readme: '# Web\n' });
    const content = await plane.call(`/v1/packs/${packUid}/content`);
    expect(content.headers.get('etag')).toBe(`"${sha256(content.bytes)}"`);
    const pack = await openPackArchive(content.bytes);
    expect(pack).toMatchObject({ name: 'web', version: '1.1.0' });
    expect(sha256(pack.files.get('charts/web-1.1.0.tgz') ?? '')).toBe(
      sha256(await readFile(join(folder.dir, 'web-1.1.0.tgz'))),
    );
  });

  it('gives charts to profiles, by version, by series, and without a version', async () => {
    const create = async (packs: readonly object[]): Promise<{ status: number; body: { uid: string } }> =>
      plane.call('/v1/clusterprofiles', {
        method: 'POST',
        body: { metadata: { name: `p${Math.random()}` }, spec: { template: { type: 'add-on', packs } } },
      });
    const created = await create([
      { name: 'store', type: 'helm', tag: '2.0.0', registryUid: uid, values: '' },
      { name: 'web', type: 'helm', tag: '1.x', registryUid: uid, values: '' },
      { name: 'second--web', type: 'helm', tag: '1.0.0', values: '' },
    ]);
    expect(created.status).toBe(201);
    const { body } = await plane.call(`/v1/clusterprofiles/${created.body.uid}`);
    expect(body.spec.draft.packs).toMatchObject([
      { name: 'store', type: 'helm', version: '2.0.0', digest: expect.stringMatching(/^sha256:/), registryUid: uid },
      { name: 'web', version: '1.1.0' },
      { name: 'second--web', version: '1.0.0' },
    ]);
    expect(await create([{ name: 'web', type: 'helm', tag: '9.9.9', registryUid: uid, values: '' }])).toMatchObject({
      status: 422,
      body: { code: 'RegistryNotFound', message: 'registry charts has no web 9.9.9' },
    });
    expect(await plane.call(`/v1/registries/helm/${uid}`, { method: 'DELETE' })).toMatchObject({
      status: 409,
      body: { code: 'RegistryInUse', message: expect.stringContaining('has pack store') },
    });
  });

  it('finds new versions and forgets those that are gone; what a profile may name stays', async () => {
    await packageCharts(folder.dir, [{ name: 'new', version: '0.1.0' }]);
    await rm(join(folder.dir, 'store-2.0.0.tgz'));
    await indexCharts(folder.dir);
    expect((await plane.call(`/v1/registries/helm/${uid}/sync`, { method: 'POST' })).status).toBe(202);
    await synced(plane, `/v1/registries/helm/${uid}/sync/status`);
    const { body } = await plane.call(`/v1/packs?filters=spec.registryUid=${uid}`);
    expect(body.items.map((item: { spec: { name: string } }) => item.spec.name)).toEqual([
      'new',
      'store',
      'web',
      'web',
    ]);
  });

  it('is not read again while nothing changed', async () => {
    await plane.call(`/v1/registries/helm/${uid}/sync`, { method: 'POST' });
    await synced(plane, `/v1/registries/helm/${uid}/sync/status`);
    expect(server.headers.get('/index.yaml')).toMatchObject({ 'if-none-match': expect.any(String) });
    const { body } = await plane.call(`/v1/packs?filters=spec.registryUid=${uid}`);
    expect(body.items).toHaveLength(4);
  });

  it('is looked into from the beginning after a run that was killed, and counts no version twice', async () => {
    await plane.database.forTenant(plane.tenantUid).transaction(async (tx) =>
      tx.execute(
        `UPDATE registries SET sync_status = 'InProgress', sync_run = sync_run + 1, sync_lease_until = now() - interval '1 s',
             sync_cursor = '{"done": 99999, "skipped": 4, "finished": false}' WHERE uid = $1`,
        [uid],
      ),
    );
    await plane.call(`/v1/registries/helm/${uid}/sync`, { method: 'POST' });
    expect(await synced(plane, `/v1/registries/helm/${uid}/sync/status`)).toMatchObject({
      status: 'Success',
      message: '',
    });
  });

  it('keeps labels that are changed alone, and is not looked into for them', async () => {
    const path = `/v1/registries/helm/${uid}`;
    const { body: before } = await plane.call(path);
    const reads = server.requests.filter((request) => request === '/index.yaml').length;
    const metadata = { ...before.metadata, labels: { team: 'web' }, annotations: { note: 'x' } };
    const put = await plane.call(path, { method: 'PUT', body: { metadata, spec: before.spec } });
    expect(put).toMatchObject({ status: 204 });
    const { body: after } = await plane.call(path);
    expect(after.metadata).toMatchObject({ labels: { team: 'web' }, annotations: { note: 'x' } });
    expect(after.status.helmSyncStatus).toEqual(before.status.helmSyncStatus);
    expect(server.requests.filter((request) => request === '/index.yaml')).toHaveLength(reads);
  });

  it('takes signed charts alone when keys are given', async () => {
    const keys = await generateKeyPair('');
    const registry = await createHelmRegistry(plane, 'signed', server.url);
    await synced(plane, `/v1/registries/helm/${registry}/sync/status`);
    const settings = { method: 'PUT', body: { publicKeys: [keys.publicKey] }, headers: { projectuid: '' } };
    expect((await plane.call(`/v1/registries/${registry}/settings`, settings)).status).toBe(204);
    const create = async (): Promise<object> =>
      plane.call('/v1/clusterprofiles', {
        method: 'POST',
        body: {
          metadata: { name: 'signed' },
          spec: {
            template: {
              type: 'add-on',
              packs: [{ name: 'new', type: 'helm', tag: '0.1.0', registryUid: registry, values: '' }],
            },
          },
        },
      });
    expect(await create()).toMatchObject({
      status: 422,
      body: { code: 'SignatureRequired', message: expect.stringMatching(/is not signed/) },
    });
    const file = join(folder.dir, 'new-0.1.0.tgz');
    const key = await readPrivateKey(keys.privateKey, '');
    await writeFile(`${file}.sig`, signBlob(Buffer.from('something else'), key));
    expect(await create()).toMatchObject({
      status: 422,
      body: { code: 'SignatureRequired', message: expect.stringMatching(/trusted key/) },
    });
    await writeFile(`${file}.sig`, signBlob(await readFile(file), key));
    expect(await create()).toMatchObject({ status: 201 });
  });

  it('is removed with what was found in it', async () => {
    const other = await createHelmRegistry(plane, 'other', server.url);
    await synced(plane, `/v1/registries/helm/${other}/sync/status`);
    expect((await plane.call(`/v1/registries/helm/${other}`, { method: 'DELETE' })).status).toBe(204);
    expect((await plane.call(`/v1/registries/helm/${other}`)).status).toBe(404);
    expect((await plane.call(`/v1/packs?filters=spec.registryUid=${other}`)).body.items).toEqual([]);
  });
});
