import {
  UNKNOWN,
  dynamicValue,
  isBigDecimal,
  isCtyObject,
  isDynamicValue,
  type CtyObject,
  type CtyType,
  type CtyValue,
  type Unknown,
} from './cty.ts';
import type { BlockModel, ObjectModel, ValueModel } from './model.ts';

/** Between Terraform's values (snake_case, null) and a definition's typed values (camelCase, absent keys). */

/** A typed value of any definition. */
export interface TypedObject {
  [key: string]: unknown;
}

export interface ToTypedOptions {
  /** What becomes of unknown values: left out, or kept as `UNKNOWN`. */
  readonly unknown: 'omit' | 'keep';
}

/** A definition's value of a Terraform value. What has a default always has a value in it; null is an absent key. */
export function toTyped(object: ObjectModel, value: CtyObject, options: ToTypedOptions): TypedObject {
  const typed: TypedObject = {};
  for (const field of object.fields) {
    const part = value[field.name] ?? null;
    const converted =
      field.kind === 'attribute' ? valueToTyped(field.value, part, options) : blockToTyped(field, part, options);
    if (converted !== undefined) typed[field.key] = converted;
    else if (part === null && field.kind === 'attribute' && field.fallback !== undefined)
      typed[field.key] = field.fallback.value;
  }
  return typed;
}

function blockToTyped(block: BlockModel, value: CtyValue, options: ToTypedOptions): unknown {
  if (value === UNKNOWN) return unknownToTyped(options);
  const element = (part: CtyValue): unknown =>
    isCtyObject(part) ? toTyped(block.object, part, options) : unknownToTyped(options);
  if (block.nesting === 'single') return value === null ? undefined : element(value);
  return Array.isArray(value) ? value.map(element) : [];
}

function valueToTyped(model: ValueModel, value: CtyValue, options: ToTypedOptions): unknown {
  if (value === null) return undefined;
  if (value === UNKNOWN) return unknownToTyped(options);
  if (typeof value === 'bigint' || isBigDecimal(value)) return Number(isBigDecimal(value) ? value.text : value);
  if (isDynamicValue(value)) return dynamicToTyped(value.value);
  switch (model.kind) {
    case 'leaf':
      return value;
    case 'collection':
      if (Array.isArray(value)) return value.map((part) => valueToTyped(model.element, part, options));
      return isCtyObject(value) ? mapEntries(value, (part) => valueToTyped(model.element, part, options)) : undefined;
    case 'object': {
      if (!isCtyObject(value)) return undefined;
      const entries = model.fields.map(
        ({ key, name, value: part }) => [key, valueToTyped(part, value[name] ?? null, options)] as const,
      );
      return Object.fromEntries(entries.filter(([, part]) => part !== undefined));
    }
  }
}

function unknownToTyped(options: ToTypedOptions): Unknown | undefined {
  return options.unknown === 'keep' ? UNKNOWN : undefined;
}

function dynamicToTyped(value: CtyValue): unknown {
  if (Array.isArray(value)) return value.map(dynamicToTyped);
  if (isCtyObject(value)) return mapEntries(value, dynamicToTyped);
  return value;
}

/** The Terraform value of a definition's value. @throws TypeError naming the attribute when a value has the wrong type */
export function fromTyped(object: ObjectModel, typed: TypedObject, where = ''): CtyObject {
  const value: CtyObject = {};
  for (const field of object.fields) {
    const part = typed[field.key];
    const path = where === '' ? field.name : `${where}.${field.name}`;
    value[field.name] =
      field.kind === 'attribute' ? valueFromTyped(field.value, part, path) : blockFromTyped(field, part, path);
  }
  return value;
}

function blockFromTyped(block: BlockModel, typed: unknown, path: string): CtyValue {
  if (block.nesting === 'single')
    return typed === undefined || typed === null ? null : fromTyped(block.object, objectOf(typed, path), path);
  return arrayOf(typed ?? [], path).map((element, index) =>
    fromTyped(block.object, objectOf(element, `${path}[${index}]`), `${path}[${index}]`),
  );
}

/** The Terraform value of one attribute's typed value. @throws TypeError */
export function valueFromTyped(model: ValueModel, typed: unknown, path: string): CtyValue {
  if (typed === undefined || typed === null) return null;
  switch (model.kind) {
    case 'leaf':
      if (model.type === 'dynamic') return inferDynamic(typed, path);
      if (model.type === 'string' && typeof typed === 'string') return typed;
      if (model.type === 'bool' && typeof typed === 'boolean') return typed;
      if (
        model.type === 'number' &&
        (typeof typed === 'bigint' || (typeof typed === 'number' && Number.isFinite(typed)))
      )
        return typed;
      throw wrongType(path, model.type, typed);
    case 'collection':
      if (model.collection === 'map') {
        return mapEntries(objectOf(typed, path), (part, key) =>
          valueFromTyped(model.element, part, `${path}[${JSON.stringify(key)}]`),
        );
      }
      return arrayOf(typed, path).map((part, index) => valueFromTyped(model.element, part, `${path}[${index}]`));
    case 'object': {
      const given = objectOf(typed, path);
      return Object.fromEntries(
        model.fields.map(({ key, name, value }) => [name, valueFromTyped(value, given[key], `${path}.${name}`)]),
      );
    }
  }
}

function inferDynamic(typed: unknown, path: string): CtyValue {
  const value = inferValue(typed, path);
  return dynamicValue(inferType(value), value);
}

function inferValue(typed: unknown, path: string): CtyValue {
  if (typed === undefined || typed === null) return null;
  if (typeof typed === 'string' || typeof typed === 'boolean' || typeof typed === 'number' || typeof typed === 'bigint')
    return typed;
  if (Array.isArray(typed)) return typed.map((part: unknown) => inferValue(part, path));
  return mapEntries(objectOf(typed, path), (part) => inferValue(part, path));
}

function inferType(value: CtyValue): CtyType {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' || typeof value === 'bigint' || isBigDecimal(value)) return 'number';
  if (Array.isArray(value)) return ['tuple', value.map(inferType)];
  return isCtyObject(value) ? ['object', mapEntries(value, inferType)] : 'dynamic';
}

function objectOf(typed: unknown, path: string): TypedObject {
  if (typeof typed !== 'object' || typed === null || Array.isArray(typed)) throw wrongType(path, 'an object', typed);
  return typed as TypedObject; // as: an object that is no array
}

function arrayOf(typed: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(typed)) throw wrongType(path, 'an array', typed);
  return typed;
}

/** Says what came instead by its type only: a value may be a secret. */
function wrongType(path: string, expected: string, typed: unknown): TypeError {
  const actual = Array.isArray(typed) ? 'an array' : typed === null ? 'null' : typeof typed;
  return new TypeError(`${path}: expected ${expected}, got ${actual}`);
}

/** Assigns own properties even for keys such as `__proto__`, which a map may have. */
function mapEntries<A, B>(
  object: { readonly [key: string]: A },
  convert: (value: A, key: string) => B,
): { [key: string]: B } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, convert(value, key)]));
}
