/** Has Velero delete a backup where it is kept, and waits until that is done. */
import { valueAt } from '#kubernetes/object';

import { ActionFailed, type ActionContext } from '../action.ts';
import { until } from '../until.ts';
import { deletionOf, veleroRef, type Times } from './velero.ts';

/**
 * Returns when the backup is gone.
 *
 * @throws ActionFailed when Velero cannot delete it, or not in time
 */
export async function removeBackup(
  backupName: string,
  namespace: string,
  { client, runId, progress, signal }: Pick<ActionContext, 'client' | 'runId' | 'progress' | 'signal'>,
  { findMs, everyMs }: Times,
): Promise<void> {
  const request = deletionOf(namespace, backupName, runId);
  const ref = veleroRef('DeleteBackupRequest', namespace, request.metadata.name);
  const gone = async (): Promise<boolean> =>
    (await client.get(veleroRef('Backup', namespace, backupName), { signal })) === undefined;
  // A restart may have come after Velero was done and the request was gone with the backup.
  if (await gone()) return;
  if ((await client.get(ref, { signal })) === undefined) await client.create(request, { signal });
  progress(`waiting for Velero to delete ${backupName}`);
  const ended = await until(
    async (): Promise<{ readonly problem?: string } | undefined> => {
      if (await gone()) return {};
      const errors = valueAt(await client.get(ref, { signal }), 'status', 'errors');
      return Array.isArray(errors) && errors.length > 0 ? { problem: errors.map(String).join('; ') } : undefined;
    },
    { timeoutMs: findMs, everyMs, signal },
  );
  if (ended === undefined)
    throw new ActionFailed(`Velero did not delete ${backupName} in ${Math.round(findMs / 1000)} s`);
  if (ended.problem !== undefined) throw new ActionFailed(`backup ${backupName} is not deleted: ${ended.problem}`);
}
