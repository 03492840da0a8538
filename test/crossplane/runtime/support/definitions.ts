/** Definitions of every kind that the controller follows, as loose as they can be: the runtime is tested apart from schemas. */
import { CLUSTER_GROUP, NAMESPACED_GROUP, VERSION } from '#crossplane/schema/groups';
import { managedKinds } from '#crossplane/schema/kinds';
import type { KubeObject } from '#kubernetes/object';

type Scope = 'Namespaced' | 'Cluster';

const configurations: readonly (readonly [group: string, kind: string, scope: Scope])[] = [
  [CLUSTER_GROUP, 'ProviderConfig', 'Cluster'],
  [CLUSTER_GROUP, 'ProviderConfigUsage', 'Cluster'],
  [NAMESPACED_GROUP, 'ProviderConfig', 'Namespaced'],
  [NAMESPACED_GROUP, 'ClusterProviderConfig', 'Cluster'],
  [NAMESPACED_GROUP, 'ProviderConfigUsage', 'Namespaced'],
];

export const definitions: readonly KubeObject[] = [
  ...configurations.map(([group, kind, scope]) => definition(group, kind, `${kind.toLowerCase()}s`, scope)),
  ...managedKinds().map(({ group, kind, plural, scope }) => definition(group, kind, plural, scope)),
];

function definition(group: string, kind: string, plural: string, scope: Scope): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
}
