/** Deletes a backup where it is kept, by Velero. */
import { valueAt } from '#kubernetes/object';

import { ActionFailed, Cancelled, type ActionContext, type ActionHandler } from './action.ts';
import { until } from './until.ts';
import { findBackup } from './velero/find-backup.ts';
import { useLocation } from './velero/location.ts';
import { takeBack } from './velero/make.ts';
import { deletionOf, TIMES, veleroNamespace, veleroRef, type Times } from './velero/velero.ts';

export function deleteBackup(times: Times = TIMES): ActionHandler<'delete-backup'> {
  return async ({ backupName, locationUid }, context) => {
    const { client, runId, notes, note, signal } = context;
    try {
      const namespace = await veleroNamespace(client, { signal });
      if (notes['asked'] === undefined) {
        const location =
          locationUid === undefined ? undefined : (await useLocation(locationUid, namespace, context, times)).name;
        await findBackup(backupName, { namespace, location }, context, times);
        await note('asked', 'yes');
      }
      await deleteOne(backupName, namespace, context, times);
      return { message: `backup ${backupName} is deleted`, result: { backupName } };
    } catch (error) {
      const request = { kind: 'DeleteBackupRequest', name: deletionOf('', backupName, runId).metadata.name } as const;
      if (signal.reason instanceof Cancelled && (await takeBack(request, context)) !== undefined)
        throw new Cancelled(`Velero cannot be stopped: it goes on deleting ${backupName}`, { cause: error });
      throw error;
    }
  };
}

async function deleteOne(
  backupName: string,
  namespace: string,
  { client, runId, progress, signal }: ActionContext,
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
