/** Who set which field, as the API server keeps it in `metadata.managedFields`. */
import { isMap, type KubeObject, type OwnedFields } from '#kubernetes/object';
import { childOf, type Path } from './pointer.ts';

/** Entries of managers that own the field at a path, or something below it; the status is nobody's business here. */
export function ownersOf(object: KubeObject, path: Path): readonly OwnedFields[] {
  return contentManagers(object).filter(({ fieldsV1 }) => owns(fieldsV1, object, path));
}

/** The manager that changed the object last, other than the named one; with paths, of those that own one of them if any does. */
export function lastManager(object: KubeObject, except: string, paths: readonly Path[] = []): string | undefined {
  const others = contentManagers(object).filter(({ manager }) => manager !== except);
  const owners = others.filter(({ fieldsV1 }) => paths.some((path) => owns(fieldsV1, object, path)));
  const newestFirst = (owners.length > 0 ? owners : others).toSorted((left, right) =>
    (right.time ?? '') < (left.time ?? '') ? -1 : 1,
  );
  return newestFirst[0]?.manager;
}

/** The place in `other` of what stands at a path in `object`: items of lists are found by the keys their owner's entry names. */
export function pathIn(other: unknown, object: unknown, path: Path, fields: unknown): Path | undefined {
  const found: string[] = [];
  let [left, right, at]: unknown[] = [object, other, fields];
  for (const step of path) {
    let place = step;
    const item = childOf(left, step);
    const key = Array.isArray(left) ? itemKey(at, item) : undefined;
    if (key !== undefined && Array.isArray(right)) {
      const index = right.findIndex((candidate) => isItem(key, candidate));
      if (index < 0) return undefined;
      place = String(index);
    }
    found.push(place);
    left = item;
    right = childOf(right, place);
    at = childOf(at, key ?? `f:${step}`);
  }
  return right === undefined ? undefined : found;
}

function contentManagers({ metadata }: KubeObject): readonly OwnedFields[] {
  return (metadata.managedFields ?? []).filter(({ subresource }) => subresource !== 'status');
}

function owns(fields: unknown, object: unknown, path: Path): boolean {
  let [at, value]: unknown[] = [fields, object];
  for (const step of path) {
    if (!isMap(at)) return false;
    // No key at all: the field is owned as a whole.
    if (Object.keys(at).length === 0) return true;
    const item = childOf(value, step);
    at = Array.isArray(value) ? childOf(at, itemKey(at, item) ?? '') : childOf(at, `f:${step}`);
    value = item;
  }
  return isMap(at);
}

/** The key of an owner's entry for an item of a list: `k:{"name":"web"}` for items with keys, `v:"x"` for plain ones. */
function itemKey(fields: unknown, item: unknown): string | undefined {
  return isMap(fields) ? Object.keys(fields).find((key) => isItem(key, item)) : undefined;
}

function isItem(key: string, item: unknown): boolean {
  const kind = key.slice(0, 2);
  if (kind !== 'k:' && kind !== 'v:') return false;
  let named: unknown;
  try {
    named = JSON.parse(key.slice(2));
  } catch {
    return false;
  }
  if (kind === 'v:') return named === item;
  return isMap(named) && Object.entries(named).every(([field, value]) => childOf(item, field) === value);
}
