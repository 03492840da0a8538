import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml';

import { maskMacros } from '../macros/resolve.ts';
import { composeDocuments, longDocument } from '../yaml.ts';
import { ANY, either, NO_FIELDS, type Field, type ScalarType, type TypeNode } from './type-node.ts';

/**
 * The type of values, read from the values themselves: what stands there says of what kind it is,
 * and the comment before it says what it is for. Values with macros may be of any kind.
 *
 * @param open whether maps take keys that are not there; empty maps always do.
 */
export function typeOfValues(text: string, { open }: { readonly open: boolean }): TypeNode {
  if (longDocument(text)) return NO_FIELDS;
  const { masked, unmask } = maskMacros(text);
  try {
    const [document] = composeDocuments(masked);
    if (!document || document.errors.length > 0) return NO_FIELDS;
    const type = typeOf(document.contents, open, (value) => unmask(value) !== value);
    return type.kind === 'map' ? type : NO_FIELDS;
  } catch (error) {
    // Nested too deep to be values.
    if (error instanceof RangeError) return NO_FIELDS;
    throw error;
  }
}

function typeOf(node: unknown, open: boolean, isMacro: (text: string) => boolean): TypeNode {
  if (isMap(node)) return mapOf(node, open, isMacro);
  if (isSeq(node)) {
    const items = node.items.map((item) => typeOf(item, open, isMacro));
    return { kind: 'list', item: items.length === 0 ? ANY : items.reduce(either) };
  }
  if (!isScalar(node)) return ANY;
  const { value } = node;
  if (typeof value === 'string')
    return isMacro(value)
      ? { kind: 'scalar', types: ['string', 'number', 'boolean'] satisfies ScalarType[] }
      : { kind: 'scalar', types: ['string'] };
  if (typeof value === 'number' || typeof value === 'bigint') return { kind: 'scalar', types: ['number'] };
  return typeof value === 'boolean' ? { kind: 'scalar', types: ['boolean'] } : ANY;
}

function mapOf(node: YAMLMap, open: boolean, isMacro: (text: string) => boolean): TypeNode {
  const fields = new Map<string, Field>();
  for (const [index, { key, value }] of node.items.entries()) {
    if (!isScalar(key) || key.value === '<<' || !isName(key.value)) continue;
    // The comment before the first key of a map is the map's.
    const before = index === 0 ? (node.commentBefore ?? key.commentBefore) : key.commentBefore;
    fields.set(String(key.value), { type: typeOf(value, open, isMacro), doc: docOf(before) });
  }
  return { kind: 'map', fields, others: open || fields.size === 0 ? ANY : undefined };
}

/** A comment as a sentence: the last paragraph before a key, marks of documentation tools taken off. */
function docOf(comment: string | null | undefined): string {
  const paragraphs = (comment ?? '').split(/\n\s*\n/);
  const lines = (paragraphs.at(-1) ?? '')
    .split('\n')
    .map((line) => line.replace(/^[\s#-]*(@\w+[^\n]*|--)?\s*/, '').trimEnd())
    .filter((line) => line !== '' && !/^[\w.-]+:(\s|$)/.test(line));
  return lines.slice(0, MAX_DOC_LINES).join('\n').slice(0, 400);
}

const MAX_DOC_LINES = 6;

function isName(key: unknown): key is string | number | boolean {
  return typeof key === 'string' || typeof key === 'number' || typeof key === 'boolean';
}
