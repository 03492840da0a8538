/** Finds a backup that Velero reads out of a location, which takes it a while where another cluster made it. */
import { valueAt, type KubeObject } from '#kubernetes/object';

import { ActionFailed, type ActionContext } from '../action.ts';
import { until } from '../until.ts';
import { veleroRef, type Times } from './velero.ts';

/** @throws ActionFailed when there is none of the name in the location */
export async function findBackup(
  name: string,
  { namespace, location }: { readonly namespace: string; readonly location: string | undefined },
  { client, progress, signal }: Pick<ActionContext, 'client' | 'progress' | 'signal'>,
  { findMs, everyMs }: Times,
): Promise<KubeObject> {
  const found = await until(
    async () => {
      const one = await client.get(veleroRef('Backup', namespace, name), { signal });
      if (one === undefined) progress(`waiting for Velero to find backup ${name}`);
      return one;
    },
    { timeoutMs: findMs, everyMs, signal },
  );
  if (found === undefined)
    throw new ActionFailed(`Velero finds no backup ${name}: it was deleted, has expired, or is kept elsewhere`);
  const kept = valueAt(found, 'spec', 'storageLocation');
  if (location !== undefined && kept !== location)
    throw new ActionFailed(`backup ${name} is kept in ${String(kept)}, not in ${location}`);
  return found;
}
