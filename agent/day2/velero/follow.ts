/** Follows one of Velero's objects to its end. */
import type { KubeObject } from '#kubernetes/object';

import { ActionFailed, type ActionContext } from '../action.ts';
import { until } from '../until.ts';
import { hasEnded, isUntouched, numberAt, phaseOf, veleroRef, type Times } from './velero.ts';

/**
 * The object as it is at its end.
 *
 * @throws ActionFailed when Velero does not begin or end in time, or somebody deletes the object
 */
export async function follow(
  kind: 'Backup' | 'Restore',
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { client, progress, signal }: Pick<ActionContext, 'client' | 'progress' | 'signal'>,
  { takeUpMs, wholeMs, everyMs }: Times,
): Promise<KubeObject> {
  const look = async (): Promise<KubeObject> => {
    const found = await client.get(veleroRef(kind, namespace, name), { signal });
    if (found === undefined) throw new ActionFailed(`${kind} ${name} is gone: somebody deleted it`);
    const done = numberAt(found, 'progress', kind === 'Backup' ? 'itemsBackedUp' : 'itemsRestored');
    const total = numberAt(found, 'progress', 'totalItems');
    const counted = total > 0 ? `, ${done} of ${total} objects` : '';
    progress(
      `${name}: ${phaseOf(found) || 'waiting for Velero'}${counted}`,
      total > 0 ? Math.min(100, (done / total) * 100) : undefined,
    );
    return found;
  };
  const begun = await until(
    async () => {
      const found = await look();
      return isUntouched(found) ? undefined : found;
    },
    { timeoutMs: takeUpMs, everyMs, signal },
  );
  if (begun === undefined)
    throw new ActionFailed(
      `Velero did not begin with ${name} in ${Math.round(takeUpMs / 1000)} s: is its server in ${namespace} running?`,
    );
  const ended = await until(
    async () => {
      const found = await look();
      return hasEnded(found) ? found : undefined;
    },
    { timeoutMs: wholeMs, everyMs, signal },
  );
  if (ended === undefined) throw new ActionFailed(`${name} did not end in ${Math.round(wholeMs / 3_600_000)} hours`);
  return ended;
}
