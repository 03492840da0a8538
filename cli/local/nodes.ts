/** Nodes that exist in the API only; kwok plays their kubelet. */
import { runKubectl } from './kubectl.ts';

/** Adds a node on which Pods count as running, or leaves it as it is. */
export async function addFakeNode(
  kubeconfig: string,
  name: string,
  options: { readonly signal: AbortSignal },
): Promise<void> {
  const resources = { cpu: '32', memory: '256Gi', pods: '110' };
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake', 'node.alpha.kubernetes.io/ttl': '0' },
      labels: {
        type: 'kwok',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/role': 'agent',
        'node-role.kubernetes.io/agent': '',
      },
    },
    status: {
      allocatable: resources,
      capacity: resources,
      nodeInfo: { architecture: 'amd64', operatingSystem: 'linux', kubeletVersion: 'fake' },
      phase: 'Running',
    },
  };
  await runKubectl(kubeconfig, ['apply', '--server-side', '--field-manager=palette-up', '-f', '-'], {
    ...options,
    input: JSON.stringify(node),
  });
}
