/** What of an object is its content: the rest changes without anyone changing the object. */
import { canonicalJson } from '#protocol/canonical';
import { sha256 } from '#core/digest';

import { isMap, SERVER_METADATA, withoutKeys, type JsonMap, type KubeObject } from '#kubernetes/object';
import type { Path } from './pointer.ts';

const BESIDE_CONTENT = new Set(['status', 'metadata']);

/** The object without status and without what the API server keeps in metadata. */
export function normalise(object: KubeObject): JsonMap {
  return { ...withoutKeys(object, BESIDE_CONTENT), metadata: withoutKeys(object.metadata, SERVER_METADATA) };
}

/** Equal for objects with equal content. */
export function contentHash(object: KubeObject): string {
  return sha256(canonicalJson(normalise(object)));
}

/** Nobody looks at more of an object's changes. */
const MAX_PATHS = 50;

/** Paths into the live object of what differs from what is wanted. At most 50. */
export function changedPaths(live: KubeObject, wanted: KubeObject): readonly Path[] {
  const found: Path[] = [];
  collect(normalise(live), normalise(wanted), [], found);
  return found;
}

function collect(left: unknown, right: unknown, path: Path, found: Path[]): void {
  if (found.length >= MAX_PATHS || Object.is(left, right)) return;
  if (isMap(left) && isMap(right)) {
    for (const key of [...new Set([...Object.keys(left), ...Object.keys(right)])].sort())
      collect(left[key], right[key], [...path, key], found);
    return;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let at = 0; at < Math.max(left.length, right.length); at++)
      collect(left[at], right[at], [...path, String(at)], found);
    return;
  }
  found.push(path);
}
