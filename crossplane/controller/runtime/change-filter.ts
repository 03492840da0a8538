/** Which changes of a managed resource call for a look at it. */
import type { KubeObject } from '#kubernetes/object';

import { conditionOf } from '../reconcile/conditions.ts';
import { ANNOTATIONS } from '../../schema/groups.ts';

/** Written by the reconciler as it goes: it knows of them. It never takes one away: whoever does wants it to go on. */
const OWN_ANNOTATIONS: ReadonlySet<string> = new Set([
  ANNOTATIONS.createPending,
  ANNOTATIONS.createSucceeded,
  ANNOTATIONS.createFailed,
]);

/**
 * Whether somebody changed what the reconciler goes by: its spec, labels, annotations, or that it is to be deleted. What
 * the reconciler itself writes to the status must not call it again.
 */
export function callsForLook(before: KubeObject, after: KubeObject): boolean {
  return (
    before.metadata.generation !== after.metadata.generation ||
    before.metadata.deletionTimestamp !== after.metadata.deletionTimestamp ||
    !sameMap(before.metadata.labels, after.metadata.labels) ||
    !sameMap(before.metadata.annotations, after.metadata.annotations)
  );
}

function sameMap(a: Readonly<Record<string, string>> = {}, b: Readonly<Record<string, string>> = {}): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key] || (OWN_ANNOTATIONS.has(key) && b[key] !== undefined));
}

/** Whether others that refer to the object may go on now: it has got its external name, or became ready. */
export function becameReferable(before: KubeObject | undefined, after: KubeObject): boolean {
  const name = (object: KubeObject | undefined): string | undefined =>
    object?.metadata.annotations?.[ANNOTATIONS.externalName];
  const ready = (object: KubeObject | undefined): boolean =>
    object !== undefined && conditionOf(object, 'Ready')?.status === 'True';
  return (name(after) !== undefined && name(before) !== name(after)) || (ready(after) && !ready(before));
}
