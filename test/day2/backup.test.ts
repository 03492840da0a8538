import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { sha256 } from '#core/digest';
import type { Child } from '#cli/local/child';
import type { ControlPlane } from '#cli/local/control-plane';
import type { Action, BackupLocation, DayTwo } from '#protocol/actions';
import type { ActionReport } from '#protocol/report';

import {
  createSite,
  eventually,
  openCluster,
  type RunningAgent,
  type TestCluster,
  type TestSite,
} from '../agent/support/harness.ts';
import { kubectl, startCluster } from '../support/cluster.ts';
import { installVelero, startVelero, VELERO_NAMESPACE } from './support/velero.ts';

/** A first start may have to build the servers. */
const START_MS = 20 * 60_000;
const SYNC_MS = 180_000;
/** On a busy machine Velero takes its time. */
const BUSY_MS = 120_000;
jest.setTimeout(3 * BUSY_MS);
const CANARY = 'aws_secret_access_key=canary-of-backups';
const LOCATION = 'a1'.repeat(12);

interface Site {
  readonly plane: ControlPlane;
  readonly cluster: TestCluster;
  readonly site: TestSite;
}

let here: Site;
let there: Site;
const agents: RunningAgent[] = [];
const servers: Child[] = [];
let root: string;

async function open(): Promise<Site> {
  const plane = await startCluster({ scheduler: false });
  const cluster = await openCluster(plane);
  return { plane, cluster, site: await createSite(cluster) };
}

function location(over: Partial<BackupLocation> = {}): BackupLocation {
  return {
    uid: LOCATION,
    name: 'folder',
    isDefault: true,
    provider: 'palette-iac.dev/fs',
    bucket: 'backups',
    config: { root },
    credentials: CANARY,
    ...over,
  };
}

function dayTwo(...backupLocations: readonly BackupLocation[]): { readonly dayTwo: DayTwo } {
  return {
    dayTwo: {
      timezone: 'UTC',
      windows: [],
      schedules: [],
      agentUpgrades: 'automatic',
      backupLocations: [...backupLocations],
    },
  };
}

/** Gives the agent an action as the plane does; gives the run's id. */
function ask({ site }: Site, action: Action): string {
  const id = randomUUID();
  const cursor = (site.plane.commands.at(-1)?.cursor ?? 0) + 1;
  const issuedAt = new Date().toISOString();
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  site.plane.commands.push({ id, cursor, type: 'action', issuedAt, expiresAt, action });
  return id;
}

/** The newest report of a run, once it has ended. */
async function done({ site }: Site, runId: string, patienceMs = BUSY_MS): Promise<ActionReport> {
  const newest = (): ActionReport | undefined =>
    site
      .reports('action')
      .filter((report) => report.runId === runId)
      .sort((a, b) => b.sequence - a.sequence)[0];
  return eventually(
    `run ${runId} has ended`,
    () => {
      const report = newest();
      return report?.endedAt === undefined ? undefined : report;
    },
    () => JSON.stringify(newest()),
    patienceMs,
  );
}

function textOf({ result }: ActionReport, key: string): string {
  const value = result?.[key];
  if (typeof value !== 'string') throw new Error(`the result has no ${key}: ${JSON.stringify(result)}`);
  return value;
}

const BACKUP: Extract<Action, { type: 'backup' }>['spec'] = {
  namePrefix: 'nightly',
  locationUid: LOCATION,
  expiryHours: 24,
  namespaces: ['shop'],
  includeDisks: false,
  includeClusterResources: 'auto',
};
const RESTORE: Omit<Extract<Action, { type: 'restore' }>['spec'], 'backupName'> = {
  locationUid: LOCATION,
  namespaces: [],
  namespaceMappings: {},
  includeClusterResources: 'auto',
  restorePersistentVolumes: false,
  preserveNodePorts: false,
};

async function makeShop({ plane }: Site): Promise<void> {
  await kubectl(plane, ['create', 'namespace', 'shop']);
  await kubectl(plane, ['-n', 'shop', 'create', 'configmap', 'prices', '--from-literal=tea=3']);
}

beforeAll(async () => {
  [here, there] = await Promise.all([open(), open()]);
  root = join(here.cluster.dir, 'store');
  await mkdir(join(root, 'backups'), { recursive: true });
  for (const { site } of [here, there]) {
    await site.plane.offer(dayTwo(location()));
    await site.invite();
    agents.push(await site.startAgent());
  }
}, START_MS);

afterAll(async () => {
  for (const server of servers) await server.stop(5_000);
  for (const at of [here, there]) {
    await at?.site.stop();
    await at?.cluster.close();
    await at?.plane.stop();
  }
});

describe('backups by Velero', () => {
  let backupName: string;
  let elsewhere: string;

  it('of a cluster without Velero fail and say so', async () => {
    const report = await done(here, ask(here, { type: 'backup', spec: BACKUP }));
    expect(report.phase).toBe('failed');
    expect(report.message).toContain('add a pack with Velero');
  });

  it('are made where the desired state says, and told with what they hold', async () => {
    for (const [at, name] of [
      [here, 'here'],
      [there, 'there'],
    ] as const) {
      await installVelero(at.plane);
      servers.push(await startVelero(at.plane, join(here.cluster.dir, name)));
    }
    await makeShop(here);
    const runId = ask(here, { type: 'backup', spec: BACKUP });
    const report = await done(here, runId);
    expect(report).toMatchObject({
      phase: 'done',
      result: { locationUid: LOCATION, locationName: 'folder', state: 'Completed', namespaces: ['shop'], errors: 0 },
    });
    backupName = textOf(report, 'backupName');
    expect(backupName).toMatch(/^nightly-\d{8}-\d{6}-[0-9a-f]{4}$/);
    expect(await readdir(join(root, 'backups', 'backups', backupName))).toContain(`${backupName}.tar.gz`);
    // Velero looks for backups that others made once a minute: until then the other tests go on.
    elsewhere = ask(there, {
      type: 'restore',
      spec: { ...RESTORE, backupName, namespaces: ['shop'], namespaceMappings: { shop: 'copy' } },
    });
    const secret = await kubectl(here.plane, ['-n', VELERO_NAMESPACE, 'get', 'secrets', '-o', 'json']);
    expect(secret).toContain(Buffer.from(CANARY).toString('base64'));
  });

  it('go on after the agent was restarted in the middle, and are made once', async () => {
    const runId = ask(here, { type: 'backup', spec: BACKUP });
    const begun = await eventually('the backup is begun', async () => {
      const found = await kubectl(here.plane, [
        '-n',
        VELERO_NAMESPACE,
        'get',
        'backups',
        '-l',
        `palette-iac.dev/run=${runId}`,
        '-o',
        'name',
      ]);
      return found.trim() === '' ? undefined : found;
    });
    expect(begun.trim().split('\n')).toHaveLength(1);
    await agents[0]?.stop();
    agents[0] = await here.site.startAgent();
    const report = await done(here, runId);
    expect(report.phase).toBe('done');
    const made = await kubectl(here.plane, [
      '-n',
      VELERO_NAMESPACE,
      'get',
      'backups',
      '-l',
      `palette-iac.dev/run=${runId}`,
      '-o',
      'name',
    ]);
    expect(made.trim().split('\n')).toHaveLength(1);
  });

  it('are restored into the cluster that they are of', async () => {
    await kubectl(here.plane, ['delete', 'namespace', 'shop', '--wait=true']);
    const report = await done(here, ask(here, { type: 'restore', spec: { ...RESTORE, backupName } }));
    expect(report).toMatchObject({ phase: 'done', result: { backupName, state: 'Completed', errors: 0 } });
    expect(await kubectl(here.plane, ['-n', 'shop', 'get', 'configmap', 'prices', '-o', 'jsonpath={.data.tea}'])).toBe(
      '3',
    );
  });

  it(
    'are restored into another cluster, under another namespace',
    async () => {
      const report = await done(there, elsewhere, SYNC_MS);
      expect(report).toMatchObject({ phase: 'done', result: { backupName } });
      expect(
        await kubectl(there.plane, ['-n', 'copy', 'get', 'configmap', 'prices', '-o', 'jsonpath={.data.tea}']),
      ).toBe('3');
    },
    2 * SYNC_MS,
  );

  it('are deleted where they are kept', async () => {
    const spec = { backupName, locationUid: LOCATION };
    expect(await done(here, ask(here, { type: 'delete-backup', spec }))).toMatchObject({ phase: 'done' });
    expect(await readdir(join(root, 'backups', 'backups')).catch(() => [])).not.toContain(backupName);
  });

  it('into a location that Velero cannot use fail with its reason; what is not wanted any more is taken away', async () => {
    const other = 'b2'.repeat(12);
    await here.site.applied(
      await here.site.plane.offer(dayTwo(location({ uid: other, name: 'broken', config: { root: 'no-path' } }))),
    );
    const report = await done(here, ask(here, { type: 'backup', spec: { ...BACKUP, locationUid: other } }));
    expect(report.phase).toBe('failed');
    expect(report.message).toContain('Velero cannot use the backup location broken');
    expect(report.message).toContain('no absolute path');
    const locations = await kubectl(here.plane, [
      '-n',
      VELERO_NAMESPACE,
      'get',
      'backupstoragelocations,secrets',
      '-o',
      'name',
    ]);
    expect(locations).toContain(`palette-${other}`);
    expect(locations).not.toContain(`palette-${LOCATION}`);
  });

  it('never tell credentials', () => {
    for (const { site } of [here, there]) expect(JSON.stringify(site.plane.reports)).not.toContain('canary-of-backups');
  });
});

describe('snapshots of etcd', () => {
  it('are whole, and the newest are kept', async () => {
    const pki = dirname(here.plane.caFile);
    const ports: { readonly etcd: number } = JSON.parse(await readFile(join(dirname(pki), 'ports.json'), 'utf8'));
    await agents[0]?.stop();
    agents[0] = await here.site.startAgent({
      config: {
        etcd: {
          endpoint: `https://127.0.0.1:${ports.etcd}`,
          caFile: join(pki, 'etcd-ca.crt'),
          certFile: join(pki, 'etcd.crt'),
          keyFile: join(pki, 'etcd.key'),
        },
      },
    });
    for (let times = 0; times < 3; times++) {
      const report = await done(here, ask(here, { type: 'etcd-snapshot', spec: { keep: 2 } }));
      expect(report).toMatchObject({ phase: 'done' });
      const bytes = await readFile(textOf(report, 'file'));
      expect(sha256(bytes.subarray(0, -32))).toBe(report.result?.['digest']);
      // A page of etcd's database begins with its number; the first says that it is a database of this kind.
      expect(bytes.readUInt32LE(16)).toBe(0xed_0c_da_ed);
    }
    expect(await readdir(join(here.cluster.dir, 'etcd-snapshots'))).toHaveLength(2);
  });

  it('of an agent that does not reach etcd fail and say so', async () => {
    const report = await done(there, ask(there, { type: 'etcd-snapshot', spec: { keep: 2 } }));
    expect(report.phase).toBe('failed');
    expect(report.message).toContain('does not reach etcd');
  });
});
