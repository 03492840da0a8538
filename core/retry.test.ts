import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { backoffDelay, delay, retry } from './retry.ts';

const fast = { baseMs: 1, maxMs: 2 };

describe('backoffDelay', () => {
  it('stays between half the ceiling and the ceiling, and never above the maximum', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, random) => {
        const ceiling = Math.min(5000, 100 * 2 ** Math.min(attempt, 30));
        const ms = backoffDelay(attempt, { baseMs: 100, maxMs: 5000 }, () => random);
        expect(ms).toBeGreaterThanOrEqual(ceiling / 2);
        expect(ms).toBeLessThanOrEqual(ceiling);
      }),
    );
  });
});

describe('retry', () => {
  it('returns the first success', async () => {
    const tries: number[] = [];
    const value = await retry(
      async (attempt) => {
        tries.push(attempt);
        if (attempt < 2) throw new Error('not yet');
        return 'done';
      },
      { ...fast, attempts: 5 },
    );
    expect({ value, tries }).toEqual({ value: 'done', tries: [0, 1, 2] });
  });

  it('throws the last error when the tries are used up', async () => {
    await expect(
      retry(async (attempt) => Promise.reject(new Error(`try ${attempt}`)), { ...fast, attempts: 3 }),
    ).rejects.toThrow('try 2');
  });

  it('throws at once what trying again cannot help', async () => {
    let tries = 0;
    const work = async (): Promise<never> => {
      tries++;
      throw new Error('wrong key');
    };
    await expect(retry(work, { ...fast, attempts: 5, retryable: () => false })).rejects.toThrow('wrong key');
    expect(tries).toBe(1);
  });

  it('ends with the reason of an abort while it waits', async () => {
    const controller = new AbortController();
    const running = retry(async () => Promise.reject(new Error('down')), {
      baseMs: 60_000,
      maxMs: 60_000,
      attempts: 2,
      signal: controller.signal,
      onRetry: () => controller.abort(new Error('stopped')),
    });
    await expect(running).rejects.toThrow('stopped');
  });
});

describe('delay', () => {
  it('is refused when the signal is aborted already', async () => {
    await expect(delay(1, { signal: AbortSignal.abort(new Error('stopped')) })).rejects.toThrow('stopped');
  });
});
