import { describe, expect, it } from '@jest/globals';

import { pickVersion } from './version.ts';

const VERSIONS = ['1.0.0', '1.2.3', '1.10.0', '2.0.0-rc.1', '0.9.0', 'v1.2.4', 'edge'];

describe('a version that somebody asks for', () => {
  it.each([
    { wanted: '1.0.0', want: '1.0.0', reason: 'there is one of that name' },
    { wanted: 'edge', want: 'edge', reason: 'a name need not be a number' },
    { wanted: 'latest', want: '1.10.0', reason: 'numbers count as numbers, and a pre-release is not the latest' },
    { wanted: '1.x', want: '1.10.0', reason: 'a series' },
    { wanted: '1.2.x', want: 'v1.2.4', reason: 'a shorter series, of versions that are not strictly semver' },
    { wanted: '^1.0.0', want: '1.10.0', reason: 'a range' },
    { wanted: '2.x', want: '2.0.0-rc.1', reason: 'a pre-release where there is nothing else' },
    { wanted: '3.x', want: undefined, reason: 'an empty series' },
    { wanted: '1.2', want: undefined, reason: 'a version that is not there, no series' },
    { wanted: 'nonsense', want: undefined, reason: 'neither a version nor a range' },
    { wanted: '', want: undefined, reason: 'nothing is no range' },
  ])('$wanted is $want: $reason', ({ wanted, want }) => {
    expect(pickVersion(wanted, VERSIONS)).toBe(want);
  });
});
