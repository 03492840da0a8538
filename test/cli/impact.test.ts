/** `palette profile impact` from the command line to a real cluster and back. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runAgent } from '#agent/main';
import { runCommandLine } from '#cli/program';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { silentLogger } from '#core/log';
import { delay } from '#core/retry';
import type { PaletteClient, Scope } from '#openapi/client/index';

import { kubectl, sharedCluster, uniqueName, type TestCluster } from '../support/cluster.ts';
import { startWholePlane, type TestPlane } from '../support/plane.ts';

jest.setTimeout(120_000);

let cluster: TestCluster;
let plane: TestPlane;
let client: PaletteClient;
let scope: Scope;
let folder: string;
const namespace = uniqueName('impact');
const stop = new AbortController();
let agent: Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'impact-test-'));
  [cluster, plane] = await Promise.all([sharedCluster(), startWholePlane()]);
  client = plane.client();
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  scope = { kind: 'project', projectUid: items?.[0]?.metadata?.uid ?? '' };
  await writeFile(join(folder, 'ca.pem'), plane.ca);
  await writeProfile({});
  expect(await palette(['profile', 'publish', file(), '--project', 'Default'])).toMatchObject({ code: 0, err: '' });
  ({ running: agent } = await joinAgent(await importCluster('edge-1')));
}, 600_000);

afterAll(async () => {
  stop.abort();
  await agent;
  await plane?.stop();
  await kubectl(cluster, ['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found']);
  await rm(folder, { recursive: true, force: true });
});

const file = (): string => join(folder, 'shop.json');

interface Content {
  readonly version?: string;
  readonly color?: string;
  readonly replicas?: number;
  readonly image?: string;
  readonly extra?: object;
}

async function writeProfile({
  version = '1.0.0',
  color = 'blue',
  replicas = 1,
  image = 'web:1',
  extra,
}: Content): Promise<void> {
  const labels = { app: 'web' };
  const objects = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace },
      data: { color, token: '{{.spectro.var.token}}' },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image }] } },
      },
    },
    ...(extra === undefined ? [] : [extra]),
  ];
  const manifests = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, ...objects];
  await writeFile(
    file(),
    JSON.stringify({
      apiVersion: 'palette-iac.dev/v1',
      kind: 'ClusterProfile',
      name: 'shop',
      version,
      variables: [{ name: 'token', isSensitive: true, defaultValue: `very-secret-${color}` }],
      layers: [
        {
          name: 'web',
          type: 'manifest',
          manifests: manifests.map((object, at) => ({ name: `m${at}`, content: JSON.stringify(object) })),
        },
      ],
    }),
  );
}

/** Runs the command line in this process. */
async function palette(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((said.out += String(text)))),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((said.err += String(text)))),
  ];
  const env = {
    SPECTROCLOUD_HOST: plane.host,
    SPECTROCLOUD_APIKEY: plane.apiKey,
    SPECTROCLOUD_CA_FILE: join(folder, 'ca.pem'),
  };
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    const code = await runCommandLine(args);
    return { code, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

async function impact(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return palette(['profile', 'impact', file(), '--project', 'Default', '--timeout', '20s', ...args]);
}

async function importCluster(name: string): Promise<string> {
  const { uid } = await client.post('/v1/spectroclusters/generic/import', { scope, body: { metadata: { name } } });
  const { items } = await client.get('/v1/profileversions', { query: { name: 'shop', version: '1.0.0' }, scope });
  const profileUid = items[0]?.uid ?? '';
  await client.patch('/v1/spectroclusters/{uid}/profiles', {
    path: { uid },
    scope,
    body: { profiles: [{ uid: profileUid }] },
  });
  return uid;
}

/** A real agent in a namespace of its own; waits until it has applied what the cluster is to run. */
async function joinAgent(clusterUid: string): Promise<{ readonly running: Promise<void> }> {
  const own = uniqueName('impact-agent');
  const manifest = String(
    await client.get('/v1/spectroclusters/{uid}/import/manifest', { path: { uid: clusterUid }, scope }),
  );
  const token = /token: (\S+)/.exec(manifest)?.[1] ?? '';
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'palette-agent-bootstrap', namespace: own },
    stringData: { planeUrl: `https://${plane.host}`, clusterUid, token, 'ca.crt': plane.ca },
  };
  await kubectl(cluster, ['create', 'namespace', own]);
  await kubectl(cluster, ['apply', '-f', '-'], { input: JSON.stringify(secret) });
  const helm = await ensureTool('helm', { signal: AbortSignal.timeout(600_000) });
  const running = runAgent(
    { kubeconfig: cluster.kubeconfig, namespace: own, helm, stateDir: folder, metrics: { host: '127.0.0.1', port: 0 } },
    { log: silentLogger, signal: stop.signal },
  );
  for (const until = AbortSignal.timeout(60_000); ;) {
    const { status } = await client.get('/v1/dashboard/spectroclusters/{uid}/overview', {
      path: { uid: clusterUid },
      scope,
    });
    if (status?.health?.state === 'Healthy') break;
    await delay(200, { signal: until });
  }
  const cleaned = (async (): Promise<void> => {
    await running;
    await kubectl(cluster, ['delete', 'namespace', own, '--wait=false']);
  })();
  return { running: cleaned };
}

describe('palette profile impact', () => {
  it('tells nothing where nothing changes, and ends with 0', async () => {
    await writeProfile({});
    expect(await impact()).toMatchObject({
      code: 0,
      out: expect.stringContaining(': 1 cluster: 1 unchanged'),
      err: '',
    });
    expect(await palette(['profile', 'impact', 'shop@1.0.0', '--project', 'Default'])).toMatchObject({ code: 0 });
  });

  it('tells what changes in each cluster, ends with 2, and leaves the cluster as it is', async () => {
    await writeProfile({
      version: '1.1.0',
      color: 'red',
      image: 'web:2',
      extra: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'more', namespace } },
    });
    const state = async (): Promise<string> =>
      kubectl(cluster, [
        'get',
        'configmap,deployment',
        '-n',
        namespace,
        '-o',
        'jsonpath={.items[*].metadata.resourceVersion}',
      ]);
    const before = await state();
    const told = await impact();
    expect(told).toMatchObject({ code: 2, err: '' });
    expect(told.out.replace(/sha256:\w+/, 'DIGEST')).toBe(
      [
        'shop 1.1.0 (DIGEST): 1 cluster: 1 would change',
        'edge-1 (1.0.0): 1 created, 2 changed (1 restarts pods)',
        `  ~ ConfigMap ${namespace}/settings (layer web)`,
        '      ~ data.color: blue → red',
        '      ~ data.token: (sensitive) → (sensitive)',
        `  + ConfigMap ${namespace}/more (layer web)`,
        `  ~ Deployment ${namespace}/web (layer web), pods restart`,
        '      ~ spec.template.spec.containers[name=web].image: web:1 → web:2',
        '',
      ].join('\n'),
    );
    expect(await state()).toBe(before);
  });

  it('names clusters that cannot be asked, and counts them as changed unless all are required', async () => {
    await writeProfile({ version: '1.1.0', color: 'green' });
    await importCluster('edge-2');
    const json = await impact('--output', 'json');
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)).toMatchObject([
      {
        profile: { name: 'shop', version: '1.1.0' },
        clusters: [
          { name: 'edge-1', verdict: 'changes', state: 'answered', counts: { changed: 1, restarts: 0 } },
          { name: 'edge-2', verdict: 'unknown', state: 'outOfReach', message: 'no agent has joined it yet' },
        ],
      },
    ]);
    expect(json.out).not.toContain('very-secret');
    expect(await impact('--require-all')).toMatchObject({
      code: 1,
      err: expect.stringContaining('1 cluster could not say'),
    });
    const markdown = await impact('--output', 'markdown');
    expect(markdown.out).toContain('### Impact of shop 1.1.0');
    expect(markdown.out).toContain('| ❔ | edge-2 \\(1.0.0\\) | out of reach, not asked: no agent has joined it yet |');
  });

  it('ends with 1 when a cluster would refuse it, and says where', async () => {
    await writeProfile({ version: '1.1.0', replicas: -1 });
    const told = await impact('--cluster', 'edge-1');
    expect(told).toMatchObject({ code: 1, err: expect.stringContaining('1 cluster would refuse it') });
    expect(told.out).toContain(`! Deployment ${namespace}/web (layer web): spec.replicas: `);
  });

  it('says what is wrong with the question, and ends with 1', async () => {
    const cases: readonly (readonly [readonly string[], string])[] = [
      [['profile', 'impact', 'nothing@1.0.0', '--project', 'Default'], 'there is no profile "nothing"'],
      [['profile', 'impact', 'shop@9.0.0', '--project', 'Default'], 'profile shop has no published version 9.0.0'],
      [['profile', 'impact', file(), '--project', 'Nowhere'], 'there is no project "Nowhere"'],
      [['profile', 'impact', file(), '--project', 'Default', '--cluster', 'none'], "cluster 'none' was not found"],
      [['profile', 'impact', join(folder, 'missing.json')], 'cannot be read'],
      [['profile', 'impact', file(), '--timeout', '1s'], 'between 2s and 5m'],
      [['profile', 'impact', file(), '--timeout', '5'], 'not a duration'],
      [['profile', 'impact'], 'missing required argument'],
      [['profile', 'impact', file(), '--output', 'xml'], 'Allowed choices'],
    ];
    for (const [args, message] of cases) {
      const told = await palette(args);
      expect({ args, code: told.code, err: told.err }).toEqual({
        args,
        code: 1,
        err: expect.stringContaining(message),
      });
    }
  });
});
