import { describe, expect, it } from '@jest/globals';

import { createFailureLimit, type FailureLimit } from './failure-limit.ts';

function refused(limit: FailureLimit, source: string): boolean {
  try {
    limit.check(source);
    return false;
  } catch {
    return true;
  }
}

describe('createFailureLimit', () => {
  it('lets a source fail 20 times, then makes it wait, and forgets with time', () => {
    let now = 0;
    const limit = createFailureLimit(() => now);
    for (let i = 0; i < 20; i++) {
      expect(refused(limit, 'a')).toBe(false);
      limit.failed('a');
    }
    expect(refused(limit, 'a')).toBe(true);
    expect(refused(limit, 'b')).toBe(false);
    now += 3_000;
    expect(refused(limit, 'a')).toBe(false);
    limit.failed('a');
    expect(refused(limit, 'a')).toBe(true);
    now += 60_000;
    for (let i = 0; i < 20; i++) limit.failed('a');
    expect(refused(limit, 'a')).toBe(true);
  });

  it('says how long to wait', () => {
    const limit = createFailureLimit(() => 0);
    for (let i = 0; i < 25; i++) limit.failed('a');
    expect(() => limit.check('a')).toThrow(expect.objectContaining({ status: 429, headers: { 'Retry-After': '6' } }));
  });

  it('remembers a bounded number of sources', () => {
    const limit = createFailureLimit(() => 0);
    for (let i = 0; i < 21; i++) limit.failed('first');
    expect(refused(limit, 'first')).toBe(true);
    for (let i = 0; i < 10_000; i++) limit.failed(`other-${i}`);
    expect(refused(limit, 'first')).toBe(false);
  });
});
