/**
 * What the controller may do in its cluster, and nothing beyond: the install manifests are made from this.
 *
 * Of Secrets it reads those alone that provider configurations and managed resources name: by `get`, so it can neither
 * list nor watch them.
 */
import { CLUSTER_GROUP, NAMESPACED_GROUP } from '../schema/groups.ts';
import { managedKinds } from '../schema/kinds.ts';

/** A rule as `rbac.authorization.k8s.io/v1` has it. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Kinds of configurations, by group. */
const CONFIGS = {
  [CLUSTER_GROUP]: ['providerconfigs'],
  [NAMESPACED_GROUP]: ['providerconfigs', 'clusterproviderconfigs'],
} as const;

const OBSERVE = ['get', 'list', 'watch'] as const;

/** Rules of its ClusterRole. */
export function controllerRules(): PolicyRule[] {
  const rules = ([CLUSTER_GROUP, NAMESPACED_GROUP] as const).flatMap((group): PolicyRule[] => {
    const managed = managedKinds()
      .filter((kind) => kind.group === group)
      .map(({ plural }) => plural)
      .toSorted();
    const all = [...managed, ...CONFIGS[group]];
    return [
      { apiGroups: [group], resources: all, verbs: [...OBSERVE, 'patch'] },
      { apiGroups: [group], resources: all.map((plural) => `${plural}/status`), verbs: ['patch'] },
      // Where it is enforced, only who may do this makes objects that the end of their owner waits for.
      { apiGroups: [group], resources: managed.map((plural) => `${plural}/finalizers`), verbs: ['update'] },
      {
        apiGroups: [group],
        resources: ['providerconfigusages'],
        verbs: ['list', 'watch', 'create', 'patch', 'delete'],
      },
    ];
  });
  return [
    ...rules,
    // Credentials and sensitive values are read, connection details are written.
    { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create', 'patch'] },
    { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
  ];
}

/** Rules of its Role in the namespace that the Lease is in. */
export function leaderElectionRules(): PolicyRule[] {
  return [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] }];
}
