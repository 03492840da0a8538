/** What of a desired object is applied: all of it at first, later without the fields that are others' to set. */
import type { KubeObject } from '#kubernetes/object';

import { FIELD_MANAGER } from '../field-manager.ts';
import { ownersOf, pathIn } from './managed-fields.ts';
import { childOf, pathsOf, withValueAt, type Path } from './pointer.ts';
import type { DesiredObject } from './stamp.ts';

/**
 * Server-side apply takes a field away when its one owner no longer applies it. A field that the agent still owns alone
 * is therefore applied as it stands; the object then carries the resource version that this was read at, so that a
 * change in between is noticed. As soon as another manager has set the field it is left to that one.
 */
export function appliedForm({ object, rules }: DesiredObject, live: KubeObject | undefined): KubeObject {
  if (live === undefined || rules.ignored.length === 0) return object;
  let form: KubeObject = object;
  let keeps = false;
  // From the end, so that what is taken out of a list leaves the places before it as they are.
  for (const path of rules.ignored.flatMap((pointer) => pathsOf(pointer, object)).toSorted(lastFirst)) {
    const owners = ownersOf(live, livePath(object, live, path) ?? path);
    const alone = owners.length > 0 && owners.every(({ manager }) => manager === FIELD_MANAGER);
    const value = alone ? valueIn(live, livePath(object, live, path)) : undefined;
    keeps ||= value !== undefined;
    // as: a field below the top is changed
    form = withValueAt(form, path, value) as KubeObject;
  }
  const { resourceVersion } = live.metadata;
  return keeps && resourceVersion !== undefined ? { ...form, metadata: { ...form.metadata, resourceVersion } } : form;
}

/** Where the field is in the live object: lists may be in another order there. */
function livePath(object: KubeObject, live: KubeObject, path: Path): Path | undefined {
  const own = (live.metadata.managedFields ?? []).find(
    ({ manager, operation }) => manager === FIELD_MANAGER && operation === 'Apply',
  );
  return pathIn(live, object, path, own?.fieldsV1);
}

function valueIn(object: KubeObject, path: Path | undefined): unknown {
  return path?.reduce<unknown>((at, step) => childOf(at, step), object);
}

function lastFirst(left: Path, right: Path): number {
  for (const [at, step] of left.entries()) {
    const other = right[at];
    if (other === undefined) return -1;
    if (step !== other)
      return /^\d+$/.test(step) && /^\d+$/.test(other) ? Number(other) - Number(step) : step < other ? 1 : -1;
  }
  return left.length - right.length;
}
