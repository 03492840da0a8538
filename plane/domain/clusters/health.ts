/** What is known about a cluster, in one word. */
import type { StatusReport } from '#protocol/report';

import type { ClusterHealth, ClusterState } from './cluster.ts';

/** A Running cluster that is silent for longer is UnHealthy. */
export const SILENCE_MS = 60_000;

export interface Known {
  readonly state: ClusterState;
  /** The newest report. */
  readonly status: StatusReport | undefined;
  readonly heartbeatAt: Date | undefined;
  /** Newest revision of the desired state. */
  readonly revision: number;
}

/**
 * Healthy: the agent is there, has applied the newest revision, and finds everything ready.
 * Unknown: it is on its way there. UnHealthy: silent, failed, or not ready and not on its way.
 */
export function healthOf({ state, status, heartbeatAt, revision }: Known, now: Date): ClusterHealth {
  if (state !== 'Running' || status === undefined) return 'Unknown';
  if (heartbeatAt === undefined || now.getTime() - heartbeatAt.getTime() > SILENCE_MS) return 'UnHealthy';
  if (status.revision < revision) return 'Unknown';
  switch (status.phase) {
    case 'failed':
      return 'UnHealthy';
    case 'applied':
      return status.healthy ? 'Healthy' : 'UnHealthy';
    case 'applying':
      return isStuck(status) ? 'UnHealthy' : 'Unknown';
    case 'cleaned':
      return 'Unknown';
  }
}

/** Whether something was applied, and does not become ready by waiting. */
export function isStuck({ layers }: Pick<StatusReport, 'layers'>): boolean {
  return layers.some(({ stuck }) => stuck === true);
}
