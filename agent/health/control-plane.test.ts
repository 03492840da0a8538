import { describe, expect, it } from '@jest/globals';

import { KubeError } from '#kubernetes/error';

import { failingChecks, probeControlPlane } from './control-plane.ts';

describe('the control plane', () => {
  it.each([
    {
      name: 'names the checks that fail',
      status: 500,
      text: '[+]ping ok\n[-]etcd failed: reason withheld\n[-]etcd-readiness failed\nreadyz check failed',
      want: ['etcd', 'etcd-readiness'],
    },
    { name: 'names the status when nothing else is said', status: 503, text: 'no backend', want: ['HTTP 503'] },
    { name: 'is well', status: 200, text: 'ok', want: [] },
    { name: 'is not judged by who may not ask', status: 403, text: '{}', want: [] },
  ])('$name', ({ status, text, want }) => {
    expect(failingChecks({ status, text })).toEqual(want);
  });

  it('is not well when a component that was there stops renewing its lease, whatever its clock says', async () => {
    const stop = new AbortController();
    let clock = 0;
    let renewals = 0;
    let rounds = 0;
    const seen: string[] = [];
    const probe = probeControlPlane({
      client: {
        probe: async () => {
          rounds++;
          clock += 1_000;
          if (rounds > 30) stop.abort();
          return { status: 200, text: 'ok' };
        },
        read: async (path) => {
          // A scheduler that nobody runs here, and a controller manager that dies after ten renewals.
          if (path.endsWith('kube-scheduler')) throw new KubeError('none', { status: 404, reason: 'NotFound' });
          if (renewals < 10) renewals++;
          return { spec: { holderIdentity: 'x', renewTime: `1970-01-01T00:00:0${renewals}Z` } };
        },
      },
      onChange: () => void seen.push(`${probe.health().silent.join()} at ${clock}`),
      signal: stop.signal,
      monotonic: () => clock,
      timing: { intervalMs: 1, awayMs: 1, silenceMs: 5_000 },
    });
    await probe.run();
    expect(seen).toEqual(['kube-controller-manager at 16000']);
  });

  it('is there when one look failed', async () => {
    const stop = new AbortController();
    let rounds = 0;
    const changes: boolean[] = [];
    const probe = probeControlPlane({
      client: {
        probe: async () => {
          rounds++;
          if (rounds === 6) stop.abort();
          if (rounds % 2 === 0) throw new KubeError('too late', { status: 0, reason: 'Timeout' });
          return { status: 200, text: 'ok' };
        },
        read: async () => ({}),
      },
      onChange: () => void changes.push(probe.health().answering),
      signal: stop.signal,
      timing: { intervalMs: 1, awayMs: 1, silenceMs: 60_000 },
    });
    await probe.run();
    expect({ rounds, changes }).toEqual({ rounds: 6, changes: [] });
  });

  it('blames nobody else while the API server does not answer', async () => {
    const stop = new AbortController();
    let clock = 0;
    const seen: boolean[] = [];
    let rounds = 0;
    const probe = probeControlPlane({
      client: {
        probe: async () => {
          rounds++;
          clock += 10_000;
          if (rounds >= 6) stop.abort();
          if (rounds >= 2 && rounds < 4) throw new KubeError('away', { status: 0, reason: 'Unreachable' });
          return { status: 200, text: 'ok' };
        },
        read: async () => ({ spec: { holderIdentity: 'x', renewTime: 'the same' } }),
      },
      onChange: () => void seen.push(probe.health().answering),
      signal: stop.signal,
      monotonic: () => clock,
      timing: { intervalMs: 1, awayMs: 1, silenceMs: 25_000 },
    });
    await probe.run();
    expect(seen).toEqual([false, true]);
  });
});
