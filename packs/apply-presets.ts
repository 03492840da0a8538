import { isMap, isScalar, Document, type Node, type YAMLMap } from 'yaml';

import { maskMacros } from './macros/resolve.ts';
import { enabledPresets, findPresets, type PackPreset, type PresetName } from './presets.ts';
import { PackError } from './problem.ts';
import { composeDocuments } from './yaml.ts';

/**
 * Values with presets applied: of each, in order, what it removes is taken out, what it adds comes
 * in, and the header that names the enabled presets says so. A preset takes the place of others of
 * its group in that header. Comments, macros and the order of keys stay.
 *
 * @param values YAML, such as the pack's own.
 * @throws PackError `InvalidPack` for a preset the pack does not have, two of one group, and values that are no map.
 */
export function applyPresets(
  pack: { readonly name: string; readonly presets: readonly PackPreset[] },
  values: string,
  names: readonly PresetName[],
): string {
  const { found, unknown } = findPresets(pack.presets, names);
  const [missing] = unknown;
  if (missing) throw refuse(`${pack.name} has no preset ${shown(missing)}; there are ${known(pack.presets)}`);
  const twice = found.find(({ group }, index) => found.findIndex((other) => other.group === group) !== index);
  if (twice)
    throw refuse(`two presets of the group ${JSON.stringify(twice.group)} are asked for; one of a group applies`);

  const texts = [values, ...found.map(({ add }) => add)].map((text) => maskMacros(text));
  const [base, ...added] = texts.map(({ masked }) => documentOf(masked));
  if (!base) return values;
  for (const [index, preset] of found.entries()) {
    const addition = added[index];
    for (const path of preset.remove) removeFrom(base.contents, path, addition?.contents);
    if (addition && isMap(addition.contents)) base.contents = merged(base.contents, addition.contents);
  }
  let text = base.contents === null ? '' : base.toString({ lineWidth: 0, indentSeq: indentsLists(values) });
  for (const { unmask } of texts) text = unmask(text);
  return withHeader(text, found, values);
}

interface ValuesDocument {
  contents: Node | null;
  toString(options: { lineWidth: number; indentSeq: boolean }): string;
}

function documentOf(text: string): ValuesDocument {
  let documents: ReturnType<typeof composeDocuments>;
  try {
    documents = composeDocuments(text);
  } catch (error) {
    if (error instanceof RangeError) throw refuse(`the values cannot be read: ${error.message}`);
    throw error;
  }
  const [document = new Document(null)] = documents;
  const [error] = document.errors;
  if (error) throw refuse(`the values cannot be read: ${error.message.split('\n')[0] ?? ''}`);
  if (document.contents !== null && !isMap(document.contents) && !isEmptyScalar(document.contents))
    throw refuse('expected a map of values');
  return document;
}

function isEmptyScalar(node: Node): boolean {
  return isScalar(node) && (node.value === null || node.value === '');
}

/** The addition over the base: maps key by key, everything else replaced. */
function merged(base: Node | null, addition: YAMLMap): Node {
  if (!isMap(base)) return withComments(addition, base);
  for (const pair of addition.items) {
    const key = keyOf(pair.key);
    const before = base.items.find((item) => keyOf(item.key) === key);
    if (!before) base.items.push(pair);
    else if (isMap(before.value) && isMap(pair.value)) before.value = merged(before.value, pair.value);
    else before.value = pair.value;
  }
  // In flow style an addition's comments would not fit.
  base.flow = false;
  return base;
}

function withComments(node: Node, before: Node | null): Node {
  if (before?.commentBefore && !node.commentBefore) node.commentBefore = before.commentBefore;
  return node;
}

/**
 * Takes the value at a dotted path out; keys that hold dots are tried too. A key that the addition
 * brings again keeps its place.
 */
function removeFrom(node: unknown, path: string, addition: unknown): void {
  if (!isMap(node)) return;
  const exact = node.items.findIndex(({ key }) => keyOf(key) === path);
  const hit = node.items[exact];
  if (hit) {
    if (isMap(addition) && addition.items.some(({ key }) => keyOf(key) === path)) hit.value = null;
    else node.items.splice(exact, 1);
    return;
  }
  for (const { key, value } of node.items) {
    const name = keyOf(key);
    if (!path.startsWith(`${name}.`)) continue;
    const below = isMap(addition) ? addition.items.find((item) => keyOf(item.key) === name)?.value : undefined;
    removeFrom(value, path.slice(name.length + 1), below);
  }
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

/** Whether lists stand further in than their key, as the text has it; true when there are none. */
function indentsLists(text: string): boolean {
  return !/^( *)[^\s#-][^\n]*:[ \t]*\n(?:\s*#[^\n]*\n)*\1- /m.test(text);
}

const HEADER = /^#\s*spectrocloud\.com\/enabled-presets:.*\n?/m;

function withHeader(text: string, applied: readonly PackPreset[], before: string): string {
  if (applied.length === 0) return before;
  const groups = new Set(applied.map(({ group }) => group));
  const kept = enabledPresets(before).filter(({ group }) => !groups.has(group));
  const names = [...kept, ...applied].map(({ group, name }) => `${group}:${name}`);
  return `# spectrocloud.com/enabled-presets: ${names.join(',')}\n${text.replace(HEADER, '')}`;
}

function shown({ group, name }: PresetName): string {
  return JSON.stringify(group === '' ? name : `${group}:${name}`);
}

function known(presets: readonly PackPreset[]): string {
  return presets.length === 0 ? 'none' : presets.map(({ group, name }) => `${group}:${name}`).join(', ');
}

function refuse(message: string): PackError {
  return PackError.at('InvalidPack', 'values', 'presets', message);
}
