/** Has Velero make something for a run, once, and takes it back as long as Velero has not begun. */
import type { KubeObject } from '#kubernetes/object';

import { ActionFailed, type ActionContext } from '../action.ts';
import { until } from '../until.ts';
import {
  hasEnded,
  isUntouched,
  numberAt,
  phaseOf,
  RUN_LABEL,
  veleroNamespace,
  veleroObject,
  veleroRef,
  veleroType,
  type Times,
  type VeleroKind,
} from './velero.ts';

export interface Wanted {
  readonly kind: 'Backup' | 'Restore';
  readonly namespace: string;
  readonly name: string;
  readonly spec: object;
}

/**
 * The object as it is at its end. After a restart of the agent the one that the run made before is found again.
 *
 * @throws ActionFailed when another has the name, Velero does not begin or end in time, or somebody deletes the object
 */
export async function make(wanted: Wanted, context: ActionContext, times: Times): Promise<KubeObject> {
  const { kind, namespace, name, spec } = wanted;
  const { client, runId, notes, note, signal } = context;
  const known = await client.get(veleroRef(kind, namespace, name), { signal });
  if (known !== undefined && !isOf(known, runId))
    throw new ActionFailed(`there is a ${kind} named ${name} already; give this one another name`);
  // What was made and is gone was deleted: it is not made a second time.
  if (known === undefined && notes['made'] !== name) {
    await client.create(veleroObject(kind, { namespace, name, labels: { [RUN_LABEL]: runId } }, spec), { signal });
    await note('made', name);
  }
  return follow(wanted, context, times);
}

/**
 * What a cancelled run had Velero make: nothing any more where Velero had not begun with it, else the object, which Velero
 * goes on with.
 *
 * @throws KubeError, and ActionFailed where there is no Velero
 */
export async function takeBack(
  { kind, name }: { readonly kind: VeleroKind; readonly name: string },
  { client, runId, ending: signal }: Pick<ActionContext, 'client' | 'runId' | 'ending'>,
): Promise<KubeObject | undefined> {
  const ref = veleroRef(kind, await veleroNamespace(client, { signal }), name);
  const found = await client.get(ref, { signal });
  if (found === undefined || !isOf(found, runId)) return undefined;
  if (!isUntouched(found)) return found;
  await client.delete(ref, { signal, uid: found.metadata.uid });
  return undefined;
}

async function follow({ kind, namespace, name }: Wanted, context: ActionContext, times: Times): Promise<KubeObject> {
  const { client, progress, signal } = context;
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
  let quietSince = performance.now();
  const ended = await until(
    async () => {
      const found = await look();
      if (hasEnded(found)) return found;
      // Velero does one thing after the other: what waits behind others has not been forgotten.
      if (!isUntouched(found) || (await isBusy(kind, namespace, context))) quietSince = performance.now();
      if (performance.now() - quietSince < times.takeUpMs) return undefined;
      // Nobody would look after what Velero makes of it later.
      await client.delete(veleroRef(kind, namespace, name), { signal, uid: found.metadata.uid });
      throw new ActionFailed(
        `Velero did not begin with ${name} in ${Math.round(times.takeUpMs / 1000)} s: is its server in ${namespace} running?`,
      );
    },
    { timeoutMs: times.wholeMs, everyMs: times.everyMs, signal },
  );
  if (ended === undefined)
    throw new ActionFailed(`${name} did not end in ${Math.round(times.wholeMs / 3_600_000)} hours`);
  return ended;
}

/** Whether Velero is at another one of the kind. */
async function isBusy(
  kind: Wanted['kind'],
  namespace: string,
  { client, signal }: Pick<ActionContext, 'client' | 'signal'>,
): Promise<boolean> {
  const { items } = await client.list(veleroType(kind), { namespace, signal });
  return items.some((item) => !isUntouched(item) && !hasEnded(item));
}

function isOf({ metadata }: KubeObject, runId: string): boolean {
  return metadata.labels?.[RUN_LABEL] === runId;
}
