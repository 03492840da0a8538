import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { createTokenBucket } from './token-bucket.ts';

describe('the rate limit', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function bucketOf(options: { readonly perSecond: number; readonly burst: number; readonly maxWaiting?: number }) {
    const passed: number[] = [];
    const failed: string[] = [];
    const began = Date.now();
    const bucket = createTokenBucket({ maxWaiting: 100, ...options, now: () => Date.now() });
    const take = (signal = new AbortController().signal): void => {
      bucket.take({ signal }).then(
        () => void passed.push(Date.now() - began),
        (error: unknown) => void failed.push(String(error)),
      );
    };
    return { bucket, take, passed, failed };
  }

  it('lets as many pass at once as the burst says, and then so many a second, in turn', async () => {
    const { take, passed } = bucketOf({ perSecond: 10, burst: 3 });
    for (let index = 0; index < 6; index++) take();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(passed).toEqual([0, 0, 0, 100, 200, 300]);
  });

  it('fills again while nobody comes, up to the burst', async () => {
    const { take, passed } = bucketOf({ perSecond: 10, burst: 2 });
    take();
    take();
    await jest.advanceTimersByTimeAsync(10_000);
    for (let index = 0; index < 3; index++) take();
    await jest.advanceTimersByTimeAsync(100);
    expect(passed).toEqual([0, 0, 10_000, 10_000, 10_100]);
  });

  it('refuses more than may wait', async () => {
    const { take, failed, bucket } = bucketOf({ perSecond: 1, burst: 1, maxWaiting: 1 });
    for (let index = 0; index < 3; index++) take();
    await jest.advanceTimersByTimeAsync(0);
    expect(bucket.waiting).toBe(1);
    expect(failed).toEqual(['Error: 1 requests wait under the rate limit of 1 a second: no more are taken']);
  });

  it('gives the turn of one that no longer waits to the next', async () => {
    const { take, passed, failed } = bucketOf({ perSecond: 10, burst: 1 });
    const leaving = new AbortController();
    take();
    take(leaving.signal);
    take();
    leaving.abort(new Error('enough'));
    await jest.advanceTimersByTimeAsync(100);
    expect(failed).toEqual(['Error: enough']);
    expect(passed).toEqual([0, 100]);
  });
});
