import { isMap, type JsonMap } from '#kubernetes/object';
import { canonicalJson } from '#protocol/canonical';

import { align } from './align.ts';
import type { FieldChange } from './change.ts';
import { itemNames } from './list-keys.ts';
import { isLastApplied, isSecretField, maskLeaves, maskSecretContent, type Mask } from './mask.ts';

export interface FieldChangeOptions {
  /** Applied to every path and value that is given; the contents of Secrets are hidden without it. */
  readonly mask?: Mask | undefined;
  /** At most so many changes (default: all). */
  readonly limit?: number | undefined;
}

/**
 * The fields in which two JSON values differ, in the order of their names; none exactly when the values are equal (a
 * field that is `undefined` is absent). What exists on one side alone is one change with its whole value. Items of
 * lists are told apart by what names them; where only their order differs the change is `….containers[order]`.
 *
 * @example
 * fieldChanges({ spec: { replicas: 1 } }, { spec: { replicas: 2 } }); // [{ path: 'spec.replicas', before: 1, after: 2 }]
 */
export function fieldChanges(before: unknown, after: unknown, options: FieldChangeOptions = {}): FieldChange[] {
  const { mask = (value) => value, limit = Number.POSITIVE_INFINITY } = options;
  const found: FieldChange[] = [];
  const say: Say = (path, left, right, hidden) => {
    const shown = (value: unknown): unknown => (hidden ? maskLeaves(value) : mask(maskSecretContent(value)));
    found.push({
      path: String(mask(path)),
      ...(left === undefined ? {} : { before: shown(left) }),
      ...(right === undefined ? {} : { after: shown(right) }),
    });
  };
  compare(before, after, { path: '', field: '', hidden: false }, { say, full: () => found.length >= limit });
  return found;
}

interface Place {
  readonly path: string;
  /** Name of the field that the value stands in, for lists. */
  readonly field: string;
  /** Inside the content of a Secret. */
  readonly hidden: boolean;
}

type Say = (path: string, before: unknown, after: unknown, hidden: boolean) => void;

interface Collector {
  readonly say: Say;
  readonly full: () => boolean;
}

function compare(before: unknown, after: unknown, place: Place, to: Collector): void {
  if (to.full() || before === after) return;
  if (isMap(before) && isMap(after)) compareMaps(before, after, place, to);
  else if (Array.isArray(before) && Array.isArray(after) && !place.hidden) compareLists(before, after, place, to);
  else to.say(place.path, before, after, place.hidden);
}

function compareMaps(before: JsonMap, after: JsonMap, place: Place, to: Collector): void {
  for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
    const hidden = place.hidden || isSecretField(before, key) || isSecretField(after, key) || isLastApplied(key);
    compare(own(before, key), own(after, key), { path: joinPath(place.path, key), field: key, hidden }, to);
  }
}

function compareLists(before: readonly unknown[], after: readonly unknown[], place: Place, to: Collector): void {
  const named = itemNames(place.field, before, after);
  const item = (step: string | number): Place => ({ ...place, path: `${place.path}[${step}]`, field: '' });
  if (named) {
    const left = new Map(named.before.map((name, at) => [name, before[at]]));
    const right = new Map(named.after.map((name, at) => [name, after[at]]));
    for (const [name, value] of left)
      // Most items are equal: that is known without looking for what names their own items.
      if (right.has(name) && !sameJson(value, right.get(name))) compare(value, right.get(name), item(name), to);
    for (const [name, value] of left) if (!right.has(name)) compare(value, undefined, item(name), to);
    for (const [name, value] of right) if (!left.has(name)) compare(undefined, value, item(name), to);
    const kept = named.before.filter((name) => right.has(name));
    const keptAfter = named.after.filter((name) => left.has(name));
    if (!to.full() && kept.some((name, at) => name !== keptAfter[at]))
      to.say(`${place.path}[order]`, kept, keptAfter, false);
    return;
  }
  for (const pair of align(before.map(text), after.map(text))) {
    if (pair.kind === 'both') compare(before[pair.before], after[pair.after], item(pair.after), to);
    else if (pair.kind === 'removed') compare(before[pair.before], undefined, item(pair.before), to);
    else compare(undefined, after[pair.after], item(pair.after), to);
  }
}

/** Whether two values are certainly equal; false also where an absent field stands beside one that is undefined. */
function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => sameJson(item, b[at]));
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

function text(value: unknown): string {
  return value === undefined ? '' : canonicalJson(value);
}

function own(map: JsonMap, key: string): unknown {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

/** `spec.replicas`; keys that are no plain words stand in brackets: `metadata.labels["app.kubernetes.io/name"]`. */
export function joinPath(path: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
