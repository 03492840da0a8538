/**
 * Terraform's type system (cty) as plain data, and its values as plain JavaScript values.
 *
 * Objects, lists, sets, maps and numbers are what one expects; a null is `null`; a value that is
 * only known after apply is `UNKNOWN`. Numbers that a double cannot hold exactly are `bigint`, or
 * their decimal text wrapped in a `BigDecimal`.
 */

/** Stands for a value that is known after apply only. */
export const UNKNOWN: unique symbol = Symbol.for('palette-iac.terraform.unknown');
export type Unknown = typeof UNKNOWN;

/** A type, in the JSON form that Terraform uses on the wire and in schemas. */
export type CtyType =
  | 'string'
  | 'number'
  | 'bool'
  | 'dynamic'
  | readonly ['list' | 'set' | 'map', CtyType]
  | readonly ['object', { readonly [name: string]: CtyType }]
  | readonly ['tuple', readonly CtyType[]];

/** A number that neither a double nor a bigint holds exactly, as its decimal text. */
export interface BigDecimal {
  readonly kind: 'big-decimal';
  readonly text: string;
}

/** A value of a dynamic attribute together with the type that was sent for it. */
export interface DynamicValue {
  readonly kind: 'dynamic';
  readonly type: CtyType;
  readonly value: CtyValue;
}

export interface CtyObject {
  [name: string]: CtyValue;
}

export type CtyValue =
  | null
  | Unknown
  | string
  | number
  | bigint
  | boolean
  | BigDecimal
  | DynamicValue
  | CtyValue[]
  | CtyObject;

/** Whether a value is an object or a map, rather than one of the tagged leaf values. */
export function isCtyObject(value: CtyValue | undefined): value is CtyObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !isBigDecimal(value) &&
    !isDynamicValue(value)
  );
}

// The tagged leaves are told from a map with a key "kind" by their prototype, which no decoded map has.
const leaf = Object.freeze(Object.create(null) as object); // as: an empty object, used for its identity alone

export function bigDecimal(text: string): BigDecimal {
  return Object.assign(Object.create(leaf) as object, { kind: 'big-decimal', text } as const); // as: a fresh object
}

export function dynamicValue(type: CtyType, value: CtyValue): DynamicValue {
  return Object.assign(Object.create(leaf) as object, { kind: 'dynamic', type, value } as const); // as: a fresh object
}

export function isBigDecimal(value: CtyValue | undefined): value is BigDecimal {
  return isLeaf(value) && value['kind'] === 'big-decimal';
}

export function isDynamicValue(value: CtyValue | undefined): value is DynamicValue {
  return isLeaf(value) && value['kind'] === 'dynamic';
}

function isLeaf(value: CtyValue | undefined): value is BigDecimal | DynamicValue {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === leaf;
}

/** A part of an object; null when it is not there. */
export function partOf(object: CtyObject | undefined, name: string): CtyValue {
  return object?.[name] ?? null;
}

/** Whether a value has no unknown in it at any depth. */
export function isWhollyKnown(value: CtyValue): boolean {
  if (value === UNKNOWN) return false;
  if (Array.isArray(value)) return value.every(isWhollyKnown);
  if (isDynamicValue(value)) return isWhollyKnown(value.value);
  return isCtyObject(value) ? Object.values(value).every(isWhollyKnown) : true;
}
