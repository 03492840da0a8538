import * as z from 'zod';

import { dataSource } from '#resources/engine/index';

import { listGroups } from './cluster-group.ts';
import { uidOfName } from './shared/named.ts';

export const clusterGroupDataSchema = z.object({
  name: z.string().min(1).describe('Name of the group.'),
  context: z
    .enum(['', 'project', 'tenant', 'system'])
    .default('tenant')
    .describe(
      'Where to look: in the `project` that the provider is configured for, in the `tenant`, or in what Palette ships itself (`system`).',
    ),
});

export const clusterGroupData = dataSource({
  type: 'spectrocloud_cluster_group',
  description: 'Finds a cluster group by its name.',
  schema: clusterGroupDataSchema,

  async read({ config }, ctx) {
    const groups = await listGroups(config.context === 'project' ? 'project' : 'tenant', ctx);
    return { ...config, id: uidOfName(config.name, groups, { word: 'cluster group', attribute: 'name' }) };
  },
});
