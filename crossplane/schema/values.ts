/**
 * Between the values of a managed resource (`forProvider`, `atProvider`: plain JSON in which a block of one element is
 * an object) and those of its definition (in which it is a list).
 */
import { isMap } from '#kubernetes/object';
import type { AttributePath } from '#resources/engine/index';
import type { TypedObject } from '#resources/engine/state-conversion';

import { keysOf, type FieldReference, type ManagedField, type ManagedFields } from './fields.ts';

export interface JsonObject {
  readonly [key: string]: unknown;
}

/** A field whose value another managed resource gives. */
export interface FoundReference {
  /** Where the value belongs: `['clusterProfile', 0, 'id']`, below `forProvider`. */
  readonly path: AttributePath;
  /** Where the reference stands: `['clusterProfile', 0, 'idRef']`. */
  readonly at: AttributePath;
  readonly reference: FieldReference;
  readonly target:
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'selector'; readonly matchLabels: Readonly<Record<string, string>> };
}

/** A field whose value a Secret holds. */
export interface FoundSecret {
  readonly path: AttributePath;
  readonly at: AttributePath;
  readonly name: string;
  readonly key: string;
  /** Only in cluster-scoped managed resources; in namespaces it is the object's own. */
  readonly namespace: string | undefined;
}

/**
 * What a new object is made from: `forProvider`, and of `initProvider` each field that `forProvider` does not give
 * itself or by a reference or Secret.
 */
export function withInitial(fields: ManagedFields, forProvider: JsonObject, initProvider: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...forProvider };
  for (const field of fields) {
    if (isGiven(field, forProvider)) continue;
    for (const key of keysOf(field)) if (isPresent(initProvider[key])) merged[key] = initProvider[key];
  }
  return merged;
}

/** Whether parameters give a field: itself, or by what stands for it. */
export function isGiven(field: ManagedField, parameters: JsonObject): boolean {
  return keysOf(field).some((key) => isPresent(parameters[key]));
}

/**
 * The references in parameters that need to be resolved, in order. One whose field has a value already is left out:
 * the value counts.
 */
export function findReferences(fields: ManagedFields, parameters: JsonObject): FoundReference[] {
  return walk(fields, parameters, [], (field, object, above): FoundReference[] => {
    const { reference } = field;
    if (reference === undefined || isPresent(object[field.key])) return [];
    const path = [...above, field.key];
    const ref = object[reference.refKey];
    if (isMap(ref) && typeof ref['name'] === 'string') {
      const target = { kind: 'name', name: ref['name'] } as const;
      return [{ path, at: [...above, reference.refKey], reference, target }];
    }
    const selector = object[reference.selectorKey];
    if (!isMap(selector)) return [];
    const target = { kind: 'selector', matchLabels: labelsOf(selector['matchLabels']) } as const;
    return [{ path, at: [...above, reference.selectorKey], reference, target }];
  });
}

/** The Secrets that parameters name, in order. */
export function findSecrets(fields: ManagedFields, parameters: JsonObject): FoundSecret[] {
  return walk(fields, parameters, [], (field, object, above): FoundSecret[] => {
    const given = field.secretRefKey === undefined ? undefined : object[field.secretRefKey];
    if (!isMap(given) || typeof given['name'] !== 'string' || typeof given['key'] !== 'string') return [];
    return [
      {
        path: [...above, field.key],
        at: [...above, String(field.secretRefKey)],
        name: given['name'],
        key: given['key'],
        namespace: typeof given['namespace'] === 'string' ? given['namespace'] : undefined,
      },
    ];
  });
}

/** A copy of parameters with a value at a path that `findReferences` or `findSecrets` gave. */
export function withValue(parameters: JsonObject, path: AttributePath, value: unknown): JsonObject {
  const put = (at: unknown, [step, ...rest]: AttributePath): unknown => {
    if (step === undefined) return value;
    if (typeof step === 'number') {
      return Array.isArray(at) ? at.map((part: unknown, index) => (index === step ? put(part, rest) : part)) : at;
    }
    return { ...(isMap(at) ? at : {}), [step]: put(isMap(at) ? at[step] : undefined, rest) };
  };
  return put(parameters, path) as JsonObject; // as: a path of at least one key leads into an object
}

/**
 * The definition's configuration that parameters stand for. References and Secrets are left out: put their values in
 * before (`withValue`). What is not among the fields is left out, too.
 */
export function toConfig(fields: ManagedFields, parameters: JsonObject): TypedObject {
  return toTyped(
    fields.filter(({ input }) => input),
    parameters,
    ({ input }) => input,
  );
}

/** The definition's state that `atProvider` tells of; without what is sensitive, which is not in it. */
export function toState(fields: ManagedFields, atProvider: JsonObject): TypedObject {
  return toTyped(fields, atProvider, () => true);
}

function toTyped(fields: ManagedFields, values: JsonObject, wanted: (field: ManagedField) => boolean): TypedObject {
  const typed: TypedObject = {};
  for (const field of fields) {
    const value = values[field.key];
    if (!isPresent(value) || !wanted(field)) continue;
    typed[field.key] = field.fields === undefined ? value : blockToTyped(field, field.fields, value, wanted);
  }
  return typed;
}

function blockToTyped(
  { model, singleton }: ManagedField,
  fields: ManagedFields,
  value: unknown,
  wanted: (field: ManagedField) => boolean,
): unknown {
  const element = (part: unknown): unknown => (isMap(part) ? toTyped(fields, part, wanted) : part);
  if (model.kind === 'block' && model.nesting === 'single') return element(value);
  if (singleton && !Array.isArray(value)) return [element(value)];
  return Array.isArray(value) ? value.map(element) : value;
}

/** What `status.atProvider` tells of a state: nothing that is sensitive, no empty lists and maps. */
export function toAtProvider(fields: ManagedFields, state: TypedObject): JsonObject {
  return fromTyped(fields, state);
}

/**
 * A state as one would write it in `forProvider`: what late initialisation takes values from. Without what is
 * sensitive.
 */
export function toForProvider(fields: ManagedFields, state: TypedObject): JsonObject {
  return fromTyped(inputsOf(fields), state);
}

function inputsOf(fields: ManagedFields): ManagedFields {
  return fields
    .filter(({ input }) => input)
    .map((field) => (field.fields === undefined ? field : { ...field, fields: inputsOf(field.fields) }));
}

function fromTyped(fields: ManagedFields, typed: TypedObject): JsonObject {
  const entries = fields.flatMap((field): [string, unknown][] => {
    const value = typed[field.key];
    if (field.sensitive || !isPresent(value)) return [];
    const shown = field.fields === undefined ? value : blockFromTyped(field, field.fields, value);
    return isEmptyCollection(shown) ? [] : [[field.key, shown]];
  });
  return Object.fromEntries(entries);
}

function blockFromTyped({ singleton }: ManagedField, fields: ManagedFields, value: unknown): unknown {
  const element = (part: unknown): unknown => (isMap(part) ? fromTyped(fields, part) : part);
  if (!Array.isArray(value)) return element(value);
  return singleton ? element(value[0]) : value.map(element);
}

/** What the connection Secret holds, by key: what is computed and sensitive, and what else helps to connect. */
export function connectionDetails(fields: ManagedFields, state: TypedObject): Record<string, string> {
  const details = fields.flatMap(({ key, connection }): [string, string][] => {
    const value = state[key];
    return connection && typeof value === 'string' && value !== '' ? [[key, value]] : [];
  });
  return Object.fromEntries(details);
}

/** Visits every field of parameters and of the blocks in them. */
function walk<T>(
  fields: ManagedFields,
  object: JsonObject,
  above: AttributePath,
  visit: (field: ManagedField, object: JsonObject, above: AttributePath) => T[],
): T[] {
  return fields.flatMap((field): T[] => {
    if (!field.input) return [];
    const found = visit(field, object, above);
    const { fields: inner } = field;
    const value = object[field.key];
    if (inner === undefined) return found;
    const path = [...above, field.key];
    if (isMap(value)) return [...found, ...walk(inner, value, path, visit)];
    if (!Array.isArray(value)) return found;
    const elements: readonly unknown[] = value;
    return [
      ...found,
      ...elements.flatMap((part, index) => (isMap(part) ? walk(inner, part, [...path, index], visit) : [])),
    ];
  });
}

function labelsOf(value: unknown): Record<string, string> {
  if (!isMap(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, label]) => (typeof label === 'string' ? [[key, label]] : [])),
  );
}

function isEmptyCollection(value: unknown): boolean {
  if (value === undefined) return true;
  return Array.isArray(value) ? value.length === 0 : isMap(value) && Object.keys(value).length === 0;
}

/** The API server knows no difference between null and absent. */
function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
