import { isMap, type JsonMap } from '#kubernetes/object';

/**
 * The JSON merge patch (RFC 7396) that makes one object of the other; undefined when there is nothing to change. Nulls
 * inside of objects have no place in it: Kubernetes objects of ours hold none.
 */
export function mergeDiff(before: JsonMap, after: JsonMap): JsonMap | undefined {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const a = before[key];
    const b = after[key];
    if (sameJson(a, b)) continue;
    patch[key] = b === undefined ? null : isMap(a) && isMap(b) ? mergeDiff(a, b) : b;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** Whether two JSON values are the same, whatever the order of their keys. An absent key is as undefined. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((element, index) => sameJson(element, b[index]));
  if (!isMap(a) || !isMap(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => sameJson(a[key], b[key]));
}
