import { groupOf, type KubernetesObject } from './kubernetes-object.ts';

/**
 * Kinds in the order Helm installs them: what others refer to comes first.
 * Kinds that are not listed come last, as in Helm.
 */
const ORDER = [
  'CustomResourceDefinition',
  'PriorityClass',
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodSecurityPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'SecretList',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
] as const;
const RANK: ReadonlyMap<string, number> = new Map(ORDER.map((kind, index) => [kind, index]));

/** Place of an object in the order of installation. */
export function installRank(object: KubernetesObject): number {
  return RANK.get(object.kind) ?? ORDER.length;
}

/** Kinds of Kubernetes' own API groups: does a namespace belong to them? */
const NAMESPACED: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    '': [
      'ConfigMap',
      'Endpoints',
      'Event',
      'LimitRange',
      'PersistentVolumeClaim',
      'Pod',
      'PodTemplate',
      'ReplicationController',
      'ResourceQuota',
      'Secret',
      'Service',
      'ServiceAccount',
    ],
    apps: ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
    autoscaling: ['HorizontalPodAutoscaler'],
    batch: ['CronJob', 'Job'],
    'coordination.k8s.io': ['Lease'],
    'discovery.k8s.io': ['EndpointSlice'],
    'events.k8s.io': ['Event'],
    'networking.k8s.io': ['Ingress', 'NetworkPolicy'],
    policy: ['PodDisruptionBudget'],
    'rbac.authorization.k8s.io': ['Role', 'RoleBinding'],
    'storage.k8s.io': ['CSIStorageCapacity'],
    'resource.k8s.io': ['ResourceClaim', 'ResourceClaimTemplate'],
  }),
);
const CLUSTER_SCOPED: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    '': ['Namespace', 'Node', 'PersistentVolume'],
    'admissionregistration.k8s.io': [
      'MutatingWebhookConfiguration',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
      'ValidatingWebhookConfiguration',
    ],
    'apiextensions.k8s.io': ['CustomResourceDefinition'],
    'apiregistration.k8s.io': ['APIService'],
    'certificates.k8s.io': ['CertificateSigningRequest'],
    'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
    'networking.k8s.io': ['IngressClass'],
    'node.k8s.io': ['RuntimeClass'],
    'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
    'scheduling.k8s.io': ['PriorityClass'],
    'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
  }),
);

export type Scope = 'namespaced' | 'cluster' | 'unknown';

/** The scope of a kind: from Kubernetes' own groups, then from CRDs that are rendered beside it. */
export function scopeFinder(objects: readonly KubernetesObject[]): (object: KubernetesObject) => Scope {
  const custom = new Map<string, Scope>();
  for (const object of objects) {
    if (object.kind !== 'CustomResourceDefinition') continue;
    const spec = object['spec'];
    if (!isRecord(spec) || !isRecord(spec['names'])) continue;
    custom.set(
      `${String(spec['group'])}/${String(spec['names']['kind'])}`,
      spec['scope'] === 'Cluster' ? 'cluster' : 'namespaced',
    );
  }
  return ({ apiVersion, kind }) => {
    const group = groupOf(apiVersion);
    if (NAMESPACED.get(group)?.includes(kind)) return 'namespaced';
    if (CLUSTER_SCOPED.get(group)?.includes(kind)) return 'cluster';
    return custom.get(`${group}/${kind}`) ?? 'unknown';
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
