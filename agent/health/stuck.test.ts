import { describe, expect, it } from '@jest/globals';

import type { LayerCondition } from '#protocol/report';

import { createStuckFinder, type Progress } from './stuck.ts';

function progress(conditions: Readonly<Record<string, LayerCondition>>, complete = true): Progress {
  return {
    complete,
    layers: Object.entries(conditions).map(([name, condition]) => ({ condition, state: { layer: { name } } })),
  };
}

describe('a layer that is not ready', () => {
  it('is on its way for two minutes, and in trouble then, whatever becomes of others', () => {
    let now = 0;
    const stuck = createStuckFinder(() => now);
    expect([...stuck(progress({ web: 'NotReady' }))]).toEqual([]);
    now = 119_999;
    expect([...stuck(progress({ web: 'NotReady' }))]).toEqual([]);
    now = 120_000;
    expect([...stuck(progress({ web: 'NotReady', db: 'NotReady' }))]).toEqual(['web']);
    now = 240_000;
    expect([...stuck(progress({ web: 'NotReady', db: 'NotReady' }))]).toEqual(['web', 'db']);
  });

  it('is on its way anew once it was ready, or is applied again', () => {
    let now = 0;
    const stuck = createStuckFinder(() => now);
    stuck(progress({ web: 'NotReady', db: 'NotReady' }));
    now = 130_000;
    stuck(progress({ web: 'Ready', db: 'Applying' }));
    expect([...stuck(progress({ web: 'NotReady', db: 'NotReady' }))]).toEqual([]);
  });

  it('is on its way while the walk waits for it, and counts its time from when it was first seen so', () => {
    let now = 0;
    const stuck = createStuckFinder(() => now);
    stuck(progress({ web: 'NotReady' }, false));
    now = 200_000;
    expect([...stuck(progress({ web: 'NotReady' }, false))]).toEqual([]);
    expect([...stuck(progress({ web: 'NotReady' }))]).toEqual(['web']);
  });

  it('is none where layers fail, wait or are ready', () => {
    let now = 0;
    const stuck = createStuckFinder(() => now);
    const rest = progress({ a: 'Error', b: 'Pending', c: 'Applying', d: 'Ready' });
    stuck(rest);
    now = 600_000;
    expect([...stuck(rest)]).toEqual([]);
  });
});
