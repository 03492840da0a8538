import { dynamicValue, isBigDecimal, type CtyObject, type CtyType, type CtyValue } from '#resources/engine/cty';

import { parseNumber } from './value-codec.ts';

/** States as Terraform stores them: JSON, in which numbers may be larger than a double holds. */

type Json = null | string | boolean | number | Json[] | { [key: string]: Json };

/** Marks a number that JSON.parse would round; no attribute can have such a name. */
const EXACT = '\u0000number';

/** A JSON text as plain values, numbers exact. @throws SyntaxError */
export function parseExactJson(text: string): CtyValue {
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') || String(Number(token)) === token ? token : JSON.stringify({ [EXACT]: token }),
  );
  return restore(JSON.parse(marked) as Json); // as: JSON.parse makes nothing else
}

function restore(json: Json): CtyValue {
  if (Array.isArray(json)) return json.map(restore);
  if (typeof json !== 'object' || json === null) return json;
  const exact = json[EXACT];
  if (typeof exact === 'string') return parseNumber(exact);
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, restore(value)]));
}

/** The value of a type in a parsed state. Attributes that are missing are null, those that the type does not have are dropped. */
export function conformToType(type: CtyType, value: CtyValue | undefined): CtyValue {
  if (value === null || value === undefined || typeof value === 'symbol') return null;
  if (type === 'dynamic') return dynamicFromJson(value);
  if (typeof type === 'string') return conformLeaf(type, value);
  switch (type[0]) {
    case 'list':
    case 'set':
      return arrayOf(value).map((element) => conformToType(type[1], element));
    case 'tuple': {
      const elements = arrayOf(value);
      return type[1].map((element, index) => conformToType(element, elements[index]));
    }
    case 'map':
      return Object.fromEntries(
        Object.entries(objectOf(value)).map(([key, element]) => [key, conformToType(type[1], element)]),
      );
    case 'object': {
      const object = objectOf(value);
      return Object.fromEntries(
        Object.entries(type[1]).map(([name, attribute]) => [name, conformToType(attribute, object[name])]),
      );
    }
  }
}

/** An older schema may have stored a leaf in another type: a number as text, and the like. Terraform converts so, too. */
function conformLeaf(type: 'string' | 'number' | 'bool', value: CtyValue): CtyValue {
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || isBigDecimal(value);
  if (type === 'number' && typeof value === 'string') return parseNumber(value);
  if (type === 'string' && (isNumber || typeof value === 'boolean'))
    return isBigDecimal(value) ? value.text : String(value);
  if (type === 'bool' && (value === 'true' || value === 'false')) return value === 'true';
  const fits = type === 'number' ? isNumber : typeof value === (type === 'bool' ? 'boolean' : 'string');
  if (!fits) throw new TypeError(`expected a ${type} in the stored state`);
  return value;
}

function dynamicFromJson(value: CtyValue): CtyValue {
  const { type, value: inner } = objectOf(value);
  if (type === undefined || type === null) throw new TypeError('a dynamic value in the stored state has no type');
  const actual = type as CtyType; // as: Terraform stored this type beside its value
  return dynamicValue(actual, conformToType(actual, inner));
}

function objectOf(value: CtyValue): CtyObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError('expected an object in the stored state');
  return value as CtyObject; // as: parsed JSON has no other objects; tagged numbers have no attributes
}

function arrayOf(value: CtyValue): CtyValue[] {
  if (!Array.isArray(value)) throw new TypeError('expected a list in the stored state');
  return value;
}
