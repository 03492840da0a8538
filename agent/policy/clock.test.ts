import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { silentLogger } from '#core/log';

import { createPlaneClock } from './clock.ts';

const PLANE = Date.parse('2026-05-05T12:00:00.000Z');
const YEAR = 365 * 24 * 3_600_000;

describe("the plane's clock", () => {
  it.each([
    { name: 'a clock that is years behind', skew: -10 * YEAR },
    { name: 'a clock that is a day ahead', skew: 24 * 3_600_000 },
    { name: 'a clock that is right', skew: 0 },
    { name: 'a clock that is off by what nobody minds', skew: 4_000 },
  ])('$name is put right by what the plane says', ({ skew }) => {
    const clock = createPlaneClock({ now: () => new Date(PLANE + skew), log: silentLogger });
    clock.observe(new Date(PLANE));
    expect(Math.abs(clock.now().getTime() - PLANE)).toBeLessThanOrEqual(10_000);
  });

  it('a clock that was put right in the meantime is believed again', () => {
    let skew = -YEAR;
    const clock = createPlaneClock({ now: () => new Date(PLANE + skew), log: silentLogger });
    clock.observe(new Date(PLANE));
    skew = 0;
    expect(clock.now().getTime()).toBeGreaterThan(PLANE + YEAR / 2);
    clock.observe(new Date(PLANE));
    expect(clock.now().getTime()).toBe(PLANE);
    expect(clock.skewMs()).toBe(0);
  });

  it('without the plane, it is not earlier than the desired state in force was made', () => {
    const clock = createPlaneClock({ now: () => new Date(0), log: silentLogger });
    clock.notBefore(new Date(PLANE));
    expect(clock.now().getTime()).toBe(PLANE);
    clock.notBefore(new Date(PLANE - YEAR));
    expect(clock.now().getTime()).toBe(PLANE);
  });

  it('is never off by more than ten seconds after the plane spoke, whatever was before', () => {
    const times = fc.array(fc.integer({ min: 0, max: 4e12 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(times, times, (local, told) => {
        let at = 0;
        const clock = createPlaneClock({ now: () => new Date(at), log: silentLogger });
        told.forEach((time, index) => {
          at = local[index % local.length] ?? 0;
          if (index % 3 === 1) clock.notBefore(new Date(time));
          clock.observe(new Date(time));
          expect(Math.abs(clock.now().getTime() - time)).toBeLessThanOrEqual(20_000);
        });
      }),
    );
  });

  it('a date that is none changes nothing', () => {
    const clock = createPlaneClock({ now: () => new Date(PLANE), log: silentLogger });
    clock.observe(new Date('yesterday'));
    expect(clock.now().getTime()).toBe(PLANE);
  });
});
