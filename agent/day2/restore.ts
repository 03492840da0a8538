/** Restores a backup by Velero: of this cluster, or of another one that is kept where this one can read. */
import type { KubeObject } from '#kubernetes/object';
import type { RestoreSpec } from '#protocol/actions';

import { ActionFailed, Cancelled, type ActionHandler } from './action.ts';
import { follow } from './velero/follow.ts';
import { findBackup } from './velero/find-backup.ts';
import { useLocation } from './velero/location.ts';
import {
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

export function restore(times: Times = TIMES): ActionHandler<'restore'> {
  return async (spec, context) => {
    const { client, runId, signal } = context;
    const namespace = await veleroNamespace(client, { signal });
    const name = `palette-restore-${runId}`;
    const used = await useLocation(spec.locationUid, namespace, context, times);
    await findBackup(spec.backupName, { namespace, location: used.name }, context, times);
    if ((await client.get(veleroRef('Restore', namespace, name), { signal })) === undefined)
      await client.create(restoreObject(spec, namespace, name, runId), { signal });
    try {
      const ended = await follow('Restore', { namespace, name }, context, times);
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
      if (signal.reason instanceof Cancelled)
        throw new Cancelled(`Velero cannot be stopped: it goes on with ${name}`, { cause: error });
      throw error;
    }
  };
}

function restoreObject(spec: RestoreSpec, namespace: string, name: string, runId: string): KubeObject {
  const include = INCLUDE[spec.includeClusterResources];
  return veleroObject(
    'Restore',
    { namespace, name, labels: { [RUN_LABEL]: runId } },
    {
      backupName: spec.backupName,
      includedNamespaces: spec.namespaces.length === 0 ? ['*'] : spec.namespaces,
      ...(Object.keys(spec.namespaceMappings).length === 0 ? {} : { namespaceMapping: spec.namespaceMappings }),
      ...(include === undefined ? {} : { includeClusterResources: include }),
      restorePVs: spec.restorePersistentVolumes,
      preserveNodePorts: spec.preserveNodePorts,
    },
  );
}
