import { matchPattern } from '../match-pattern.ts';
import type { MacroFunction } from './functions.ts';
import { integer, isEmpty, isList, MAX_RESULT, textOf, type Plain } from './value.ts';

function listOf(value: Plain | undefined): readonly Plain[] {
  if (!isList(value)) throw new RangeError(`expected a list, found ${JSON.stringify(value)}`);
  return value;
}

function onList(apply: (list: readonly Plain[]) => Plain): MacroFunction {
  return { arity: 1, apply: ([list]) => apply(listOf(list)) };
}

/** Measured before it is made: one text may be joined with itself without end. */
function joined(texts: readonly string[], separator: string): string {
  const length = texts.reduce((sum, text) => sum + text.length, separator.length * Math.max(texts.length - 1, 0));
  if (length > MAX_RESULT) throw new RangeError(`the text would have more than ${MAX_RESULT} characters`);
  return texts.join(separator);
}

function same(a: Plain, b: Plain): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export const LIST_FUNCTIONS: readonly (readonly [string, MacroFunction])[] = [
  ['list', { arity: [0, 64], apply: (args) => args }],
  ['splitList', { arity: 2, apply: ([separator, value]) => textOf(value).split(textOf(separator)) }],
  [
    'join',
    {
      arity: 2,
      apply: ([separator, value]) => joined((isList(value) ? value : [value]).map(textOf), textOf(separator)),
    },
  ],
  ['first', onList((list) => list[0] ?? '')],
  ['last', onList((list) => list.at(-1) ?? '')],
  ['rest', onList((list) => list.slice(1))],
  ['initial', onList((list) => list.slice(0, -1))],
  ['reverse', onList((list) => list.toReversed())],
  ['uniq', onList((list) => [...new Map(list.map((item) => [JSON.stringify(item), item])).values()])],
  ['compact', onList((list) => list.filter((item) => !isEmpty(item)))],
  ['sortAlpha', onList((list) => list.map(textOf).sort())],
  ['has', { arity: 2, apply: ([item = '', list]) => listOf(list).some((other) => same(item, other)) }],
  [
    'index',
    {
      arity: 2,
      // Go's own function: the list comes first, so it is no function to pipe into.
      apply: ([list, position]) => {
        const item = listOf(list)[integer(position)];
        if (item === undefined) throw new RangeError(`the list has no item ${textOf(position)}`);
        return item;
      },
    },
  ],
  ['regexMatch', { arity: 2, apply: ([pattern, value]) => matches(textOf(pattern), textOf(value)) }],
];

/** In bounded time: an expression may be slow by design. */
function matches(pattern: string, value: string): boolean {
  const outcome = matchPattern(pattern, value);
  if (outcome === 'matches' || outcome === 'differs') return outcome === 'matches';
  throw new RangeError(
    `the expression ${pattern} is ${outcome === 'unreadable' ? 'none that can be read' : outcome.replace('-', ' ')}`,
  );
}
