import { canonicalJson } from '#protocol/canonical';

import { findMacroReferences } from './macros/resolve.ts';
import type { Problem } from './problem.ts';
import { formatFault } from './schema-format.ts';
import type { SchemaField } from './schema.ts';
import { mergeValues, parseValues } from './values.ts';
import { isJsonObject, type Json, type JsonObject } from './yaml.ts';

/** A place in values: the steps to it and what stands there. */
interface Place {
  readonly path: readonly (string | number)[];
  readonly value: Json | undefined;
}

/**
 * What is wrong with a layer's values by the pack's schema.yaml: required ones that are missing,
 * read-only ones that differ from the pack's, and formats that are not kept. The values stand over
 * the pack's own. A value with a macro in it is judged by its presence alone. What a password holds
 * is never told.
 *
 * @param values the layer's values as YAML; empty: the pack's own are checked.
 */
export function checkValues(
  pack: { readonly schema: readonly SchemaField[]; readonly values: string },
  values: string,
): Problem[] {
  const given = parseValues(values);
  if (given.problems.length > 0)
    return given.problems.map((problem) => ({ severity: 'error', file: 'values', rule: 'yaml-syntax', ...problem }));
  const own = objectOf(parseValues(pack.values).value);
  const merged = mergeValues(own, objectOf(given.value));
  return pack.schema.flatMap((field) =>
    placesOf(merged, field.name.split('.')).flatMap(({ path, value }): Problem[] => {
      const problem = (rule: string, message: string): Problem[] => [
        { severity: 'error', file: 'values', ...given.locate(path), rule, message: `${path.join('.')}: ${message}` },
      ];
      if (isNothing(value))
        return field.required ? problem('values-required', `the pack requires a value${hint(field)}; it has none`) : [];
      if (field.readonly && !isSame(value, placesOf(own, path.map(String))[0]?.value))
        return problem('values-readonly', 'the pack does not let this value be changed');
      const fault = hasMacro(value) ? undefined : formatFault(field.format, value);
      return fault === undefined ? [] : problem('values-format', `${fault}${hint(field)}`);
    }),
  );
}

/** The places a schema's path means; where nothing stands there is one place without value. */
function placesOf(values: Json | undefined, steps: readonly string[], above: Place['path'] = []): Place[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [{ path: above, value: values }];
  if (step === '$[]') {
    const items: readonly Json[] = Array.isArray(values) ? values : [];
    return items.length === 0
      ? [{ path: above, value: undefined }]
      : items.flatMap((item, index) => placesOf(item, rest, [...above, index]));
  }
  if (Array.isArray(values)) {
    const item: Json | undefined = values[Number(step)];
    return placesOf(item, rest, [...above, Number(step)]);
  }
  // Keys may hold dots, so each split of the path is tried, the longest key first.
  for (let length = steps.length; length > 1; length--) {
    const key = steps.slice(0, length).join('.');
    if (isJsonObject(values) && Object.hasOwn(values, key))
      return placesOf(values[key], steps.slice(length), [...above, key]);
  }
  const next = isJsonObject(values) && Object.hasOwn(values, step) ? values[step] : undefined;
  return next === undefined
    ? [{ path: [...above, ...steps.filter((name) => name !== '$[]')], value: undefined }]
    : placesOf(next, rest, [...above, step]);
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return canonicalJson(a ?? null) === canonicalJson(b ?? null);
}

function hasMacro(value: Json | undefined): boolean {
  return typeof value === 'string' && value.includes('.spectro') && findMacroReferences(value).length > 0;
}

function hint({ hints }: SchemaField): string {
  return hints.length === 0 ? '' : ` (${hints.join(' ')})`;
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
