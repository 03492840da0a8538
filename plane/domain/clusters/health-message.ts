/** Why a cluster is not well, for people. */
import type { LayerStatus, StatusReport } from '#protocol/report';

/** Conditions that make a cluster unhealthy beside its packs; those of pods are their owners' business. */
const GRAVE: ReadonlySet<string> = new Set(['ApiServerReachable', 'ControlPlaneHealthy', 'NodesReady']);
const MAX_NAMED = 3;

/** The worst things in a report, in one line; empty when there is nothing to say. */
export function messageOf({ layers, conditions = [] }: Pick<StatusReport, 'layers' | 'conditions'>): string {
  const failed = layers.filter(
    ({ condition, stuck, problems }) => condition === 'Error' || stuck === true || problems.length > 0,
  );
  const fallen = conditions.filter(
    ({ type, status, message }) => GRAVE.has(type) && status === 'False' && message !== '',
  );
  return [...fallen.map(({ message }) => message), ...failed.slice(0, MAX_NAMED).map(describeLayer)].join('; ');
}

function describeLayer({ name, message, problems: [problem] }: LayerStatus): string {
  if (!problem) return `pack ${name}: ${message}`;
  const where = problem.namespace === undefined ? problem.name : `${problem.namespace}/${problem.name}`;
  const field = problem.field === undefined ? '' : `${problem.field}: `;
  return `pack ${name}: ${problem.kind} ${where}: ${field}${problem.message}`;
}
