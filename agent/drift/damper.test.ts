import { describe, expect, it } from '@jest/globals';

import { createDamper } from './damper.ts';

describe('the damper', () => {
  it('lets five heals in ten seconds pass, then holds back for twice as long each time', () => {
    let at = 0;
    const damper = createDamper(() => at);
    for (let heal = 0; heal < 5; heal++) {
      expect(damper.met('x')).toBe(false);
      at += 100;
    }
    const waits: number[] = [];
    for (let heal = 0; heal < 8; heal++) {
      expect(damper.met('x')).toBe(true);
      waits.push(damper.delayFor('x'));
      at += damper.delayFor('x');
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(damper.delayFor('another')).toBe(0);
  });

  it('forgives an object that was quiet for long', () => {
    let at = 0;
    const damper = createDamper(() => at);
    for (let heal = 0; heal < 7; heal++) damper.met('x');
    expect(damper.delayFor('x')).toBeGreaterThan(0);
    at += 600_000;
    damper.sweep();
    expect(damper.delayFor('x')).toBe(0);
    expect(damper.met('x')).toBe(false);
  });

  it('never holds back edits that are seconds apart', () => {
    let at = 0;
    const damper = createDamper(() => at);
    for (let heal = 0; heal < 50; heal++) {
      at += 2_500;
      expect(damper.met('x')).toBe(false);
    }
  });
});
