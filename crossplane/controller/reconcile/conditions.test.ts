import { describe, expect, it } from '@jest/globals';

import { notReady, notSynced, synced, withConditions, type StoredCondition } from './conditions.ts';

const THEN = '2026-01-01T00:00:00Z';
const now = Date.parse('2026-01-02T03:04:05.678Z');

const stored = (condition: Partial<StoredCondition>): StoredCondition => ({
  type: 'Synced',
  status: 'False',
  reason: 'CannotObserve',
  lastTransitionTime: THEN,
  ...condition,
});

describe('withConditions', () => {
  it.each([
    { name: 'stands as long as status and reason do', next: notSynced('CannotObserve', 'other words'), since: THEN },
    { name: 'moves with the reason', next: notSynced('CannotUpdate', 'x'), since: '2026-01-02T03:04:05Z' },
    { name: 'moves with the status', next: synced(), since: '2026-01-02T03:04:05Z' },
  ])('the time of a condition $name', ({ next, since }) => {
    const [condition] = withConditions([stored({})], [next], { now, generation: 7 });
    expect(condition).toEqual({ ...next, lastTransitionTime: since, observedGeneration: 7 });
  });

  it('leaves conditions of others and those that are not set as they are', () => {
    const others = [stored({ type: 'Ready', status: 'True', reason: 'Available' }), stored({ type: 'Theirs' })];
    const next = withConditions(others, [notSynced('CannotConnect', 'x')], { now, generation: 1 });
    expect(next).toEqual(expect.arrayContaining(others));
    expect(next).toHaveLength(3);
  });

  it('is the same again for the same', () => {
    const at = { now, generation: 1 };
    const once = withConditions([], [synced(), notReady('Deleting', 'm')], at);
    expect(withConditions(once, [synced(), notReady('Deleting', 'm')], { ...at, now: now + 1e6 })).toEqual(once);
  });

  it('shortens a message that no API server takes', () => {
    const [condition] = withConditions([], [notSynced('CannotObserve', 'x'.repeat(50_000))], { now, generation: 1 });
    expect(condition?.message?.length).toBeLessThan(32_768);
  });
});
