import { describe, expect, it } from '@jest/globals';

import { untilRenewal } from './renewal.ts';

describe('untilRenewal', () => {
  it.each([
    { name: 'two thirds of an hour at most', leftMs: 3_600_000, random: 0, want: 2_400_000 },
    { name: 'not at the same time as others', leftMs: 3_600_000, random: 1, want: 2_040_000 },
    { name: 'a second when they end at once', leftMs: 0, random: 0.5, want: 1_000 },
    { name: 'a second when they have ended', leftMs: -5_000, random: 0.5, want: 1_000 },
  ])('is $name', ({ leftMs, random, want }) => {
    expect(Math.round(untilRenewal(leftMs, () => random))).toBe(want);
  });
});
