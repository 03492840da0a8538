import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import type { KubeObject } from '#kubernetes/object';
import { changedPaths, contentHash } from './normalise.ts';

const object = (content: object, metadata: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x', ...metadata },
  ...content,
});

describe('the content of an object', () => {
  it('does not change with what the API server alone writes', () => {
    const served = object(
      { data: { a: '1' }, status: { ready: true } },
      { uid: 'u', resourceVersion: '7', generation: 3, creationTimestamp: 'now', managedFields: [{ manager: 'm' }] },
    );
    expect(contentHash(served)).toBe(contentHash(object({ data: { a: '1' } })));
  });

  it('changes with any other field, and names it; and only then', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const [a, b] = [object({ data: left }), object({ data: right })];
        expect(changedPaths(a, b).length === 0).toBe(contentHash(a) === contentHash(b));
      }),
    );
  });
});

describe('changed paths', () => {
  it.each([
    { name: 'a field of a map', left: { data: { a: '1' } }, right: { data: { a: '2' } }, want: [['data', 'a']] },
    { name: 'a field that one has only', left: { data: {} }, right: { data: { a: '2' } }, want: [['data', 'a']] },
    {
      name: 'an item of a list',
      left: { spec: { ports: [{ port: 1 }] } },
      right: { spec: { ports: [{ port: 2 }] } },
      want: [['spec', 'ports', '0', 'port']],
    },
    {
      name: 'a longer list',
      left: { spec: { args: ['a'] } },
      right: { spec: { args: ['a', 'b'] } },
      want: [['spec', 'args', '1']],
    },
    {
      name: 'a key with dots',
      left: { data: { 'a.b/c': '1' } },
      right: { data: { 'a.b/c': '2' } },
      want: [['data', 'a.b/c']],
    },
    { name: 'another type', left: { data: 'text' }, right: { data: {} }, want: [['data']] },
    { name: 'the status never', left: { status: 1 }, right: { status: 2 }, want: [] },
  ])('$name', ({ left, right, want }) => {
    expect(changedPaths(object(left), object(right))).toEqual(want);
  });

  it('are at most 50, whatever differs', () => {
    const many = Object.fromEntries(Array.from({ length: 80 }, (_field, at) => [`f${at}`, at]));
    expect(changedPaths(object({ data: many }), object({ data: {} }))).toHaveLength(50);
  });
});
