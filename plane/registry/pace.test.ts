import { describe, expect, it } from '@jest/globals';

import { createPace } from './pace.ts';

describe('a pace', () => {
  it('lets a burst through at once, and the rest at its rate', async () => {
    const pace = createPace({ perSecond: 100, burst: 5 });
    const { signal } = new AbortController();
    const started = performance.now();
    for (let turn = 0; turn < 5; turn++) await pace.turn({ signal });
    const burst = performance.now() - started;
    await Promise.all(Array.from({ length: 10 }, async () => pace.turn({ signal })));
    // Timers of Node fire up to a millisecond early.
    expect(performance.now() - started).toBeGreaterThanOrEqual(burst + 90);
  });

  it('lets nobody wait who has gone away', async () => {
    const pace = createPace({ perSecond: 0.001, burst: 1 });
    const controller = new AbortController();
    await pace.turn(controller);
    const waiting = pace.turn(controller);
    controller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(pace.turn(controller)).rejects.toThrow('gone');
  });
});
