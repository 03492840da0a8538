import { describe, expect, it } from '@jest/globals';

import { chartValuesKey, manifestValuesKey } from './values-key.ts';

describe("the key of a chart's values", () => {
  it.each([
    {
      name: "the chart's name",
      chart: ['hello', '1.0.0', 'hello-1.0.0'],
      charts: 2,
      keys: ['hello', 'x'],
      want: 'hello',
    },
    { name: 'the file name', chart: ['hello', '1.0.0', 'greeter'], charts: 2, keys: ['greeter', 'x'], want: 'greeter' },
    {
      name: 'the file name without the version',
      chart: ['hello', '1.0.0', 'greeter-v1.0.0'],
      charts: 2,
      keys: ['greeter', 'x'],
      want: 'greeter',
    },
    {
      name: 'a lone key for a lone chart',
      chart: ['ceph-rbd', '1.0.0', 'ceph-rbd'],
      charts: 1,
      keys: ['ceph-csi-rbd'],
      want: 'ceph-csi-rbd',
    },
    { name: 'none among several', chart: ['a', '1', 'a'], charts: 2, keys: ['x', 'y'], want: undefined },
    { name: 'none when there is none', chart: ['a', '1', 'a'], charts: 1, keys: [], want: undefined },
  ])('is $name', ({ chart: [name = '', version = '', baseName = ''], charts, keys, want }) => {
    const values = { charts: Object.fromEntries(keys.map((key) => [key, {}])) };
    expect(chartValuesKey({ name, version, baseName }, Array.from({ length: charts }), values)).toBe(want);
  });
  it("of a manifest is its file's name, or a lone key", () => {
    expect(manifestValuesKey({ name: 'a' }, [1, 2], { manifests: { a: {}, b: {} } })).toBe('a');
    expect(manifestValuesKey({ name: 'a' }, [1], { manifests: { other: {} } })).toBe('other');
    expect(manifestValuesKey({ name: 'a' }, [1, 2], { manifests: { other: {} } })).toBeUndefined();
  });
});
