import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { compareVersions } from './version.ts';

describe('the order of versions', () => {
  it.each([
    { name: 'counts numbers as numbers', given: ['1.10.0', '1.9.0', '1.2.3'], want: ['1.2.3', '1.9.0', '1.10.0'] },
    {
      name: 'puts pre-releases before their release',
      given: ['1.0.0', '1.0.0-rc.2', '1.0.0-rc.10'],
      want: ['1.0.0-rc.2', '1.0.0-rc.10', '1.0.0'],
    },
    {
      name: 'understands what is not strictly semver',
      given: ['v1.2.0', '1.5', '1.1.0'],
      want: ['1.1.0', 'v1.2.0', '1.5'],
    },
    { name: 'puts what has no numbers first', given: ['1.0.0', 'latest'], want: ['latest', '1.0.0'] },
  ])('$name', ({ given, want }) => {
    expect([...given].sort(compareVersions)).toEqual(want);
  });

  it('is an order, whatever the texts', () => {
    const version = fc.oneof(fc.string(), fc.stringMatching(/^v?\d{1,3}(\.\d{1,3}){0,3}(-[a-z]{1,3})?$/));
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) || 0);
        if (a !== b) expect(compareVersions(a, b)).not.toBe(0);
      }),
    );
  });
});
