/**
 * Whether the control plane works: what the API server says of itself and of etcd, and whether scheduler and controller
 * manager go on renewing their leases. No clock is compared with another: a lease is fresh while it changes.
 */
import { delay } from '#core/retry';
import { KubeError } from '#kubernetes/error';
import { valueAt } from '#kubernetes/object';
import type { KubeClient } from '#kubernetes/client';

import { withLimit } from '../signals.ts';

export interface ControlPlaneHealth {
  readonly answering: boolean;
  /** Checks of the API server's own that fail, such as `etcd`. */
  readonly failingChecks: readonly string[];
  /** Components that were there and stopped renewing their lease. */
  readonly silent: readonly string[];
}

export interface ControlPlaneProbe {
  health(): ControlPlaneHealth;
  /** Asks from time to time until the signal is aborted. */
  run(): Promise<void>;
}

export interface ControlPlaneOptions {
  readonly client: Pick<KubeClient, 'probe' | 'read'>;
  readonly onChange: () => void;
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that only goes forward. */
  readonly monotonic?: () => number;
  readonly timing?: { readonly intervalMs: number; readonly awayMs: number; readonly silenceMs: number };
}

const TIMING = { intervalMs: 10_000, awayMs: 1_000, silenceMs: 60_000 };
const TIMEOUT_MS = 5_000;
/** One look may fail for reasons of the network, or since the API server was busy just then. */
const MISSES = 2;
/** Leases in kube-system; where the control plane is someone else's there may be none, and nothing follows from that. */
const COMPONENTS = ['kube-controller-manager', 'kube-scheduler'] as const;

interface Seen {
  readonly renewed: string;
  readonly at: number;
}

export function probeControlPlane(options: ControlPlaneOptions): ControlPlaneProbe {
  const { client, onChange, signal, monotonic = () => performance.now(), timing = TIMING } = options;
  let current: ControlPlaneHealth = { answering: true, failingChecks: [], silent: [] };
  const leases = new Map<string, Seen>();

  const take = (next: ControlPlaneHealth): void => {
    if (JSON.stringify(next) === JSON.stringify(current)) return;
    current = next;
    onChange();
  };
  const lookAtLease = async (name: string, limit: AbortSignal): Promise<void> => {
    try {
      const lease = await client.read(`/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${name}`, {
        signal: limit,
      });
      const renewed = `${String(valueAt(lease, 'spec', 'holderIdentity'))} ${String(valueAt(lease, 'spec', 'renewTime'))}`;
      if (leases.get(name)?.renewed !== renewed) leases.set(name, { renewed, at: monotonic() });
    } catch (error) {
      // None there, or not ours to see: it is not judged.
      if (error instanceof KubeError && (error.status === 404 || error.status === 403)) leases.delete(name);
    }
  };
  let misses = 0;
  const look = async (limit: AbortSignal): Promise<ControlPlaneHealth> => {
    const answer = await client.probe('/readyz', { signal: limit }).catch(() => undefined);
    if (!answer) {
      misses++;
      // Nobody can renew a lease now, and that is not their fault.
      leases.clear();
      return misses < MISSES ? current : { answering: false, failingChecks: [], silent: [] };
    }
    misses = 0;
    await Promise.all(COMPONENTS.map(async (name) => lookAtLease(name, limit)));
    const at = monotonic();
    return {
      answering: true,
      failingChecks: failingChecks(answer),
      silent: COMPONENTS.filter((name) => at - (leases.get(name)?.at ?? at) > timing.silenceMs),
    };
  };
  return {
    health: () => current,
    run: async () => {
      while (!signal.aborted) {
        const next = await withLimit(TIMEOUT_MS, signal, look);
        if (signal.aborted) return;
        take(next);
        await delay(misses === 0 ? timing.intervalMs : timing.awayMs, { signal }).catch(() => undefined);
      }
    },
  };
}

/** Names of the checks that fail, out of an answer such as `[-]etcd failed: reason withheld`. */
export function failingChecks({ status, text }: { readonly status: number; readonly text: string }): readonly string[] {
  // Who may not ask learns nothing, and neither does who asks a server without this path.
  if (status < 500) return [];
  const named = [...text.matchAll(/^\[-\](\S+)/gm)].map(([, name = '']) => name);
  return named.length === 0 ? [`HTTP ${status}`] : [...new Set(named)].toSorted();
}
