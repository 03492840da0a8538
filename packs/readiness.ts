import { section } from './values.ts';
import { isJsonObject, type Json, type JsonObject } from './yaml.ts';

/** A condition of a pack for being ready: an object whose fields have the values that are expected. */
export interface ReadinessCheck {
  readonly name: string;
  /** Undefined: the pack's own, or none for kinds of the whole cluster. */
  readonly namespace: string | undefined;
  readonly kind: string;
  /** Empty for Kubernetes' core group. */
  readonly group: string;
  readonly version: string;
  readonly keys: readonly { readonly path: string; readonly expected: string }[];
}

/** What `readinessCheck:` in a pack's values asks for; entries that name no object are left out. */
export function readinessChecks(values: JsonObject): readonly ReadinessCheck[] {
  const entries = section(values, 'readinessCheck')['v1beta1'];
  return (Array.isArray(entries) ? entries : []).flatMap((entry: Json) => {
    if (!isJsonObject(entry)) return [];
    const name = textOf(entry['name']);
    const kind = textOf(entry['kind']);
    if (name === '' || kind === '') return [];
    const keys = Array.isArray(entry['keysToCheck']) ? entry['keysToCheck'] : [];
    return [
      {
        name,
        namespace: textOf(entry['namespace']) || undefined,
        kind,
        group: textOf(entry['group']),
        version: textOf(entry['version']) || 'v1',
        keys: keys.flatMap((key: Json) => {
          const path = isJsonObject(key) ? textOf(key['keyToCheck']) : '';
          return isJsonObject(key) && path !== '' ? [{ path, expected: textOf(key['expectedValue']) }] : [];
        }),
      },
    ];
  });
}

export type Readiness =
  | { readonly kind: 'ready' }
  /** `found` is empty when the object, or the field, is not there. */
  | { readonly kind: 'waiting'; readonly path: string; readonly expected: string; readonly found: string };

/**
 * Whether an object is as a check expects; undefined stands for an object that is not there.
 * Paths are as `status.conditions[0].status`.
 */
export function evaluateReadiness(check: ReadinessCheck, object: unknown): Readiness {
  if (object === undefined) return { kind: 'waiting', path: '', expected: 'the object', found: '' };
  for (const { path, expected } of check.keys) {
    const found = textOf(fieldAt(object, path));
    if (found !== expected) return { kind: 'waiting', path, expected, found };
  }
  return { kind: 'ready' };
}

function fieldAt(value: unknown, path: string): unknown {
  let at = value;
  for (const step of path.matchAll(/[^.[\]]+|\["([^"]+)"\]/g)) {
    const key = step[1] ?? step[0];
    if (Array.isArray(at)) at = at[Number(key)];
    else if (isJsonObject(at)) at = Object.hasOwn(at, key) ? at[key] : undefined;
    else return undefined;
  }
  return at;
}

function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value.trim()
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}
