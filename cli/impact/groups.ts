/** Clusters in which the same would happen are told of once. */
import { canonicalJson } from '#protocol/canonical';

import type { ClusterImpact } from './collect.ts';
import { verdictOf, type Verdict } from './verdict.ts';

export interface ClusterGroup {
  readonly verdict: Verdict;
  /** In the order of their names. */
  readonly clusters: readonly [ClusterImpact, ...ClusterImpact[]];
}

const ORDER: readonly Verdict[] = ['refused', 'changes', 'unknown', 'same'];

/** Groups by what happens, what needs looking at first. */
export function groupClusters(clusters: readonly ClusterImpact[]): readonly ClusterGroup[] {
  const groups = new Map<string, [ClusterImpact, ...ClusterImpact[]]>();
  for (const cluster of clusters) {
    const { state, message, counts, changes, refused, hooks, omitted } = cluster;
    const verdict = verdictOf(cluster);
    // How many objects stay as they are differs between clusters that have other profiles besides.
    const told = counts && { ...counts, unchanged: 0 };
    const key = canonicalJson(
      verdict === 'same' ? verdict : { state, message, told, changes, refused, hooks, omitted },
    );
    const group = groups.get(key);
    if (group) group.push(cluster);
    else groups.set(key, [cluster]);
  }
  return [...groups.values()]
    .map((members) => ({ verdict: verdictOf(members[0]), clusters: members }))
    .sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || b.clusters.length - a.clusters.length);
}
