import { describe, expect, it } from '@jest/globals';

import type { HealthCondition, LayerStatus } from '#protocol/report';

import { messageOf } from './health-message.ts';

const layer = (over: Partial<LayerStatus>): LayerStatus => ({
  name: 'web',
  version: '1.0.0',
  profileUid: 'p',
  condition: 'Ready',
  message: '',
  startedAt: '2026-01-01T00:00:00Z',
  objects: 1,
  problems: [],
  ...over,
});
const condition = (type: string, status: HealthCondition['status'], message: string): HealthCondition => ({
  type,
  status,
  reason: 'Some',
  message,
  lastTransitionAt: '2026-01-01T00:00:00Z',
});
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };

describe('why a cluster is not well', () => {
  it.each([
    { name: 'is nothing when all is well', given: { layers: [layer({})] }, want: '' },
    {
      name: 'names the object and the field',
      given: {
        layers: [
          layer({ condition: 'Error', problems: [{ ...deployment, field: 'spec.replicas', message: 'no number' }] }),
        ],
      },
      want: 'pack web: Deployment shop/web: spec.replicas: no number',
    },
    {
      name: 'names what a pack waits for in vain',
      given: { layers: [layer({ condition: 'NotReady', stuck: true, message: 'no endpoints' })] },
      want: 'pack web: no endpoints',
    },
    {
      name: 'names nodes and the control plane, not pods of others',
      given: {
        layers: [layer({})],
        conditions: [
          condition('NodesReady', 'False', '1 of 2 nodes are not ready: b'),
          condition('PodsHealthy', 'False', '2 of 9 pods'),
          condition('ControlPlaneHealthy', 'False', 'checks of the API server fail: etcd'),
          condition('ApiServerReachable', 'True', ''),
        ],
      },
      want: '1 of 2 nodes are not ready: b; checks of the API server fail: etcd',
    },
    {
      name: 'names three packs at most',
      given: { layers: ['a', 'b', 'c', 'd'].map((name) => layer({ name, condition: 'Error', message: 'x' })) },
      want: 'pack a: x; pack b: x; pack c: x',
    },
  ])('$name', ({ given, want }) => {
    expect(messageOf(given)).toBe(want);
  });
});
