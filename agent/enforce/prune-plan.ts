/** What to remove, and in which order, as a pure function of what is there and what should be. */
import { objectKey, refOf, type KubeObject, type ObjectRef } from '#kubernetes/object';
import { FIELD_MANAGER } from '../field-manager.ts';
import { kindRank } from './plan.ts';
import {
  ADOPTED_ANNOTATION,
  LAYER_ANNOTATION,
  PART_OF_LABEL,
  PRIORITY_ANNOTATION,
  PRUNE_ANNOTATION,
  RESOURCE_POLICY_ANNOTATION,
} from './stamp.ts';

export interface PruneInput {
  /** Objects found by the set's label; metadata suffices. */
  readonly members: readonly KubeObject[];
  readonly applySet: string;
  /** Keys of the objects that stay. */
  readonly desired: ReadonlySet<string>;
  /** Layers whose objects are not known now, since rendering them failed: nothing of theirs is removed. */
  readonly unknownLayers: ReadonlySet<string>;
}

export interface PruneTarget {
  readonly ref: ObjectRef;
  readonly uid: string;
  readonly layer: string;
  /** It was there before the agent took it in: it stays, without the agent's marks. */
  readonly adopted: boolean;
}

/**
 * Groups of objects to remove, one group after the other: what was applied last goes first, and
 * within one rank the kinds in reverse order of applying. Only what carries the set's label and
 * was applied by this agent is ever named.
 */
export function planPrune({
  members,
  applySet,
  desired,
  unknownLayers,
}: PruneInput): readonly (readonly PruneTarget[])[] {
  const groups = new Map<
    string,
    { readonly rank: number; readonly kindRank: number; readonly targets: PruneTarget[] }
  >();
  for (const member of members) {
    const { labels, annotations, uid } = member.metadata;
    const ref = refOf(member);
    if (labels?.[PART_OF_LABEL] !== applySet || !isAppliedByAgent(member) || uid === undefined) continue;
    if (isProtected(member)) continue;
    const layer = annotations?.[LAYER_ANNOTATION] ?? '';
    if (desired.has(objectKey(ref)) || unknownLayers.has(layer)) continue;
    const rank = Number(annotations?.[PRIORITY_ANNOTATION] ?? 0) || 0;
    const id = `${rank}/${kindRank(ref.kind)}`;
    const group = groups.get(id) ?? { rank, kindRank: kindRank(ref.kind), targets: [] };
    group.targets.push({ ref, uid, layer, adopted: annotations?.[ADOPTED_ANNOTATION] === 'true' });
    groups.set(id, group);
  }
  return [...groups.values()]
    .toSorted((left, right) => right.rank - left.rank || right.kindRank - left.kindRank)
    .map((group) => group.targets);
}

/** Whoever wrote the object asked for it to outlive its layer. */
function isProtected({ metadata: { annotations } }: KubeObject): boolean {
  return annotations?.[PRUNE_ANNOTATION] === 'disabled' || annotations?.[RESOURCE_POLICY_ANNOTATION] === 'keep';
}

/** Endpoints and the like copy the labels of what they belong to: the label alone proves nothing. */
export function isAppliedByAgent(member: KubeObject): boolean {
  return (member.metadata.managedFields ?? []).some(
    ({ manager, operation }) => manager === FIELD_MANAGER && operation === 'Apply',
  );
}
