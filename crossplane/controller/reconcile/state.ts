/** The state of the external object: what was last known of it, in the engine's terms. */
import { isCtyObject, partOf, type CtyObject } from '#resources/engine/cty';
import type { ObjectModel } from '#resources/engine/model';
import { fromTyped, toTyped, type TypedObject } from '#resources/engine/state-conversion';
import { mapAt } from '#kubernetes/object';

import { toAtProvider, toState, withValue, type JsonObject } from '../../schema/values.ts';
import type { ManagedFields } from '../../schema/fields.ts';
import type { ManagedObject } from '../contracts.ts';
import type { ResolvedSecret } from './desired.ts';

/** The managed resource whose external object it is. */
interface Owner {
  readonly object: ManagedObject;
  readonly model: ObjectModel;
  readonly fields: ManagedFields;
}

/** The state that the status tells, with the Secrets of the spec in it. */
export function storedState(
  { object, model, fields }: Owner,
  { secrets }: { readonly secrets: readonly ResolvedSecret[] },
): CtyObject {
  let stored: JsonObject = mapAt(object, 'status', 'atProvider');
  for (const { path, value } of secrets) stored = withValue(stored, path, value);
  return fromTyped(model, toState(fields, stored));
}

/**
 * What is taken to be known of an external object of which only the identifier is: what every one of its kind must have
 * or can never change. All else is found out, or counts as different until it has been written once.
 */
export function seedState({ model }: Pick<Owner, 'model'>, config: CtyObject, known: TypedObject): CtyObject {
  const given = fromTyped(model, known);
  const seed: CtyObject = {};
  for (const field of model.fields) {
    const fixed =
      field.kind === 'attribute' &&
      (field.mode === 'required' ||
        field.traits.forceNew === true ||
        field.traits.immutable === true ||
        // Where it lives: without it, it cannot be found.
        field.key === 'context');
    const value = partOf(given, field.name);
    const isKnown = Array.isArray(value) ? value.length > 0 : value !== null;
    seed[field.name] = isKnown ? value : fixed ? partOf(config, field.name) : field.kind === 'attribute' ? null : value;
  }
  return seed;
}

/** Secrets that the API did not get yet count as absent: so they make a difference. */
export function withoutSecrets(state: CtyObject, model: ObjectModel): CtyObject {
  const kept = { ...state };
  for (const field of model.fields) {
    if (field.kind === 'attribute' && field.traits.sensitive === true && field.mode !== 'computed')
      kept[field.name] = null;
    const value = kept[field.name] ?? null;
    if (field.kind !== 'block') continue;
    if (isCtyObject(value)) kept[field.name] = withoutSecrets(value, field.object);
    if (Array.isArray(value))
      kept[field.name] = value.map((part) => (isCtyObject(part) ? withoutSecrets(part, field.object) : part));
  }
  return kept;
}

/** The typed values of a state, as functions of a definition take them. */
export function typedOf({ model }: Pick<Owner, 'model'>, state: CtyObject): never {
  // as never: a definition of any resource has forgotten its own types, which its model follows
  return toTyped(model, state, { unknown: 'omit' }) as never;
}

/** What the status tells of a state. */
export function shownState({ fields, model }: Pick<Owner, 'fields' | 'model'>, state: CtyObject): JsonObject {
  return toAtProvider(fields, toTyped(model, state, { unknown: 'omit' }));
}

export function idOf(state: CtyObject): string | undefined {
  const id = partOf(state, 'id');
  return typeof id === 'string' && id !== '' ? id : undefined;
}
