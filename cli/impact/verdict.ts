/** What answers come to: for the exit code and the first line. */
import type { Schemas } from '#openapi/client/index';

import type { ClusterImpact } from './collect.ts';

export type Verdict =
  /** The cluster stays as it is. */
  | 'same'
  /** Something would change. */
  | 'changes'
  /** It would run something else, and nobody could say what that does. */
  | 'unknown'
  /** The profile, or an object of it, would be refused. */
  | 'refused';

export function verdictOf({ state, counts }: Pick<ClusterImpact, 'state' | 'counts'>): Verdict {
  switch (state) {
    case 'unchanged':
      return 'same';
    case 'refused':
      return 'refused';
    case 'answered':
      if ((counts?.refused ?? 0) > 0) return 'refused';
      return counts && counts.created + counts.changed + counts.removed + (counts.hooks ?? 0) > 0 ? 'changes' : 'same';
    default:
      return 'unknown';
  }
}

/** `3 clusters: 1 would refuse it, 2 would change`; the worst first. */
export function countVerdicts(clusters: readonly ClusterImpact[]): string {
  if (clusters.length === 0) return 'no cluster runs it';
  const counted = VERDICTS.map(
    ([verdict, words]) => [clusters.filter((cluster) => verdictOf(cluster) === verdict).length, words] as const,
  ).filter(([count]) => count > 0);
  const all = `${clusters.length} ${clusters.length === 1 ? 'cluster' : 'clusters'}`;
  return `${all}: ${counted.map(([count, words]) => `${count} ${words}`).join(', ')}`;
}

const VERDICTS: readonly (readonly [Verdict, string])[] = [
  ['refused', 'would refuse it'],
  ['changes', 'would change'],
  ['unknown', 'not known'],
  ['same', 'unchanged'],
];

/** `1 created, 2 changed (1 restarts pods), 1 removed, 1 refused, 1 hook runs`. */
export function countObjects({
  created,
  changed,
  removed,
  restarts,
  refused,
  hooks = 0,
}: Schemas['ImpactCounts']): string {
  const parts = [
    ...(created > 0 ? [`${created} created`] : []),
    ...(changed > 0
      ? [`${changed} changed${restarts > 0 ? ` (${restarts} ${restarts === 1 ? 'restarts' : 'restart'} pods)` : ''}`]
      : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(hooks > 0 ? [`${hooks} ${hooks === 1 ? 'hook runs' : 'hooks run'}`] : []),
  ];
  return parts.join(', ') || 'no change';
}
