/** Backs the cluster up by Velero. */
import { valueAt, type KubeObject } from '#kubernetes/object';
import type { BackupLocation, BackupSpec } from '#protocol/actions';

import { ActionFailed, Cancelled, type ActionContext, type ActionHandler, type ActionOutcome } from './action.ts';
import { until } from './until.ts';
import { useLocation } from './velero/location.ts';
import { make, takeBack } from './velero/make.ts';
import { removeBackup } from './velero/remove-backup.ts';
import {
  hasEnded,
  isBeingDeleted,
  INCLUDE,
  numberAt,
  phaseOf,
  reasonOf,
  TIMES,
  veleroNamespace,
  veleroRef,
  type Times,
} from './velero/velero.ts';

export function backup(times: Times = TIMES): ActionHandler<'backup'> {
  return async (spec, context) => {
    const { client, runId, notes, note, now, signal } = context;
    const name = spec.name ?? notes['backupName'] ?? nameAt(spec.namePrefix, now(), runId);
    try {
      const namespace = await veleroNamespace(client, { signal });
      const used = await useLocation(spec.locationUid, namespace, context, times);
      await note('backupName', name);
      const wanted = { kind: 'Backup', namespace, name, spec: backupSpec(spec, used) } as const;
      return outcomeOf(spec, used.location.name, await make(wanted, context, times));
    } catch (error) {
      if (!(signal.reason instanceof Cancelled)) throw error;
      await clearAway(name, context, times);
      // Whatever came of it, there is nothing to tell of any more.
      throw new Cancelled('', { cause: error });
    }
  };
}

function nameAt(prefix: string, time: Date, runId: string): string {
  const stamp = time.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${prefix}-${stamp}-${runId.slice(0, 4)}`;
}

function backupSpec(spec: BackupSpec, used: { readonly name: string; readonly location: BackupLocation }): object {
  const include = INCLUDE[spec.includeClusterResources];
  return {
    storageLocation: used.name,
    ttl: `${spec.expiryHours}h0m0s`,
    includedNamespaces: spec.namespaces.length === 0 ? ['*'] : spec.namespaces,
    ...(include === undefined ? {} : { includeClusterResources: include }),
    snapshotVolumes: spec.includeDisks,
    defaultVolumesToFsBackup: spec.includeDisks && used.location.fileSystemBackup === true,
  };
}

function outcomeOf(spec: BackupSpec, locationName: string, ended: KubeObject): ActionOutcome {
  const { name } = ended.metadata;
  const text = (key: string): string | undefined => {
    const value = valueAt(ended, 'status', key);
    return typeof value === 'string' ? value : undefined;
  };
  const result = {
    backupName: name,
    locationUid: spec.locationUid,
    locationName,
    state: phaseOf(ended),
    namespaces: spec.namespaces,
    includeDisks: spec.includeDisks,
    includeClusterResources: spec.includeClusterResources,
    objects: numberAt(ended, 'progress', 'itemsBackedUp'),
    warnings: numberAt(ended, 'warnings'),
    errors: numberAt(ended, 'errors'),
    ...optional('expiresAt', text('expiration')),
    ...optional('startedAt', text('startTimestamp')),
    ...optional('completedAt', text('completionTimestamp')),
  };
  if (phaseOf(ended) === 'Completed') return { message: `backup ${name} is in ${locationName}`, result };
  const kept = phaseOf(ended) === 'PartiallyFailed';
  throw new ActionFailed(
    `backup ${name}: ${phaseOf(ended)}: ${reasonOf(ended)}`,
    // What lacks some objects can still be restored and has to be deleted; of the others there is nothing.
    kept ? { result } : {},
  );
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [key in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: string }); // of this one key
}

/**
 * Nobody wants half a backup. Velero cannot be stopped in the middle, so its end is waited for; the backup is deleted then.
 *
 * @throws KubeError, and the signal's reason when the agent stops: its next life goes on with it
 */
async function clearAway(name: string, context: ActionContext, times: Times): Promise<void> {
  const { client, progress, ending: signal } = context;
  const { wholeMs, everyMs } = times;
  // Of a run that never came to name one there is nothing.
  const begun = await takeBack({ kind: 'Backup', name }, context);
  if (begun === undefined) return;
  const namespace = begun.metadata.namespace ?? '';
  progress(`cancelling: ${name} is deleted as soon as Velero has ended it`);
  const left = await until(
    async () => {
      const found = await client.get(veleroRef('Backup', namespace, name), { signal });
      return found === undefined || hasEnded(found) || isBeingDeleted(found) ? { found } : undefined;
    },
    { timeoutMs: wholeMs, everyMs, signal },
  );
  if (left === undefined) throw new ActionFailed(`Velero does not end with ${name}: delete it when it has`);
  if (left.found !== undefined) await removeBackup(name, namespace, { ...context, signal }, times);
}
