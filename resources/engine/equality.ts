import { assertNever } from '#core/assert-never';

import { UNKNOWN, isBigDecimal, isCtyObject, isDynamicValue, partOf, type CtyObject, type CtyValue } from './cty.ts';
import type { AttributeModel, BlockModel, ObjectModel, ValueModel } from './model.ts';

/** When two values are the same, and when they mean the same. */

/** Whether two values of an attribute are the same. Two unknown values never are: nobody knows. */
export function sameValue(model: ValueModel, a: CtyValue, b: CtyValue): boolean {
  if (a === UNKNOWN || b === UNKNOWN) return false;
  if (a === null || b === null) return a === b;
  switch (model.kind) {
    case 'leaf':
      return sameLeaf(a, b);
    case 'object':
      return (
        isCtyObject(a) &&
        isCtyObject(b) &&
        model.fields.every(({ name, value }) => sameValue(value, partOf(a, name), partOf(b, name)))
      );
    case 'collection': {
      if (Array.isArray(a) && Array.isArray(b)) {
        const same = (x: CtyValue, y: CtyValue): boolean => sameValue(model.element, x, y);
        return model.collection === 'set' ? sameMembers(a, b, same) : sameSequence(a, b, same);
      }
      if (!isCtyObject(a) || !isCtyObject(b)) return false;
      const keys = Object.keys(a);
      return (
        keys.length === Object.keys(b).length &&
        keys.every((key) => key in b && sameValue(model.element, partOf(a, key), partOf(b, key)))
      );
    }
  }
}

/**
 * Whether a change from one value to the other means nothing: the same, or equal by the attribute's own rule, or both
 * empty (`null`, `""`, no elements). States of the official provider hold empty values where nothing was configured.
 */
export function meansTheSame(attribute: AttributeModel, a: CtyValue, b: CtyValue): boolean {
  if (sameValue(attribute.value, a, b) || (isEmpty(a) && isEmpty(b))) return true;
  switch (attribute.traits.equality) {
    case undefined:
      return false;
    case 'trimSpace':
      return typeof a === 'string' && typeof b === 'string' && a.trim() === b.trim();
    case 'emptyIsDefault': {
      const { fallback } = attribute;
      return isEmpty(a) ? b === fallback?.value : isEmpty(b) && a === fallback?.value;
    }
    default:
      return assertNever(attribute.traits.equality);
  }
}

/** Whether two objects mean the same in all their attributes and blocks. */
export function meansTheSameObject(object: ObjectModel, a: CtyObject, b: CtyObject): boolean {
  return object.fields.every((field) => {
    const x = partOf(a, field.name);
    const y = partOf(b, field.name);
    return field.kind === 'attribute' ? meansTheSame(field, x, y) : meansTheSameBlock(field, x, y);
  });
}

/** Whether two values of a block mean the same. */
export function meansTheSameBlock(block: BlockModel, a: CtyValue, b: CtyValue): boolean {
  const same = (x: CtyValue, y: CtyValue): boolean =>
    isCtyObject(x) && isCtyObject(y) && meansTheSameObject(block.object, x, y);
  if (isEmpty(a) && isEmpty(b)) return true;
  if (!Array.isArray(a) || !Array.isArray(b)) return same(a, b);
  return block.nesting === 'set' ? sameMembers(a, b, same) : sameSequence(a, b, same);
}

/** `null`, `""`, an empty list, set or map. */
export function isEmpty(value: CtyValue): boolean {
  if (value === null || value === '') return true;
  return Array.isArray(value) ? value.length === 0 : isCtyObject(value) && Object.keys(value).length === 0;
}

/** What an attribute that nobody set may hold in a state of the official provider: empty, `0` or `false`. */
export function isZero(value: CtyValue): boolean {
  return isEmpty(value) || value === 0 || value === false;
}

function sameLeaf(a: CtyValue, b: CtyValue): boolean {
  if (a === b) return true;
  if (isDynamicValue(a) && isDynamicValue(b))
    return JSON.stringify(a.type) === JSON.stringify(b.type) && sameDynamic(a.value, b.value);
  return numberText(a) !== undefined && numberText(a) === numberText(b);
}

function sameDynamic(a: CtyValue, b: CtyValue): boolean {
  if (a === UNKNOWN || b === UNKNOWN) return false;
  if (Array.isArray(a) && Array.isArray(b)) return sameSequence(a, b, sameDynamic);
  if (isCtyObject(a) && isCtyObject(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => key in b && sameDynamic(partOf(a, key), partOf(b, key)))
    );
  }
  return sameLeaf(a, b);
}

function numberText(value: CtyValue): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return isBigDecimal(value) ? value.text : undefined;
}

function sameSequence<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean {
  return a.length === b.length && a.every((x, index) => same(x, b[index] as T)); // as: the lengths are equal
}

function sameMembers<T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean {
  if (a.length !== b.length) return false;
  const rest = [...b];
  return a.every((x) => {
    const at = rest.findIndex((y) => same(x, y));
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}
