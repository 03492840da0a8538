import * as z from 'zod';

import { isNotFound } from '#openapi/client/index';
import { AttributeError, computed, dataSource } from '#resources/engine/index';

import { findCluster } from './shared/clusters.ts';
import { contextField } from './shared/fields.ts';

export const clusterDataSchema = z.object({
  name: z.string().min(1).describe('Name of the cluster.'),
  context: contextField('project'),
  virtual: z.boolean().default(false).describe('Whether a virtual cluster is meant.'),
  kubeConfig: computed(z.string(), { sensitive: true }).describe('Kubeconfig of the cluster for its users.'),
  adminKubeConfig: computed(z.string(), { sensitive: true }).describe(
    'Kubeconfig of the cluster for its administrators; empty where there is none.',
  ),
  state: computed(z.string()).describe('State of the cluster, for example `Running`.'),
  health: computed(z.string()).describe('Health of the cluster: `Healthy`, `UnHealthy` or `Unknown`.'),
  clusterTimezone: computed(z.string()).describe('Time zone in which schedules of the cluster are read.'),
});

export const clusterData = dataSource({
  type: 'spectrocloud_cluster',
  description: 'Finds a cluster by its name.',
  schema: clusterDataSchema,

  async read({ config }, { client, scopeOf, signal }) {
    const scope = scopeOf(config.context);
    const uid = await findCluster(config.name, { virtual: config.virtual, attribute: 'name' }, scope, {
      client,
      signal,
    });
    const path = { uid };
    const [cluster, overview, kubeConfig, adminKubeConfig] = await Promise.all([
      client.get('/v1/spectroclusters/{uid}', { path, scope, signal }),
      client.get('/v1/dashboard/spectroclusters/{uid}/overview', { path, scope, signal }),
      absentAsEmpty(client.get('/v1/spectroclusters/{uid}/assets/kubeconfigclient', { path, scope, signal })),
      absentAsEmpty(client.get('/v1/spectroclusters/{uid}/assets/adminKubeconfig', { path, scope, signal })),
    ]);
    if (cluster.status?.state === 'Deleted')
      throw new AttributeError(['name'], `Cluster "${config.name}" is deleted`, 'Give the name of another cluster.');
    return {
      ...config,
      id: uid,
      kubeConfig,
      adminKubeConfig,
      state: cluster.status?.state ?? '',
      health: overview.status?.health?.state ?? '',
      clusterTimezone: cluster.spec?.clusterConfig?.timezone ?? '',
    };
  },
});

/** A kubeconfig as text; imported clusters may have none. */
async function absentAsEmpty(request: Promise<unknown>): Promise<string> {
  try {
    const content = await request;
    if (typeof content === 'string') return content;
    return content instanceof Uint8Array ? new TextDecoder().decode(content) : '';
  } catch (error) {
    if (isNotFound(error)) return '';
    throw error;
  }
}
