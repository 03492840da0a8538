import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';

import { renewAgentToken } from './agent-access.ts';

const HOUR = 3_600_000;

describe("the agent's token", () => {
  it.each([
    { name: 'young', hours: [1, 7, 7.9], renewals: 0 },
    { name: 'eight hours old', hours: [1, 8.1, 9], renewals: 1 },
    // Its timers stood still meanwhile.
    { name: 'older than its life after a weekend of sleep', hours: [62, 63], renewals: 1 },
    { name: 'of the future, since the clock was put back', hours: [-5, -4], renewals: 1 },
  ])('that is $name is renewed $renewals times', async ({ hours, renewals }) => {
    const end = new AbortController();
    const times = [0, ...hours];
    let at = 0;
    let renewed = 0;
    await renewAgentToken({
      log: silentLogger,
      signal: end.signal,
      lookEveryMs: 1,
      renew: async () => {
        renewed++;
        // It takes no time.
        at--;
      },
      now: () => {
        const time = times[at++];
        if (time === undefined) end.abort();
        return (time ?? times.at(-1) ?? 0) * HOUR;
      },
    });
    expect(renewed).toBe(renewals);
  });

  it('is tried again soon where it cannot be renewed', async () => {
    const end = new AbortController();
    let [tries, looks] = [0, 0];
    await renewAgentToken({
      log: silentLogger,
      signal: end.signal,
      lookEveryMs: 1,
      renew: async () => {
        if (++tries === 3) end.abort();
        throw new Error('away');
      },
      now: () => (looks++ === 0 ? 0 : 9 * HOUR),
    });
    expect(tries).toBe(3);
  });
});
