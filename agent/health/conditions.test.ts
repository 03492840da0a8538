import { describe, expect, it } from '@jest/globals';

import { CONDITION_REASONS, createConditionKeeper, findings, planeConnection, type HealthFacts } from './conditions.ts';
import type { NodeHealth } from './nodes.ts';

const node = (name: string, over: Partial<NodeHealth> = {}): NodeHealth => ({
  name,
  ready: true,
  kubeletVersion: 'v1.34.1',
  pressures: [],
  why: '',
  cordoned: false,
  ...over,
});
const WELL: HealthFacts = {
  controlPlane: { answering: true, failingChecks: [], silent: [] },
  nodes: [node('a')],
  pods: { total: 3, failing: 0, worst: [] },
  layers: [{ name: 'web', condition: 'Ready' }],
  plane: 'bus',
};

describe('conditions', () => {
  it.each<{ name: string; facts: Partial<HealthFacts>; want: readonly [string, string, string, string?] }>([
    { name: 'all nodes are ready', facts: {}, want: ['NodesReady', 'True', 'AllReady'] },
    { name: 'the nodes were not listed', facts: { nodes: undefined }, want: ['NodesReady', 'Unknown', 'NotKnown'] },
    { name: 'there are no nodes', facts: { nodes: [] }, want: ['NodesReady', 'True', 'NoNodes'] },
    {
      name: 'a node is not ready',
      facts: { nodes: [node('a'), node('b', { ready: false, why: 'kubelet stopped' })] },
      want: ['NodesReady', 'False', 'NotReady', '1 of 2 nodes are not ready: b (kubelet stopped)'],
    },
    {
      name: 'a node is short of memory',
      facts: { nodes: [node('a', { pressures: ['MemoryPressure'] })] },
      want: ['NodesReady', 'True', 'UnderPressure', 'all are ready; under pressure: a (MemoryPressure)'],
    },
    {
      name: 'a pack cannot be applied while another is on its way',
      facts: {
        layers: [
          { name: 'web', condition: 'Error' },
          { name: 'db', condition: 'Applying' },
        ],
      },
      want: ['PacksReady', 'False', 'Failed', 'cannot be applied: web'],
    },
    {
      name: 'packs are on their way',
      facts: { layers: [{ name: 'db', condition: 'Pending' }] },
      want: ['PacksReady', 'Unknown', 'Progressing', 'on the way: db'],
    },
    {
      name: 'a pack that is not ready is on its way',
      facts: { layers: [{ name: 'db', condition: 'NotReady' }] },
      want: ['PacksReady', 'Unknown', 'Progressing', 'on the way: db'],
    },
    {
      name: 'a pack does not become ready while another is on its way',
      facts: {
        layers: [
          { name: 'db', condition: 'NotReady', stuck: true },
          { name: 'web', condition: 'Applying' },
        ],
      },
      want: ['PacksReady', 'False', 'NotReady', 'not ready: db'],
    },
    { name: 'there is no policy', facts: { layers: undefined }, want: ['PacksReady', 'Unknown', 'NoPolicy'] },
    {
      name: 'more pods fail than are named',
      facts: {
        pods: {
          total: 30,
          failing: 21,
          worst: Array.from({ length: 20 }, (_, at) => ({
            namespace: 'ns',
            name: `p${at}`,
            trouble: 'CrashLoop' as const,
            message: '',
          })),
        },
      },
      want: [
        'PodsHealthy',
        'False',
        'Failing',
        '21 of 30 pods: ns/p0 (CrashLoop), ns/p1 (CrashLoop), ns/p2 (CrashLoop), ns/p3 (CrashLoop), ns/p4 (CrashLoop) and 16 more',
      ],
    },
    {
      name: 'etcd fails',
      facts: { controlPlane: { answering: true, failingChecks: ['etcd'], silent: ['kube-scheduler'] } },
      want: ['ControlPlaneHealthy', 'False', 'ChecksFail', 'checks of the API server fail: etcd'],
    },
    {
      name: 'the scheduler is silent',
      facts: { controlPlane: { answering: true, failingChecks: [], silent: ['kube-scheduler'] } },
      want: ['ControlPlaneHealthy', 'False', 'ComponentsSilent', 'no sign of life from kube-scheduler'],
    },
    { name: 'the plane is away', facts: { plane: 'away' }, want: ['PlaneConnected', 'False', 'NoAnswer'] },
    { name: 'the bus is away', facts: { plane: 'rest' }, want: ['PlaneConnected', 'True', 'Rest'] },
  ])('tell when $name', ({ facts, want: [type, status, reason, message] }) => {
    const found = findings({ ...WELL, ...facts }).find((one) => one.type === type);
    expect(found).toMatchObject({ type, status, reason, ...(message === undefined ? {} : { message }) });
  });

  it('say that nothing but that is known while the API server does not answer', () => {
    const found = findings({ ...WELL, controlPlane: { answering: false, failingChecks: [], silent: [] } });
    expect(found.map(({ type, status }) => `${type} ${status}`)).toEqual([
      'ApiServerReachable False',
      'NodesReady Unknown',
      'PacksReady Unknown',
      'PodsHealthy Unknown',
      'ControlPlaneHealthy Unknown',
      'PlaneConnected True',
    ]);
  });

  it('have reasons of a closed list alone', () => {
    for (const { type, reason } of findings(WELL)) expect(CONDITION_REASONS[type]).toContain(reason);
  });

  it('keep the time of their last change of status, not of words', () => {
    let at = 0;
    const keeper = createConditionKeeper(() => new Date(at));
    const first = keeper.update(findings(WELL));
    at = 60_000;
    const second = keeper.update(findings({ ...WELL, nodes: [node('a', { cordoned: true })] }));
    expect(second.find(({ type }) => type === 'NodesReady')).toMatchObject({
      message: 'cordoned: a',
      lastTransitionAt: first[0]?.lastTransitionAt,
    });
    const third = keeper.update(findings({ ...WELL, nodes: [node('a', { ready: false })] }));
    expect(third.find(({ type }) => type === 'NodesReady')?.lastTransitionAt).toBe(new Date(60_000).toISOString());
  });

  it.each([
    { name: 'the bus', onBus: true, reachable: 0 as const, want: 'bus' },
    { name: 'REST', onBus: false, reachable: 1 as const, want: 'rest' },
    { name: 'nothing', onBus: false, reachable: 0 as const, want: 'away' },
    { name: 'nothing yet', onBus: false, reachable: undefined, want: undefined },
  ])('know of a connection by $name', ({ onBus, reachable, want }) => {
    expect(planeConnection(onBus, reachable)).toBe(want);
  });
});
