import { createHash } from 'node:crypto';

import type { MacroFunction } from './functions.ts';
import { isList, integer, textOf, type Plain } from './value.ts';

/** Most characters a function makes of others: what is repeated is bounded. */
const MAX_TEXT = 64 * 1024;

function onText(apply: (value: string) => Plain): MacroFunction {
  return { arity: 1, apply: ([value]) => apply(textOf(value)) };
}

function onTexts(arity: number, apply: (...args: string[]) => Plain): MacroFunction {
  return { arity, apply: (args) => apply(...args.map(textOf)) };
}

function hashed(algorithm: string): MacroFunction {
  return onText((value) => createHash(algorithm).update(value).digest('hex'));
}

/** Go's `strings.Split` into words, as the case functions of Sprig take them. */
function words(text: string): string[] {
  return text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '');
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();

export const TEXT_FUNCTIONS: readonly (readonly [string, MacroFunction])[] = [
  ['lower', onText((value) => value.toLowerCase())],
  ['upper', onText((value) => value.toUpperCase())],
  [
    'title',
    onText((value) => value.replace(/(^|\s)(\S)/g, (_, space: string, letter: string) => space + letter.toUpperCase())),
  ],
  [
    'untitle',
    onText((value) => value.replace(/(^|\s)(\S)/g, (_, space: string, letter: string) => space + letter.toLowerCase())),
  ],
  ['trim', onText((value) => value.trim())],
  ['nospace', onText((value) => value.replace(/\s+/g, ''))],
  [
    'initials',
    onText((value) =>
      value
        .split(/\s+/)
        .map((word) => word.charAt(0))
        .join(''),
    ),
  ],
  ['snakecase', onText((value) => words(value).join('_').toLowerCase())],
  ['kebabcase', onText((value) => words(value).join('-').toLowerCase())],
  ['camelcase', onText((value) => words(value).map(capital).join(''))],
  ['b64enc', onText((value) => Buffer.from(value, 'utf8').toString('base64'))],
  ['b64dec', onText((value) => Buffer.from(value, 'base64').toString('utf8'))],
  ['sha1sum', hashed('sha1')],
  ['sha256sum', hashed('sha256')],
  ['sha512sum', hashed('sha512')],
  ['toString', onText((value) => value)],
  ['toJson', { arity: 1, apply: ([value]) => JSON.stringify(value) }],
  ['quote', onText((value) => JSON.stringify(value))],
  ['squote', onText((value) => `'${value}'`)],
  ['urlquery', onText((value) => encodeURIComponent(value).replaceAll('%20', '+'))],
  ['contains', onTexts(2, (part = '', value = '') => value.includes(part))],
  ['hasPrefix', onTexts(2, (prefix = '', value = '') => value.startsWith(prefix))],
  ['hasSuffix', onTexts(2, (suffix = '', value = '') => value.endsWith(suffix))],
  [
    'trimPrefix',
    onTexts(2, (prefix = '', value = '') => (value.startsWith(prefix) ? value.slice(prefix.length) : value)),
  ],
  [
    'trimSuffix',
    onTexts(2, (suffix = '', value = '') =>
      suffix !== '' && value.endsWith(suffix) ? value.slice(0, -suffix.length) : value,
    ),
  ],
  ['trimAll', onTexts(2, (cut = '', value = '') => trimAll(new Set(cut), value))],
  ['trimall', onTexts(2, (cut = '', value = '') => trimAll(new Set(cut), value))],
  ['replace', onTexts(3, (from = '', to = '', value = '') => bounded(value.replaceAll(from, () => to)))],
  ['substr', { arity: 3, apply: ([start, end, value]) => substr(integer(start), integer(end), textOf(value)) }],
  ['trunc', { arity: 2, apply: ([length, value]) => trunc(integer(length), textOf(value)) }],
  ['abbrev', { arity: 2, apply: ([length, value]) => abbrev(integer(length), textOf(value)) }],
  ['repeat', { arity: 2, apply: ([count, value]) => repeat(integer(count), textOf(value)) }],
  ['indent', { arity: 2, apply: ([count, value]) => indent(integer(count), textOf(value)) }],
  ['nindent', { arity: 2, apply: ([count, value]) => `\n${indent(integer(count), textOf(value))}` }],
  ['cat', { arity: [1, 64], apply: (args) => args.map(textOf).join(' ') }],
  ['printf', { arity: [1, 64], apply: ([format, ...args]) => printf(textOf(format), args) }],
  ['print', { arity: [1, 64], apply: (args) => args.map(textOf).join('') }],
  ['len', { arity: 1, apply: ([value]) => (isList(value) ? value.length : Buffer.byteLength(textOf(value))) }],
];

function bounded(text: string): string {
  if (text.length > MAX_TEXT) throw new RangeError(`the text would have more than ${MAX_TEXT} characters`);
  return text;
}

function substr(start: number, end: number, value: string): string {
  if (start < 0) return value.slice(0, Math.max(end, 0));
  return end < 0 || end > value.length ? value.slice(start) : value.slice(start, end);
}

function trunc(length: number, value: string): string {
  if (length >= 0) return value.slice(0, length);
  return value.length + length > 0 ? value.slice(length) : value;
}

function abbrev(length: number, value: string): string {
  return length < 4 || value.length <= length ? value : `${value.slice(0, length - 3)}...`;
}

function repeat(count: number, value: string): string {
  if (count * value.length > MAX_TEXT) throw new RangeError(`the text would have more than ${MAX_TEXT} characters`);
  return value.repeat(Math.max(count, 0));
}

function indent(count: number, value: string): string {
  const blanks = repeat(count, ' ');
  return bounded(value.replace(/^/gm, blanks));
}

function trimAll(cut: ReadonlySet<string>, value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && cut.has(value.charAt(start))) start += 1;
  while (end > start && cut.has(value.charAt(end - 1))) end -= 1;
  return value.slice(start, end);
}

/** The verbs of Go's Printf that mean the same for texts, numbers and truth values. */
function printf(format: string, args: readonly Plain[]): string {
  let next = 0;
  const text = format.replace(
    /%(%|(?<flags>[-0+]*)(?<width>\d{0,3})(?:\.(?<precision>\d{1,2}))?(?<verb>[a-zA-Z]))/g,
    (whole: string, ...groups: unknown[]) => {
      if (whole === '%%') return '%';
      // The last argument is the named groups.
      const { flags = '', width = '', precision, verb } = groups.at(-1) as Record<string, string | undefined>;
      const arg = args[next++];
      if (arg === undefined) throw new RangeError(`printf: there is no argument for ${whole}`);
      const shown = verbText(verb ?? '', precision, arg, whole);
      const missing = Math.max(Number(width) - shown.length, 0);
      if (flags.includes('-')) return shown + ' '.repeat(missing);
      return flags.includes('0') && verb !== 's' && verb !== 'q'
        ? shown.replace(/^-?/, (sign) => sign + '0'.repeat(missing))
        : ' '.repeat(missing) + shown;
    },
  );
  return bounded(text);
}

function verbText(verb: string, precision: string | undefined, arg: Plain, whole: string): string {
  switch (verb) {
    case 's':
    case 'v':
      return precision === undefined ? textOf(arg) : textOf(arg).slice(0, Number(precision));
    case 'q':
      return JSON.stringify(textOf(arg));
    case 'd':
      return String(integer(arg));
    case 'x':
      return typeof arg === 'string' ? Buffer.from(arg).toString('hex') : integer(arg).toString(16);
    case 'f':
      return Number(arg).toFixed(precision === undefined ? 6 : Number(precision));
    case 't':
      return String(arg);
    default:
      throw new RangeError(`printf: ${whole} is not known; expected %s, %v, %q, %d, %x, %f or %t`);
  }
}
