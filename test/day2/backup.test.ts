/**
 * Backups from a user's word to Velero and back: Terraform, API and command of a real plane, real agents, Velero's own server
 * on real API servers.
 */
import { writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { sha256 } from '#core/digest';
import type { Child } from '#cli/local/child';
import type { ControlPlane } from '#cli/local/control-plane';
import type { PaletteClient, Scope } from '#openapi/client/index';

import { eventually, openCluster, type TestCluster } from '../agent/support/harness.ts';
import { createMirror, createWorkspace, type Mirror, type Workspace } from '../provider/support/workspace.ts';
import { kubectl, startCluster } from '../support/cluster.ts';
import { palette, type Result } from '../support/palette.ts';
import { startWholePlane, type TestPlane } from '../support/plane.ts';
import { joinPlane, type Action, type Member } from './support/member.ts';
import { installVelero, startVelero, VELERO_NAMESPACE } from './support/velero.ts';

/** A first start may have to build the servers. */
const START_MS = 20 * 60_000;
/** On a busy machine Velero takes its time; it reads what others made once a minute. */
const BUSY_MS = 180_000;
jest.setTimeout(2 * BUSY_MS);
const CANARY = 'aws_secret_access_key=canary-of-backups';

interface Site {
  readonly control: ControlPlane;
  readonly cluster: TestCluster;
}

let plane: TestPlane;
let client: PaletteClient;
let scope: Scope;
let mirror: Mirror;
let workspace: Workspace;
let environment: NodeJS.ProcessEnv;
let here: Site & { readonly member: Member };
let there: Site & { readonly member: Member };
let location: string;
let root: string;
const servers: Child[] = [];
const sites: Site[] = [];

async function open(): Promise<Site> {
  const control = await startCluster({ scheduler: false });
  const site = { control, cluster: await openCluster(control) };
  sites.push(site);
  return site;
}

async function makeLocation(name: string, config: Readonly<Record<string, string>>): Promise<string> {
  const spec = { config: { provider: 'palette-iac.dev/fs', bucketName: 'backups', config, credentials: CANARY } };
  const { uid } = await client.post('/v1/users/assets/locations/custom', { body: { metadata: { name }, spec }, scope });
  return uid;
}

const configuration = (schedule: string): string => `
resource "spectrocloud_cluster_brownfield" "here" {
  name            = "here"
  cloud_type      = "generic"
  skip_completion = true
  backup_policy {
    prefix                        = "scheduled"
    backup_location_id            = "${location}"
    schedule                      = "${schedule}"
    expiry_in_hour                = 24
    include_disks                 = false
    include_cluster_resources_mode = "auto"
    namespaces                    = ["shop"]
  }
}
`;

async function apply(schedule: string): Promise<void> {
  workspace.write('main.tf', configuration(schedule));
  const { code, output } = await workspace.run('apply', '-auto-approve');
  expect(code === 0 ? '' : output).toBe('');
}

/** `palette`, as somebody who has an API key runs it. */
async function command(...args: readonly string[]): Promise<Result> {
  return palette(args, { env: environment });
}

/** What it prints. @throws Error with what it says when it fails */
async function say(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await command(...args);
  if (exitCode !== 0) throw new Error(`palette ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function textOf({ result }: Action, key: string): string {
  const value = result?.[key];
  if (typeof value !== 'string') throw new Error(`the result has no ${key}: ${JSON.stringify(result)}`);
  return value;
}

const ofRun = async ({ control }: Site, run: string): Promise<readonly string[]> =>
  (await kubectl(control, ['-n', VELERO_NAMESPACE, 'get', 'backups', '-l', `palette-iac.dev/run=${run}`, '-o', 'name']))
    .split('\n')
    .filter((line) => line !== '');
const kept = async ({ control }: Site): Promise<string> =>
  kubectl(control, ['-n', VELERO_NAMESPACE, 'get', 'backupstoragelocations,secrets', '-o', 'name']);
const backup = (locationUid: string) => ({
  type: 'backup' as const,
  spec: {
    namePrefix: 'asked',
    locationUid,
    expiryHours: 24,
    namespaces: ['shop'],
    includeDisks: false,
    includeClusterResources: 'auto',
  },
});

beforeAll(async () => {
  let opened: readonly [Site, Site];
  [opened, plane, mirror] = await Promise.all([Promise.all([open(), open()]), startWholePlane(), createMirror()]);
  client = plane.client();
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  scope = { kind: 'project', projectUid: items[0]?.metadata?.uid ?? '' };
  const caFile = `${mirror.env.TF_CLI_CONFIG_FILE}.ca.pem`;
  writeFileSync(caFile, plane.ca);
  const access = { SPECTROCLOUD_HOST: plane.host, SPECTROCLOUD_APIKEY: plane.apiKey, SPECTROCLOUD_CA_FILE: caFile };
  environment = { ...process.env, ...access };
  workspace = createWorkspace({ env: { ...mirror.env, ...access } });
  root = join(opened[0].cluster.dir, 'store');
  await mkdir(join(root, 'backups'), { recursive: true });
  location = await makeLocation('folder', { root });
  // The next minute comes while other tests go on.
  expect(await workspace.run('init')).toMatchObject({ code: 0 });
  await apply('* * * * *');
  const { uid } = await client.post('/v1/spectroclusters/generic/import', {
    scope,
    body: { metadata: { name: 'there' }, spec: {} },
  });
  const found = await client.post('/v1/dashboard/spectroclusters/search', { body: {}, query: { limit: 10 }, scope });
  const imported = found.items?.find(({ metadata }) => metadata?.name === 'here')?.metadata?.uid ?? '';
  here = { ...opened[0], member: await joinPlane(opened[0].cluster, plane, { client, scope, uid: imported }) };
  there = { ...opened[1], member: await joinPlane(opened[1].cluster, plane, { client, scope, uid }) };
  await here.member.start();
  await there.member.start();
}, START_MS);

afterAll(async () => {
  for (const server of servers) await server.stop(5_000);
  await here?.member.stop();
  await there?.member.stop();
  for (const { cluster, control } of sites) {
    await cluster.close();
    await control.stop();
  }
  workspace?.remove();
  mirror?.remove();
  await plane?.stop();
});

describe('backups by Velero', () => {
  let backupName: string;
  let elsewhere: string;

  it('of a cluster without Velero fail and say so', async () => {
    const { exitCode, stderr } = await command('cluster', 'backup', 'there', '--location', 'folder');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('add a pack with Velero') });
  });

  it('are made where the user says, and told with what they hold', async () => {
    for (const [site, name] of [
      [here, 'here'],
      [there, 'there'],
    ] as const) {
      await installVelero(site.control);
      servers.push(await startVelero(site.control, join(here.cluster.dir, name)));
    }
    await kubectl(here.control, ['create', 'namespace', 'shop']);
    await kubectl(here.control, ['-n', 'shop', 'create', 'configmap', 'prices', '--from-literal=tea=3']);
    const run: Action = JSON.parse(
      await say('cluster', 'backup', 'here', '--namespace', 'shop', '--no-disks', '--output', 'json'),
    );
    expect(run).toMatchObject({
      phase: 'done',
      requestedBy: 'admin@example.test',
      result: { locationUid: location, locationName: 'folder', state: 'Completed', namespaces: ['shop'], errors: 0 },
    });
    backupName = textOf(run, 'backupName');
    expect(backupName).toMatch(/^manual-\d{8}-\d{6}-[0-9a-f]{4}$/);
    expect(await readdir(join(root, 'backups', 'backups', backupName))).toContain(`${backupName}.tar.gz`);
    // Velero looks for backups that others made once a minute: until then the other tests go on.
    elsewhere = await there.member.ask({
      type: 'restore',
      spec: {
        backupName,
        locationUid: location,
        namespaces: ['shop'],
        namespaceMappings: { shop: 'copy' },
        includeClusterResources: 'auto',
        restorePersistentVolumes: false,
        preserveNodePorts: false,
      },
    });
    const secrets = await kubectl(here.control, ['-n', VELERO_NAMESPACE, 'get', 'secrets', '-o', 'json']);
    expect(secrets).toContain(Buffer.from(CANARY).toString('base64'));
    expect(await say('cluster', 'backup', 'here', '--list')).toMatch(new RegExp(`${backupName} +Completed`));
  });

  it('go on after the agent was restarted in the middle, and are made once', async () => {
    const run = await here.member.ask(backup(location));
    await eventually('the backup is begun', async () => ((await ofRun(here, run)).length > 0 ? true : undefined));
    await here.member.start();
    expect(await here.member.ended(run, BUSY_MS)).toMatchObject({ phase: 'done' });
    expect(await ofRun(here, run)).toHaveLength(1);
  });

  it('that are cancelled before Velero begins with them are taken back', async () => {
    const velero = servers[0]?.pid ?? 0;
    process.kill(velero, 'SIGSTOP');
    try {
      const run = await here.member.ask(backup(location));
      await eventually('Velero is asked', async () => ((await ofRun(here, run)).length > 0 ? true : undefined));
      await say('cluster', 'actions', 'here', run, '--cancel');
      expect(await here.member.ended(run)).toMatchObject({ phase: 'cancelled', message: '' });
      expect(await ofRun(here, run)).toEqual([]);
    } finally {
      process.kill(velero, 'SIGCONT');
    }
  });

  it('are restored into the cluster that they are of', async () => {
    await kubectl(here.control, ['delete', 'namespace', 'shop', '--wait=true']);
    expect(await say('cluster', 'restore', 'here', backupName)).toContain(`backup ${backupName} is restored`);
    const tea = await kubectl(here.control, ['-n', 'shop', 'get', 'configmap', 'prices', '-o', 'jsonpath={.data.tea}']);
    expect(tea).toBe('3');
  });

  it('are made by the schedule that Terraform sets, until it sets another', async () => {
    const scheduled = await eventually(
      'the schedule has made one',
      async () => (await here.member.actions()).find(({ origin, phase }) => origin === 'schedule' && phase === 'done'),
      () => '',
      BUSY_MS,
    );
    expect(scheduled).toMatchObject({ scheduleId: 'backup', result: { namespaces: ['shop'], state: 'Completed' } });
    expect(textOf(scheduled, 'backupName')).toMatch(/^scheduled-/);
    expect(await say('cluster', 'backup', 'here', '--list')).toContain(textOf(scheduled, 'backupName'));
    await apply('0 1 * * *');
    const plan = await workspace.run('plan', '-detailed-exitcode');
    expect(plan).toMatchObject({ code: 0 });
  });

  it('are restored into another cluster, under another namespace', async () => {
    expect(await there.member.ended(elsewhere, BUSY_MS)).toMatchObject({ phase: 'done', result: { backupName } });
    const tea = await kubectl(there.control, [
      '-n',
      'copy',
      'get',
      'configmap',
      'prices',
      '-o',
      'jsonpath={.data.tea}',
    ]);
    expect(tea).toBe('3');
    // Nothing more is to be done there with the location.
    await eventually('its credentials are gone', async () =>
      (await kept(there)).includes(`palette-${location}`) ? undefined : true,
    );
  });

  it('are deleted where they are kept', async () => {
    expect(await say('cluster', 'backup', 'here', '--delete', backupName)).toContain(`backup ${backupName} is deleted`);
    expect(await readdir(join(root, 'backups', 'backups')).catch(() => [])).not.toContain(backupName);
    expect(await say('cluster', 'backup', 'here', '--list')).toMatch(new RegExp(`${backupName} +deletion Completed`));
  });

  it('into a location that Velero cannot use fail with its reason, and leave nothing of the location', async () => {
    const broken = await makeLocation('broken', { root: 'no-path' });
    const { phase, message } = await here.member.ended(await here.member.ask(backup(broken)), BUSY_MS);
    expect(phase).toBe('failed');
    expect(message).toContain('Velero cannot use the backup location broken');
    expect(message).toContain('no absolute path');
    const left = await eventually('the broken one is gone', async () => {
      const names = await kept(here);
      return names.includes(`palette-${broken}`) ? undefined : names;
    });
    expect(left).toContain(`palette-${location}`);
  });

  it('never tell credentials', async () => {
    for (const { member } of [here, there])
      expect(JSON.stringify(await member.actions())).not.toContain('canary-of-backups');
  });
});

it('an action that there is none of is told in words', async () => {
  const { exitCode, stderr } = await command('cluster', 'actions', 'here', 'zzz');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('the cluster has no action "zzz"');
});

describe('snapshots of etcd', () => {
  it('are whole, and the newest are kept', async () => {
    const pki = dirname(here.control.caFile);
    const ports: { readonly etcd: number } = JSON.parse(await readFile(join(dirname(pki), 'ports.json'), 'utf8'));
    await here.member.start({
      etcd: {
        endpoint: `https://127.0.0.1:${ports.etcd}`,
        caFile: join(pki, 'etcd-ca.crt'),
        certFile: join(pki, 'etcd.crt'),
        keyFile: join(pki, 'etcd.key'),
      },
    });
    for (let times = 0; times < 3; times++) {
      const run = await here.member.ended(await here.member.ask({ type: 'etcd-snapshot', spec: { keep: 2 } }));
      expect(run).toMatchObject({ phase: 'done' });
      const bytes = await readFile(textOf(run, 'file'));
      expect(sha256(bytes.subarray(0, -32))).toBe(run.result?.['digest']);
      // A page of etcd's database begins with its number; the first says that it is a database of this kind.
      expect(bytes.readUInt32LE(16)).toBe(0xed_0c_da_ed);
    }
    expect(await readdir(join(here.cluster.dir, 'etcd-snapshots'))).toHaveLength(2);
  });

  it('of an agent that does not reach etcd fail and say so', async () => {
    const { exitCode, stderr } = await command('cluster', 'snapshot', 'there', '--keep', '2');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('does not reach etcd') });
  });
});
