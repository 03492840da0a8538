import { describe, expect, it } from '@jest/globals';

import { ClusterUid } from '#protocol/identifiers';
import type { StatusReport } from '#protocol/report';

import { healthOf, type Known } from './health.ts';

const now = new Date('2026-01-01T00:10:00Z');
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);

const status = (over: Partial<StatusReport>): StatusReport => ({
  id: '00000000-0000-4000-8000-000000000000',
  clusterUid: ClusterUid.parse('a'.repeat(24)),
  sentAt: now.toISOString(),
  kind: 'status',
  agentVersion: '',
  kubernetesVersion: '',
  revision: 3,
  phase: 'applied',
  healthy: true,
  layers: [],
  nodes: [],
  ...over,
});

const STUCK: StatusReport['layers'][number] = {
  name: 'web',
  version: '1.0.0',
  profileUid: 'p',
  condition: 'NotReady',
  stuck: true,
  message: '1 of 2 objects are not ready',
  startedAt: now.toISOString(),
  objects: 2,
  problems: [],
};

const known = (over: Partial<Known>): Known => ({
  state: 'Running',
  status: status({}),
  heartbeatAt: ago(10),
  revision: 3,
  ...over,
});

describe('the health of a cluster', () => {
  it.each([
    { name: 'is good when the newest revision is applied and all is ready', given: known({}), want: 'Healthy' },
    { name: 'is not known before the first report', given: known({ status: undefined }), want: 'Unknown' },
    { name: 'is not known while it is imported', given: known({ state: 'Importing' }), want: 'Unknown' },
    { name: 'is not known while it is deleted', given: known({ state: 'Deleting' }), want: 'Unknown' },
    { name: 'is not known while a newer revision is on its way', given: known({ revision: 4 }), want: 'Unknown' },
    {
      name: 'is not known while the revision is being applied',
      given: known({ status: status({ phase: 'applying' }) }),
      want: 'Unknown',
    },
    {
      name: 'is bad when something applied does not become ready by waiting',
      given: known({ status: status({ phase: 'applying', healthy: false, layers: [STUCK] }) }),
      want: 'UnHealthy',
    },
    {
      name: 'is bad when something failed',
      given: known({ status: status({ phase: 'failed', healthy: false }) }),
      want: 'UnHealthy',
    },
    {
      name: 'is bad when something applied is not ready',
      given: known({ status: status({ healthy: false }) }),
      want: 'UnHealthy',
    },
    { name: 'is good at 60 seconds of silence', given: known({ heartbeatAt: ago(60) }), want: 'Healthy' },
    {
      name: 'is bad after more than 60 seconds of silence',
      given: known({ heartbeatAt: ago(60.001) }),
      want: 'UnHealthy',
    },
    {
      name: 'is bad in silence whatever else is on its way',
      given: known({ heartbeatAt: ago(90), revision: 4 }),
      want: 'UnHealthy',
    },
  ])('$name', ({ given, want }) => {
    expect(healthOf(given, now)).toBe(want);
  });
});
