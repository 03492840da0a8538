/** Restores a backup by Velero: of this cluster, or of another one that is kept where this one can read. */
import type { RestoreSpec } from '#protocol/actions';

import { ActionFailed, Cancelled, type ActionHandler } from './action.ts';
import { findBackup } from './velero/find-backup.ts';
import { useLocation } from './velero/location.ts';
import { make, takeBack } from './velero/make.ts';
import { INCLUDE, numberAt, phaseOf, reasonOf, TIMES, veleroNamespace, type Times } from './velero/velero.ts';

export function restore(times: Times = TIMES): ActionHandler<'restore'> {
  return async (spec, context) => {
    const { client, runId, signal } = context;
    const name = `palette-restore-${runId}`;
    try {
      const namespace = await veleroNamespace(client, { signal });
      const used = await useLocation(spec.locationUid, namespace, context, times);
      await findBackup(spec.backupName, { namespace, location: used.name }, context, times);
      const ended = await make({ kind: 'Restore', namespace, name, spec: restoreSpec(spec) }, context, times);
      const result = {
        restoreName: name,
        backupName: spec.backupName,
        state: phaseOf(ended),
        objects: numberAt(ended, 'progress', 'itemsRestored'),
        warnings: numberAt(ended, 'warnings'),
        errors: numberAt(ended, 'errors'),
      };
      if (phaseOf(ended) === 'Completed') return { message: `backup ${spec.backupName} is restored`, result };
      throw new ActionFailed(`restore of ${spec.backupName}: ${phaseOf(ended)}: ${reasonOf(ended)}`, { result });
    } catch (error) {
      // What was restored so far stays: it may be all that is left of something.
      if (signal.reason instanceof Cancelled && (await takeBack({ kind: 'Restore', name }, context)) !== undefined)
        throw new Cancelled(`Velero cannot be stopped: it goes on with ${name}`, { cause: error });
      throw error;
    }
  };
}

function restoreSpec(spec: RestoreSpec): object {
  const include = INCLUDE[spec.includeClusterResources];
  return {
    backupName: spec.backupName,
    includedNamespaces: spec.namespaces.length === 0 ? ['*'] : spec.namespaces,
    ...(Object.keys(spec.namespaceMappings).length === 0 ? {} : { namespaceMapping: spec.namespaceMappings }),
    ...(include === undefined ? {} : { includeClusterResources: include }),
    restorePVs: spec.restorePersistentVolumes,
    preserveNodePorts: spec.preserveNodePorts,
  };
}
