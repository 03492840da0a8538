import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Ready } from '#cli/local/home';
import { delay } from '#core/retry';
import { type PaletteClient, createClient } from '#openapi/client/index';
import { kubectl, startCluster } from '#test/support/cluster';
import { palette, temporaryFolder } from '#test/support/palette';

const TENANT = { kind: 'tenant' } as const;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let cluster: Awaited<ReturnType<typeof startCluster>>;
let home = '';
let client: PaletteClient;
let ready: Ready;

beforeAll(async () => {
  folder = await temporaryFolder('own');
  home = join(folder.dir, 'env');
  // Without scheduler and kwok: a cluster of the user's own, of which the environment knows nothing.
  cluster = await startCluster({ scheduler: false, kwok: false });
  const up = await palette(['up', '--detach', '--json', '--home', home, '--kubeconfig', cluster.kubeconfig]);
  if (up.exitCode !== 0) throw new Error(up.stderr);
  ready = Ready.parse(JSON.parse(up.stdout));
  client = createClient({ host: ready.host, apiKey: ready.apiKey, ca: await readFile(ready.caFile, 'utf8') });
}, 20 * 60_000);

afterAll(async () => {
  client.close();
  await palette(['down', '--home', home]);
  await cluster.stop();
  await folder.remove();
}, 120_000);

async function importCluster(name: string): Promise<string> {
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: TENANT });
  const projectUid = items?.[0]?.metadata?.uid ?? '';
  const body = { metadata: { name }, spec: { clusterConfig: {} } };
  return (await client.post('/v1/spectroclusters/generic/import', { body, scope: { kind: 'project', projectUid } }))
    .uid;
}

async function stateOf(uid: string): Promise<string | undefined> {
  return (await client.get('/v1/spectroclusters/{uid}', { path: { uid }, scope: TENANT })).status?.state;
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const signal = AbortSignal.timeout(60_000);
  while (!(await check())) await delay(100, { signal });
}

describe("palette up with a cluster of the user's own, in the background", () => {
  it('starts no cluster, and names the one it was given', async () => {
    expect(ready.kubeconfig).toBe(cluster.kubeconfig);
    const { stdout } = await palette(['service', 'list', '--home', home]);
    expect(
      stdout
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(' ')[0]),
    ).toEqual(['nats-server', 'plane', 'agent']);
  });

  it('says so when the kubeconfig is not there', async () => {
    const result = await palette([
      'up',
      '--home',
      join(folder.dir, 'other'),
      '--kubeconfig',
      join(folder.dir, 'nothing'),
    ]);
    expect(result).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^error: there is no kubeconfig .*nothing\n$/),
    });
  });

  it('joins the first cluster that is imported, and the next one when that is deleted', async () => {
    const first = await importCluster('first');
    await until(async () => (await stateOf(first)) === 'Running');
    // The agent runs on this machine: one in the cluster would work against it.
    expect(await kubectl(cluster, ['-n', 'palette-system', 'get', 'deployments', '-o', 'name'])).toBe('');
    const second = await importCluster('second');
    expect(await stateOf(second)).toBe('Pending');

    await client.delete('/v1/spectroclusters/{uid}', { path: { uid: first }, scope: TENANT });
    await until(async () => (await stateOf(second)) === 'Running');
    const listed = await palette(['cluster', 'list', '--home', home]);
    expect(listed.stdout).toMatch(/^second +Default +Running +Healthy/m);
    const got: unknown = JSON.parse(
      (await palette(['cluster', 'get', 'second', '--output', 'json', '--home', home])).stdout,
    );
    expect(got).toMatchObject({ name: 'second', uid: second, state: 'Running', packs: [] });
    expect(await palette(['cluster', 'get', 'third', '--home', home])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('There are: '),
    });
  }, 180_000);

  it('gives the metrics of its agent', async () => {
    expect((await palette(['agent', 'metrics', '--home', home])).stdout).toMatch(/^# HELP palette_agent_/m);
  });
});
