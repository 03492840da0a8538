/** The cluster's status as reported: a pure function of what the agent knows. */
import type { LayerStatus, NodeStatus, StatusReport } from '#protocol/report';

import type { EnforcerView } from '../enforce/enforcer.ts';
import { AGENT_VERSION } from '../version.ts';

export type Status = Omit<StatusReport, 'id' | 'clusterUid' | 'sentAt'>;

/** @param answering whether the API server answers: without it nothing is known to be well. */
export function statusOf(view: EnforcerView, nodes: readonly NodeStatus[], answering: boolean): Status {
  const layers = view.layers.map(({ state, condition, message, objects, problems }): LayerStatus => {
    const { layer, startedAt, endedAt } = state;
    return {
      name: layer.name,
      version: layer.version,
      profileUid: layer.profile.uid,
      ...(layer.profile.digest === undefined ? {} : { profileDigest: layer.profile.digest }),
      condition,
      message,
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
      answering &&
      view.complete &&
      layers.every(({ condition }) => condition === 'Ready') &&
      nodes.every(({ ready }) => ready),
    layers,
    nodes: [...nodes],
  };
}

function phaseOf({ complete, cleaned, layers }: EnforcerView): StatusReport['phase'] {
  if (cleaned) return 'cleaned';
  if (layers.some(({ condition }) => condition === 'Error')) return 'failed';
  return complete && layers.every(({ condition }) => condition === 'Ready') ? 'applied' : 'applying';
}
