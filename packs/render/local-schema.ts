import { textOf } from '../files.ts';

/** The JSON schema that a chart checks its values by. */
export const VALUES_SCHEMA = 'values.schema.json';

/**
 * A values.schema.json without references to what is outside of it, which Helm would fetch: a
 * rendering may neither depend on the network nor be a way into it. What such a reference stands
 * for is not checked; all the rest is.
 */
export function localSchema(content: Uint8Array): Uint8Array {
  const text = textOf(content);
  if (!/"\$(?:ref|schema|dynamicRef|recursiveRef)"/.test(text)) return content;
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch {
    // Helm says what is wrong with it.
    return content;
  }
  const known = new Set<string>();
  walk(schema, (node) => {
    for (const key of ['$id', 'id']) if (typeof node[key] === 'string') known.add(withoutFragment(node[key]));
  });
  let changed = false;
  walk(schema, (node) => {
    for (const key of ['$ref', '$dynamicRef', '$recursiveRef']) {
      const reference = node[key];
      if (typeof reference !== 'string' || reference.startsWith('#') || known.has(withoutFragment(reference))) continue;
      delete node[key];
      changed = true;
    }
    if (typeof node['$schema'] === 'string' && !DRAFT.test(node['$schema'])) {
      delete node['$schema'];
      changed = true;
    }
  });
  if (!changed) return content;
  try {
    return new TextEncoder().encode(JSON.stringify(schema));
  } catch (error) {
    // Nested deeper than anything can be that a person wrote.
    if (error instanceof RangeError) return new TextEncoder().encode('{}');
    throw error;
  }
}

/** The drafts that Helm has with it. */
const DRAFT = /^https?:\/\/json-schema\.org\/(draft-0[467]|draft\/(2019-09|2020-12))\/schema#?$/;

function withoutFragment(reference: string): string {
  return reference.replace(/#.*$/, '');
}

/** Visits every object, without recursion: schemas come from others and may nest as they like. */
function walk(root: unknown, visit: (node: Record<string, unknown>) => void): void {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const node = open.pop();
    if (typeof node !== 'object' || node === null) continue;
    open.push(...Object.values(node));
    // An object that is no list: its keys are texts.
    if (!Array.isArray(node)) visit(node as Record<string, unknown>);
  }
}
