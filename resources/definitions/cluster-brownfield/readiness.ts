import type { Readiness } from '#resources/engine/definition';

import type { State } from './model.ts';

/** A cluster can be used when its agent has brought it to what is configured, and it is well. */
export function readinessOf({ name, status = '', healthStatus = '' }: State): Readiness {
  if (status === 'Running' && healthStatus === 'Healthy') return { kind: 'ready' };
  const stand = `Cluster "${name}" is ${status === '' ? 'Unknown' : status} and ${healthStatus === '' ? 'Unknown' : healthStatus}`;
  const waits = ['', 'Pending', 'Unknown'].includes(status);
  return {
    kind: 'notReady',
    message: waits
      ? `${stand}: no agent has connected yet. Run the command in kubectl_command against the cluster.`
      : `${stand}.`,
  };
}
