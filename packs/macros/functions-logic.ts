import { Range, satisfies, coerce, valid } from 'semver';

import type { MacroFunction } from './functions.ts';
import { decimal, integer, isEmpty, isList, textOf, type Plain } from './value.ts';

function whole(apply: (...numbers: number[]) => number, arity: MacroFunction['arity']): MacroFunction {
  return {
    arity,
    apply: (args) => {
      const result = apply(...args.map(integer));
      if (!Number.isSafeInteger(result)) throw new RangeError('the result is no whole number that can be told exactly');
      return result;
    },
  };
}

function comparing(accept: (order: number) => boolean): MacroFunction {
  return { arity: 2, apply: ([a = '', b = '']) => accept(compare(a, b)) };
}

/** As Go: numbers with numbers, texts with texts. */
function compare(a: Plain, b: Plain): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  throw new RangeError(
    `${JSON.stringify(a)} and ${JSON.stringify(b)} are of different kinds; convert one of them, with int or toString`,
  );
}

function equal(a: Plain, b: Plain): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const DIVISION = 'division by zero';

export const LOGIC_FUNCTIONS: readonly (readonly [string, MacroFunction])[] = [
  [
    'default',
    {
      arity: 2,
      takesMissing: 'some',
      apply: ([fallback = '', value = '']) => (isEmpty(value) ? fallback : value),
    },
  ],
  ['coalesce', { arity: [1, 64], takesMissing: 'some', apply: (args) => args.find((arg) => !isEmpty(arg)) ?? '' }],
  ['empty', { arity: 1, takesMissing: 'all', apply: ([value = '']) => isEmpty(value) }],
  ['ternary', { arity: 3, apply: ([yes = '', no = '', test = '']) => (isEmpty(test) ? no : yes) }],
  ['and', { arity: [1, 64], apply: (args) => args.find(isEmpty) ?? args.at(-1) ?? '' }],
  [
    'or',
    { arity: [1, 64], takesMissing: 'some', apply: (args) => args.find((arg) => !isEmpty(arg)) ?? args.at(-1) ?? '' },
  ],
  ['not', { arity: 1, takesMissing: 'all', apply: ([value = '']) => isEmpty(value) }],
  ['eq', { arity: [2, 64], apply: ([value = '', ...others]) => others.some((other) => equal(value, other)) }],
  ['ne', { arity: 2, apply: ([a = '', b = '']) => !equal(a, b) }],
  ['lt', comparing((order) => order < 0)],
  ['le', comparing((order) => order <= 0)],
  ['gt', comparing((order) => order > 0)],
  ['ge', comparing((order) => order >= 0)],
  ['int', { arity: 1, apply: ([value]) => Math.trunc(toNumber(value)) }],
  ['int64', { arity: 1, apply: ([value]) => Math.trunc(toNumber(value)) }],
  ['float64', { arity: 1, apply: ([value]) => toNumber(value) }],
  ['atoi', { arity: 1, apply: ([value]) => Math.trunc(toNumber(value)) }],
  ['add', whole((...numbers) => numbers.reduce((sum, number) => sum + number, 0), [1, 64])],
  ['add1', whole((number = 0) => number + 1, 1)],
  ['sub', whole((a = 0, b = 0) => a - b, 2)],
  ['mul', whole((...numbers) => numbers.reduce((product, number) => product * number, 1), [1, 64])],
  ['div', whole((a = 0, b = 0) => Math.trunc(a / nonZero(b)), 2)],
  ['mod', whole((a = 0, b = 0) => a % nonZero(b), 2)],
  ['max', whole((...numbers) => Math.max(...numbers), [1, 64])],
  ['min', whole((...numbers) => Math.min(...numbers), [1, 64])],
  ['ceil', { arity: 1, apply: ([value]) => Math.ceil(decimal(value)) }],
  ['floor', { arity: 1, apply: ([value]) => Math.floor(decimal(value)) }],
  ['kindIs', { arity: 2, apply: ([kind, value = '']) => kindOf(value) === textOf(kind) }],
  ['semverCompare', { arity: 2, apply: ([range, version]) => inRange(textOf(range), textOf(version)) }],
];

/** As Sprig: what is no number is zero. */
function toNumber(value: Plain | undefined): number {
  const number = typeof value === 'boolean' ? Number(value) : Number(textOf(value).trim() || 0);
  return Number.isFinite(number) ? number : 0;
}

function nonZero(number: number): number {
  if (number === 0) throw new RangeError(DIVISION);
  return number;
}

function kindOf(value: Plain): string {
  if (isList(value)) return 'slice';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

function inRange(range: string, version: string): boolean {
  const parsed = valid(version) ?? coerce(version)?.version;
  if (parsed === undefined) throw new RangeError(`${JSON.stringify(version)} is no version`);
  try {
    return satisfies(parsed, new Range(range.replaceAll(',', ' ')));
  } catch (error) {
    if (error instanceof TypeError)
      throw new RangeError(`${JSON.stringify(range)} is no range of versions`, { cause: error });
    throw error;
  }
}
