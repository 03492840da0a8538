import { createServer, type Server } from 'node:http';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { sha256 } from '#core/digest';
import {
  generateKeyPair,
  readPrivateKey,
  SIGNATURE_ANNOTATION,
  signatureTag,
  signManifest,
  SIMPLE_SIGNING_MEDIA_TYPE,
} from '#packs/signature/index';

import { packageCharts } from '../support/chart-repository.ts';
import {
  manifestDigest,
  pushArtifact,
  pushCharts,
  startDoorkeeper,
  startOciRegistry,
  type OciRegistry,
} from '../support/oci-registry.ts';
import { temporaryFolder } from '../support/palette.ts';
import { packBytes } from './fleet-packs.ts';
import { startTestPlane, type TestPlane } from './fleet-plane.ts';
import { synced } from './registry-support.ts';

jest.setTimeout(60_000);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let registry: OciRegistry;
let aws: Server;
let awsCalls: { readonly target: string; readonly authorization: string; readonly body: string }[];
let plane: TestPlane;

beforeAll(async () => {
  folder = await temporaryFolder('oci');
  registry = await startOciRegistry();
  const charts = await packageCharts(folder.dir, [
    { name: 'web', version: '1.0.0' },
    { name: 'web', version: '1.2.0+build.7' },
    { name: 'store', version: '2.0.0' },
  ]);
  await pushCharts(registry.host, 'team/charts', charts, folder.dir);
  await pushArtifact(registry.host, 'team/charts/image', 'v1.0.0', [
    { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', bytes: Buffer.from('no chart') },
  ]);
  const layer = {
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    bytes: packBytes({ name: 'greeter', layer: 'cni' }),
  };
  await pushArtifact(registry.host, 'team/spectro-packs/archive/greeter', '1.0.0', [layer]);
  await pushArtifact(registry.host, 'team/spectro-packs/archive/broken', '1.0.0', [
    { ...layer, bytes: Buffer.from('no archive') },
  ]);
  awsCalls = [];
  aws = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      awsCalls.push({
        target: String(request.headers['x-amz-target'] ?? ''),
        authorization: request.headers.authorization ?? '',
        body,
      });
      response.end(
        request.url === '/sts/'
          ? JSON.stringify({
              AssumeRoleResponse: {
                AssumeRoleResult: {
                  Credentials: { AccessKeyId: 'ASIATEMP', SecretAccessKey: 'temporary', SessionToken: 'session' },
                },
              },
            })
          : JSON.stringify({
              authorizationData: [{ authorizationToken: Buffer.from('AWS:ecr-password').toString('base64') }],
            }),
      );
    });
  });
  await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
  const address = aws.address();
  const awsUrl = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  plane = await startTestPlane({
    registries: {
      http: { backoff: { baseMs: 1, maxMs: 5 } },
      aws: { ecr: () => `${awsUrl}/ecr/`, sts: () => `${awsUrl}/sts/` },
      env: { AWS_ACCESS_KEY_ID: 'AKIAPLANE', AWS_SECRET_ACCESS_KEY: 'of the plane' },
    },
  });
}, 700_000);

afterAll(async () => {
  await plane?.stop();
  await registry?.stop();
  aws?.close();
  await folder?.remove();
});

async function create(name: string, endpoint: string, spec: object, type: 'basic' | 'ecr' = 'basic'): Promise<string> {
  const body = { metadata: { name }, spec: { endpoint, baseContentPath: 'team/charts', ...spec } };
  const created = await plane.call(`/v1/registries/oci/${type}`, { method: 'POST', body });
  expect(created).toMatchObject({ status: 201 });
  return created.body.uid;
}

async function versions(uid: string): Promise<string[]> {
  const { body } = await plane.call(`/v1/packs?filters=spec.registryUid=${uid}`);
  return body.items
    .map((item: { spec: { name: string; version: string } }) => `${item.spec.name} ${item.spec.version}`)
    .toSorted();
}

async function createProfile(
  pack: object,
): Promise<{ status: number; body: { uid: string; code?: string; message?: string } }> {
  return plane.call('/v1/clusterprofiles', {
    method: 'POST',
    body: {
      metadata: { name: `p${Math.random()}` },
      spec: { template: { type: 'add-on', packs: [{ type: 'oci', values: '', ...pack }] } },
    },
  });
}

const CHARTS = ['store 2.0.0', 'web 1.0.0', 'web 1.2.0+build.7'];

describe('an OCI registry', () => {
  it('is looked into by its catalog; what is no chart is left out', async () => {
    const uid = await create('open', `http://${registry.host}`, { auth: { type: 'noAuth' }, isSyncSupported: true });
    const status = await synced(plane, `/v1/registries/oci/${uid}/basic/sync/status`);
    expect(status).toMatchObject({
      status: 'Success',
      message: '1 left out: team/charts/image: its tag v1.0.0 is no chart',
    });
    expect(await versions(uid)).toEqual(CHARTS);
    expect((await plane.call(`/v1/registries/oci/${uid}`)).body).toMatchObject({ type: 'basic', providerType: 'helm' });
    const made = await createProfile({ name: 'web', tag: '1.x', registryUid: uid });
    const { body } = await plane.call(`/v1/clusterprofiles/${made.body.uid}`);
    expect(body.spec.draft.packs).toMatchObject([{ name: 'web', type: 'oci', version: '1.2.0+build.7' }]);
  });

  it('is not looked into without synchronisation, and its charts are found by their names all the same', async () => {
    const uid = await create('unlisted', `http://${registry.host}`, { auth: { type: 'noAuth' } });
    expect((await plane.call(`/v1/registries/oci/${uid}/basic/sync/status`)).body.isSyncSupported).toBe(false);
    expect(await versions(uid)).toEqual([]);
    expect(await createProfile({ name: 'store', tag: '2.0.0', registryUid: uid })).toMatchObject({ status: 201 });
    expect(await versions(uid)).toEqual(['store 2.0.0']);
    expect(await createProfile({ name: 'store', tag: '2.0.1', registryUid: uid })).toMatchObject({
      status: 422,
      body: { code: 'RegistryNotFound' },
    });
    expect(await plane.call(`/v1/registries/oci/${uid}/basic/sync`, { method: 'POST' })).toMatchObject({ status: 422 });
  });

  it.each(['basic', 'bearer'] as const)('lets those in who log in (%s), and says when nobody does', async (kind) => {
    const door = await startDoorkeeper(registry.host, { username: 'reader', password: 'secret', kind });
    try {
      const endpoint = `http://${door.host}`;
      const auth = { type: 'basic', username: 'reader', password: 'secret' };
      const spec = { endpoint, baseContentPath: 'team/charts', isSyncSupported: true };
      const validate = async (given: object): Promise<object> =>
        plane.call('/v1/registries/oci/basic/validate', { method: 'POST', body: { ...spec, auth: given } });
      expect(await validate(auth)).toMatchObject({ status: 204 });
      for (const wrong of [{ type: 'noAuth' }, { ...auth, password: 'wrong' }])
        expect(await validate(wrong)).toMatchObject({ status: 422, body: { code: 'RegistryUnauthorized' } });
      const uid = await create(`door-${kind}`, endpoint, { auth, isSyncSupported: true });
      await synced(plane, `/v1/registries/oci/${uid}/basic/sync/status`);
      expect(await versions(uid)).toEqual(CHARTS);
      const shown = await plane.call(`/v1/registries/oci/${uid}/basic`);
      expect(shown.body.spec.auth).toMatchObject({ type: 'basic', username: 'reader' });
      expect(JSON.stringify(shown.body)).not.toContain('secret');
    } finally {
      await door.stop();
    }
  });

  it('keeps a secret that is left out, for the same host alone', async () => {
    const auth = { type: 'basic', username: 'reader', password: 'secret' };
    const uid = await create('kept', 'https://kept.invalid', { auth });
    const change = async (endpoint: string): Promise<object> =>
      plane.call(`/v1/registries/oci/${uid}/basic`, {
        method: 'PUT',
        body: { spec: { endpoint, baseContentPath: 'other', auth: { type: 'basic', username: 'reader' } } },
      });
    expect(await change('https://kept.invalid')).toMatchObject({ status: 204 });
    expect(await change('https://thief.invalid')).toMatchObject({
      status: 422,
      body: { message: expect.stringMatching(/must be given again/) },
    });
  });

  it.each([
    {
      kind: 'an access key',
      credentials: { credentialType: 'secret', accessKey: 'AKIAUSER', secretKey: 'of the user' },
      calls: [
        { target: /GetAuthorizationToken$/, authorization: /Credential=AKIAUSER\/.*\/us-west-2\/ecr\/aws4_request/ },
      ],
    },
    {
      kind: 'a role',
      credentials: { credentialType: 'sts', sts: { arn: 'arn:aws:iam::123456789012:role/reader', externalId: 'x-1' } },
      calls: [
        { body: /Action=AssumeRole.*ExternalId=x-1/, authorization: /Credential=AKIAPLANE\/.*\/sts\/aws4_request/ },
        { target: /GetAuthorizationToken$/, authorization: /Credential=ASIATEMP\// },
      ],
    },
  ])('of Amazon is logged in to with $kind', async ({ kind, credentials, calls }) => {
    const door = await startDoorkeeper(registry.host, { username: 'AWS', password: 'ecr-password', kind: 'basic' });
    try {
      awsCalls.length = 0;
      const spec = { isPrivate: true, isSyncSupported: true, defaultRegion: 'us-west-2', credentials };
      const uid = await create(`ecr with ${kind}`, `http://${door.host}`, spec, 'ecr');
      await synced(plane, `/v1/registries/oci/${uid}/ecr/sync/status`);
      expect(await versions(uid)).toEqual(CHARTS);
      expect(awsCalls.slice(0, calls.length)).toMatchObject(
        calls.map((call) =>
          Object.fromEntries(Object.entries(call).map(([key, text]) => [key, expect.stringMatching(text)])),
        ),
      );
      const shown = JSON.stringify((await plane.call(`/v1/registries/oci/${uid}/ecr`)).body);
      expect(shown).not.toContain('of the user');
    } finally {
      await door.stop();
    }
  });

  it('holds packs; one that is broken does not spoil the rest', async () => {
    const uid = await create('packs', `http://${registry.host}`, {
      baseContentPath: 'team/spectro-packs/archive',
      auth: { type: 'noAuth' },
      isSyncSupported: true,
      providerType: 'pack',
    });
    const status = await synced(plane, `/v1/registries/oci/${uid}/basic/sync/status`);
    expect(status.message).toMatch(/^1 left out: broken 1\.0\.0: /);
    const { body } = await plane.call(`/v1/packs?filters=spec.registryUid=${uid}`);
    expect(body.items).toMatchObject([
      { spec: { name: 'greeter', layer: 'cni', type: 'spectro', digest: expect.stringMatching(/^sha256:/) } },
    ]);
  });

  it('demands signatures as cosign makes them when keys are given', async () => {
    const keys = await generateKeyPair('');
    const uid = await create('signed', `http://${registry.host}`, { auth: { type: 'noAuth' } });
    const settings = { method: 'PUT', body: { publicKeys: [keys.publicKey] }, headers: { projectuid: '' } };
    expect((await plane.call(`/v1/registries/${uid}/settings`, settings)).status).toBe(204);
    const pack = { name: 'store', tag: '2.0.0', registryUid: uid };
    expect(await createProfile(pack)).toMatchObject({ status: 422, body: { code: 'SignatureRequired' } });
    const digest = await manifestDigest(registry.host, 'team/charts/store', '2.0.0');
    const sign = async (of: typeof digest): Promise<void> => {
      const { payload, signature } = signManifest(
        `${registry.host}/team/charts/store`,
        of,
        await readPrivateKey(keys.privateKey, ''),
      );
      await pushArtifact(registry.host, 'team/charts/store', signatureTag(digest), [
        { mediaType: SIMPLE_SIGNING_MEDIA_TYPE, bytes: payload, annotations: { [SIGNATURE_ANNOTATION]: signature } },
      ]);
    };
    await sign(sha256('another artifact'));
    expect(await createProfile(pack)).toMatchObject({
      status: 422,
      body: { message: expect.stringMatching(/no signature/) },
    });
    await sign(digest);
    expect(await createProfile(pack)).toMatchObject({ status: 201 });
  });
});
