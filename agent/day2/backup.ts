/** Backs the cluster up by Velero. */
import { valueAt, type KubeObject } from '#kubernetes/object';
import type { BackupLocation, BackupSpec } from '#protocol/actions';

import { ActionFailed, Cancelled, type ActionContext, type ActionHandler, type ActionOutcome } from './action.ts';
import { until } from './until.ts';
import { follow } from './velero/follow.ts';
import { useLocation } from './velero/location.ts';
import {
  deletionOf,
  hasEnded,
  numberAt,
  phaseOf,
  reasonOf,
  RUN_LABEL,
  TIMES,
  veleroNamespace,
  veleroObject,
  veleroRef,
  type Times,
} from './velero/velero.ts';

const INCLUDE = { always: true, never: false, auto: undefined } as const;
/** How long what was cancelled may take to be cleared away, in milliseconds. */
const CLEAR_MS = 10 * 60_000;

export function backup(times: Times = TIMES): ActionHandler<'backup'> {
  return async (spec, context) => {
    const { client, runId, notes, note, now, signal } = context;
    const namespace = await veleroNamespace(client, { signal });
    const used = await useLocation(spec.locationUid, namespace, context, times);
    const name = spec.name ?? notes['backupName'] ?? nameAt(spec.namePrefix, now(), runId);
    await note('backupName', name);
    const known = await client.get(veleroRef('Backup', namespace, name), { signal });
    if (known === undefined) await client.create(backupObject(spec, { namespace, name, runId }, used), { signal });
    else if (known.metadata.labels?.[RUN_LABEL] !== runId)
      throw new ActionFailed(`there is a backup named ${name} already; give this one another name`);
    try {
      return outcomeOf(spec, used.location.name, await follow('Backup', { namespace, name }, context, times));
    } catch (error) {
      if (signal.reason instanceof Cancelled) await clearAway(namespace, name, context, times);
      throw error;
    }
  };
}

function nameAt(prefix: string, time: Date, runId: string): string {
  const stamp = time.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${prefix}-${stamp}-${runId.slice(0, 4)}`;
}

function backupObject(
  spec: BackupSpec,
  at: { readonly namespace: string; readonly name: string; readonly runId: string },
  used: { readonly name: string; readonly location: BackupLocation },
): KubeObject {
  const include = INCLUDE[spec.includeClusterResources];
  return veleroObject(
    'Backup',
    { namespace: at.namespace, name: at.name, labels: { [RUN_LABEL]: at.runId } },
    {
      storageLocation: used.name,
      ttl: `${spec.expiryHours}h0m0s`,
      includedNamespaces: spec.namespaces.length === 0 ? ['*'] : spec.namespaces,
      ...(include === undefined ? {} : { includeClusterResources: include }),
      snapshotVolumes: spec.includeDisks,
      defaultVolumesToFsBackup: spec.includeDisks && used.location.fileSystemBackup === true,
    },
  );
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

/** Nobody wants half a backup. Velero cannot be stopped, so its end is waited for; the backup is deleted then. */
async function clearAway(
  namespace: string,
  name: string,
  { client, log, runId }: ActionContext,
  { everyMs }: Times,
): Promise<void> {
  const how = { signal: AbortSignal.timeout(CLEAR_MS) };
  try {
    const ended = await until(
      async () => {
        const found = await client.get(veleroRef('Backup', namespace, name), how);
        return found === undefined || hasEnded(found) ? (found ?? 'gone') : undefined;
      },
      { timeoutMs: CLEAR_MS, everyMs, ...how },
    );
    if (ended === undefined || ended === 'gone') return;
    await client.apply(deletionOf(namespace, name, runId), how);
  } catch (error) {
    log.warn({ err: error, backup: name }, 'a cancelled backup cannot be cleared away');
  }
}
