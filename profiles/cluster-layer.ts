/** Namespaces and role bindings that a cluster's settings ask for, as the first layer of its desired state. */
import { sha256 } from '#core/digest';
import type { DesiredLayer } from '#protocol/desired-state';

import { isNamespacePattern, SETTINGS_LAYER } from '#protocol/settings-layer';

export interface ClusterNamespace {
  /** Or a regular expression between slashes: then only quotas are set, in the namespaces that are there. */
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /** What all its pods may ask for together; absent or 0: any. */
  readonly cpuCores?: number | undefined;
  readonly memoryMiB?: number | undefined;
  readonly gpus?: number | undefined;
}

export interface ClusterRoleBinding {
  readonly type: 'RoleBinding' | 'ClusterRoleBinding';
  /** Of a RoleBinding; a regular expression between slashes stands for all that match. */
  readonly namespace: string;
  readonly role: { readonly kind: 'Role' | 'ClusterRole'; readonly name: string };
  readonly subjects: readonly {
    readonly type: 'User' | 'Group' | 'ServiceAccount';
    readonly name: string;
    readonly namespace?: string | undefined;
  }[];
}

export interface ClusterResources {
  readonly namespaces: readonly ClusterNamespace[];
  readonly roleBindings: readonly ClusterRoleBinding[];
}

/** Before every layer of a profile. */
const PRIORITY = -1_000_006;
const QUOTA = 'palette-quota';

/** The layer; undefined when nothing is asked for. */
export function clusterLayer({ namespaces, roleBindings }: ClusterResources): DesiredLayer | undefined {
  const manifests = [
    { name: 'namespaces', objects: namespaces.flatMap(namespaceObjects) },
    { name: 'role-bindings', objects: bindingObjects(roleBindings) },
  ];
  const filled = manifests.filter(({ objects }) => objects.length > 0);
  if (filled.length === 0) return undefined;
  return {
    name: SETTINGS_LAYER,
    profile: { uid: '', name: '', version: '' },
    layer: 'kernel',
    version: '',
    values: '',
    manifests: filled.map(({ name, objects }) => ({
      name,
      content: objects.map((object) => JSON.stringify(object)).join('\n---\n'),
    })),
    installPriority: PRIORITY,
  };
}

function namespaceObjects({ name, labels = {}, annotations = {}, ...quota }: ClusterNamespace): object[] {
  const { cpuCores = 0, memoryMiB = 0, gpus = 0 } = quota;
  const hard = {
    ...(cpuCores > 0 ? { 'requests.cpu': `${Math.round(cpuCores * 1000)}m` } : {}),
    ...(memoryMiB > 0 ? { 'requests.memory': `${Math.round(memoryMiB)}Mi` } : {}),
    ...(gpus > 0 ? { 'requests.nvidia.com/gpu': String(gpus) } : {}),
  };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels, annotations } };
  return [
    ...(isNamespacePattern(name) ? [] : [namespace]),
    ...(Object.keys(hard).length === 0
      ? []
      : [{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: QUOTA, namespace: name }, spec: { hard } }]),
  ];
}

/** A binding's role cannot be changed: it is part of its name. Subjects of one role in one place are bound together. */
function bindingObjects(bindings: readonly ClusterRoleBinding[]): object[] {
  const byRole = new Map<string, ClusterRoleBinding>();
  for (const binding of bindings) {
    const namespace = binding.type === 'RoleBinding' ? binding.namespace : '';
    const id = JSON.stringify([binding.type, namespace, binding.role.kind, binding.role.name]);
    const known = byRole.get(id);
    byRole.set(id, { ...binding, namespace, subjects: [...(known?.subjects ?? []), ...binding.subjects] });
  }
  return [...byRole].map(([id, { type, namespace, role, subjects }]) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: type,
    metadata: {
      name: `palette-${sha256(id).slice('sha256:'.length, 'sha256:'.length + 12)}`,
      ...(namespace === '' ? {} : { namespace }),
    },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role.kind, name: role.name },
    subjects: [...new Map(subjects.map((subject) => [JSON.stringify(subject), subject])).values()].map(subjectOf),
  }));
}

function subjectOf({ type, name, namespace }: ClusterRoleBinding['subjects'][number]): object {
  return type === 'ServiceAccount'
    ? { kind: type, name, namespace: namespace || 'default' }
    : { kind: type, name, apiGroup: 'rbac.authorization.k8s.io' };
}
