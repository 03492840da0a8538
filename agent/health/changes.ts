/** From one status to the next: what is worth telling people. Pure, so that a table can test it. */
import type { HealthCondition, LayerStatus } from '#protocol/report';

import type { AgentEvent } from '../events/reasons.ts';
import type { NodeHealth } from './nodes.ts';

export interface Snapshot {
  readonly revision: number;
  readonly layers: readonly Pick<LayerStatus, 'name' | 'version' | 'condition' | 'stuck' | 'message' | 'problems'>[];
  /** Undefined before the nodes were listed. */
  readonly nodes: readonly Pick<NodeHealth, 'name' | 'ready' | 'why'>[] | undefined;
  readonly conditions: readonly HealthCondition[];
}

/** Events of what changed; nothing is told of a first snapshot, but what is wrong in it. */
export function changesBetween(before: Snapshot | undefined, after: Snapshot): readonly AgentEvent[] {
  return [
    ...(before !== undefined && after.revision > before.revision
      ? [{ reason: 'DesiredStateAccepted', message: `revision ${after.revision} is in force` } as const]
      : []),
    ...layerChanges(before, after),
    ...nodeChanges(before, after),
    ...CONDITION_EVENTS.flatMap((told) => conditionChange(told, before, after)),
  ];
}

/** What the next status is compared with: a condition that is not known now is as it was known last. */
export function toCompareWith(before: Snapshot | undefined, after: Snapshot): Snapshot {
  const conditions = after.conditions.map((now) =>
    now.status === 'Unknown' ? (before?.conditions.find(({ type }) => type === now.type) ?? now) : now,
  );
  return { ...after, conditions };
}

function layerChanges(before: Snapshot | undefined, { layers }: Snapshot): AgentEvent[] {
  return layers.flatMap((layer): AgentEvent[] => {
    const was = before?.layers.find(({ name }) => name === layer.name);
    if (was?.condition === layer.condition && was.stuck === layer.stuck) return [];
    const title = layer.version === '' ? `pack ${layer.name}` : `pack ${layer.name} ${layer.version}`;
    switch (layer.condition) {
      case 'Error':
        return [{ reason: 'PackFailed', message: `${title} cannot be applied: ${worst(layer)}` }];
      case 'NotReady':
        // What is on its way is not ready for a moment.
        return layer.stuck ? [{ reason: 'PackNotReady', message: `${title} is not ready: ${worst(layer)}` }] : [];
      case 'Ready':
        return before === undefined ? [] : [{ reason: 'PackReady', message: `${title} is ready` }];
      case 'Pending':
      case 'Applying':
        return [];
    }
  });
}

function worst({ message, problems }: Snapshot['layers'][number]): string {
  const [problem] = problems;
  if (!problem) return message;
  const where = problem.namespace === undefined ? problem.name : `${problem.namespace}/${problem.name}`;
  const field = problem.field === undefined ? '' : `${problem.field}: `;
  return `${problem.kind} ${where}: ${field}${problem.message}`;
}

function nodeChanges(before: Snapshot | undefined, { nodes }: Snapshot): AgentEvent[] {
  if (nodes === undefined) return [];
  const object = (name: string): AgentEvent['object'] => ({ apiVersion: 'v1', kind: 'Node', name });
  const known = before?.nodes;
  const told = nodes.flatMap(({ name, ready, why }): AgentEvent[] => {
    const was = known?.find((node) => node.name === name);
    const because = why === '' ? '' : `: ${why}`;
    const fell: AgentEvent = {
      reason: 'NodeNotReady',
      message: `node ${name} is not ready${because}`,
      object: object(name),
    };
    if (known === undefined) return ready ? [] : [fell];
    // A node that just joined becomes ready in its time.
    if (was === undefined) return [{ reason: 'NodeAdded', message: `node ${name} joined`, object: object(name) }];
    if (was.ready === ready) return [];
    return [ready ? { reason: 'NodeReady', message: `node ${name} is ready`, object: object(name) } : fell];
  });
  const gone = (known ?? []).filter(({ name }) => !nodes.some((node) => node.name === name));
  return [
    ...told,
    ...gone.map(({ name }): AgentEvent => ({
      reason: 'NodeRemoved',
      message: `node ${name} is gone`,
      object: object(name),
    })),
  ];
}

/** Conditions whose falling and rising are told as they are. */
const CONDITION_EVENTS = [
  {
    type: 'ApiServerReachable',
    down: 'ApiServerUnreachable',
    up: 'ApiServerBack',
    well: 'the API server answers again',
  },
  {
    type: 'ControlPlaneHealthy',
    down: 'ControlPlaneUnhealthy',
    up: 'ControlPlaneHealthy',
    well: 'the control plane is well again',
  },
  { type: 'PodsHealthy', down: 'PodsFailing', up: 'PodsRecovered', well: 'no pod is in trouble any more' },
  { type: 'PlaneConnected', down: 'PlaneUnreachable', up: 'PlaneBack', well: 'the plane answers again' },
] as const;

function conditionChange(
  { type, down, up, well }: (typeof CONDITION_EVENTS)[number],
  before: Snapshot | undefined,
  after: Snapshot,
): AgentEvent[] {
  const find = (from: Snapshot | undefined): HealthCondition | undefined =>
    from?.conditions.find((condition) => condition.type === type);
  const [was, is] = [find(before), find(after)];
  if (!is || was?.status === is.status) return [];
  if (is.status === 'False') return [{ reason: down, message: is.message }];
  return is.status === 'True' && was?.status === 'False' ? [{ reason: up, message: well }] : [];
}
