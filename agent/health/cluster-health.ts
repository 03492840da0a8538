/** Everything that is known of the cluster's health: gathered, made into status and conditions, and told when it changes. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';
import type { KubeClient } from '#kubernetes/client';
import type { HealthCondition } from '#protocol/report';

import type { EnforcerView } from '../enforce/enforcer.ts';
import type { AgentEvents } from '../events/events.ts';
import type { AgentMetrics } from '../metrics.ts';
import { changesBetween, toCompareWith, type Snapshot } from './changes.ts';
import { createConditionKeeper, findings, type HealthFacts } from './conditions.ts';
import { probeControlPlane } from './control-plane.ts';
import { trackNodes } from './nodes.ts';
import { trackPods } from './pods.ts';
import { createStuckFinder } from './stuck.ts';
import { isToldToPlane, statusOf, type Status } from './status.ts';

export interface ClusterHealth {
  /** As it is reported. */
  status(): Status;
  /** Follows until the signal is aborted. */
  run(): Promise<void>;
}

export interface ClusterHealthOptions {
  readonly client: KubeClient;
  readonly view: () => EnforcerView;
  /** How the agent is connected to its plane; undefined before it asked. */
  readonly plane: () => HealthFacts['plane'];
  readonly events: Pick<AgentEvents, 'emit'>;
  readonly metrics: Pick<AgentMetrics, 'health'>;
  readonly log: Logger;
  readonly now: () => Date;
  /** Something of the status may have changed. */
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}

const LOOK_MS = 1_000;

export function createClusterHealth(options: ClusterHealthOptions): ClusterHealth {
  const { client, view, plane, events, metrics, log, now, onChange, signal } = options;
  let before: Snapshot | undefined;
  const nodes = trackNodes({
    client,
    log,
    onChange: () => {
      // At once: nodes that join before the next look would seem to have been there.
      if (before?.nodes === undefined) observe();
      onChange();
    },
    signal,
  });
  const pods = trackPods({ client, log, now, onChange, signal });
  const controlPlane = probeControlPlane({ client, onChange, signal });
  const stuckAmong = createStuckFinder(() => performance.now());
  const keeper = createConditionKeeper(now);

  const look = (): { readonly status: Status; readonly conditions: readonly HealthCondition[] } => {
    const current = view();
    const facts = {
      view: current,
      stuck: stuckAmong(current),
      nodes: nodes.nodes(),
      controlPlane: controlPlane.health(),
    };
    let conditions: readonly HealthCondition[] = [];
    const status = statusOf(facts, (layers) => {
      conditions = keeper.update(
        findings({
          controlPlane: facts.controlPlane,
          nodes: nodes.listed ? facts.nodes : undefined,
          pods: pods.pods(),
          layers,
          plane: plane(),
        }),
      );
      return conditions.filter((condition) => isToldToPlane(condition));
    });
    return { status, conditions };
  };
  const observe = (): void => {
    const { status, conditions } = look();
    const after: Snapshot = {
      revision: status.revision,
      layers: status.layers,
      nodes: nodes.listed ? nodes.nodes() : undefined,
      conditions,
    };
    const changes = changesBetween(before, after);
    // Time alone makes a layer stuck, and nothing else tells of it.
    if (stuckIn(before) !== stuckIn(after)) onChange();
    before = toCompareWith(before, after);
    for (const change of changes) events.emit(change);
  };
  metrics.health(() => {
    const { status, conditions } = look();
    return { conditions, nodes: status.nodes, layers: status.layers, podsFailing: pods.pods()?.failing };
  });

  const watchChanges = async (): Promise<void> => {
    while (!signal.aborted) {
      observe();
      await delay(LOOK_MS, { signal }).catch(() => undefined);
    }
  };
  return {
    status: () => look().status,
    run: async () => {
      await Promise.all([nodes.run(), pods.run(), controlPlane.run(), watchChanges()]);
    },
  };
}

function stuckIn(snapshot: Snapshot | undefined): string {
  return JSON.stringify(snapshot?.layers.filter(({ stuck }) => stuck).map(({ name }) => name) ?? []);
}
