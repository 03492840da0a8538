/** The cluster's status as reported: a pure function of what the agent knows. */
import type { HealthCondition, LayerStatus, StatusReport } from '#protocol/report';

import type { EnforcerView } from '../enforce/enforcer.ts';
import { AGENT_VERSION } from '../version.ts';
import type { ControlPlaneHealth } from './control-plane.ts';
import type { NodeHealth } from './nodes.ts';

export type Status = Omit<StatusReport, 'id' | 'clusterUid' | 'sentAt'>;

export interface StatusFacts {
  readonly view: EnforcerView;
  /** Names of layers that are in trouble. */
  readonly stuck: ReadonlySet<string>;
  readonly nodes: readonly NodeHealth[];
  readonly controlPlane: ControlPlaneHealth;
}

/** @param conditionsFor what follows from the layers, as the report names it, for the health of the whole */
export function statusOf(
  { view, stuck, nodes, controlPlane }: StatusFacts,
  conditionsFor: (layers: readonly LayerStatus[] | undefined) => readonly HealthCondition[],
): Status {
  const layers = view.layers.map(({ state, condition, message, objects, problems }): LayerStatus => {
    const { layer, startedAt, endedAt } = state;
    return {
      name: layer.name,
      version: layer.version,
      profileUid: layer.profile.uid,
      ...(layer.profile.digest === undefined ? {} : { profileDigest: layer.profile.digest }),
      condition,
      message,
      ...(stuck.has(layer.name) ? { stuck: true as const } : {}),
      startedAt,
      ...(endedAt === undefined ? {} : { endedAt }),
      objects,
      problems: [...problems],
    };
  });
  return {
    kind: 'status',
    agentVersion: AGENT_VERSION,
    kubernetesVersion: view.kubernetesVersion,
    revision: view.policy?.document.revision ?? 0,
    ...(view.policy ? { digest: view.policy.digest } : {}),
    phase: phaseOf(view),
    healthy:
      // Without answers nothing is known to be well.
      controlPlane.answering &&
      controlPlane.failingChecks.length === 0 &&
      controlPlane.silent.length === 0 &&
      view.complete &&
      layers.every(({ condition }) => condition === 'Ready') &&
      nodes.every(({ ready }) => ready),
    layers,
    nodes: nodes.map(({ name, ready, kubeletVersion }) => ({ name, ready, kubeletVersion })),
    conditions: [...conditionsFor(view.policy ? layers : undefined)],
  };
}

/** Conditions that are told to the plane: whether the plane can be reached it knows itself. */
export function isToldToPlane({ type }: Pick<HealthCondition, 'type'>): boolean {
  return type !== 'PlaneConnected';
}

function phaseOf({ complete, cleaned, layers }: EnforcerView): StatusReport['phase'] {
  if (cleaned) return 'cleaned';
  if (layers.some(({ condition }) => condition === 'Error')) return 'failed';
  return complete && layers.every(({ condition }) => condition === 'Ready') ? 'applied' : 'applying';
}
