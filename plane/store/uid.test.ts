import { describe, expect, it } from '@jest/globals';

import { parseInteger } from './parse-integer.ts';
import { isUid, newUid } from './uid.ts';

describe('newUid', () => {
  it('makes identifiers that differ and sort by age', () => {
    const at = (text: string): string => newUid(new Date(text));
    const uids = [at('2020-01-01'), at('2026-01-01'), at('2026-01-02'), at('2038-01-20')];
    expect(uids).toEqual([...uids].sort());
    expect(new Set(Array.from({ length: 1000 }, () => newUid())).size).toBe(1000);
    expect(uids.every(isUid)).toBe(true);
    expect(['', 'A'.repeat(24), 'a'.repeat(23), `${'a'.repeat(24)}\n`].some(isUid)).toBe(false);
  });
});

describe('parseInteger', () => {
  it('reads integers that a number can hold, and no other', () => {
    expect(parseInteger('-42')).toBe(-42);
    expect(() => parseInteger('9007199254740993')).toThrow(RangeError);
  });
});
