import { describe, expect, it } from '@jest/globals';

import { changesBetween, toCompareWith, type Snapshot } from './changes.ts';

const WELL: Snapshot = {
  revision: 1,
  layers: [{ name: 'web', version: '1.0.0', condition: 'Ready', message: '', problems: [] }],
  nodes: [{ name: 'a', ready: true, why: '' }],
  conditions: [
    { type: 'PlaneConnected', status: 'True', reason: 'Bus', message: '', lastTransitionAt: '2026-01-01T00:00:00Z' },
  ],
};
const layer = (condition: Snapshot['layers'][number]['condition'], over: object = {}): Snapshot['layers'] => [
  { name: 'web', version: '1.0.0', condition, message: '', problems: [], ...over },
];
const condition = (status: 'True' | 'False' | 'Unknown', message = ''): Snapshot['conditions'] => [
  { type: 'PlaneConnected', status, reason: 'x', message, lastTransitionAt: '2026-01-01T00:00:00Z' },
];

describe('from one status to the next', () => {
  it.each<{ name: string; before: Snapshot | undefined; after: Snapshot; want: readonly string[] }>([
    { name: 'nothing is told of a first status that is well', before: undefined, after: WELL, want: [] },
    { name: 'nothing is told of what stays', before: WELL, after: WELL, want: [] },
    {
      name: 'what is wrong in a first status is told',
      before: undefined,
      after: {
        ...WELL,
        nodes: [{ name: 'a', ready: false, why: 'no kubelet' }],
        layers: layer('Error', { message: 'no archive' }),
      },
      want: ['PackFailed pack web 1.0.0 cannot be applied: no archive', 'NodeNotReady node a is not ready: no kubelet'],
    },
    {
      name: 'a pack that cannot be applied names the worst object',
      before: WELL,
      after: {
        ...WELL,
        layers: layer('Error', {
          problems: [
            {
              apiVersion: 'apps/v1',
              kind: 'Deployment',
              namespace: 'shop',
              name: 'web',
              field: 'spec.replicas',
              message: 'must be a number',
            },
          ],
        }),
      },
      want: ['PackFailed pack web 1.0.0 cannot be applied: Deployment shop/web: spec.replicas: must be a number'],
    },
    {
      name: 'a pack on its way is not told of as not ready',
      before: { ...WELL, layers: layer('Applying') },
      after: { ...WELL, layers: layer('NotReady') },
      want: [],
    },
    {
      name: 'a pack that was ready is on its way for a while',
      before: WELL,
      after: { ...WELL, layers: layer('NotReady') },
      want: [],
    },
    {
      name: 'a pack that does not become ready is told of',
      before: { ...WELL, layers: layer('NotReady') },
      after: { ...WELL, layers: layer('NotReady', { stuck: true, message: '1 of 2 objects are not ready' }) },
      want: ['PackNotReady pack web 1.0.0 is not ready: 1 of 2 objects are not ready'],
    },
    {
      name: 'a pack that is in trouble is told of once',
      before: { ...WELL, layers: layer('NotReady', { stuck: true }) },
      after: { ...WELL, layers: layer('NotReady', { stuck: true, message: 'another one' }) },
      want: [],
    },
    {
      name: 'a pack that became ready is told of, with the revision',
      before: { ...WELL, layers: layer('NotReady') },
      after: { ...WELL, revision: 2 },
      want: ['DesiredStateAccepted revision 2 is in force', 'PackReady pack web 1.0.0 is ready'],
    },
    {
      name: 'nodes join, leave, fall and rise',
      before: {
        ...WELL,
        nodes: [
          { name: 'a', ready: true, why: '' },
          { name: 'b', ready: false, why: 'x' },
          { name: 'c', ready: true, why: '' },
        ],
      },
      after: {
        ...WELL,
        nodes: [
          { name: 'a', ready: false, why: '' },
          { name: 'b', ready: true, why: '' },
          { name: 'd', ready: false, why: 'new' },
        ],
      },
      want: [
        'NodeNotReady node a is not ready',
        'NodeReady node b is ready',
        'NodeAdded node d joined',
        'NodeRemoved node c is gone',
      ],
    },
    {
      name: 'nodes that were listed just now did not join',
      before: { ...WELL, nodes: undefined },
      after: WELL,
      want: [],
    },
    {
      name: 'a condition that falls is told of with its message',
      before: WELL,
      after: { ...WELL, conditions: condition('False', 'the plane does not answer') },
      want: ['PlaneUnreachable the plane does not answer'],
    },
    {
      name: 'a condition that rises again is told of',
      before: { ...WELL, conditions: condition('False') },
      after: { ...WELL, conditions: condition('True') },
      want: ['PlaneBack the plane answers again'],
    },
    {
      name: 'a condition that becomes known is not told of',
      before: { ...WELL, conditions: condition('Unknown') },
      after: { ...WELL, conditions: condition('True') },
      want: [],
    },
  ])('$name', ({ before, after, want }) => {
    expect(changesBetween(before, after).map(({ reason, message }) => `${reason} ${message}`)).toEqual(want);
  });

  it('a condition that was not known in between is compared with what was known before', () => {
    const down = { ...WELL, conditions: condition('False', 'away') };
    const lost = toCompareWith(down, { ...WELL, conditions: condition('Unknown') });
    expect(changesBetween(lost, down)).toEqual([]);
    expect(changesBetween(lost, WELL).map(({ reason }) => reason)).toEqual(['PlaneBack']);
  });
});
