/** Values as objects, typed and with references, to YAML that reads back as the same values. */
import { Document, isScalar, Scalar, visit } from 'yaml';

import { referenceType, type Reference } from './reference.ts';

/** Any values, when a pack's are not typed. */
export type AnyValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | Reference
  | Reference<number>
  | Reference<boolean>
  | readonly AnyValue[]
  | { readonly [key: string]: AnyValue };
export type AnyValues = { readonly [key: string]: AnyValue };

/** Values of type `T`, each part of which may be left out, and each leaf of which may be a reference of its type. */
export type Values<T> = T extends string
  ? T | Reference
  : T extends number
    ? T | Reference<number>
    : T extends boolean
      ? T | Reference<boolean>
      : T extends readonly (infer Element)[]
        ? readonly Values<Element>[]
        : T extends object
          ? { readonly [K in keyof T]?: Values<T[K]> | undefined }
          : T;

/** YAML of an object. Keys keep the program's order; what is undefined is left out. @throws TypeError for what YAML cannot say. */
export function valuesToYaml(values: unknown): string {
  const tokens = new Map<string, string>();
  const plain = toPlain(values, tokens, []);
  if (isEmpty(plain)) return '';
  const document = new Document(plain, { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (key, node) => {
      if (typeof node.value !== 'string') return;
      const style = styleOf(node.value, tokens);
      if (style !== undefined)
        node.type = key === 'key' && style === Scalar.BLOCK_LITERAL ? Scalar.QUOTE_DOUBLE : style;
    },
    Pair: (_key, { value }) => (isScalar(value) && value.value === undefined ? visit.REMOVE : undefined),
  });
  const text = document.toString({ lineWidth: 0, minContentWidth: 0 });
  return [...tokens].reduce((filled, [token, macro]) => filled.replaceAll(token, () => macro), text);
}

/** A reference alone stands as a token, since its type says whether it is quoted; within a text it stays as it is written. */
function toPlain(value: unknown, tokens: Map<string, string>, path: readonly (string | number)[]): unknown {
  const type = referenceType(value);
  if (type === 'string') return String(value);
  if (type !== undefined) {
    const token = `paletteReference${tokens.size}End`;
    tokens.set(token, String(value));
    return token;
  }
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (Number.isFinite(value)) return value;
      break;
    case 'object':
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((item, index) => toPlain(item, tokens, [...path, index]) ?? null);
      if (isPlainObject(value))
        return Object.fromEntries(
          Object.entries(value).flatMap(([key, item]) =>
            item === undefined ? [] : [[keyAt(key, path), toPlain(item, tokens, [...path, key])]],
          ),
        );
      break;
    case 'undefined':
      return undefined;
    default:
  }
  throw new TypeError(
    `values, ${path.join('.') || 'the whole'}: ${describe(value)} cannot be written as YAML; expected texts, numbers, booleans, lists, maps and references`,
  );
}

/** Tests run in realms of their own, each with an Object of its own. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'object' ? 'an object of a class' : `a ${typeof value}`;
}

/** Parsers merge what stands under this key, in quotes or not. */
function keyAt(key: string, path: readonly (string | number)[]): string {
  if (key !== '<<') return key;
  throw new TypeError(`values, ${[...path, key].join('.')}: no value can stand under the key "<<"`);
}

function styleOf(text: string, tokens: ReadonlyMap<string, string>): Scalar.Type | undefined {
  if (tokens.has(text)) return Scalar.PLAIN;
  if (text.includes('{{'))
    return text.includes('\n') || text.includes("'") ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_SINGLE;
  // What other readers of YAML take for numbers, booleans or nothing.
  return /^[-+.]?[0-9]|^[-+.~=<]|^(y|n|yes|no|on|off|true|false|null|nan|inf)$/i.test(text)
    ? Scalar.QUOTE_DOUBLE
    : undefined;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}
