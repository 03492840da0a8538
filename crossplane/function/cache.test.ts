import { describe, expect, it } from '@jest/globals';

import { createCache, type Cache } from './cache.ts';

function setUp(random = 0): {
  cache: Cache<number>;
  load: () => Promise<number>;
  clock: { time: number };
  loads: () => number;
} {
  const clock = { time: 0 };
  let loads = 0;
  const cache = createCache<number>({
    lifeMs: 30_000,
    failureLifeMs: 5_000,
    maxEntries: 3,
    now: () => clock.time,
    random: () => random,
  });
  const load = async (): Promise<number> => {
    await Promise.resolve();
    return ++loads;
  };
  return { cache, load, clock, loads: () => loads };
}

describe('cache', () => {
  it('asks once for all who wait, and again when the life of the answer is over', async () => {
    const { cache, load, clock } = setUp();
    expect(await Promise.all([cache.read('a', load), cache.read('a', load)])).toEqual([1, 1]);
    clock.time = 29_999;
    expect(await cache.read('a', load)).toBe(1);
    clock.time = 30_000;
    expect(await cache.read('a', load)).toBe(2);
  });

  it('adds up to a third to a life', async () => {
    const { cache, load, clock } = setUp(0.9);
    await cache.read('a', load);
    clock.time = 38_000;
    expect(await cache.read('a', load)).toBe(1);
    clock.time = 40_000;
    expect(await cache.read('a', load)).toBe(2);
  });

  it('asks again for an answer that is too old for who asks, but never beside one on its way', async () => {
    const { cache, load, clock } = setUp();
    await cache.read('a', load);
    clock.time = 6_000;
    const again = cache.read('a', load, { maxAgeMs: 5_000 });
    expect(await Promise.all([again, cache.read('a', load, { maxAgeMs: 0 })])).toEqual([2, 2]);
  });

  it('counts the age of an answer from when it came, however long it took', async () => {
    const { cache, clock, loads, load } = setUp();
    const slow = async (): Promise<number> => {
      await Promise.resolve();
      clock.time += 8_000;
      return load();
    };
    expect(await cache.read('a', slow)).toBe(1);
    expect(await cache.read('a', slow, { maxAgeMs: 5_000 })).toBe(1);
    expect(loads()).toBe(1);
  });

  it('tells a failure for a short while only', async () => {
    const { cache, load, clock, loads } = setUp();
    const fail = async (): Promise<number> => Promise.reject(new Error('down'));
    await expect(cache.read('a', fail)).rejects.toThrow('down');
    await expect(cache.read('a', load)).rejects.toThrow('down');
    expect(loads()).toBe(0);
    clock.time = 5_000;
    expect(await cache.read('a', load)).toBe(1);
  });

  it('drops what was asked for longest ago when it is full', async () => {
    const { cache, load } = setUp();
    for (const key of ['a', 'b', 'c', 'a', 'd']) await cache.read(key, load);
    expect(cache.size).toBe(3);
    expect(await cache.read('a', load)).toBe(1);
    expect(await cache.read('b', load)).toBe(5);
  });
});
