import { describe, expect, it } from '@jest/globals';

import type { PruneResult } from './prune.ts';
import { removalsOf, withRemovals } from './removals.ts';
import type { ViewedLayer } from './layer-state.ts';

type Remaining = PruneResult['remaining'][number];

const left = (name: string, layer: string, refused = false): Remaining => {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name };
  return {
    target: { ref, uid: `uid-${name}`, layer, adopted: false },
    problem: { ...ref, message: refused ? 'it cannot be removed: no' : 'it is being removed: it is not gone yet' },
    refused,
  };
};

const layer = (
  name: string,
  condition: ViewedLayer['condition'],
  problems: ViewedLayer['problems'] = [],
): ViewedLayer => ({
  state: {
    layer: { name, version: '1.0.0', profile: { uid: 'p', name: 'p', version: '1' } },
    startedAt: '2026-01-01T00:00:00Z',
    endedAt: undefined,
  },
  condition,
  message: '',
  objects: 2,
  problems,
});

const since = '2026-01-02T00:00:00Z';

describe('what is told of a removal', () => {
  it('names the layer, what its hook said, and its objects, those that were refused first', () => {
    const removals = removalsOf([['app', 'hook pre-delete failed']], {
      remaining: [left('slow', 'base'), left('kept', 'base', true)],
      unknown: ['Widget.example.com'],
    });
    expect(removals).toMatchObject([
      { layer: 'app', failed: true, message: 'hook pre-delete failed', problems: [] },
      {
        layer: 'base',
        failed: true,
        message: '1 of 2 objects cannot be removed',
        problems: [{ name: 'kept' }, { name: 'slow' }],
      },
      { layer: 'Widget.example.com', failed: false },
    ]);
  });

  it('makes a layer that is gone one of the layers that are told', () => {
    const [told, ...more] = withRemovals([], removalsOf([['app', 'the hook failed']], { remaining: [], unknown: [] }), {
      since,
    });
    expect(more).toEqual([]);
    expect(told).toMatchObject({
      condition: 'Error',
      message: 'the hook failed',
      state: { startedAt: since, layer: { name: 'app' } },
    });
  });

  it.each([
    {
      name: 'a layer that is ready is not while something of it is to go',
      is: 'Ready',
      refused: false,
      want: 'NotReady',
    },
    { name: 'what is refused is an error of the layer', is: 'NotReady', refused: true, want: 'Error' },
    { name: 'a layer in error stays what it is', is: 'Error', refused: true, want: 'Error' },
    { name: 'a layer on its way stays on its way', is: 'Applying', refused: false, want: 'Applying' },
  ] as const)('$name', ({ is, refused, want }) => {
    const own = { apiVersion: 'v1', kind: 'Secret', name: 'own', message: 'its own fault' };
    const removals = removalsOf([], { remaining: [left('old', 'app', refused)], unknown: [] });
    const [told] = withRemovals([layer('app', is, [own])], removals, { since });
    expect(told?.condition).toBe(want);
    expect(told?.problems.map(({ name }) => name).toSorted()).toEqual(['old', 'own']);
    expect(told?.problems[0]?.name).toBe(is === want ? 'own' : 'old');
  });
});
