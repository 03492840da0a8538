/** How a value is written in the place of a macro, so that it stays data. */
import type { Scalar } from 'yaml';

/** A YAML double-quoted scalar: JSON, with the characters escaped that YAML 1.1 takes for line breaks. */
export function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The value for the middle of a scalar that cannot be written anew; undefined when it does not fit. */
export function escapeWithin(value: string, scalar: Scalar, indent: string): string | undefined {
  switch (scalar.type) {
    case 'QUOTE_DOUBLE':
      return doubleQuoted(value).slice(1, -1);
    case 'QUOTE_SINGLE':
      return isOneLine(value) ? value.replaceAll("'", "''") : undefined;
    case 'BLOCK_LITERAL':
      return /^[^\s].*$/s.test(value) || value === '' ? value.replace(/\r?\n/g, `\n${indent}`) : undefined;
    case 'BLOCK_FOLDED':
      return isOneLine(value) ? value : undefined;
    default:
      return isWord(value) ? value : undefined;
  }
}

/** The value for a comment or for text that is no YAML. */
export function escapeOutside(value: string, masked: string, start: number): string | undefined {
  if (isWord(value)) return value;
  return /(^|\s)#/.test(lineBefore(masked, start)) ? value.replace(/[^\w ./:@+-]/g, '?') : undefined;
}

/** Characters that mean nothing to YAML and to templates, wherever they stand. */
function isWord(value: string): boolean {
  return /^[\w./@+-]*$/.test(value);
}

function isOneLine(value: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(value);
}

/** The blanks that a line begins with. */
export function lineIndent(text: string, offset: number): string {
  return /^[ ]*/.exec(lineBefore(text, offset))?.[0] ?? '';
}

/** A line may be the whole file, and have thousands of macros: only so much of it is looked at. */
const LINE = 4096;

/** The line up to an offset, from its beginning, or what is near. */
function lineBefore(text: string, offset: number): string {
  const near = text.slice(Math.max(0, offset - LINE), offset);
  return near.slice(near.lastIndexOf('\n') + 1);
}

/** Braces of a value, written so that a Go template prints them instead of reading them. */
export function escapeTemplate(text: string): string {
  return text.replace(/\{+/g, (braces) => `{{"${braces}"}}`);
}
