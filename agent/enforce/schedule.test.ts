import { describe, expect, it } from '@jest/globals';

import { createSchedule } from './schedule.ts';

const { signal } = new AbortController();

describe('the schedule of walks', () => {
  it('does once what was asked for twice, and the thorough walk covers the other', async () => {
    const schedule = createSchedule(() => 0);
    schedule.ask('pass');
    schedule.ask('verify');
    schedule.ask('pass');
    expect(await schedule.next({ signal })).toBe('verify');
    schedule.ask('pass');
    expect(await schedule.next({ signal })).toBe('pass');
  });

  it('keeps the earlier of two times', async () => {
    let at = 0;
    const schedule = createSchedule(() => at);
    schedule.ask('pass', 1_000);
    schedule.ask('pass', 60_000);
    schedule.ask('verify', 60_000);
    at = 1_000;
    expect(await schedule.next({ signal })).toBe('pass');
  });

  it('wakes a waiter when something is asked for', async () => {
    const schedule = createSchedule();
    const next = schedule.next({ signal });
    schedule.ask('pass');
    expect(await next).toBe('pass');
  });

  it('ends with the signal', async () => {
    const stop = new AbortController();
    const next = createSchedule().next({ signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
  });
});
