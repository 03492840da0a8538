/** Everything that the agent tells as an event, and how grave it is. The list is part of the agent's interface: docs/agent-health.md. */
import type { EventReport } from '#protocol/report';

export const EVENT_SEVERITIES = {
  AgentStarted: 'info',
  AgentUpgraded: 'info',
  AgentUpgradeFailed: 'error',
  ActionStarted: 'info',
  ActionDone: 'info',
  ActionCancelled: 'warning',
  ActionFailed: 'error',
  ApiServerUnreachable: 'error',
  ApiServerBack: 'info',
  ControlPlaneUnhealthy: 'error',
  ControlPlaneHealthy: 'info',
  DesiredStateAccepted: 'info',
  DesiredStateRefused: 'error',
  DriftHealed: 'info',
  DriftReported: 'warning',
  DriftNotHealed: 'error',
  /** Something else writes the same fields again and again. */
  DriftContested: 'warning',
  NodeNotReady: 'error',
  NodeReady: 'info',
  NodeAdded: 'info',
  NodeRemoved: 'info',
  PackFailed: 'error',
  PackNotReady: 'warning',
  PackReady: 'info',
  PlaneUnreachable: 'warning',
  PlaneBack: 'info',
  PodsFailing: 'warning',
  PodsRecovered: 'info',
} as const satisfies Readonly<Record<string, EventReport['severity']>>;

export type EventReason = keyof typeof EVENT_SEVERITIES;

/** Something worth telling people. */
export interface AgentEvent {
  readonly reason: EventReason;
  readonly message: string;
  /** What it happened to; absent: to the cluster as a whole. */
  readonly object?: EventReport['object'];
}
