/** Of several replicas of the agent one works; the others stand by, warm. */
import { hostname } from 'node:os';

import type { Logger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import { acquireLease, type LeaseOptions } from '#kubernetes/lease';

import { joinSignals } from './signals.ts';

const AGENT_LEASE = 'palette-agent';

export interface LeaderOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  /** Unique to this replica. Default: the name of this host, which in a pod is the pod's: its container may restart at once. */
  readonly identity?: string | undefined;
  /** Times of the lease, for tests. */
  readonly times?: Pick<LeaseOptions, 'durationMs' | 'renewWithinMs' | 'retryMs'> | undefined;
  /** Told when this replica begins to work and when it stands by. */
  readonly onChange: (role: 'leader' | 'standby') => void;
  readonly log: Logger;
}

/**
 * Does the work whenever this process holds the lease. Work that has lost it is ended and waited for before this process
 * stands by again.
 *
 * @throws what the work throws, or the signal's reason
 */
export async function asLeader(
  options: LeaderOptions,
  work: (options: { readonly signal: AbortSignal }) => Promise<void>,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const { client, namespace, identity = hostname(), times, onChange, log } = options;
  while (!signal.aborted) {
    onChange('standby');
    const leadership = await acquireLease(
      { client, namespace, name: AGENT_LEASE, identity, log, ...times },
      { signal },
    );
    onChange('leader');
    try {
      await work({ signal: joinSignals(signal, leadership.lost) });
    } catch (error) {
      if (!leadership.lost.aborted || signal.aborted) throw error;
      log.warn({ err: error }, 'another replica may work now');
    } finally {
      await leadership.release();
    }
  }
}
