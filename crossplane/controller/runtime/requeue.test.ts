import { describe, expect, it } from '@jest/globals';

import { nextLook, ownInterval, type LookContext } from './requeue.ts';

const context: LookContext = {
  repeats: 0,
  tookMs: 400,
  isWatched: false,
  ownIntervalMs: undefined,
  pollIntervalMs: 60_000,
  resyncIntervalMs: 36_000_000,
  random: () => 0,
};
const half = (): number => 0.5;
const all = (): number => 1;
const poll = { kind: 'poll' } as const;
const failed = { kind: 'failed', error: new Error('no') } as const;
const progressing = { kind: 'progressing', message: 'at it' } as const;

describe('the next look', () => {
  it.each([
    {
      name: 'comes a poll interval after the beginning of this one',
      requeue: poll,
      given: {},
      want: { kind: 'after', ms: 59_600 },
    },
    {
      name: 'comes at once when this one took longer than the interval',
      requeue: poll,
      given: { tookMs: 90_000 },
      want: { kind: 'after', ms: 0 },
    },
    {
      name: 'comes a resync interval later, spread, when the API tells of changes',
      requeue: poll,
      given: { isWatched: true, random: half },
      want: { kind: 'after', ms: 34_200_000 },
    },
    {
      name: 'comes exactly in the interval of the object itself, whatever the API tells',
      requeue: poll,
      given: { isWatched: true, ownIntervalMs: 5_000 },
      want: { kind: 'after', ms: 4_600 },
    },
    {
      name: 'comes a second or so after the first failure',
      requeue: failed,
      given: { random: all },
      want: { kind: 'after', ms: 1_000 },
    },
    {
      name: 'comes a minute after the tenth failure',
      requeue: failed,
      given: { repeats: 9, random: all },
      want: { kind: 'after', ms: 60_000 },
    },
    {
      name: 'comes half a minute after the tenth look at what is in progress',
      requeue: progressing,
      given: { repeats: 9, random: all },
      want: { kind: 'after', ms: 30_000 },
    },
    {
      name: 'comes later where the API tells of progress',
      requeue: progressing,
      given: { isWatched: true, random: all },
      want: { kind: 'after', ms: 5_000 },
    },
    {
      name: 'is at what the API server has, at once, after a conflict',
      requeue: { kind: 'conflict' } as const,
      given: {},
      want: { kind: 'afresh', ms: 0 },
    },
    {
      name: 'leaves time between conflicts that repeat',
      requeue: { kind: 'conflict' } as const,
      given: { repeats: 20, random: all },
      want: { kind: 'afresh', ms: 1_000 },
    },
    { name: 'waits for something to happen', requeue: { kind: 'rest' } as const, given: {}, want: { kind: 'none' } },
  ])('$name', ({ requeue, given, want }) => {
    expect(nextLook(requeue, { ...context, ...given })).toEqual(want);
  });
});

describe("an object's own interval", () => {
  it.each([
    { name: 'is what its annotation says', text: '1h30m', want: 5_400_000 },
    { name: 'is a second at least', text: '10ms', want: 1_000 },
    { name: 'is told to be wrong', text: 'often', want: 'invalid' },
    { name: 'is not there without the annotation', text: undefined, want: undefined },
  ])('$name', ({ text, want }) => {
    const annotations = text === undefined ? {} : { 'crossplane.io/poll-interval': text };
    expect(ownInterval({ apiVersion: 'v1', kind: 'X', metadata: { name: 'x', annotations }, spec: {} })).toBe(want);
  });
});
