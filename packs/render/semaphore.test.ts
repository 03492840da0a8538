import { describe, expect, it } from '@jest/globals';

import { createSemaphore } from './semaphore.ts';

describe('the semaphore', () => {
  it('lets no more run than it may, and frees its place after a failure', async () => {
    const inTurn = createSemaphore(2);
    let running = 0;
    let most = 0;
    const work = Array.from({ length: 10 }, async (_, index) =>
      inTurn(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        if (index % 3 === 0) throw new Error('no');
      }, new AbortController().signal),
    );
    const settled = await Promise.allSettled(work);
    expect([most, running, settled.filter(({ status }) => status === 'rejected').length]).toEqual([2, 0, 4]);
  });
  it('keeps nobody waiting who has given up, and gives the turn to the next', async () => {
    const inTurn = createSemaphore(1);
    const { signal } = new AbortController();
    let end = (): void => undefined;
    const first = inTurn(async () => new Promise<void>((resolve) => (end = resolve)), signal);
    const giving = new AbortController();
    const second = inTurn(async () => 'never', giving.signal);
    const third = inTurn(async () => 'third', signal);
    giving.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    end();
    await first;
    expect(await third).toBe('third');
    expect(await inTurn(async () => 'free again', signal)).toBe('free again');
  });
});
