import { getEventListeners } from 'node:events';

import { describe, expect, it } from '@jest/globals';

import { withLimit } from './signals.ts';

const untilAborted = async (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

describe('work with a limit', () => {
  it('ends late, and leaves nothing at the signal', async () => {
    const { signal } = new AbortController();
    await expect(withLimit(10, signal, untilAborted)).rejects.toThrow('it took more than 10 ms');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it.each(['before', 'meanwhile'])('ends with a signal that was aborted %s', async (when) => {
    const outer = new AbortController();
    const reason = new Error('the agent stops');
    if (when === 'before') outer.abort(reason);
    const working = withLimit(60_000, outer.signal, untilAborted);
    outer.abort(reason);
    await expect(working).rejects.toBe(reason);
  });

  it('gives what the work gave', async () => {
    const { signal } = new AbortController();
    await expect(withLimit(60_000, signal, async () => 'done')).resolves.toBe('done');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
