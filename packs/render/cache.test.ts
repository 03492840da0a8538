import { describe, expect, it } from '@jest/globals';

import { createCache } from './cache.ts';

describe('the cache', () => {
  it('forgets what was used longest ago', () => {
    const cache = createCache<number>({ maxEntries: 2, maxWeight: 100 });
    cache.set('a', 1, 1);
    cache.set('b', 2, 1);
    cache.get('a');
    cache.set('c', 3, 1);
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([1, undefined, 3]);
  });
  it('is bounded by weight, and keeps nothing heavier than all of it', () => {
    const cache = createCache<number>({ maxEntries: 10, maxWeight: 10 });
    cache.set('a', 1, 6);
    cache.set('b', 2, 6);
    cache.set('c', 3, 11);
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([undefined, 2, undefined]);
  });
  it('counts a replaced entry once', () => {
    const cache = createCache<number>({ maxEntries: 10, maxWeight: 10 });
    for (let turn = 0; turn < 5; turn++) cache.set('a', turn, 6);
    cache.set('b', 1, 4);
    expect([cache.get('a'), cache.get('b')]).toEqual([4, 1]);
  });
});
