/** What of an object is its content: the rest changes without anyone changing the object. */
import { canonicalJson } from '#protocol/canonical';
import { sha256 } from '#core/digest';

import { isMap, SERVER_METADATA, withoutKeys, type JsonMap, type KubeObject } from '#kubernetes/object';

const BESIDE_CONTENT = new Set(['status', 'metadata']);

/** The object without status and without what the API server keeps in metadata. */
export function normalise(object: KubeObject): JsonMap {
  return { ...withoutKeys(object, BESIDE_CONTENT), metadata: withoutKeys(object.metadata, SERVER_METADATA) };
}

/** Equal for objects with equal content. */
export function contentHash(object: KubeObject): string {
  return sha256(canonicalJson(normalise(object)));
}

/** A drift report names at most so many fields. */
const MAX_FIELDS = 50;

/**
 * Paths of fields that differ, without values (they may be secret): `spec.replicas`,
 * `spec.containers[0].image`. At most 50.
 */
export function changedFields(live: KubeObject, wanted: KubeObject): readonly string[] {
  const found: string[] = [];
  collect(normalise(live), normalise(wanted), '', found);
  return found;
}

function collect(left: unknown, right: unknown, path: string, found: string[]): void {
  if (found.length >= MAX_FIELDS || Object.is(left, right)) return;
  if (isMap(left) && isMap(right)) {
    for (const key of [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()) {
      collect(left[key], right[key], joined(path, key), found);
    }
    return;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let at = 0; at < Math.max(left.length, right.length); at++)
      collect(left[at], right[at], `${path}[${at}]`, found);
    return;
  }
  found.push(path);
}

function joined(path: string, key: string): string {
  // Labels and annotations have dots of their own.
  const step = /^[\w-]+$/.test(key) ? key : `[${JSON.stringify(key)}]`;
  if (path === '') return step;
  return step.startsWith('[') ? `${path}${step}` : `${path}.${step}`;
}
