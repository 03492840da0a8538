import { describe, expect, it } from '@jest/globals';

import { matchingNames, patternFault } from './settings-layer.ts';

describe('patterns of namespaces', () => {
  it('match whole names', () => {
    expect(matchingNames('/team-.*|shop/', ['team-a', 'my-team-a', 'shop', 'shops'])).toEqual(['team-a', 'shop']);
  });

  it('that would take for ever are given up, and said to be', () => {
    const started = performance.now();
    expect(() => matchingNames('/(a+)+b/', ['a'.repeat(63)])).toThrow('the expression takes longer than 100 ms');
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('that are no expressions say why', () => {
    expect(patternFault('/team-(/')).toContain('Unterminated group');
    expect(() => matchingNames('/team-(/', [])).toThrow('namespace /team-(/');
    expect(patternFault('/team-.*/')).toBeUndefined();
  });
});
