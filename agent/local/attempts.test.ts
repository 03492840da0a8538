import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { createAttempts, type Attempt } from './attempts.ts';
import { LocalConfig } from './config.ts';

const settings = LocalConfig.parse({}).login;

function wrong(attempt: Attempt): Attempt['kind'] {
  if (attempt.kind === 'go') attempt.done('wrong');
  return attempt.kind;
}

describe('attempts to sign in', () => {
  it('are as the reference presets them: three free, then delays that double, locked for 15 minutes after five', () => {
    let now = 0;
    const attempts = createAttempts(settings, () => now);
    const next = (): Attempt => attempts.begin('admin', 'credential');
    expect([wrong(next()), wrong(next()), wrong(next())]).toEqual(['go', 'go', 'go']);
    expect(next()).toMatchObject({ kind: 'wait', seconds: 1 });
    now += 1_000;
    expect(wrong(next())).toBe('go');
    expect(next()).toMatchObject({ kind: 'wait', seconds: 2 });
    now += 2_000;
    expect(wrong(next())).toBe('go');
    expect(next()).toMatchObject({ kind: 'locked', seconds: 15 * 60 });
    expect(attempts.isLocked('admin')).toBe(true);
    now += 15 * 60_000;
    expect(attempts.isLocked('admin')).toBe(false);
    expect([wrong(next()), wrong(next()), wrong(next())]).toEqual(['go', 'go', 'go']);
  });

  it('begin anew after the right password', () => {
    const attempts = createAttempts(settings, () => 0);
    for (let round = 0; round < 5; round++) {
      expect([wrong(attempts.begin('a', 'credential')), wrong(attempts.begin('a', 'credential'))]).toEqual([
        'go',
        'go',
      ]);
      const right = attempts.begin('a', 'credential');
      if (right.kind === 'go') right.done('right');
    }
    expect(attempts.begin('a', 'credential').kind).toBe('go');
  });

  it('begin anew with another password, whoever set it', () => {
    const attempts = createAttempts(settings, () => 0);
    for (let count = 0; count < 3; count++) wrong(attempts.begin('a', 'forgotten'));
    expect(attempts.begin('a', 'forgotten').kind).toBe('wait');
    expect(attempts.begin('a', 'set in the cluster').kind).toBe('go');
  });

  it('of one name never run side by side', () => {
    const attempts = createAttempts(settings, () => 0);
    expect(attempts.begin('a', 'credential').kind).toBe('go');
    expect(attempts.begin('a', 'credential')).toEqual({ kind: 'wait', seconds: 1 });
    expect(attempts.begin('b', 'credential').kind).toBe('go');
  });

  it('of names that nobody has push out no lock of a user', () => {
    const attempts = createAttempts(settings, () => 0);
    for (let count = 0; count < 3; count++) wrong(attempts.begin('admin', 'credential'));
    for (let count = 0; count < 5_000; count++) wrong(attempts.begin(`nobody-${count}`, undefined));
    expect(attempts.begin('admin', 'credential').kind).toBe('wait');
  });

  it('are no more than the limits allow, however they come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 120_000 }), { minLength: 1, maxLength: 300 }), (pauses) => {
        let now = 0;
        const attempts = createAttempts(settings, () => now);
        const tried: number[] = [];
        for (const pause of pauses) {
          now += pause;
          if (wrong(attempts.begin('admin', 'credential')) === 'go') tried.push(now);
        }
        // In no quarter of an hour more than five.
        for (const [at, time] of tried.entries()) {
          const sixth = tried[at + 5];
          if (sixth !== undefined) expect(sixth - time).toBeGreaterThanOrEqual(15 * 60_000 - 1);
        }
      }),
    );
  });

  it('are unlimited where that is asked for', () => {
    const attempts = createAttempts({ ...settings, disableRateLimiting: true }, () => 0);
    for (let count = 0; count < 50; count++) expect(wrong(attempts.begin('admin', 'credential'))).toBe('go');
  });
});
