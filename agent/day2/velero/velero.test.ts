import { randomUUID } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import { KubeError } from '#kubernetes/error';
import type { KubeObject, ObjectRef } from '#kubernetes/object';
import type { BackupLocation, BackupSpec, RestoreSpec } from '#protocol/actions';
import type { DesiredState } from '#protocol/desired-state';

import { createWake } from '../../wake.ts';
import { Cancelled, type ActionContext } from '../action.ts';
import { backup } from '../backup.ts';
import { deleteBackup } from '../delete-backup.ts';
import { restore } from '../restore.ts';
import { keepLocations } from './keep-locations.ts';
import { removeOtherLocations } from './location.ts';

const UID = 'a1'.repeat(12);
const LOCATION: BackupLocation = {
  uid: UID,
  name: 'nightly',
  isDefault: true,
  provider: 'aws',
  bucket: 'b',
  config: {},
  credentials: 'key',
};
const BACKUP: BackupSpec = {
  namePrefix: 'nightly',
  name: 'nightly-1',
  locationUid: UID,
  expiryHours: 24,
  namespaces: [],
  includeDisks: false,
  includeClusterResources: 'auto',
};
const RESTORE: RestoreSpec = {
  backupName: 'nightly-1',
  locationUid: UID,
  namespaces: [],
  namespaceMappings: {},
  includeClusterResources: 'auto',
  restorePersistentVolumes: false,
  preserveNodePorts: false,
};
const TIMES = { takeUpMs: 40, wholeMs: 5_000, findMs: 2_000, everyMs: 2 };

/** A cluster with Velero in it, whose server does what the test lets it do. */
function cluster() {
  const objects = new Map<string, KubeObject>();
  const keyOf = ({ kind, namespace = '', name }: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>): string =>
    `${kind}/${namespace}/${name}`;
  const put = (object: KubeObject): KubeObject => {
    const { kind, metadata } = object;
    const key = keyOf({ kind, ...metadata });
    const stored = {
      ...objects.get(key),
      ...object,
      metadata: { uid: randomUUID(), ...objects.get(key)?.metadata, ...metadata },
    };
    objects.set(key, stored);
    return stored;
  };
  const find = (kind: string): KubeObject[] => [...objects.values()].filter((one) => one.kind === kind);
  const client: Partial<KubeClient> = {
    discovery: {
      resourceType: async ({ apiVersion, kind }: { apiVersion: string; kind: string }) => ({
        apiVersion,
        kind,
        plural: '',
        namespaced: true,
        verbs: [],
      }),
      invalidate: () => undefined,
    } as unknown as KubeClient['discovery'], // these are asked for
    get: async (ref, { signal }) => {
      signal.throwIfAborted();
      return objects.get(keyOf(ref));
    },
    create: async (object, { signal }) => {
      signal.throwIfAborted();
      return put(object as KubeObject); // named, all of them
    },
    may: async () => true,
    apply: async (object, { signal }) => {
      signal.throwIfAborted();
      return put(object);
    },
    list: async ({ kind }, { signal, labelSelector }) => {
      signal.throwIfAborted();
      const [key = '', value] = labelSelector?.split('=') ?? [];
      const items = find(kind).filter(
        ({ metadata }) => labelSelector === undefined || metadata.labels?.[key] === value,
      );
      return { items, resourceVersion: '' };
    },
    delete: async (ref, { signal }) => {
      signal.throwIfAborted();
      objects.delete(keyOf(ref));
    },
  };
  put({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'velero', namespace: 'velero', labels: { component: 'velero' } },
  });
  const locationName = `palette-${UID}`;
  put({
    apiVersion: 'velero.io/v1',
    kind: 'BackupStorageLocation',
    metadata: { name: locationName, namespace: 'velero' },
    status: { phase: 'Available' },
  });
  const remove = (kind: string, name: string): void => void objects.delete(keyOf({ kind, namespace: 'velero', name }));
  return { client: client as KubeClient, put, find, remove, locationName };
}

type Cluster = ReturnType<typeof cluster>;

/** One life of the agent with a run; the notes are what former lives left. */
function life({ client }: Cluster, runId: string, notes: Record<string, string> = {}) {
  const [stop, end] = [new AbortController(), new AbortController()];
  const steps: string[] = [];
  const context: ActionContext = {
    runId,
    client,
    namespace: 'n',
    document: () => ({ dayTwo: { backupLocations: [LOCATION] } }) as unknown as DesiredState, // this is read alone
    progress: (step) => void steps.push(step),
    notes: { ...notes },
    note: async (key, value) => void (notes[key] = value),
    upload: async () => undefined,
    // Far from the time that the cluster has.
    now: () => new Date('2020-01-01T00:00:00.000Z'),
    log: silentLogger,
    signal: AbortSignal.any([stop.signal, end.signal]),
    ending: end.signal,
  };
  return { context, steps, notes, cancel: () => stop.abort(new Cancelled()), end: () => end.abort(new Error('ends')) };
}

const turns = async (done: () => boolean): Promise<void> => {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 1));
};
const velero = (kind: string, name: string, phase: string, labels = {}): KubeObject => ({
  apiVersion: 'velero.io/v1',
  kind,
  metadata: { name, namespace: 'velero', labels },
  status: { phase },
});
const labelled = (runId: string): Record<string, string> => ({ 'palette-iac.dev/run': runId });

describe('a backup that is cancelled', () => {
  it('before Velero begins with it is taken back', async () => {
    const at = cluster();
    const one = life(at, randomUUID());
    const running = backup({ ...TIMES, takeUpMs: 60_000 })(BACKUP, one.context);
    await turns(() => at.find('Backup').length > 0);
    one.cancel();
    await expect(running).rejects.toBeInstanceOf(Cancelled);
    expect(at.find('Backup')).toEqual([]);
    expect(at.find('DeleteBackupRequest')).toEqual([]);
  });

  it('while Velero is at it is deleted when Velero has ended, also where the agent stops meanwhile', async () => {
    const at = cluster();
    const runId = randomUUID();
    const first = life(at, runId);
    const running = backup(TIMES)(BACKUP, first.context);
    await turns(() => at.find('Backup').length > 0);
    at.put(velero('Backup', 'nightly-1', 'InProgress', labelled(runId)));
    await turns(() => first.steps.includes('nightly-1: InProgress'));
    first.cancel();
    await turns(() => first.steps.at(-1)?.startsWith('cancelling') === true);
    expect(at.find('DeleteBackupRequest')).toEqual([]);
    first.end();
    await expect(running).rejects.toThrow('ends');

    const second = life(at, runId, first.notes);
    second.cancel();
    const again = backup(TIMES)(BACKUP, second.context);
    await turns(() => second.steps.at(-1)?.startsWith('cancelling') === true);
    at.put(velero('Backup', 'nightly-1', 'Completed', labelled(runId)));
    await turns(() => at.find('DeleteBackupRequest').length > 0);
    expect(at.find('DeleteBackupRequest')).toMatchObject([{ spec: { backupName: 'nightly-1' } }]);
    // As long as Velero deletes it needs the location, which the plane takes back with the end of the run.
    let over = false;
    void again.catch(() => (over = true));
    at.put(velero('Backup', 'nightly-1', 'Deleting', labelled(runId)));
    await turns(() => second.steps.includes('waiting for Velero to delete nightly-1'));
    expect(over).toBe(false);
    at.remove('Backup', 'nightly-1');
    await expect(again).rejects.toBeInstanceOf(Cancelled);
  });

  it('says so where Velero cannot delete it', async () => {
    const at = cluster();
    const runId = randomUUID();
    at.put(velero('Backup', 'nightly-1', 'Deleting', labelled(runId)));
    at.put({
      ...velero('DeleteBackupRequest', `palette-delete-${runId}`, 'Processed', labelled(runId)),
      status: { phase: 'Processed', errors: ['the bucket is gone'] },
    });
    const one = life(at, runId);
    one.cancel();
    await expect(backup(TIMES)(BACKUP, one.context)).rejects.toThrow(
      'backup nightly-1 is not deleted: the bucket is gone',
    );
  });

  it('leaves a backup of the same name alone that another run made', async () => {
    const at = cluster();
    at.put(velero('Backup', 'nightly-1', 'Completed', labelled('another')));
    const one = life(at, randomUUID());
    one.cancel();
    await expect(backup(TIMES)(BACKUP, one.context)).rejects.toBeInstanceOf(Cancelled);
    expect(at.find('Backup')).toHaveLength(1);
    expect(at.find('DeleteBackupRequest')).toEqual([]);
  });
});

describe('what Velero does not begin with', () => {
  it('is taken back and has failed, so that it does not come about later with nobody looking', async () => {
    const at = cluster();
    await expect(backup(TIMES)(BACKUP, life(at, randomUUID()).context)).rejects.toThrow('Velero did not begin');
    expect(at.find('Backup')).toEqual([]);
  });

  it('because it is at another one is waited for', async () => {
    const at = cluster();
    const runId = randomUUID();
    at.put(velero('Backup', 'other', 'InProgress'));
    const one = life(at, runId);
    const running = backup(TIMES)(BACKUP, one.context);
    const begun = performance.now();
    await turns(() => performance.now() - begun > 4 * TIMES.takeUpMs);
    expect(at.find('Backup')).toHaveLength(2);
    at.put(velero('Backup', 'nightly-1', 'Completed', labelled(runId)));
    await expect(running).resolves.toMatchObject({ result: { backupName: 'nightly-1', state: 'Completed' } });
  });
});

describe('a restore', () => {
  it('whose object was deleted after a restart is not made a second time', async () => {
    const at = cluster();
    at.put({ ...velero('Backup', 'nightly-1', 'Completed'), spec: { storageLocation: at.locationName } });
    const runId = randomUUID();
    const name = `palette-restore-${runId}`;
    const one = life(at, runId, { made: name });
    await expect(restore(TIMES)(RESTORE, one.context)).rejects.toThrow(`Restore ${name} is gone`);
    expect(at.find('Restore')).toEqual([]);
  });

  it('that is cancelled says that Velero goes on, or is taken back before that', async () => {
    for (const [phase, says, left] of [
      ['New', '', 0],
      ['InProgress', 'it goes on with palette-restore-', 1],
    ] as const) {
      const at = cluster();
      const runId = randomUUID();
      at.put(velero('Restore', `palette-restore-${runId}`, phase, labelled(runId)));
      const one = life(at, runId, { made: `palette-restore-${runId}` });
      one.cancel();
      const error = await restore(TIMES)(RESTORE, one.context).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Cancelled);
      expect((error as Cancelled).message).toContain(says);
      expect(at.find('Restore')).toHaveLength(left);
    }
  });
});

it('a deletion that is cancelled says that Velero goes on with it', async () => {
  const at = cluster();
  const runId = randomUUID();
  at.put(velero('DeleteBackupRequest', `palette-delete-${runId}`, 'InProgress', labelled(runId)));
  const one = life(at, runId, { asked: 'yes' });
  one.cancel();
  const deleting = deleteBackup(TIMES)({ backupName: 'nightly-1', locationUid: UID }, one.context);
  await expect(deleting).rejects.toThrow('it goes on deleting nightly-1');
});

it('an agent that may only look has no locations to take away', async () => {
  const { client } = cluster();
  const list = async (): Promise<never> => {
    throw new KubeError('forbidden', { status: 403, reason: 'Forbidden' });
  };
  const looking = { ...client, list };
  await expect(removeOtherLocations(() => [], { client: looking, signal: new AbortController().signal })).resolves.toBe(
    true,
  );
});

describe('a location', () => {
  it('is not given up for what Velero found before it was told, whatever the clocks say', async () => {
    const at = cluster();
    const unavailable = (message: string, lastValidationTime: string): void =>
      void at.put({
        ...velero('BackupStorageLocation', at.locationName, 'Unavailable'),
        status: { phase: 'Unavailable', message, lastValidationTime },
      });
    unavailable('the old key is refused', '2030-01-01T00:00:00Z');
    const running = backup(TIMES)(BACKUP, life(at, randomUUID()).context);
    await turns(() => at.find('Secret').length > 0);
    unavailable('no such bucket', '2030-01-01T00:01:00Z');
    await expect(running).rejects.toThrow('cannot use the backup location nightly: no such bucket');
  });

  it('that an action makes while others are taken away stays', async () => {
    const at = cluster();
    const labels = { 'palette-iac.dev/part': 'backup-location' };
    const name = at.locationName;
    let kept: readonly string[] = [];
    const list: KubeClient['list'] = async (type, options) => {
      kept = [UID];
      at.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'velero', labels } });
      return at.client.list(type, options);
    };
    const client = { ...at.client, list };
    await removeOtherLocations(() => kept, { client, signal: new AbortController().signal });
    expect(at.find('Secret')).toHaveLength(1);
  });

  it.each([
    {
      what: 'a backup',
      object: { ...velero('Backup', 'b', 'InProgress'), spec: { storageLocation: `palette-${UID}` } },
    },
    { what: 'a restore', object: { ...velero('Restore', 'r', 'InProgress'), spec: { backupName: 'kept' } } },
    { what: 'a deletion', object: { ...velero('DeleteBackupRequest', 'd', 'New'), spec: { backupName: 'kept' } } },
  ])('stays with its credentials as long as Velero is at $what with it', async ({ object }) => {
    const at = cluster();
    const labels = { 'palette-iac.dev/part': 'backup-location' };
    const name = at.locationName;
    at.put({ ...velero('BackupStorageLocation', name, 'Available'), metadata: { name, namespace: 'velero', labels } });
    at.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'velero', labels } });
    at.put({ ...velero('Backup', 'kept', 'Completed'), spec: { storageLocation: name } });
    at.put({ ...velero('Backup', 'not deleted', 'Deleting'), spec: { storageLocation: name } });
    at.put(object);
    let looks = 0;
    const list: KubeClient['list'] = async (type, options) => {
      if (type.kind === 'Restore') looks++;
      return at.client.list(type, options);
    };
    const stop = new AbortController();
    const document = (): DesiredState => ({ dayTwo: { backupLocations: [] } }) as unknown as DesiredState; // this is read alone
    const working = keepLocations(
      { client: { ...at.client, list }, document, wake: createWake(), log: silentLogger, everyMs: 2 },
      { signal: stop.signal },
    );
    await turns(() => looks > 2);
    expect(at.find('Secret')).toHaveLength(1);
    expect(at.find('BackupStorageLocation')).toHaveLength(1);
    at.put({ ...object, status: { phase: object.kind === 'DeleteBackupRequest' ? 'Processed' : 'Completed' } });
    await turns(() => at.find('BackupStorageLocation').length === 0);
    expect(at.find('Secret')).toEqual([]);
    stop.abort();
    await working;
  });

  it('goes with its credentials when the desired state has it no more', async () => {
    const at = cluster();
    const labels = { 'palette-iac.dev/part': 'backup-location' };
    const [kept, gone] = [`palette-${'a1'.repeat(12)}`, `palette-${'b2'.repeat(12)}`];
    for (const name of [kept, gone]) {
      at.put({
        ...velero('BackupStorageLocation', name, 'Available'),
        metadata: { name, namespace: 'velero', labels },
      });
      at.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'velero', labels } });
    }
    at.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'of-others', namespace: 'velero' } });
    const stop = new AbortController();
    const wake = createWake();
    let locations = [LOCATION];
    const document = (): DesiredState => ({ dayTwo: { backupLocations: locations } }) as unknown as DesiredState; // this is read alone
    const working = keepLocations({ client: at.client, document, wake, log: silentLogger }, { signal: stop.signal });
    const names = (kind: string): string[] => at.find(kind).map(({ metadata }) => metadata.name);
    await turns(() => !names('BackupStorageLocation').includes(gone));
    expect(names('Secret')).toEqual([kept, 'of-others']);
    locations = [];
    wake.notify();
    await turns(() => names('BackupStorageLocation').length === 0);
    expect(names('Secret')).toEqual(['of-others']);
    stop.abort();
    await working;
  });
});
