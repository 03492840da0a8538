/** Late initialisation: what the API chose for fields that the spec leaves open is written into the spec. */
import type { CtyObject } from '#resources/engine/cty';
import { toTyped } from '#resources/engine/state-conversion';

import { isGiven, toForProvider, type JsonObject } from '../../schema/values.ts';
import { sameJson } from './merge-diff.ts';
import type { Pass } from './pass.ts';
import { specMap } from './policies.ts';

/**
 * The values to write into `spec.forProvider`; undefined when there are none. Only attributes at the top: those that the
 * API sets when nobody does, and, of an object that is taken over, those that have a default which the object differs
 * from: then it stays as it is rather than being brought to the default. What changes along with other fields is left
 * open, or it could never change with them again.
 */
export function lateInitialised(
  { object, fields, model }: Pick<Pass, 'object' | 'fields' | 'model'>,
  { observed, isTakenOver }: { readonly observed: CtyObject; readonly isTakenOver: boolean },
): JsonObject | undefined {
  const forProvider = specMap(object, 'forProvider');
  const initProvider = specMap(object, 'initProvider');
  const found = toForProvider(fields, toTyped(model, observed, { unknown: 'omit' }));
  const entries = fields.flatMap((field): [string, unknown][] => {
    const { key, model: attribute, input, sensitive } = field;
    if (!input || sensitive || attribute.kind !== 'attribute' || attribute.traits.changesWith !== undefined) return [];
    // Silence about what is fixed asks for no change of it anyway; see `decide`.
    if (attribute.traits.forceNew === true || attribute.traits.immutable === true) return [];
    if (isGiven(field, forProvider) || isGiven(field, initProvider)) return [];
    const value = found[key];
    if (value === undefined || value === '') return [];
    const { fallback, mode } = attribute;
    const isOpen =
      fallback === undefined ? mode === 'optionalComputed' : isTakenOver && !sameJson(value, fallback.value);
    return isOpen ? [[key, value]] : [];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
