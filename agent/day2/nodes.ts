/** Nodes as actions see them. */
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { conditionsOf, isMap, textAt, valueAt, type KubeObject } from '#kubernetes/object';

import { ActionFailed } from './action.ts';

/** What nodes are to the API server. */
export const NODE = { apiVersion: 'v1', kind: 'Node', plural: 'nodes', namespaced: false, verbs: [] };
/** What Pods are to the API server. */
export const POD = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, verbs: [] };

/** All nodes, by name. @throws KubeError */
export async function listNodes(client: KubeClient, { signal }: CallOptions): Promise<readonly KubeObject[]> {
  const { items } = await client.list(NODE, { signal });
  return items.toSorted((left, right) => left.metadata.name.localeCompare(right.metadata.name));
}

/** @throws ActionFailed where some of the nodes to be worked on are nothing but objects that kwok keeps */
export function refusePlayed(nodes: readonly KubeObject[]): void {
  const played = nodes.find(({ metadata }) => Object.hasOwn(metadata.annotations ?? {}, 'kwok.x-k8s.io/node'));
  if (played !== undefined)
    throw new ActionFailed(`node ${played.metadata.name} is played by kwok: there is no machine to work on`);
}

export function nodeRef(name: string): { readonly apiVersion: 'v1'; readonly kind: 'Node'; readonly name: string } {
  return { apiVersion: 'v1', kind: 'Node', name };
}

export function isControlPlane({ metadata }: KubeObject): boolean {
  const labels = metadata.labels ?? {};
  return (
    Object.hasOwn(labels, 'node-role.kubernetes.io/control-plane') ||
    Object.hasOwn(labels, 'node-role.kubernetes.io/master')
  );
}

export function isReady(node: KubeObject): boolean {
  return conditionsOf(node).some(({ type, status }) => type === 'Ready' && status === 'True');
}

export function isCordoned(node: KubeObject): boolean {
  return valueAt(node, 'spec', 'unschedulable') === true;
}

/** Whether what runs on another node can run here: nothing keeps its Pods away that does not keep them from that node, too. */
export function takesPodsOf(other: KubeObject, node: KubeObject): boolean {
  const tolerated = new Set(repellingTaints(other));
  return isReady(node) && !isCordoned(node) && repellingTaints(node).every((taint) => tolerated.has(taint));
}

/** Taints that keep Pods away which do not tolerate them. */
function repellingTaints(node: KubeObject): readonly string[] {
  const taints = valueAt(node, 'spec', 'taints');
  return (Array.isArray(taints) ? taints : [])
    .filter(isMap)
    .filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute')
    .map(({ key, value = '', effect }) => `${String(key)}=${String(value)}:${String(effect)}`);
}

export function kubeletVersion(node: KubeObject): string {
  return textAt(node, 'status', 'nodeInfo', 'kubeletVersion');
}

/** Changes with each start of the machine. */
export function bootId(node: KubeObject): string {
  return textAt(node, 'status', 'nodeInfo', 'bootID');
}

/** What put Kubernetes on the node: kubelets say so in their version. */
export function distributionOf(node: KubeObject): 'k3s' | 'rke2' | 'kubeadm' {
  const version = kubeletVersion(node);
  if (version.includes('+k3s')) return 'k3s';
  return version.includes('+rke2') ? 'rke2' : 'kubeadm';
}
