/** Deletes a backup where it is kept, by Velero. */
import { Cancelled, type ActionHandler } from './action.ts';
import { findBackup } from './velero/find-backup.ts';
import { useLocation } from './velero/location.ts';
import { takeBack } from './velero/make.ts';
import { removeBackup } from './velero/remove-backup.ts';
import { deletionOf, TIMES, veleroNamespace, type Times } from './velero/velero.ts';

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
      await removeBackup(backupName, namespace, context, times);
      return { message: `backup ${backupName} is deleted`, result: { backupName } };
    } catch (error) {
      const request = { kind: 'DeleteBackupRequest', name: deletionOf('', backupName, runId).metadata.name } as const;
      if (signal.reason instanceof Cancelled && (await takeBack(request, context)) !== undefined)
        throw new Cancelled(`Velero cannot be stopped: it goes on deleting ${backupName}`, { cause: error });
      throw error;
    }
  };
}
