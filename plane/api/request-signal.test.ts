import { describe, expect, it, jest } from '@jest/globals';

import { requestSignal } from './request-signal.ts';

describe('requestSignal', () => {
  it('ends when the caller goes away, with the reason', () => {
    const caller = new AbortController();
    const { signal, release } = requestSignal(caller.signal, 60_000);
    caller.abort(new Error('hung up'));
    expect(signal.reason).toEqual(new Error('hung up'));
    release();
    const { signal: late, release: releaseLate } = requestSignal(caller.signal, 60_000);
    expect(late.aborted).toBe(true);
    releaseLate();
  });

  it('ends when its time is over, unless it was released', () => {
    jest.useFakeTimers();
    try {
      const [slow, done] = [
        requestSignal(new AbortController().signal, 50),
        requestSignal(new AbortController().signal, 50),
      ];
      done.release();
      jest.advanceTimersByTime(51);
      expect({ slow: slow.signal.reason.name, done: done.signal.aborted }).toEqual({
        slow: 'TimeoutError',
        done: false,
      });
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
