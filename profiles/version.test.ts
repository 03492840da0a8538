import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

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
});

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
