import { describe, expect, it } from '@jest/globals';

import { parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['20s', 20_000],
    ['1h30m', 5_400_000],
    ['10m0s', 600_000],
    ['0.5s', 500],
    ['250ms', 250],
    ['', undefined],
    ['10', undefined],
    ['-1s', undefined],
    ['0s', undefined],
    ['1 m', undefined],
    ['1m later', undefined],
  ])('reads %j as %j', (text, want) => {
    expect(parseDuration(text)).toBe(want);
  });
});
