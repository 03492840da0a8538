import { describe, expect, it } from '@jest/globals';

import { compareVersions, isPlainVersion, pickVersion } from './version.ts';

const VERSIONS = ['1.0.0', '1.2.0', '1.2.3', '1.10.0', '2.0.0-rc.1', 'v0.9.0', '3'];

describe('which version an author means', () => {
  it.each([
    { wanted: '1.2.0', want: '1.2.0' },
    { wanted: 'latest', want: '3' },
    { wanted: '', want: '3' },
    { wanted: '1.2.x', want: '1.2.3' },
    { wanted: '1.x', want: '1.10.0' },
    { wanted: '^1.0.0', want: '1.10.0' },
    { wanted: '~1.2.0', want: '1.2.3' },
    { wanted: '>=1 <1.10', want: '1.2.3' },
    { wanted: '0.x', want: 'v0.9.0' },
    { wanted: '^2.0.0-0', want: '2.0.0-rc.1' },
    { wanted: '2.x', want: '2.0.0-rc.1' },
    { wanted: '3.x', want: '3' },
    { wanted: '1.2', want: undefined },
    { wanted: '9.x', want: undefined },
    { wanted: 'nonsense', want: undefined },
  ])('$wanted', ({ wanted, want }) => {
    expect(pickVersion(wanted, VERSIONS)).toBe(want);
    expect(pickVersion(wanted, VERSIONS.toReversed())).toBe(want);
  });

  it('takes a pre-release for the latest only where there is nothing else', () => {
    expect(pickVersion('latest', ['1.0.0-b', '1.0.0-a'])).toBe('1.0.0-b');
    expect(pickVersion('latest', ['1.0.0-b', '0.9.0'])).toBe('0.9.0');
  });

  it.each([
    ['1.2.3', true],
    ['v1.1.0', true],
    ['0.30.0-5.5.2026', true],
    ['1.2.x', false],
    ['^1.2.3', false],
    ['1.0.0 - 2.0.0', false],
    ['*', false],
    ['latest', false],
  ])('%s names one version: %s', (words, want) => {
    expect(isPlainVersion(words)).toBe(want);
  });

  it('orders versions that are none in the strict sense too', () => {
    expect(['1.10.0', 'x', '1.5', '1.2.0', 'v2'].sort(compareVersions)).toEqual(['x', '1.2.0', '1.5', '1.10.0', 'v2']);
  });
});
