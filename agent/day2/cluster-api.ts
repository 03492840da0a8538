/**
 * The Cluster API objects of the very cluster that the agent is in, where it manages itself. Two versions of the API are
 * read, v1beta1 and v1beta2: whatever the API server prefers.
 */
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { isMap, mapAt, textAt, valueAt, type JsonMap, type KubeObject, type ObjectRef } from '#kubernetes/object';

import { listNodes } from './nodes.ts';

const CLUSTER_NAME_LABEL = 'cluster.x-k8s.io/cluster-name';
const CONTROL_PLANE_LABEL = 'cluster.x-k8s.io/control-plane';
const DEPLOYMENT_LABEL = 'cluster.x-k8s.io/deployment-name';
const TOPOLOGY_LABEL = 'topology.cluster.x-k8s.io/deployment-name';
const GROUP = 'cluster.x-k8s.io';

export interface OwnCluster {
  readonly cluster: KubeObject;
  /** A KubeadmControlPlane, or another kind with the same contract; absent where others provide the control plane. */
  readonly controlPlane?: KubeObject;
  readonly machineDeployments: readonly KubeObject[];
  readonly machines: readonly KubeObject[];
}

/** Undefined where no Cluster API manages this cluster from within. @throws KubeError */
export async function findOwnCluster(client: KubeClient, options: CallOptions): Promise<OwnCluster | undefined> {
  // Cluster API may have been installed since anybody asked last.
  client.discovery.invalidate();
  const machines = await listKind(client, 'Machine', options);
  if (machines.length === 0) return undefined;
  const nodes = new Set((await listNodes(client, options)).map(({ metadata }) => metadata.name));
  const ours = machines.filter((machine) => nodes.has(nodeNameOf(machine) ?? ''));
  const counts = new Map<string, number>();
  for (const machine of ours) counts.set(clusterKey(machine), (counts.get(clusterKey(machine)) ?? 0) + 1);
  const [key] = [...counts].toSorted(([, left], [, right]) => right - left)[0] ?? [];
  if (key === undefined) return undefined;
  const [namespace = '', name = ''] = key.split('/');
  const cluster = (await listKind(client, 'Cluster', options)).find(
    ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
  );
  if (cluster === undefined) return undefined;
  const controlPlane = await controlPlaneOf(client, cluster, options);
  const deployments = await listKind(client, 'MachineDeployment', options);
  return {
    cluster,
    ...(controlPlane === undefined ? {} : { controlPlane }),
    machineDeployments: deployments.filter((one) => clusterKey(one) === key),
    machines: machines.filter((one) => clusterKey(one) === key),
  };
}

/** The cluster's machines as they are now. @throws KubeError */
export async function machinesOf(
  client: KubeClient,
  { metadata }: KubeObject,
  options: CallOptions,
): Promise<readonly KubeObject[]> {
  const machines = await listKind(client, 'Machine', options);
  return machines.filter((one) => clusterKey(one) === `${metadata.namespace ?? ''}/${metadata.name}`);
}

export function isControlPlaneMachine({ metadata }: KubeObject): boolean {
  return Object.hasOwn(metadata.labels ?? {}, CONTROL_PLANE_LABEL);
}

/** Whether a machine belongs to a MachineDeployment. */
export function isOfDeployment({ metadata }: KubeObject, deployment: string): boolean {
  return metadata.labels?.[DEPLOYMENT_LABEL] === deployment;
}

/** The name that a cluster's topology gives to a MachineDeployment. */
export function topologyNameOf({ metadata }: KubeObject): string | undefined {
  return metadata.labels?.[TOPOLOGY_LABEL];
}

export function nodeNameOf(machine: KubeObject): string | undefined {
  const name = valueAt(machine, 'status', 'nodeRef', 'name');
  return typeof name === 'string' ? name : undefined;
}

export function machineVersion(machine: KubeObject): string {
  return textAt(machine, 'spec', 'version');
}

/** Managed by the topology of its Cluster: single objects must not be changed then. */
export function hasTopology(cluster: KubeObject): boolean {
  return Object.keys(mapAt(cluster, 'spec', 'topology')).length > 0;
}

/** When the machine's certificates expire, where its control plane provider says. */
export function certificatesExpiry(machine: KubeObject): Date | undefined {
  const time = new Date(textAt(machine, 'status', 'certificatesExpiryDate'));
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/**
 * The patch that makes a control plane replace the machines made before a time: `spec.rollout.after` in v1beta2,
 * `spec.rolloutAfter` before.
 */
export function rolloutAfter({ apiVersion }: KubeObject, time: Date): JsonMap {
  // The API server takes whole seconds.
  const at = `${time.toISOString().slice(0, 19)}Z`;
  return apiVersion.endsWith('/v1beta1') ? { spec: { rolloutAfter: at } } : { spec: { rollout: { after: at } } };
}

/** In all namespaces, whatever else the caller's options hold. */
async function listKind(client: KubeClient, kind: string, { signal }: CallOptions): Promise<readonly KubeObject[]> {
  const type = await client.discovery.preferredType({ group: GROUP, kind }, { signal });
  return type === undefined ? [] : (await client.list(type, { signal })).items;
}

function clusterKey({ metadata, ...object }: KubeObject): string {
  const name = metadata.labels?.[CLUSTER_NAME_LABEL] ?? valueAt(object, 'spec', 'clusterName');
  return `${metadata.namespace ?? ''}/${typeof name === 'string' ? name : ''}`;
}

async function controlPlaneOf(
  client: KubeClient,
  { metadata, ...cluster }: KubeObject,
  options: CallOptions,
): Promise<KubeObject | undefined> {
  const ref = valueAt(cluster, 'spec', 'controlPlaneRef');
  if (!isMap(ref) || typeof ref['name'] !== 'string' || typeof ref['kind'] !== 'string') return undefined;
  const apiVersion = await versionOf(client, ref, ref['kind'], options);
  if (apiVersion === undefined) return undefined;
  const found: ObjectRef = {
    apiVersion,
    kind: ref['kind'],
    name: ref['name'],
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  };
  return client.get(found, options);
}

/** v1beta2 refers by group, v1beta1 by version. */
async function versionOf(
  client: KubeClient,
  ref: JsonMap,
  kind: string,
  options: CallOptions,
): Promise<string | undefined> {
  if (typeof ref['apiVersion'] === 'string') return ref['apiVersion'];
  const group = ref['apiGroup'];
  if (typeof group !== 'string') return undefined;
  return (await client.discovery.preferredType({ group, kind }, options))?.apiVersion;
}
