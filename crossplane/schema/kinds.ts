/** The Kubernetes kinds that definitions become: each one twice, in namespaces and in the cluster as a whole. */
import { resources, type ResourceType } from '#resources/index';

import { CLUSTER_GROUP, NAMESPACED_GROUP, VERSION } from './groups.ts';

export type KindScope = 'Namespaced' | 'Cluster';

export interface ManagedKind {
  /** Terraform's name: `spectrocloud_cluster_profile`. */
  readonly type: ResourceType;
  readonly scope: KindScope;
  readonly group: string;
  readonly version: string;
  /** `group/version`. */
  readonly apiVersion: string;
  /** `ClusterProfile`. */
  readonly kind: string;
  /** `clusterprofiles`. */
  readonly plural: string;
  readonly singular: string;
}

const PREFIX = 'spectrocloud_';

/** The kinds of one definition: namespaced first. */
export function kindsOf(type: ResourceType): readonly [ManagedKind, ManagedKind] {
  const kind = type
    .slice(PREFIX.length)
    .split('_')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('');
  const singular = kind.toLowerCase();
  const plural = pluralOf(singular);
  const make = (scope: KindScope, group: string): ManagedKind => ({
    type,
    scope,
    group,
    version: VERSION,
    apiVersion: `${group}/${VERSION}`,
    kind,
    plural,
    singular,
  });
  return [make('Namespaced', NAMESPACED_GROUP), make('Cluster', CLUSTER_GROUP)];
}

function pluralOf(singular: string): string {
  if (singular.endsWith('s')) return singular;
  return /[^aeiou]y$/.test(singular) ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}

/** Every kind of every definition. */
export function managedKinds(): ManagedKind[] {
  // as: the keys of the registry are its types
  return (Object.keys(resources) as ResourceType[]).flatMap(kindsOf);
}
