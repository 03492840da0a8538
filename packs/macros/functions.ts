import { createHash } from 'node:crypto';

/** A value while a macro is evaluated; `missing` is a name nobody defined. */
export type Value = string | number | boolean | Missing;

export interface Missing {
  readonly kind: 'missing';
  /** A sentence for people. */
  readonly reason: string;
}

export function isMissing(value: Value): value is Missing {
  return typeof value === 'object';
}

/** What functions take after missing values were sorted out. */
type Plain = Exclude<Value, Missing>;

interface MacroFunction {
  /** Number of arguments, the piped one (always last) included. */
  readonly arity: number;
  readonly apply: (args: readonly Plain[]) => Plain;
}

const text = (value: Plain | undefined): string => (value === undefined ? '' : String(value));

function integer(value: Plain | undefined): number {
  const number = typeof value === 'number' ? value : Number(value);
  if (!Number.isInteger(number)) throw new RangeError(`expected a whole number, found ${JSON.stringify(value)}`);
  return number;
}

function onText(apply: (value: string) => string): MacroFunction {
  return { arity: 1, apply: ([value]) => apply(text(value)) };
}

/**
 * The part of Sprig that works on one text, with Sprig's names and order of arguments.
 * https://masterminds.github.io/sprig/strings.html
 */
export const FUNCTIONS: ReadonlyMap<string, MacroFunction> = new Map<string, MacroFunction>([
  ['lower', onText((value) => value.toLowerCase())],
  ['upper', onText((value) => value.toUpperCase())],
  [
    'title',
    onText((value) => value.replace(/(^|\s)(\S)/g, (_, space: string, letter: string) => space + letter.toUpperCase())),
  ],
  ['trim', onText((value) => value.trim())],
  ['nospace', onText((value) => value.replace(/\s+/g, ''))],
  ['b64enc', onText((value) => Buffer.from(value, 'utf8').toString('base64'))],
  ['b64dec', onText((value) => Buffer.from(value, 'base64').toString('utf8'))],
  ['sha256sum', onText((value) => createHash('sha256').update(value).digest('hex'))],
  ['toString', onText((value) => value)],
  ['quote', onText((value) => JSON.stringify(value))],
  ['squote', onText((value) => `'${value}'`)],
  [
    'trimPrefix',
    {
      arity: 2,
      apply: ([prefix, value]) =>
        text(value).startsWith(text(prefix)) ? text(value).slice(text(prefix).length) : text(value),
    },
  ],
  [
    'trimSuffix',
    {
      arity: 2,
      apply: ([suffix, value]) =>
        text(suffix) !== '' && text(value).endsWith(text(suffix))
          ? text(value).slice(0, -text(suffix).length)
          : text(value),
    },
  ],
  ['trimAll', { arity: 2, apply: ([cut, value]) => trimAll(new Set(text(cut)), text(value)) }],
  ['replace', { arity: 3, apply: ([from, to, value]) => text(value).replaceAll(text(from), () => text(to)) }],
  ['substr', { arity: 3, apply: ([start, end, value]) => substr(integer(start), integer(end), text(value)) }],
  ['trunc', { arity: 2, apply: ([length, value]) => trunc(integer(length), text(value)) }],
  [
    'default',
    { arity: 2, apply: ([fallback, value]) => (value === undefined || isEmpty(value) ? (fallback ?? '') : value) },
  ],
]);

/** Sprig's `empty`: nothing, zero, false. */
export function isEmpty(value: Plain): boolean {
  return value === '' || value === 0 || value === false;
}

function substr(start: number, end: number, value: string): string {
  if (start < 0) return value.slice(0, Math.max(end, 0));
  return end < 0 || end > value.length ? value.slice(start) : value.slice(start, end);
}

function trunc(length: number, value: string): string {
  if (length >= 0) return value.slice(0, length);
  return value.length + length > 0 ? value.slice(length) : value;
}

function trimAll(cut: ReadonlySet<string>, value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && cut.has(value.charAt(start))) start += 1;
  while (end > start && cut.has(value.charAt(end - 1))) end -= 1;
  return value.slice(start, end);
}
