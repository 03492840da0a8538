/** Orders, as pure functions: which layers go together, and what goes first within a layer. */
import type { DesiredLayer } from '#protocol/desired-state';

import type { KubeObject } from '#kubernetes/object';

/** Infrastructure layers come before add-ons whatever their priority. */
const LAYER_RANK = { kernel: 0, os: 1, k8s: 2, cni: 3, csi: 4, addon: 5 } as const satisfies Record<
  DesiredLayer['layer'],
  number
>;

export type Wave = readonly DesiredLayer[];

/**
 * Layers in the order they are applied: infrastructure first, then by install priority, lowest
 * first. Layers of equal rank and priority form one wave.
 */
export function waves(layers: readonly DesiredLayer[]): readonly Wave[] {
  const sorted = layers.toSorted(
    (left, right) => LAYER_RANK[left.layer] - LAYER_RANK[right.layer] || left.installPriority - right.installPriority,
  );
  const found: DesiredLayer[][] = [];
  for (const layer of sorted) {
    const last = found.at(-1);
    const first = last?.[0];
    if (last && first && first.layer === layer.layer && first.installPriority === layer.installPriority)
      last.push(layer);
    else found.push([layer]);
  }
  return found;
}

/**
 * A layer's place in the whole order as one number, kept on each of its objects: what goes in
 * last is removed first.
 */
export function removalRank(layer: Pick<DesiredLayer, 'layer' | 'installPriority'>): number {
  return LAYER_RANK[layer.layer] * 1_000_000 + layer.installPriority;
}

/** Kinds that others need come first; what calls back into the cluster comes last. */
const KIND_ORDER = [
  ['Namespace'],
  ['CustomResourceDefinition'],
  ['PriorityClass', 'StorageClass', 'RuntimeClass', 'IngressClass', 'CSIDriver', 'ResourceQuota', 'LimitRange'],
  ['ServiceAccount', 'Secret', 'ConfigMap', 'PersistentVolume', 'ClusterRole', 'Role'],
  ['PersistentVolumeClaim', 'ClusterRoleBinding', 'RoleBinding', 'NetworkPolicy', 'PodDisruptionBudget', 'Service'],
  ['Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Pod', 'Job', 'CronJob'],
  ['HorizontalPodAutoscaler', 'Ingress'],
] as const;
/** After custom resources: they stop other objects from being written while nothing answers them. */
const LAST_KINDS = new Set([
  'APIService',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
]);

const RANKS: ReadonlyMap<string, number> = new Map(
  KIND_ORDER.flatMap((kinds, rank) => kinds.map((kind) => [kind, rank] as const)),
);

/** The group a kind is applied in, within its layer: lower first. */
export function kindRank(kind: string): number {
  return RANKS.get(kind) ?? (LAST_KINDS.has(kind) ? KIND_ORDER.length + 1 : KIND_ORDER.length);
}

/** Whether it comes before everything else of its layer, hooks included. */
export function isFoundation({ kind }: Pick<KubeObject, 'kind'>): boolean {
  return kindRank(kind) <= 1;
}

/** Objects in groups that may be applied at once, in the order of the groups. */
export function stages<T extends { readonly object: KubeObject }>(objects: readonly T[]): readonly (readonly T[])[] {
  const groups = new Map<number, T[]>();
  for (const entry of objects) {
    const rank = kindRank(entry.object.kind);
    const group = groups.get(rank);
    if (group) group.push(entry);
    else groups.set(rank, [entry]);
  }
  return [...groups.entries()].toSorted(([left], [right]) => left - right).map(([, group]) => group);
}
