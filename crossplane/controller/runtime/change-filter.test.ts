import { describe, expect, it } from '@jest/globals';

import type { KubeObject } from '#kubernetes/object';

import { becameReferable, callsForLook } from './change-filter.ts';

const before: KubeObject = {
  apiVersion: 'm.palette-iac.dev/v1alpha1',
  kind: 'Project',
  metadata: { name: 'x', generation: 1, resourceVersion: '1', annotations: { own: 'a' }, labels: { team: 'a' } },
  spec: {},
};
const withMetadata = (metadata: object): KubeObject => ({ ...before, metadata: { ...before.metadata, ...metadata } });
const ready = {
  status: { conditions: [{ type: 'Ready', status: 'True', reason: 'Available', lastTransitionTime: '' }] },
};

describe('a change calls for a look', () => {
  it.each([
    { name: 'of the spec', after: withMetadata({ generation: 2 }), want: true },
    { name: 'of an annotation', after: withMetadata({ annotations: { own: 'b' } }), want: true },
    { name: 'that takes an annotation away', after: withMetadata({ annotations: {} }), want: true },
    { name: 'of a label', after: withMetadata({ labels: { team: 'b' } }), want: true },
    { name: 'that asks for deletion', after: withMetadata({ deletionTimestamp: '2026-01-01T00:00:00Z' }), want: true },
    { name: 'but not of the status', after: { ...withMetadata({ resourceVersion: '2' }), ...ready }, want: false },
    { name: 'but not of finalizers', after: withMetadata({ finalizers: ['x'] }), want: false },
    {
      name: "but not of the reconciler's own notes on a creation",
      after: withMetadata({ annotations: { own: 'a', 'crossplane.io/external-create-pending': 'now' } }),
      want: false,
    },
  ])('$name', ({ after, want }) => {
    expect(callsForLook(before, after)).toBe(want);
  });

  it('that takes a note on a creation away: so people say that it is to be made after all', () => {
    const begun = withMetadata({ annotations: { own: 'a', 'crossplane.io/external-create-pending': 'then' } });
    expect(callsForLook(begun, before)).toBe(true);
  });
});

describe('others may refer to an object', () => {
  const named = withMetadata({ annotations: { 'crossplane.io/external-name': 'uid' } });
  it.each([
    { name: 'when it has got its external name', from: before, to: named, want: true },
    { name: 'when it became ready', from: named, to: { ...named, ...ready }, want: true },
    { name: 'when it is first heard of with its name', from: undefined, to: named, want: true },
    {
      name: 'but nothing is new when it stays as it is',
      from: { ...named, ...ready },
      to: { ...named, ...ready },
      want: false,
    },
    { name: 'and nothing is there before it has a name', from: undefined, to: before, want: false },
  ])('$name', ({ from, to, want }) => {
    expect(becameReferable(from, to)).toBe(want);
  });
});
