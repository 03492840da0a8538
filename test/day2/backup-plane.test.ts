import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { sha256 } from '#core/digest';
import { silentLogger } from '#core/log';
import { createSecrets } from '#plane/domain/secrets/secrets';
import { expireActions, releaseExpired } from '#plane/domain/actions/supervise';
import type { ActionReport } from '#protocol/report';

import { registerAgent, type TestAgent } from '../plane/fleet-agent.ts';
import { importCluster } from '../plane/fleet-packs.ts';
import { startTestPlane, type Answer, type TestPlane } from '../plane/fleet-plane.ts';

const CANARY = 'canary-of-a-secret-key';
const S3 = {
  metadata: { name: 'nightly' },
  spec: {
    isDefault: true,
    type: 's3',
    config: {
      bucketName: 'backups',
      region: 'eu-central-1',
      credentials: { credentialType: 'secret', accessKey: 'AKIAEXAMPLE', secretKey: CANARY },
    },
  },
};
const BACKUP_RESULT = {
  locationName: 'nightly',
  state: 'Completed',
  namespaces: ['shop'],
  includeDisks: true,
  includeClusterResources: 'auto',
  expiresAt: new Date(Date.now() + 30 * 24 * 3_600_000).toISOString(),
};

let plane: TestPlane;
/** How far the plane's clock is ahead, in milliseconds. */
let ahead = 0;
const services = (): Parameters<typeof expireActions>[1] => ({
  secrets: createSecrets(plane.masterKey),
  fleet: plane.fleet.services,
});

interface Fleet {
  readonly uid: string;
  readonly agent: TestAgent;
}

async function fleet(name: string): Promise<Fleet> {
  const uid = await importCluster(plane, name);
  const agent = await registerAgent(plane, uid);
  expect((await agent.report(agent.status({ revision: 0 }))).status).toBe(204);
  return { uid, agent };
}

const post = async (path: string, body: unknown): Promise<Answer> => plane.call(path, { method: 'POST', body });
const locations = '/v1/users/assets/locations';

async function makeLocation(name: string): Promise<string> {
  const { status, body } = await post(`${locations}/s3`, { ...S3, metadata: { name } });
  expect(status).toBe(201);
  return body.uid;
}

interface Told {
  readonly runId: string;
  readonly type: ActionReport['type'];
  readonly phase: ActionReport['phase'];
  readonly sequence?: number;
  readonly result?: ActionReport['result'];
  readonly scheduleId?: string;
}

async function tell({ agent }: Fleet, { sequence = 1, scheduleId, result, ...told }: Told): Promise<void> {
  const now = new Date().toISOString();
  const answer = await agent.report({
    id: randomUUID(),
    clusterUid: agent.credentials.clusterUid,
    sentAt: now,
    kind: 'action',
    ...told,
    sequence,
    origin: scheduleId === undefined ? 'command' : 'schedule',
    ...(scheduleId === undefined ? {} : { scheduleId }),
    step: '',
    startedAt: now,
    ...(told.phase === 'running' ? {} : { endedAt: now }),
    message: '',
    ...(result === undefined ? {} : { result }),
  });
  expect(answer.status).toBe(204);
}

const commands = async ({ agent }: Fleet): Promise<{ id: string; type: string; action?: object; runId?: string }[]> =>
  (
    await agent.call(
      '/v1/agents/self/commands?types=resync,cancel,action/backup,action/restore,action/delete-backup,action/scale',
    )
  ).body.items;

beforeAll(async () => {
  plane = await startTestPlane({ now: () => new Date(Date.now() + ahead) });
}, 60_000);

afterAll(async () => plane?.stop());

describe('backup locations', () => {
  it('of every kind are stored with their secrets sealed, read without them, and keep them when they change', async () => {
    const azure = {
      metadata: { name: 'azure' },
      spec: {
        config: {
          containerName: 'c',
          resourceGroup: 'g',
          storageName: 's',
          sku: 'Standard_LRS',
          credentials: { tenantId: 't', clientId: 'i', clientSecret: CANARY, subscriptionId: 'u' },
        },
      },
    };
    const gcp = {
      metadata: { name: 'gcp' },
      spec: { config: { bucketName: 'b', credentials: { jsonCredentials: JSON.stringify({ private_key: CANARY }) } } },
    };
    const minio = {
      metadata: { name: 'minio' },
      spec: { config: { ...S3.spec.config, s3Url: 'https://minio.example.test', s3ForcePathStyle: true } },
    };
    const custom = {
      metadata: { name: 'custom' },
      spec: { config: { provider: 'example.com/x', bucketName: 'b', config: { a: 'b' }, credentials: CANARY } },
    };
    for (const [kind, body] of Object.entries({ azure, gcp, minio, custom, s3: { ...S3, metadata: { name: 's3' } } })) {
      const made = await post(`${locations}/${kind}`, body);
      expect(made.status).toBe(201);
      const at = `${locations}/${kind}/${made.body.uid}`;
      const read = await plane.call(at);
      expect(read).toMatchObject({
        status: 200,
        body: { metadata: { name: kind, annotations: { scope: 'project' } } },
      });
      expect(JSON.stringify(read.body)).not.toContain(CANARY);
      // What was read is sent back as it is, without the secret.
      expect((await plane.call(at, { method: 'PUT', body: read.body })).status).toBe(204);
      expect((await plane.call(at)).body.spec.config).toEqual(read.body.spec.config);
    }
    const stored = await plane.database
      .asSystem()
      .transaction(async (tx) =>
        tx.query<{ text: string }>(`SELECT config::text || encode(secrets, 'escape') AS text FROM backup_locations`),
      );
    expect(JSON.stringify(stored)).not.toContain(CANARY);
    const { body } = await plane.call(locations);
    expect(body.items.map((one: { metadata: { name: string } }) => one.metadata.name)).toEqual([
      'azure',
      'custom',
      'gcp',
      'minio',
      's3',
    ]);
  });

  it.each([
    { name: 'no bucket', kind: 's3', config: { ...S3.spec.config, bucketName: ' ' }, says: 'bucketName' },
    {
      name: 'an access key without its secret',
      kind: 's3',
      config: { ...S3.spec.config, credentials: { credentialType: 'secret', accessKey: 'A' } },
      says: 'secretKey',
    },
    { name: 'MinIO nowhere', kind: 'minio', config: S3.spec.config, says: 's3Url' },
    {
      name: 'a second line in a credential',
      kind: 's3',
      config: { ...S3.spec.config, credentials: { accessKey: 'A', secretKey: 'x\naws_session_token=y' } },
      says: 'line breaks',
    },
    {
      name: 'no key of a service account',
      kind: 'gcp',
      config: { bucketName: 'b', credentials: { jsonCredentials: 'x' } },
      says: 'jsonCredentials',
    },
    { name: 'no provider', kind: 'custom', config: { provider: '', bucketName: 'b' }, says: 'provider' },
  ])('are refused with $name', async ({ kind, config, says }) => {
    const { status, body } = await post(`${locations}/${kind}`, { metadata: { name: 'wrong' }, spec: { config } });
    expect(status).toBe(422);
    expect(body.message).toContain(says);
  });

  it('have one default in a project, and one name each', async () => {
    const [first, second] = [await makeLocation('default-1'), await makeLocation('default-2')];
    const isDefault = async (uid: string): Promise<boolean> =>
      (await plane.call(`${locations}/s3/${uid}`)).body.spec.isDefault;
    expect([await isDefault(first), await isDefault(second)]).toEqual([false, true]);
    expect((await plane.call(`${locations}/s3/${first}/default`, { method: 'PATCH' })).status).toBe(204);
    expect([await isDefault(first), await isDefault(second)]).toEqual([true, false]);
    const again = await post(`${locations}/s3`, { ...S3, metadata: { name: 'default-1' } });
    expect(again).toMatchObject({ status: 409, body: { code: 'DuplicateName' } });
    expect((await plane.call(`${locations}/gcp/${first}`)).status).toBe(404);
  });
});

describe('backups of a cluster', () => {
  it('by schedule travel with its desired state, credentials and all; the location cannot go meanwhile', async () => {
    const cluster = await fleet('scheduled');
    const at = `/v1/spectroclusters/${cluster.uid}/features/backup`;
    const location = await makeLocation('of-schedule');
    const config = {
      backupPrefix: 'Nightly',
      backupLocationUid: location,
      schedule: { scheduledRunTime: '0 1 * * *' },
      durationInHours: 48,
      includeAllDisks: true,
      includeClusterResourceMode: 'Always',
      namespaces: ['shop', 'blog'],
    };
    expect((await post(at, { ...config, backupLocationUid: 'f'.repeat(24) })).body.message).toContain(
      'no backup location',
    );
    expect((await post(at, { ...config, schedule: { scheduledRunTime: 'at night' } })).status).toBe(422);
    expect((await post(at, config)).status).toBe(201);
    const { dayTwo } = await cluster.agent.desiredState();
    expect(dayTwo?.schedules).toEqual([
      {
        id: 'backup',
        cron: '0 1 * * *',
        action: {
          type: 'backup',
          spec: {
            namePrefix: 'nightly',
            locationUid: location,
            expiryHours: 48,
            namespaces: ['blog', 'shop'],
            includeDisks: true,
            includeClusterResources: 'always',
          },
        },
      },
    ]);
    expect(dayTwo?.backupLocations).toMatchObject([{ uid: location, provider: 'aws', bucket: 'backups' }]);
    expect(dayTwo?.backupLocations[0]?.credentials).toContain(`aws_secret_access_key=${CANARY}`);
    const refused = await plane.call(`${locations}/${location}`, { method: 'DELETE' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'LocationInUse' } });
    expect(refused.body.message).toContain('scheduled');
    expect((await plane.call(`/v1/spectroclusters/features/backup/locations/${location}`)).body.clusters).toMatchObject(
      [{ uid: cluster.uid, name: 'scheduled' }],
    );
    // A run of the schedule becomes known by its first report, and so does the backup that it made.
    const runId = randomUUID();
    await tell(cluster, {
      runId,
      type: 'backup',
      phase: 'done',
      scheduleId: 'backup',
      result: { ...BACKUP_RESULT, backupName: 'nightly-1', locationUid: location },
    });
    expect((await plane.call(at)).body.status.clusterBackupStatuses).toMatchObject([
      {
        actor: { actorType: 'schedule' },
        backupRequestUid: runId,
        state: 'Completed',
        backupStatusMeta: [{ backupName: 'nightly-1' }],
      },
    ]);
    expect((await plane.call(at, { method: 'DELETE' })).status).toBe(204);
    // Without a schedule the location may go; until then the backup that is in it has to expire there.
    expect((await cluster.agent.desiredState()).dayTwo).toMatchObject({
      schedules: [],
      backupLocations: [{ uid: location }],
    });
    expect((await plane.call(`${locations}/${location}`, { method: 'DELETE' })).status).toBe(204);
    expect((await cluster.agent.desiredState()).dayTwo).toBeUndefined();
  });

  it('by schedule that move to another location take the credentials of the old one from the agent', async () => {
    const cluster = await fleet('moving');
    const at = `/v1/spectroclusters/${cluster.uid}/features/backup`;
    const [before, after] = [await makeLocation('move-before'), await makeLocation('move-after')];
    const config = { backupPrefix: 'n', backupLocationUid: before, schedule: { scheduledRunTime: '0 1 * * *' } };
    expect((await post(at, config)).status).toBe(201);
    expect((await plane.call(`${locations}/s3/${after}/default`, { method: 'PATCH' })).status).toBe(204);
    const run = { runId: randomUUID(), type: 'backup', scheduleId: 'backup' } as const;
    await tell(cluster, { ...run, phase: 'running' });
    const change = `/v1/spectroclusters/features/backup/locations/${before}`;
    expect((await plane.call(change, { method: 'PUT', body: { locationType: 's3' } })).status).toBe(204);
    // Velero writes there still.
    const given = (await cluster.agent.desiredState()).dayTwo?.backupLocations.map(({ uid }) => uid);
    expect(given?.toSorted()).toEqual([before, after].toSorted());
    await tell(cluster, { ...run, phase: 'failed', sequence: 2 });
    expect((await cluster.agent.desiredState()).dayTwo).toMatchObject({
      schedules: [{ action: { spec: { locationUid: after } } }],
      backupLocations: [{ uid: after }],
    });
    // A schedule that is switched off needs no location, whatever else is configured.
    const off = await plane.call(at, { method: 'PUT', body: { ...config, schedule: { scheduledRunTime: '' } } });
    expect(off.status).toBe(204);
    expect((await cluster.agent.desiredState()).dayTwo).toBeUndefined();
  });

  it('are made on demand, restored into another cluster and deleted, each as a command', async () => {
    const [source, target] = [await fleet('source'), await fleet('target')];
    const location = await makeLocation('on-demand');
    const at = `/v1/spectroclusters/${source.uid}/features`;
    const asked = await post(`${at}/backup/onDemand`, {
      backupPrefix: 'manual',
      backupLocationUid: location,
      namespaces: ['shop'],
    });
    expect(asked.status).toBe(201);
    const runId: string = asked.body.uid;
    expect((await source.agent.desiredState()).dayTwo?.backupLocations).toMatchObject([{ uid: location }]);
    expect(await commands(source)).toMatchObject([{ id: runId, type: 'action', action: { type: 'backup' } }]);
    expect(
      (await plane.call(`${at}/backup?backupRequestUid=${runId}`)).body.status.clusterBackupStatuses,
    ).toMatchObject([{ state: 'Pending', actor: { actorType: 'user' } }]);
    const restore = { backupRequestUid: runId, backupName: 'manual-1', destinationClusterUid: target.uid };
    expect(await post(`${at}/restore/onDemand`, restore)).toMatchObject({ status: 409, body: { code: 'NoBackup' } });
    await tell(source, {
      runId,
      type: 'backup',
      phase: 'done',
      result: { ...BACKUP_RESULT, backupName: 'manual-1', locationUid: location },
    });
    // Velero deletes the backup when it expires, for which it needs the location until then.
    expect((await source.agent.desiredState()).dayTwo?.backupLocations).toMatchObject([{ uid: location }]);
    expect((await post(`${at}/restore/onDemand`, { ...restore, backupName: 'other' })).status).toBe(422);
    const restored = await post(`${at}/restore/onDemand`, restore);
    expect(restored.status).toBe(201);
    expect((await target.agent.desiredState()).dayTwo?.backupLocations).toMatchObject([{ uid: location }]);
    expect(await commands(target)).toMatchObject([
      { id: restored.body.uid, action: { type: 'restore', spec: { backupName: 'manual-1', locationUid: location } } },
    ]);
    await tell(target, { runId: restored.body.uid, type: 'restore', phase: 'done' });
    // What only the action needed is taken from the agent when it has ended.
    expect((await target.agent.desiredState()).dayTwo).toBeUndefined();
    expect(
      (await plane.call(`/v1/spectroclusters/${target.uid}/features/restore`)).body.status.clusterRestoreStatuses,
    ).toMatchObject([
      {
        backupName: 'manual-1',
        sourceClusterRef: { uid: source.uid, name: 'source' },
        restoreStatusMeta: { isSucceeded: true },
      },
    ]);
    const deleted = await plane.call(`${at}/backup/manual-1/request/${runId}`, { method: 'DELETE' });
    expect(deleted.status).toBe(204);
    expect((await plane.call(`${at}/backup`)).body.status.clusterBackupStatuses).toMatchObject([
      {
        backupStatusMeta: [{ backupName: 'manual-1', backupState: { state: 'Completed', deleteState: 'Pending' } }],
        restoreStatusMeta: [{ destinationClusterRef: { uid: target.uid }, restoreState: 'Completed' }],
      },
    ]);
    const deletion = (await commands(source)).at(-1)?.id ?? '';
    await tell(source, { runId: deletion, type: 'delete-backup', phase: 'done' });
    expect((await source.agent.desiredState()).dayTwo).toBeUndefined();
  });

  it('keep their location with the agent until they have expired, and are deleted by way of actions, too', async () => {
    const cluster = await fleet('keeping');
    const location = await makeLocation('keeping');
    const at = `/v1/spectroclusters/${cluster.uid}/actions`;
    const made = async (name: string): Promise<void> => {
      const runId = randomUUID();
      const result = { ...BACKUP_RESULT, backupName: name, locationUid: location };
      await tell(cluster, { runId, type: 'backup', phase: 'done', scheduleId: 'backup', result });
    };
    const known = async (): Promise<unknown> =>
      (await cluster.agent.desiredState()).dayTwo?.backupLocations.map(({ uid }) => uid);
    await made('one');
    await made('two');
    const spec = { backupName: 'one', locationUid: location };
    const { status, body } = await post(at, { type: 'delete-backup', spec });
    expect(status).toBe(201);
    expect(await known()).toEqual([location]);
    await tell(cluster, { runId: body.uid, type: 'delete-backup', phase: 'done' });
    expect(
      (await plane.call(`/v1/spectroclusters/${cluster.uid}/features/backup`)).body.status.clusterBackupStatuses.map(
        (one: { backupStatusMeta: { backupName: string; backupState: { deleteState?: string } }[] }) => [
          one.backupStatusMeta[0]?.backupName,
          one.backupStatusMeta[0]?.backupState.deleteState,
        ],
      ),
    ).toEqual([
      ['two', undefined],
      ['one', 'Completed'],
    ]);
    expect(await known()).toEqual([location]);
    await releaseExpired(plane.database, services(), silentLogger);
    expect(await known()).toEqual([location]);
    ahead = 32 * 24 * 3_600_000;
    await releaseExpired(plane.database, services(), silentLogger);
    ahead = 0;
    expect(await known()).toBeUndefined();
  });
});

describe('actions of a cluster', () => {
  it('are asked for, told of, cancelled, and bring artifacts; another cluster has no part in them', async () => {
    const [cluster, other] = [await fleet('acting'), await fleet('looking-on')];
    const at = `/v1/spectroclusters/${cluster.uid}/actions`;
    const wrong = await post(at, { type: 'scale', spec: { pool: 'Not A Label', replicas: -1 } });
    expect(wrong.status).toBe(422);
    expect(wrong.body.message).toContain('spec.pool');
    const {
      body: { uid },
    } = await post(at, { type: 'scale', spec: { pool: 'workers', replicas: 3 } });
    expect((await plane.call(`${at}/${uid}`)).body).toMatchObject({
      phase: 'queued',
      type: 'scale',
      requestedBy: 'admin@example.test',
    });
    await tell(cluster, { runId: uid, type: 'scale', phase: 'running', sequence: 2 });
    // What is older, and what another cluster's agent says, changes nothing.
    await tell(cluster, { runId: uid, type: 'scale', phase: 'failed', sequence: 1 });
    await tell(other, { runId: uid, type: 'scale', phase: 'failed', sequence: 9 });
    expect((await plane.call(`${at}/${uid}`)).body.phase).toBe('running');
    expect((await plane.call(`${at}/${uid}/cancel`, { method: 'POST' })).status).toBe(204);
    expect((await commands(cluster)).at(-1)).toMatchObject({ type: 'cancel', runId: uid });

    const bytes = new Uint8Array(1_300_000).map((_byte, index) => index % 251);
    const path = `/v1/agents/self/actions/${uid}/artifacts/report.json?contentType=application%2Fjson`;
    const upload = { method: 'PUT', bytes, headers: { 'content-type': 'application/octet-stream' } };
    expect((await cluster.agent.call(path, upload)).status).toBe(204);
    expect((await cluster.agent.call(path, upload)).status).toBe(204);
    expect((await other.agent.call(path, upload)).status).toBe(404);
    expect((await plane.call(`${at}/${uid}`)).body.artifacts).toMatchObject([
      { name: 'report.json', contentType: 'application/json', size: bytes.length, digest: sha256(bytes) },
    ]);
    const fetched = await plane.call(`${at}/${uid}/artifacts/report.json`);
    expect(fetched.headers.get('content-disposition')).toContain('attachment');
    expect(sha256(fetched.bytes)).toBe(sha256(bytes));
    expect((await plane.call(`/v1/spectroclusters/${other.uid}/actions/${uid}/artifacts/report.json`)).status).toBe(
      404,
    );

    await tell(cluster, { runId: uid, type: 'scale', phase: 'cancelled', sequence: 3 });
    expect(await plane.call(`${at}/${uid}/cancel`, { method: 'POST' })).toMatchObject({
      status: 409,
      body: { code: 'ActionEnded' },
    });
    expect((await plane.call(`${at}?types=scale&phases=cancelled`)).body.items).toMatchObject([
      { uid, phase: 'cancelled' },
    ]);
    expect((await plane.call(`${at}?types=backup`)).body.items).toEqual([]);
  });

  it('that are cancelled before the agent has fetched them are never given to it', async () => {
    const cluster = await fleet('cancelling');
    const at = `/v1/spectroclusters/${cluster.uid}/actions`;
    const { body } = await post(at, { type: 'scale', spec: { pool: 'workers', replicas: 3 } });
    expect((await plane.call(`${at}/${body.uid}/cancel`, { method: 'POST' })).status).toBe(204);
    expect((await commands(cluster)).map(({ type }) => type)).toEqual(['cancel']);
    expect((await plane.call(`${at}/${body.uid}`)).body).toMatchObject({
      phase: 'cancelled',
      message: 'before it began',
    });
    // One that had fetched it just before says so, and is asked to end it.
    await tell(cluster, { runId: body.uid, type: 'scale', phase: 'running' });
    expect((await plane.call(`${at}/${body.uid}`)).body.phase).toBe('running');
  });

  it('that the agent has lost end when somebody wants them to', async () => {
    const cluster = await fleet('losing');
    const at = `/v1/spectroclusters/${cluster.uid}/actions`;
    const { body } = await post(at, { type: 'scale', spec: { pool: 'workers', replicas: 3 } });
    await tell(cluster, { runId: body.uid, type: 'scale', phase: 'running' });
    expect((await plane.call(`${at}/${body.uid}/cancel`, { method: 'POST' })).status).toBe(204);
    const commandId = (await commands(cluster)).at(-1)?.id ?? '';
    await cluster.agent.report({
      id: randomUUID(),
      clusterUid: cluster.agent.credentials.clusterUid,
      sentAt: new Date().toISOString(),
      kind: 'command',
      commandId,
      outcome: 'failed',
      message: `there is no run ${body.uid}`,
    });
    expect((await plane.call(`${at}/${body.uid}`)).body).toMatchObject({
      phase: 'failed',
      message: expect.stringContaining('there is no run'),
    });
  });

  it('that nobody takes on expire, give their location back and make room for others', async () => {
    const cluster = await fleet('sleeping');
    const location = await makeLocation('sleeping');
    const at = `/v1/spectroclusters/${cluster.uid}/actions`;
    const asked = await post(`/v1/spectroclusters/${cluster.uid}/features/backup/onDemand`, {
      backupPrefix: 'manual',
      backupLocationUid: location,
    });
    const scale = async (): Promise<Answer> => post(at, { type: 'scale', spec: { pool: 'workers', replicas: 3 } });
    for (let queued = 1; queued < 100; queued++) expect((await scale()).status).toBe(201);
    expect(await scale()).toMatchObject({ status: 409, body: { code: 'TooManyActions' } });
    ahead = 25 * 3_600_000;
    await expireActions(plane.database, services(), silentLogger);
    expect((await plane.call(`${at}/${asked.body.uid}`)).body).toMatchObject({
      phase: 'expired',
      message: expect.stringContaining('no agent took it on'),
    });
    expect((await plane.call(`${at}?phases=expired&limit=200`)).body.items).toHaveLength(100);
    expect(
      (await plane.call(`/v1/spectroclusters/${cluster.uid}/features/backup`)).body.status.clusterBackupStatuses,
    ).toMatchObject([{ state: 'Failed' }]);
    expect((await scale()).status).toBe(201);
    ahead = 0;
    expect((await cluster.agent.desiredState()).dayTwo).toBeUndefined();
  });

  it('that the agent does not take on have failed', async () => {
    const cluster = await fleet('refusing');
    const at = `/v1/spectroclusters/${cluster.uid}/actions`;
    const {
      body: { uid },
    } = await post(at, { type: 'scale', spec: { pool: 'workers', replicas: 3 } });
    await cluster.agent.report({
      id: randomUUID(),
      clusterUid: cluster.agent.credentials.clusterUid,
      sentAt: new Date().toISOString(),
      kind: 'command',
      commandId: uid,
      outcome: 'failed',
      message: 'this agent cannot carry out scale',
    });
    expect((await plane.call(`${at}/${uid}`)).body).toMatchObject({
      phase: 'failed',
      message: 'this agent cannot carry out scale',
    });
  });

  it('that change something are refused for a cluster that was imported read-only', async () => {
    const {
      body: { uid },
    } = await post('/v1/spectroclusters/generic/import', {
      metadata: { name: 'read-only' },
      spec: { clusterConfig: { importMode: 'read-only' } },
    });
    const scale = await post(`/v1/spectroclusters/${uid}/actions`, { type: 'scale', spec: { pool: 'w', replicas: 1 } });
    expect(scale).toMatchObject({ status: 409, body: { code: 'ClusterReadOnly' } });
    expect(
      (await post(`/v1/spectroclusters/${uid}/actions`, { type: 'collect-logs', spec: { sinceHours: 1 } })).status,
    ).toBe(201);
  });
});
