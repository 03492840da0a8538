import {
  UNKNOWN,
  bigDecimal,
  dynamicValue,
  isBigDecimal,
  isCtyObject,
  isDynamicValue,
  type CtyObject,
  type CtyType,
  type CtyValue,
} from '#resources/engine/cty';

import { createMsgpackReader, type MsgpackReader } from './msgpack-reader.ts';
import { createMsgpackWriter, type MsgpackWriter } from './msgpack-writer.ts';

/** Between values and cty's MessagePack, driven by the type. Both throw an error when a value is not of its type. */

/** Extension type 0 with one empty byte: an unknown value without refinements. */
const UNKNOWN_BYTES = Buffer.from([0xd4, 0x00, 0x00]);

/** The bytes of a value of a type. Attributes that an object does not have are null. */
export function encodeValue(type: CtyType, value: CtyValue): Buffer {
  const writer = createMsgpackWriter();
  write(writer, type, value);
  return writer.finish();
}

/** The value of a type in bytes. Refinements of unknown values are dropped. */
export function decodeValue(type: CtyType, bytes: Uint8Array): CtyValue {
  const reader = createMsgpackReader(bytes);
  const value = read(reader, type);
  reader.end();
  return value;
}

function write(writer: MsgpackWriter, type: CtyType, value: CtyValue): void {
  if (value === UNKNOWN) return writer.raw(UNKNOWN_BYTES);
  if (value === null) return writer.nil();
  if (type === 'dynamic') {
    if (!isDynamicValue(value)) throw mismatch('a dynamic value', value);
    writer.array(2);
    writer.binary(Buffer.from(JSON.stringify(value.type)));
    return write(writer, value.type, value.value);
  }
  if (type === 'string') return typeof value === 'string' ? writer.string(value) : mismatched('a string', value);
  if (type === 'bool') return typeof value === 'boolean' ? writer.bool(value) : mismatched('a boolean', value);
  if (type === 'number') {
    if (isBigDecimal(value)) return writer.string(value.text);
    return typeof value === 'number' || typeof value === 'bigint'
      ? writer.number(value)
      : mismatched('a number', value);
  }
  switch (type[0]) {
    case 'list':
    case 'set': {
      if (!Array.isArray(value)) throw mismatch('a list', value);
      writer.array(value.length);
      for (const element of value) write(writer, type[1], element);
      return undefined;
    }
    case 'tuple': {
      if (!Array.isArray(value) || value.length !== type[1].length)
        throw mismatch(`a tuple of ${type[1].length}`, value);
      writer.array(value.length);
      for (const [index, element] of type[1].entries()) write(writer, element, value[index] ?? null);
      return undefined;
    }
    case 'map': {
      if (!isCtyObject(value)) throw mismatch('a map', value);
      const entries = Object.entries(value);
      writer.map(entries.length);
      for (const [key, element] of entries) {
        writer.string(key);
        write(writer, type[1], element);
      }
      return undefined;
    }
    case 'object': {
      if (!isCtyObject(value)) throw mismatch('an object', value);
      const attributes = Object.entries(type[1]);
      writer.map(attributes.length);
      for (const [name, attribute] of attributes) {
        writer.string(name);
        write(writer, attribute, value[name] ?? null);
      }
      return undefined;
    }
  }
}

function read(reader: MsgpackReader, type: CtyType): CtyValue {
  if (reader.extension()) return UNKNOWN;
  if (reader.nil()) return null;
  if (type === 'dynamic') {
    if (reader.array() !== 2) throw new TypeError('a dynamic value has two parts: its type and itself');
    // as: cty wrote this type; one that it does not have fails when the value is read
    const actual = JSON.parse(reader.string()) as CtyType;
    return dynamicValue(actual, read(reader, actual));
  }
  if (type === 'string') return reader.string();
  if (type === 'bool') return reader.bool();
  if (type === 'number') {
    const value = reader.number();
    return typeof value === 'string' ? parseNumber(value) : value;
  }
  switch (type[0]) {
    case 'list':
    case 'set':
      return Array.from({ length: reader.array() }, () => read(reader, type[1]));
    case 'tuple': {
      const length = reader.array();
      if (length !== type[1].length) throw new TypeError(`expected a tuple of ${type[1].length}, got ${length} values`);
      return type[1].map((element) => read(reader, element));
    }
    case 'map':
      return Object.fromEntries(Array.from({ length: reader.map() }, () => [reader.string(), read(reader, type[1])]));
    case 'object':
      return readObject(reader, type[1]);
  }
}

function readObject(reader: MsgpackReader, attributes: { readonly [name: string]: CtyType }): CtyObject {
  const entries = Array.from({ length: reader.map() }, (): [string, CtyValue] => {
    const name = reader.string();
    const attribute = attributes[name];
    if (attribute === undefined) throw new TypeError(`there is no attribute ${name}`);
    return [name, read(reader, attribute)];
  });
  return Object.fromEntries(entries);
}

/** A number from its decimal text: as a number or bigint where that is exact. */
export function parseNumber(text: string): CtyValue {
  if (/^-?\d+$/.test(text)) {
    const value = BigInt(text);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  const value = Number(text);
  if (Number.isNaN(value)) throw new TypeError('expected a number, got other text');
  return String(value) === text ? value : bigDecimal(text);
}

function mismatched(expected: string, value: CtyValue): never {
  throw mismatch(expected, value);
}

/** Names what came instead by its kind only: a value may be a secret. */
function mismatch(expected: string, value: CtyValue): TypeError {
  return new TypeError(
    `expected ${expected}, got ${Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`}`,
  );
}
