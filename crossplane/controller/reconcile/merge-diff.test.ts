import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isMap } from '#kubernetes/object';

import { mergeDiff, sameJson } from './merge-diff.ts';

const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 3 }, fc.string(), fc.integer(), fc.boolean(), fc.array(fc.integer()), tie('map')),
  map: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any'), { noNullPrototype: true }),
}));

/** RFC 7396, as the API server does it. */
function apply(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const result: Record<string, unknown> = isMap(target) ? { ...target } : {};
  for (const [key, part] of Object.entries(patch)) {
    if (part === null) delete result[key];
    else result[key] = apply(result[key], part);
  }
  return result;
}

describe('mergeDiff', () => {
  it('gives the patch that makes the one of the other', () => {
    fc.assert(
      fc.property(value.map, value.map, (before, after) => {
        const patch = mergeDiff(before, after);
        expect(apply(before, patch ?? {})).toEqual(after);
      }),
    );
  });

  it('finds nothing to change between the same, whatever the order of keys', () => {
    fc.assert(
      fc.property(value.map, (map) => {
        const turned = Object.fromEntries(Object.entries(map).toReversed());
        expect([mergeDiff(turned, map), sameJson(map, turned)]).toEqual([undefined, true]);
      }),
    );
  });

  it.each([
    { before: { a: 1, b: 2 }, after: { a: 1 }, want: { b: null } },
    { before: { a: [1] }, after: { a: [1, 2] }, want: { a: [1, 2] } },
    { before: { a: { b: 1, c: 2 } }, after: { a: { b: 1, c: 3 } }, want: { a: { c: 3 } } },
    { before: {}, after: { a: { b: 1 } }, want: { a: { b: 1 } } },
  ])('$before to $after: $want', ({ before, after, want }) => {
    expect(mergeDiff(before, after)).toEqual(want);
  });
});
