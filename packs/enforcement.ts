import { z } from 'zod';

import { Enforcement } from '#protocol/desired-state';

import { parseValues, section } from './values.ts';
import { isJsonObject } from './yaml.ts';

export type EnforcementParsed =
  | { readonly kind: 'none' }
  | { readonly kind: 'enforcement'; readonly enforcement: Enforcement }
  | { readonly kind: 'invalid'; readonly path: readonly string[]; readonly message: string };

const Strict = Enforcement.strict().extend({
  ignore: z.array(Enforcement.shape.ignore.unwrap().element.strict()).optional(),
});

/** `pack.enforcement` of a pack's values; macros are no part of it, since the plane reads it. */
export function packEnforcement(values: string): EnforcementParsed {
  // Nearly no values have it, and parsing them costs more than looking.
  if (!values.includes('enforcement')) return { kind: 'none' };
  const { value } = parseValues(values);
  const given = isJsonObject(value) ? section(value, 'pack')['enforcement'] : undefined;
  if (given == null) return { kind: 'none' };
  const parsed = Strict.safeParse(given);
  if (parsed.success) return { kind: 'enforcement', enforcement: parsed.data };
  const [issue] = parsed.error.issues;
  const path = ['pack', 'enforcement', ...(issue?.path ?? []).map(String)];
  return { kind: 'invalid', path, message: `${path.join('.')}: ${issue?.message ?? 'it cannot be read'}` };
}

/** Prefix of the tags that say the same for a whole profile or cluster: `palette-iac.dev/drift:alert`. */
const TAG_PREFIX = 'palette-iac.dev/';

/**
 * What the tags of a profile or cluster say. `palette-iac.dev/ignore` names fields as `Deployment#/spec/replicas`, or
 * `Deployment/shop/web#/spec/replicas` for one object; several are separated by semicolons.
 */
export function tagEnforcement(labels: Readonly<Record<string, string>>): EnforcementParsed {
  const given: Record<string, unknown> = {};
  for (const key of ['drift', 'conflicts', 'immutable'] as const) {
    const value = own(labels, `${TAG_PREFIX}${key}`);
    if (value !== undefined) given[key] = value.trim();
  }
  const ignore = own(labels, `${TAG_PREFIX}ignore`);
  if (ignore !== undefined) given['ignore'] = ignore.split(';').flatMap((entry) => ignoreOf(entry.trim()));
  if (Object.keys(given).length === 0) return { kind: 'none' };
  const parsed = Strict.safeParse(given);
  if (parsed.success) return { kind: 'enforcement', enforcement: parsed.data };
  const [issue] = parsed.error.issues;
  const tag = `${TAG_PREFIX}${String(issue?.path[0] ?? '')}`;
  return { kind: 'invalid', path: [tag], message: `tag ${tag}: ${issue?.message ?? 'it cannot be read'}` };
}

function own(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function ignoreOf(entry: string): object[] {
  if (entry === '') return [];
  const at = entry.indexOf('#');
  const [kind = '', ...rest] = (at === -1 ? '' : entry.slice(0, at)).split('/');
  const [name, namespace] = rest.toReversed();
  const part = (key: string, text: string | undefined): object =>
    text === undefined || text === '' || text === '*' ? {} : { [key]: text };
  return [
    { ...part('kind', kind), ...part('namespace', namespace), ...part('name', name), fields: [entry.slice(at + 1)] },
  ];
}
