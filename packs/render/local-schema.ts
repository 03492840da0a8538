import { textOf } from '../files.ts';

/** The JSON schema that a chart checks its values by. */
export const VALUES_SCHEMA = 'values.schema.json';

/**
 * A values.schema.json without references to what is outside of it, which Helm would fetch: a
 * rendering may neither depend on the network nor be a way into it. What such a reference stands
 * for is not checked; all the rest is. Whatever is left begins with `#`, so that nothing depends on
 * where Helm believes an `$id` to count.
 */
export function localSchema(content: Uint8Array): Uint8Array {
  let schema: unknown;
  try {
    schema = JSON.parse(textOf(content));
  } catch {
    // Some versions of Helm read a schema and not what follows it; this none takes for one.
    return new TextEncoder().encode('{');
  }
  const places = placesIn(schema);
  const byId = new Map(places.flatMap((place) => idsOf(place.node).map((id) => [withoutFragment(id), place])));
  let changed = false;
  for (const { node, isOfRoot } of places) {
    for (const key of ['$ref', '$dynamicRef', '$recursiveRef']) {
      const reference = node[key];
      if (typeof reference !== 'string' || reference.startsWith('#')) continue;
      const local = isOfRoot ? localReference(reference, byId) : undefined;
      if (local === undefined) delete node[key];
      else node[key] = local;
      changed = true;
    }
    if (typeof node['$schema'] === 'string' && !DRAFT.test(node['$schema'])) {
      delete node['$schema'];
      changed = true;
    }
  }
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
/** Deepest place that a reference is written to. */
const MAX_STEPS = 64;

/** An object of the schema, and the way to it. */
interface Place {
  readonly node: Record<string, unknown>;
  readonly above: Step | undefined;
  /** `#` means the whole schema here: no `$id` stands on the way. */
  readonly isOfRoot: boolean;
}

interface Step {
  readonly key: string;
  readonly above: Step | undefined;
}

/** Every object, without recursion: schemas come from others and may nest as they like. */
function placesIn(root: unknown): readonly Place[] {
  const places: Place[] = [];
  const open: { readonly value: unknown; readonly above: Step | undefined; readonly isOfRoot: boolean }[] = [
    { value: root, above: undefined, isOfRoot: true },
  ];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, above } = next;
    if (typeof value !== 'object' || value === null) continue;
    let { isOfRoot } = next;
    if (!Array.isArray(value)) {
      // An object that is no list: its keys are texts.
      const node = value as Record<string, unknown>;
      isOfRoot &&= above === undefined || idsOf(node).length === 0;
      places.push({ node, above, isOfRoot });
    }
    for (const [key, item] of Object.entries(value)) open.push({ value: item, above: { key, above }, isOfRoot });
  }
  return places;
}

function idsOf(node: Readonly<Record<string, unknown>>): string[] {
  return [node['$id'], node['id']].filter((id) => typeof id === 'string' && !id.startsWith('#')) as string[]; // as: just looked at
}

/** The reference as one into the schema itself; undefined for what is not in it. */
function localReference(reference: string, byId: ReadonlyMap<string, Place>): string | undefined {
  const place = byId.get(withoutFragment(reference));
  const fragment = reference.includes('#') ? reference.slice(reference.indexOf('#') + 1) : '';
  if (place === undefined || (fragment !== '' && !fragment.startsWith('/'))) return undefined;
  const steps: string[] = [];
  for (let step = place.above; step; step = step.above) {
    if (steps.length === MAX_STEPS) return undefined;
    steps.unshift(`/${encodeURIComponent(step.key.replaceAll('~', '~0').replaceAll('/', '~1'))}`);
  }
  return `#${steps.join('')}${fragment}`;
}

function withoutFragment(reference: string): string {
  const at = reference.indexOf('#');
  return at === -1 ? reference : reference.slice(0, at);
}
