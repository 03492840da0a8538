import type { PaletteClient, Schemas, Scope } from '#openapi/client/index';

import { tagsToLabels } from '../shared/labels.ts';
import type { Planned } from './model.ts';

/** Registers the cluster and returns its identifier. The kind of cloud decides the operation; what has none is generic. */
export async function importCluster(
  planned: Planned,
  client: PaletteClient,
  scope: Scope,
  signal: AbortSignal,
): Promise<string> {
  const body = {
    metadata: {
      name: planned.name,
      labels: tagsToLabels(planned.tags),
      annotations: { description: planned.description },
    },
    spec: { clusterConfig: toConfig(planned) },
  };
  const request = { body, scope, signal };
  switch (planned.cloudType) {
    case 'aws':
      return (await client.post('/v1/spectroclusters/aws/import', request)).uid;
    case 'azure':
      return (await client.post('/v1/spectroclusters/azure/import', request)).uid;
    case 'gcp':
      return (await client.post('/v1/spectroclusters/gcp/import', request)).uid;
    case 'apache-cloudstack':
      return (await client.post('/v1/spectroclusters/apache-cloudstack/import', request)).uid;
    default:
      return (await client.post('/v1/spectroclusters/generic/import', request)).uid;
  }
}

function toConfig({
  importMode,
  proxy,
  noProxy,
  hostPath,
  containerMountPath,
}: Planned): Schemas['v1ImportClusterConfig'] {
  const proxied = [proxy, noProxy, hostPath, containerMountPath].some((text) => text !== '');
  return {
    // Full is what the API does when no mode is named.
    ...(importMode === 'read_only' ? { importMode: 'read-only' as const } : {}),
    ...(proxied
      ? { proxy: { httpProxy: proxy, noProxy, caHostPath: hostPath, caContainerMountPath: containerMountPath } }
      : {}),
  };
}

const APPLY = /^kubectl\s+apply\s+(?:--server-side\s+)?-f\s+/;

/** The address in a command such as `kubectl apply -f https://…`. */
export function manifestUrlOf(kubectlCommand: string): string {
  return kubectlCommand
    .trim()
    .replace(APPLY, '')
    .replace(/^["']|["']$/g, '');
}
