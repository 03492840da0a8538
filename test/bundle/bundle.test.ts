/** `palette bundle` between two real planes, and to a real agent whose plane is away. */
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import type { PaletteClient, Scope } from '#openapi/client/index';
import { writeArchive } from '#packs/archive/write-archive';
import { openPackDirectory, packArchive } from '#packs/index';

import { kubectl, sharedCluster, uniqueName, type TestCluster } from '../support/cluster.ts';
import { startWholePlane, type TestPlane } from '../support/plane.ts';
import { joinAgent, palette, projectScope, until, type JoinedAgent, type Said } from './site.ts';

jest.setTimeout(120_000);

const PACKS = join(process.cwd(), 'examples/packs');
const namespace = uniqueName('bundled');
let folder: string;
let cluster: TestCluster;
let connected: TestPlane;
let isolated: TestPlane;
let client: PaletteClient;
let scope: Scope;

const at = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-test-'));
  [cluster, connected, isolated] = await Promise.all([sharedCluster(), startWholePlane(), startWholePlane()]);
  client = connected.client();
  scope = await projectScope(client);
  await writeFile(at('connected.pem'), connected.ca);
  await writeFile(at('isolated.pem'), isolated.ca);
  await writeProfile({});
  const keys = await palette(['key', 'generate', '--prefix', at('site')], { PALETTE_KEY_PASSWORD: 'secret' });
  expect(keys).toMatchObject({ code: 0, err: '' });
  await palette(['key', 'generate', '--prefix', at('other')], { PALETTE_KEY_PASSWORD: '' });
  expect(await there('pack', 'push', join(PACKS, 'hello-chart-1.0.0'))).toMatchObject({ code: 0 });
  expect(await there('profile', 'publish', at('shop.json'), '--project', 'Default')).toMatchObject({ code: 0 });
}, 20 * 60_000);

afterAll(async () => {
  await connected?.stop();
  await isolated?.stop();
  await kubectl(cluster, ['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found']);
  await rm(folder, { recursive: true, force: true });
});

interface Content {
  readonly version?: string;
  readonly color?: string;
}

async function writeProfile({ version = '1.0.0', color = 'blue' }: Content): Promise<void> {
  const settings = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace },
    data: { color: '{{.spectro.var.color}}' },
  };
  const document = {
    apiVersion: 'palette-iac.dev/v1',
    kind: 'ClusterProfile',
    name: 'shop',
    version,
    variables: [
      { name: 'color', defaultValue: color },
      { name: 'replicas', defaultValue: '1', format: 'number' },
      { name: 'greeting', required: true, defaultValue: 'hello' },
    ],
    layers: [
      { name: 'hello-chart', version: '^1.0.0', values: `pack:\n  namespace: ${namespace}\n` },
      { name: 'settings', type: 'manifest', manifests: [{ name: 'settings', content: JSON.stringify(settings) }] },
    ],
  };
  await writeFile(at('shop.json'), JSON.stringify(document));
}

const envOf = (plane: TestPlane, ca: string): Record<string, string> => ({
  SPECTROCLOUD_HOST: plane.host,
  SPECTROCLOUD_APIKEY: plane.apiKey,
  SPECTROCLOUD_CA_FILE: at(ca),
  PALETTE_CACHE: process.env['PALETTE_CACHE'] ?? '',
  PALETTE_KEY_PASSWORD: 'secret',
});
/** With the plane that reaches the world. */
const there = async (...args: readonly string[]): Promise<Said> => palette(args, envOf(connected, 'connected.pem'));
/** With the plane behind the air gap. */
const here = async (...args: readonly string[]): Promise<Said> => palette(args, envOf(isolated, 'isolated.pem'));

async function create(file: string, ...args: readonly string[]): Promise<Said> {
  return there('bundle', 'create', ...args, '--key', at('site.key'), '--out', at(file), '--project', 'Default');
}
const load = async (file: string, ...args: readonly string[]): Promise<Said> =>
  here('bundle', 'load', at(file), '--key', at('site.pub'), '--project', 'Default', ...args);

interface Line {
  readonly kind: string;
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly outcome: string;
  readonly remark: string;
}
const linesOf = (said: Said): readonly Line[] => {
  expect(said.err).toBe(said.err.replace(/error:.*/s, ''));
  return JSON.parse(said.out) as readonly Line[]; // as: what the command documents
};

async function digestOf(plane: TestPlane, version = '1.0.0'): Promise<string | undefined> {
  const own = plane.client();
  const { items } = await own.get('/v1/profileversions', {
    query: { name: 'shop', version },
    scope: await projectScope(own),
  });
  return items[0]?.digest;
}

describe('a bundle of a published profile', () => {
  it('is one file for its owner only, that says what it holds and which images it needs', async () => {
    const said = await create('shop.tgz', 'shop@1.0.0');
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toMatch(/1 profile, 1 pack, 0 desired states, 1 image; .* signed with sha256:/);
    expect((await stat(at('shop.tgz'))).mode & 0o777).toBe(0o600);
    const shown = await palette(['bundle', 'inspect', at('shop.tgz'), '--output', 'json']);
    expect(JSON.parse(shown.out)).toMatchObject({
      name: 'shop',
      profiles: [{ name: 'shop', version: '1.0.0', profileDigest: await digestOf(connected) }],
      packs: [{ name: 'hello-chart', version: '1.0.0', layer: 'addon' }],
      images: [{ usedBy: ['shop 1.0.0 / hello-chart'] }],
    });
    const images = await palette(['bundle', 'inspect', at('shop.tgz'), '--images']);
    expect(images.out).toMatch(/^[\w.-]+\/[\w./-]+:[\w.-]+\n$/);
    const table = await palette(['bundle', 'inspect', at('shop.tgz')]);
    expect(table.out).toContain('signature not checked');
  });

  it('is the same whether its profile was published or is in a file, its pack in a registry or in a folder', async () => {
    await create('offline.tgz', at('shop.json'), '--packs', PACKS);
    const published = await readManifest('shop.tgz');
    const offline = await readManifest('offline.tgz');
    expect(offline?.profiles[0]?.profileDigest).toBe(published?.profiles[0]?.profileDigest);
    expect(offline?.packs).toEqual(published?.packs);
    expect(offline?.images).toEqual(published?.images);
  });

  it('is believed only with the key that signed it', async () => {
    expect(await palette(['bundle', 'verify', at('shop.tgz'), '--key', at('site.pub')])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/is whole, signed with sha256:.*: 1 profile, 1 pack, 0 desired states, 1 image$/m),
    });
    expect(await palette(['bundle', 'verify', at('shop.tgz'), '--key', at('other.pub')])).toMatchObject({
      code: 1,
      err: expect.stringContaining('the bundle is not signed with the key'),
    });
    expect(await palette(['bundle', 'verify', at('shop.tgz')])).toMatchObject({ code: 2 });
  });

  it('is loaded into another plane with the same digests, and again without a change', async () => {
    expect(linesOf(await load('shop.tgz', '--dry-run', '--output', 'json'))).toMatchObject([
      { kind: 'pack', outcome: 'loaded' },
      { kind: 'profile', outcome: 'loaded' },
    ]);
    expect(await digestOf(isolated)).toBeUndefined();
    const first = linesOf(await load('shop.tgz', '--output', 'json'));
    expect(first).toMatchObject([
      { kind: 'pack', name: 'hello-chart', outcome: 'loaded', remark: '' },
      { kind: 'profile', name: 'shop', outcome: 'loaded', remark: '', digest: await digestOf(connected) },
    ]);
    expect(await digestOf(isolated)).toBe(await digestOf(connected));
    const again = linesOf(await load('shop.tgz', '--output', 'json'));
    expect(again).toEqual(first.map((line) => ({ ...line, outcome: 'present' })));
    expect((await load('shop.tgz')).out).toMatch(/profile +shop +1\.0\.0 +sha256:\w+ +present/);
  });

  it('is carried on from there: what was loaded can be bundled, and is the same bundle', async () => {
    const said = await here(
      'bundle',
      'create',
      'shop@1.0.0',
      '--key',
      at('site.key'),
      '--out',
      at('on.tgz'),
      '--project',
      'Default',
    );
    expect(said).toMatchObject({ code: 0, err: '' });
    const first = await readManifest('shop.tgz');
    const second = await readManifest('on.tgz');
    expect(second?.packs).toEqual(first?.packs);
    expect(second?.profiles[0]?.profileDigest).toEqual(first?.profiles[0]?.profileDigest);
  });
});

describe('a bundle of a chart', () => {
  it('is loaded where no registry of charts is, and keeps its digest', async () => {
    await mkdir(at('charts'));
    await writeFile(at('charts/hello-0.1.0.tgz'), await chartArchive());
    await writeFile(
      at('chart.json'),
      JSON.stringify({
        apiVersion: 'palette-iac.dev/v1',
        kind: 'ClusterProfile',
        name: 'chart',
        layers: [{ name: 'hello', type: 'helm', registry: 'Charts of somebody', version: '>=0.0.1' }],
      }),
    );
    expect(await create('chart.tgz', at('chart.json'), '--packs', at('charts'))).toMatchObject({ code: 0, err: '' });
    const bundled = await readManifest('chart.tgz');
    const [pack, profile] = linesOf(await load('chart.tgz', '--output', 'json'));
    expect(pack).toMatchObject({ kind: 'pack', name: 'hello', outcome: 'loaded', remark: '' });
    expect(profile).toMatchObject({ name: 'chart', digest: bundled?.profiles[0]?.profileDigest, remark: '' });
  });
});

describe('a registry that demands signatures', () => {
  it('takes packs of a bundle with the signature that they came with, and no others', async () => {
    const own = isolated.client();
    const { items } = await own.get('/v1/registries/metadata', { scope: { kind: 'tenant' } });
    const uid = items?.find(({ kind }) => kind === 'pack')?.uid ?? '';
    const publicKeys = [await readFile(at('site.pub'), 'utf8')];
    const demand = async (keys: readonly string[]): Promise<unknown> =>
      own.put('/v1/registries/{uid}/settings', {
        path: { uid },
        body: { publicKeys: [...keys] },
        scope: { kind: 'tenant' },
      });
    await mkdir(at('signed'));
    const archive = at('signed/guardrails-1.0.0.tgz');
    await writeFile(archive, await packArchive(join(PACKS, 'guardrails-1.0.0')));
    const layers = [{ name: 'guardrails', version: '1.0.0' }];
    const document = { apiVersion: 'palette-iac.dev/v1', kind: 'ClusterProfile', name: 'guarded', layers };
    await writeFile(at('guarded.json'), JSON.stringify(document));
    await demand(publicKeys);
    try {
      expect(await create('unsigned.tgz', at('guarded.json'), '--packs', at('signed'))).toMatchObject({ code: 0 });
      expect(await load('unsigned.tgz')).toMatchObject({
        code: 1,
        err: expect.stringContaining('takes signed packs only'),
      });
      expect(await there('pack', 'sign', archive, '--key', at('site.key'))).toMatchObject({ code: 0 });
      expect(await create('signed.tgz', at('guarded.json'), '--packs', at('signed'))).toMatchObject({ code: 0 });
      expect(linesOf(await load('signed.tgz', '--output', 'json'))).toMatchObject([
        { name: 'guardrails', outcome: 'loaded', remark: '' },
        { name: 'guarded', outcome: 'loaded', remark: '' },
      ]);
      expect(await here('pack', 'push', archive)).toMatchObject({ code: 0 });
    } finally {
      await demand([]);
    }
  });
});

describe('a bundle that cannot be loaded', () => {
  it('with another content under a published version changes nothing', async () => {
    await writeProfile({ color: 'red' });
    expect(await create('changed.tgz', at('shop.json'), '--packs', PACKS)).toMatchObject({ code: 0 });
    const said = await load('changed.tgz');
    expect(said.code).toBe(1);
    expect(said.err).toContain('no profile was published');
    expect(said.err).toContain('profile shop 1.0.0');
    expect(await digestOf(isolated)).toBe(await digestOf(connected));
  });

  it('with another pack under a name and version that are taken loads nothing, and names it', async () => {
    const other = at('packs/hello-chart-1.0.0');
    await mkdir(at('packs'));
    await cp(join(PACKS, 'hello-chart-1.0.0'), other, { recursive: true });
    await writeFile(join(other, 'README.md'), 'Another pack of this name.');
    await writeProfile({ version: '2.0.0' });
    expect(await create('pack.tgz', at('shop.json'), '--packs', at('packs'))).toMatchObject({ code: 0 });
    expect(await load('pack.tgz')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/nothing was loaded: .*\n +pack hello-chart 1\.0\.0: there with sha256:/),
    });
    expect(await digestOf(isolated, '2.0.0')).toBeUndefined();
  });

  it('and was changed on its way is refused before the plane is asked', async () => {
    const bytes = await readFile(at('shop.tgz'));
    await writeFile(at('cut.tgz'), bytes.subarray(0, -100));
    expect(await load('cut.tgz')).toMatchObject({ code: 1, err: expect.stringContaining('not a readable bundle') });
    expect(await load('none.tgz')).toMatchObject({ code: 2, err: expect.stringContaining('there is no such bundle') });
    expect(await load('shop.tgz', '--registry', 'elsewhere')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no pack registry named "elsewhere"'),
    });
  });

  it('is not made of what is not there', async () => {
    expect(await create('x.tgz', 'shop@9.9.9')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/profile shop has no published version 9\.9\.9\nThere are: 1\.0\.0/),
    });
    expect(await create('x.tgz', at('absent.json'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('no such file'),
    });
    expect(await create('x.tgz')).toMatchObject({ code: 2, err: expect.stringContaining('nothing to bundle') });
    expect(await create('x.tgz', '--desired-state', 'nowhere')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no cluster "nowhere"'),
    });
    await expect(stat(at('x.tgz'))).rejects.toThrow('ENOENT');
  });
});

describe('keys and signed packs', () => {
  it('a pack is signed beside its archive, and verified with the public key alone', async () => {
    const [archive] = await packed();
    expect(
      await palette(['pack', 'sign', archive, '--key', at('site.key')], { PALETTE_KEY_PASSWORD: 'secret' }),
    ).toMatchObject({ code: 0 });
    expect(await palette(['pack', 'verify', archive, '--key', at('other.pub'), '--key', at('site.pub')])).toMatchObject(
      {
        code: 0,
        out: expect.stringMatching(/hello-chart +1\.0\.0 +sha256:/),
      },
    );
    expect(await palette(['pack', 'verify', archive, '--key', at('other.pub')])).toMatchObject({
      code: 1,
      err: expect.stringContaining('was not made over these bytes'),
    });
    await rm(`${archive}.sig`);
    expect(await palette(['pack', 'verify', archive, '--key', at('site.pub')])).toMatchObject({
      code: 2,
      err: expect.stringContaining('the signature cannot be read'),
    });
  });

  it('a key is never written over, and does not open with another password', async () => {
    const before = await readFile(at('site.key'), 'utf8');
    expect(await palette(['key', 'generate', '--prefix', at('site')], { PALETTE_KEY_PASSWORD: 'x' })).toMatchObject({
      code: 1,
      err: expect.stringContaining('is there already'),
    });
    expect(await readFile(at('site.key'), 'utf8')).toBe(before);
    expect((await stat(at('site.key'))).mode & 0o777).toBe(0o600);
    const [archive] = await packed();
    expect(
      await palette(['pack', 'sign', archive, '--key', at('site.key')], { PALETTE_KEY_PASSWORD: 'wrong' }),
    ).toMatchObject({
      code: 1,
      err: expect.stringMatching(/does not open with this password\nSet PALETTE_KEY_PASSWORD/),
    });
  });
});

describe('a bundle for an agent', () => {
  let agent: JoinedAgent;
  afterAll(async () => {
    await agent?.stop();
    if (agent) await kubectl(cluster, ['delete', 'namespace', agent.namespace, '--wait=false']);
  });
  const color = async (): Promise<string> =>
    kubectl(cluster, ['get', 'configmap', 'settings', '-n', namespace, '-o', 'jsonpath={.data.color}']);
  const intoCluster = async (file: string, ...args: readonly string[]): Promise<Said> =>
    palette([
      'bundle',
      'load',
      at(file),
      '--key',
      at('site.pub'),
      '--kubeconfig',
      cluster.kubeconfig,
      '--namespace',
      agent.namespace,
      ...args,
    ]);

  it('brings what its plane wants while the plane is away, and only that', async () => {
    await kubectl(cluster, ['create', 'namespace', namespace]);
    const { items } = await client.get('/v1/profileversions', { query: { name: 'shop', version: '1.0.0' }, scope });
    const profileUid = items[0]?.uid ?? '';
    agent = await joinAgent(cluster, connected, scope, { name: 'edge-1', profileUid, stateDir: folder });
    expect(await color()).toBe('blue');
    expect(await create('first.tgz', '--desired-state', 'edge-1')).toMatchObject({ code: 0 });

    await agent.stop();
    const profiles = [{ uid: profileUid, variables: [{ name: 'color', value: 'green' }] }];
    const path = { uid: agent.clusterUid };
    await client.patch('/v1/spectroclusters/{uid}/profiles', { path, scope, body: { profiles } });
    const said = await create('edge.tgz', '--desired-state', 'edge-1', '--output', 'json');
    expect(JSON.parse(said.out)).toMatchObject({
      manifest: {
        name: 'edge-1',
        desiredStates: [{ clusterUid: agent.clusterUid, clusterName: 'edge-1', revision: expect.any(Number) }],
        packs: [{ name: 'hello-chart' }],
        images: [{ usedBy: ['cluster edge-1 / hello-chart'] }],
      },
    });
    await connected.stop();

    agent.start();
    const loaded = await intoCluster('edge.tgz', '--timeout', '60');
    expect(loaded).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringMatching(/the agent of edge-1 took revision \d+ \(sha256:/),
    });
    await until('it is applied', async () => (await color()) === 'green');
    expect(await intoCluster('edge.tgz', '--timeout', '60')).toMatchObject({ code: 0 });

    expect(await intoCluster('first.tgz')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/the agent would not take it: .*older revision/),
    });
    expect(await intoCluster('shop.tgz')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/holds no desired state for this cluster \(\w+\)\nIt holds none at all/),
    });
    await agent.stop();
    expect(await intoCluster('edge.tgz', '--timeout', '0')).toMatchObject({
      code: 1,
      err: expect.stringContaining('the agent takes it when it runs'),
    });
    expect(await intoCluster('edge.tgz', '--namespace', 'default')).toMatchObject({
      code: 1,
      err: expect.stringContaining('the cluster has no registered agent in the namespace default'),
    });
  });
});

interface Manifest {
  readonly profiles: readonly { readonly profileDigest: string }[];
  readonly packs: readonly object[];
  readonly images: readonly object[];
}

async function readManifest(file: string): Promise<Manifest | undefined> {
  const { out } = await palette(['bundle', 'inspect', at(file), '--key', at('site.pub'), '--output', 'json']);
  return JSON.parse(out) as Manifest; // as: what the command documents
}

/** The example pack as an archive. */
async function packed(): Promise<[string]> {
  const file = at('hello-chart-1.0.0.tgz');
  await writeFile(file, await packArchive(join(PACKS, 'hello-chart-1.0.0')));
  return [file];
}

/** The chart of the example pack as Helm packs it. */
async function chartArchive(): Promise<Uint8Array> {
  const { charts } = await openPackDirectory(join(PACKS, 'hello-chart-1.0.0'));
  return writeArchive(new Map([...(charts[0]?.files ?? [])].map(([path, content]) => [`hello/${path}`, content])));
}
