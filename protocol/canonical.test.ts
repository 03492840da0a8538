import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { canonicalDigest, canonicalJson } from './canonical.ts';

/** The same value with the keys of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, reversed(item)]),
  );
}

const json = fc.jsonValue({ noUnicodeString: false });

describe('canonical JSON', () => {
  it('does not depend on the order of keys', () => {
    fc.assert(fc.property(json, (value) => expect(canonicalJson(reversed(value))).toBe(canonicalJson(value))));
  });

  it('is a fixed point: reading it and writing it again changes nothing', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('gives different values different digests', () => {
    fc.assert(
      fc.property(json, json, (left, right) => {
        expect(canonicalDigest(left) === canonicalDigest(right)).toBe(canonicalJson(left) === canonicalJson(right));
      }),
    );
  });

  it('refuses what JSON cannot hold', () => {
    expect(() => canonicalJson(undefined)).toThrow(/no JSON form/);
  });
});
