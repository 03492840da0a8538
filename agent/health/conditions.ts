/** Health of the cluster's parts as conditions: types and reasons are closed lists, told in docs/agent-health.md. */
import type { HealthCondition, LayerStatus } from '#protocol/report';

import type { ControlPlaneHealth } from './control-plane.ts';
import type { NodeHealth } from './nodes.ts';
import type { PodHealth } from './pods.ts';

/** Types, and the reasons that each may have. */
export const CONDITION_REASONS = {
  ApiServerReachable: ['Answering', 'NoAnswer'],
  ControlPlaneHealthy: ['AllChecksPass', 'ChecksFail', 'ComponentsSilent', 'NotKnown'],
  NodesReady: ['AllReady', 'NoNodes', 'NotReady', 'UnderPressure', 'NotKnown'],
  PacksReady: ['AllReady', 'NoPacks', 'Failed', 'NotReady', 'Progressing', 'NoPolicy'],
  PodsHealthy: ['AllHealthy', 'Failing', 'NotKnown'],
  PlaneConnected: ['Bus', 'Rest', 'NoAnswer', 'NotKnown'],
} as const;

export type ConditionType = keyof typeof CONDITION_REASONS;

/** A condition without its history. */
export interface Finding<T extends ConditionType = ConditionType> {
  readonly type: T;
  readonly status: HealthCondition['status'];
  readonly reason: (typeof CONDITION_REASONS)[T][number];
  readonly message: string;
}

export interface HealthFacts {
  readonly controlPlane: ControlPlaneHealth;
  /** Undefined before the first list. */
  readonly nodes: readonly NodeHealth[] | undefined;
  readonly pods: PodHealth | undefined;
  /** Undefined before the first policy. */
  readonly layers: readonly Pick<LayerStatus, 'name' | 'condition' | 'stuck'>[] | undefined;
  readonly plane: 'bus' | 'rest' | 'away' | undefined;
}

/** What follows from the facts, in a fixed order. */
export function findings(facts: HealthFacts): readonly Finding[] {
  const { controlPlane } = facts;
  const known: Finding[] = [
    nodesReady(facts.nodes),
    packsReady(facts.layers),
    podsHealthy(facts.pods),
    controlPlaneHealthy(controlPlane),
  ];
  return [
    controlPlane.answering
      ? finding('ApiServerReachable', 'True', 'Answering', '')
      : finding('ApiServerReachable', 'False', 'NoAnswer', 'the API server does not answer the agent'),
    // What was seen last may be long over.
    ...known.map((found): Finding => (controlPlane.answering ? found : unknown(found))),
    planeConnected(facts.plane),
  ];
}

function finding<T extends ConditionType>(
  type: T,
  status: HealthCondition['status'],
  reason: (typeof CONDITION_REASONS)[T][number],
  message: string,
): Finding<T> {
  return { type, status, reason, message };
}

function unknown({ type, reason }: Finding): Finding {
  return { type, status: 'Unknown', reason, message: 'not known while the API server does not answer' };
}

function controlPlaneHealthy({ failingChecks, silent }: ControlPlaneHealth): Finding {
  if (failingChecks.length > 0)
    return finding(
      'ControlPlaneHealthy',
      'False',
      'ChecksFail',
      `checks of the API server fail: ${list(failingChecks)}`,
    );
  if (silent.length > 0)
    return finding('ControlPlaneHealthy', 'False', 'ComponentsSilent', `no sign of life from ${list(silent)}`);
  return finding('ControlPlaneHealthy', 'True', 'AllChecksPass', '');
}

function nodesReady(nodes: HealthFacts['nodes']): Finding {
  if (nodes === undefined) return finding('NodesReady', 'Unknown', 'NotKnown', 'the nodes were not listed yet');
  if (nodes.length === 0) return finding('NodesReady', 'True', 'NoNodes', 'the cluster has no nodes');
  const unready = nodes.filter(({ ready }) => !ready);
  if (unready.length > 0) {
    const names = unready.map(({ name, why }) => (why === '' ? name : `${name} (${why})`));
    return finding(
      'NodesReady',
      'False',
      'NotReady',
      `${unready.length} of ${nodes.length} nodes are not ready: ${list(names)}`,
    );
  }
  const pressed = nodes.filter(({ pressures }) => pressures.length > 0);
  if (pressed.length > 0) {
    const names = pressed.map(({ name, pressures }) => `${name} (${pressures.join(', ')})`);
    return finding('NodesReady', 'True', 'UnderPressure', `all are ready; under pressure: ${list(names)}`);
  }
  const cordoned = nodes.filter((node) => node.cordoned).map(({ name }) => name);
  return finding('NodesReady', 'True', 'AllReady', cordoned.length === 0 ? '' : `cordoned: ${list(cordoned)}`);
}

function packsReady(layers: HealthFacts['layers']): Finding {
  if (layers === undefined) return finding('PacksReady', 'Unknown', 'NoPolicy', 'there is no desired state yet');
  if (layers.length === 0) return finding('PacksReady', 'True', 'NoPacks', 'the desired state has no packs');
  const of = (...wanted: readonly LayerStatus['condition'][]): string[] =>
    layers.filter(({ condition }) => wanted.includes(condition)).map(({ name }) => name);
  const failed = of('Error');
  if (failed.length > 0) return finding('PacksReady', 'False', 'Failed', `cannot be applied: ${list(failed)}`);
  const stuck = layers.filter((layer) => layer.stuck).map(({ name }) => name);
  if (stuck.length > 0) return finding('PacksReady', 'False', 'NotReady', `not ready: ${list(stuck)}`);
  const underWay = of('Pending', 'Applying', 'NotReady');
  if (underWay.length > 0) return finding('PacksReady', 'Unknown', 'Progressing', `on the way: ${list(underWay)}`);
  return finding('PacksReady', 'True', 'AllReady', '');
}

function podsHealthy(pods: PodHealth | undefined): Finding {
  if (pods === undefined) return finding('PodsHealthy', 'Unknown', 'NotKnown', 'the pods could not be looked at');
  if (pods.failing === 0) return finding('PodsHealthy', 'True', 'AllHealthy', '');
  const names = pods.worst.map(({ namespace, name, trouble }) => `${namespace}/${name} (${trouble})`);
  return finding(
    'PodsHealthy',
    'False',
    'Failing',
    `${pods.failing} of ${pods.total} pods: ${list(names, pods.failing)}`,
  );
}

function planeConnected(plane: HealthFacts['plane']): Finding {
  switch (plane) {
    case 'bus':
      return finding('PlaneConnected', 'True', 'Bus', '');
    case 'rest':
      return finding('PlaneConnected', 'True', 'Rest', 'without the bus: the agent asks from time to time');
    case 'away':
      return finding(
        'PlaneConnected',
        'False',
        'NoAnswer',
        'the plane does not answer; the last known policy stays in force',
      );
    case undefined:
      return finding('PlaneConnected', 'Unknown', 'NotKnown', 'the plane was not asked yet');
  }
}

/** How the agent is connected, from what it knows of its channels. */
export function planeConnection(onBus: boolean, reachable: 0 | 1 | undefined): HealthFacts['plane'] {
  if (onBus) return 'bus';
  return reachable === undefined ? undefined : reachable === 1 ? 'rest' : 'away';
}

const SHOWN = 5;

function list(names: readonly string[], total = names.length): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return total > SHOWN ? `${shown} and ${total - Math.min(SHOWN, names.length)} more` : shown;
}

export interface ConditionKeeper {
  /** Takes in what is found now; a condition keeps the time at which its status changed last. */
  update(found: readonly Finding[]): readonly HealthCondition[];
}

export function createConditionKeeper(now: () => Date): ConditionKeeper {
  const since = new Map<string, { readonly status: string; readonly at: string }>();
  return {
    update: (found) =>
      found.map(({ type, status, reason, message }) => {
        const before = since.get(type);
        const entry = before?.status === status ? before : { status, at: now().toISOString() };
        since.set(type, entry);
        return { type, status, reason, message, lastTransitionAt: entry.at };
      }),
  };
}
