/** Which provider configuration a managed resource uses. */
import { mapAt, type KubeObject, type ObjectRef } from '#kubernetes/object';

import type { ManagedObject, ProviderConfigRef } from '../../contracts.ts';
import { CLUSTER_GROUP, NAMESPACED_GROUP, VERSION } from '../../../schema/groups.ts';
import type { ManagedKind } from '../../../schema/kinds.ts';
import { joinKey, type ObjectKey } from '../object-key.ts';

/** The name that is used where none is given. */
const DEFAULT_NAME = 'default';

/** What `spec.providerConfigRef` says, with its defaults. */
export function configRefOf(kind: ManagedKind, object: ManagedObject): ProviderConfigRef {
  const given = mapAt(object, 'spec', 'providerConfigRef');
  const name = typeof given['name'] === 'string' && given['name'] !== '' ? given['name'] : DEFAULT_NAME;
  if (kind.scope === 'Cluster') return { kind: 'ProviderConfig', name };
  return { kind: given['kind'] === 'ProviderConfig' ? 'ProviderConfig' : 'ClusterProviderConfig', name };
}

/** The object that a reference of that managed resource means. */
export function configObjectRef(kind: ManagedKind, object: ManagedObject, ref: ProviderConfigRef): ObjectRef {
  const group = kind.scope === 'Cluster' ? CLUSTER_GROUP : NAMESPACED_GROUP;
  const { namespace } = object.metadata;
  const isNamespaced = kind.scope === 'Namespaced' && ref.kind === 'ProviderConfig';
  return {
    apiVersion: `${group}/${VERSION}`,
    kind: ref.kind,
    name: ref.name,
    ...(isNamespaced && namespace !== undefined ? { namespace } : {}),
  };
}

export function configKeyOf(kind: ManagedKind, object: ManagedObject): ObjectKey {
  const ref = configObjectRef(kind, object, configRefOf(kind, object));
  const group = kind.scope === 'Cluster' ? CLUSTER_GROUP : NAMESPACED_GROUP;
  return joinKey({ group, kind: ref.kind, namespace: ref.namespace, name: ref.name });
}

/** The configuration that a usage stands for. */
export function configKeyOfUsage(usage: KubeObject): ObjectKey {
  const ref = mapAt(usage, 'providerConfigRef');
  const inNamespace = usage.metadata.namespace !== undefined;
  const kind = !inNamespace || ref['kind'] === 'ProviderConfig' ? 'ProviderConfig' : 'ClusterProviderConfig';
  return joinKey({
    group: inNamespace ? NAMESPACED_GROUP : CLUSTER_GROUP,
    kind,
    namespace: kind === 'ProviderConfig' ? usage.metadata.namespace : undefined,
    name: typeof ref['name'] === 'string' ? ref['name'] : '',
  });
}
