/** How two texts in YAML differ: by field where they can be read, else by line. */
import { isKubeObject, isMap, objectKey, refOf, type KubeObject } from '#kubernetes/object';
import { enabledPresets } from '#packs/index';
import { parseYaml, parseYamlStream } from '#packs/yaml';
import { canonicalJson } from '#protocol/canonical';

import type { FieldChange } from './change.ts';
import { fieldChanges } from './field-changes.ts';
import { MASKED, type Mask } from './mask.ts';
import { textChanges } from './text-changes.ts';

/** Said of a text that means the same and is written otherwise: comments, quotes, order of keys. */
export const SAME_MEANING = '(comments and layout)';

/** Changes of values: `path` before the path of each field. None exactly when the texts are equal. */
export function valuesChanges(path: string, before: string, after: string, mask: Mask): FieldChange[] {
  if (before === after) return [];
  const [left, right] = [readValues(before), readValues(after)];
  if (left === undefined || right === undefined) return masked(textChanges(path, before, after), mask);
  return orLayout(path, [
    ...below('presets', fieldChanges(presetsOf(before), presetsOf(after))),
    ...below(path, fieldChanges(left ?? {}, right ?? {}, { mask })),
  ]);
}

/** Presets are named in a comment: by group, since one of each applies. */
function presetsOf(values: string): Readonly<Record<string, string>> {
  return Object.fromEntries(enabledPresets(values).map(({ group, name }) => [group, name]));
}

const MACRO = /\{\{[^{}]*\}\}/g;

/**
 * Values before their macros are resolved; undefined for text that cannot be read. A macro without quotes would be read as
 * a map: it is put in as a plain text, and taken back.
 */
function readValues(text: string): unknown {
  const macros: string[] = [];
  const { value, problems } = parseYaml(text.replaceAll(MACRO, (macro) => `\uE000${macros.push(macro) - 1}\uE001`));
  if (problems.length > 0) return undefined;
  const back = (at: string): string => at.replaceAll(/\uE000(\d+)\uE001/g, (_, index) => macros[Number(index)] ?? '');
  const restore = (at: unknown): unknown => {
    if (typeof at === 'string') return back(at);
    if (Array.isArray(at)) return at.map(restore);
    return isMap(at) ? Object.fromEntries(Object.entries(at).map(([key, item]) => [back(key), restore(item)])) : at;
  };
  return restore(value);
}

/** In YAML or JSON, in quotes or not. */
const SECRET = /\bkind["']?\s*:\s*["']?Secret\b/;

/** Changes of a manifest: objects are told apart by kind and name. None exactly when the texts are equal. */
export function manifestChanges(path: string, before: string, after: string, mask: Mask): FieldChange[] {
  if (before === after) return [];
  const [left, right] = [objectsOf(before), objectsOf(after)];
  if (!left || !right) {
    // Lines of a Secret that cannot be read are its content all the same.
    const secret = SECRET.test(before) || SECRET.test(after);
    const lines = masked(textChanges(path, before, after), mask);
    return secret ? lines.map(hidden) : lines;
  }
  const changes = [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    below(`${path}[${key}]`, fieldChanges(left.get(key), right.get(key), { mask })),
  );
  const order = [[...left.keys()], [...right.keys()]].map((keys) =>
    keys.filter((key) => left.has(key) && right.has(key)),
  );
  if (canonicalJson(order[0]) !== canonicalJson(order[1]))
    changes.push({ path: `${path}[order]`, before: order[0], after: order[1] });
  return orLayout(path, changes);
}

function orLayout(path: string, changes: FieldChange[]): FieldChange[] {
  return changes.length > 0 ? changes : [{ path: `${path} ${SAME_MEANING}` }];
}

function hidden({ path, ...sides }: FieldChange): FieldChange {
  return { path, ...Object.fromEntries(Object.keys(sides).map((side) => [side, MASKED])) };
}

function masked(changes: readonly FieldChange[], mask: Mask): FieldChange[] {
  return changes.map(({ path, ...sides }) => ({
    path,
    ...Object.fromEntries(Object.entries(sides).map(([side, value]) => [side, mask(value)])),
  }));
}

function below(path: string, changes: readonly FieldChange[]): FieldChange[] {
  return changes.map((change) => ({
    ...change,
    path: change.path === '' ? path : change.path.startsWith('[') ? `${path}${change.path}` : `${path}.${change.path}`,
  }));
}

/** Objects by what names them; undefined for text that is no stream of objects that differ in name. */
function objectsOf(text: string): ReadonlyMap<string, KubeObject> | undefined {
  const { documents, problems } = parseYamlStream(text);
  if (problems.length > 0) return undefined;
  const found = new Map<string, KubeObject>();
  for (const { value } of documents) {
    const object: unknown = value;
    if (!isKubeObject(object)) return undefined;
    const key = objectKey(refOf(object));
    if (found.has(key)) return undefined;
    found.set(key, object);
  }
  return found;
}
