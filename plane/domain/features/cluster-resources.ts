/** Namespaces and role bindings of a cluster's settings: as the desired state has them, and what the agent says of them. */
import type { components } from '#openapi/generated/types';
import { newUid } from '#plane/store/uid';
import type { ClusterResources, ClusterRoleBinding } from '#profiles/cluster-layer';
import { SETTINGS_LAYER } from '#protocol/settings-layer';

import type { Cluster, ClusterSettings } from '../clusters/cluster.ts';

type Schemas = components['schemas'];

export function clusterResources({ namespaces = [], rbacs = [] }: ClusterSettings): ClusterResources {
  return {
    namespaces: namespaces.map(({ metadata, spec }) => ({
      name: metadata?.name ?? '',
      labels: metadata?.labels,
      annotations: metadata?.annotations,
      cpuCores: spec?.resourceAllocation?.cpuCores,
      memoryMiB: spec?.resourceAllocation?.memoryMiB,
      gpus: spec?.resourceAllocation?.gpuConfig?.limit,
    })),
    roleBindings: rbacs.flatMap(({ spec }) => (spec?.bindings ?? []).flatMap(toRoleBinding)),
  };
}

/** A binding that names no role binds nothing. */
function toRoleBinding({ type, namespace, role, subjects }: Schemas['v1ClusterRbacBinding']): ClusterRoleBinding[] {
  if (type === undefined || role?.kind === undefined || !role.name) return [];
  return [
    {
      type,
      namespace: namespace ?? '',
      role: { kind: role.kind, name: role.name },
      subjects: (subjects ?? []).flatMap((subject) =>
        subject.type === undefined || !subject.name
          ? []
          : [{ type: subject.type, name: subject.name, namespace: subject.namespace || undefined }],
      ),
    },
  ];
}

/** Namespaces of objects that the agent could not bring about. */
export function reportedNamespaces({ status }: Cluster): readonly string[] {
  const problems = status?.layers.find(({ name }) => name === SETTINGS_LAYER)?.problems ?? [];
  return [...new Set(problems.flatMap(({ namespace }) => (namespace === undefined ? [] : [namespace])))];
}

/** What the agent could not bring about, of objects that the caller chooses. */
export function resourceErrors(
  { status }: Cluster,
  isOf: (object: { readonly kind: string; readonly namespace?: string | undefined; readonly name: string }) => boolean,
): Schemas['v1ClusterResourceError'][] {
  const layer = status?.layers.find(({ name }) => name === SETTINGS_LAYER);
  return (layer?.problems ?? [])
    .filter(isOf)
    .map(({ kind, name, message }) => ({ resourceType: kind, name, msg: message }));
}

/** A resource that is there by its name keeps its identifier. */
export function resourceMetadata(
  given: Schemas['v1ObjectMetaUpdateEntity'] | undefined,
  known: readonly { readonly metadata?: Schemas['v1ObjectMeta'] }[],
): Schemas['v1ObjectMeta'] {
  const name = given?.name ?? '';
  const before = known.find((resource) => resource.metadata?.name === name);
  return {
    uid: given?.uid || (before?.metadata?.uid ?? newUid()),
    name,
    labels: given?.labels ?? {},
    annotations: given?.annotations ?? {},
  };
}
