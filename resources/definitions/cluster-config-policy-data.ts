import * as z from 'zod';

import { computed, dataSource } from '#resources/engine/index';

import { listPolicies, readPolicy, readSchedules } from './cluster-config-policy.ts';
import { contextField } from './shared/fields.ts';
import { labelsToTags } from './shared/labels.ts';
import { uidOfName } from './shared/named.ts';

export const clusterConfigPolicyDataSchema = z.object({
  name: z.string().min(1).describe('Name of the policy.'),
  context: contextField('project'),
  tags: computed(z.array(z.string()), { set: true }).describe('Tags of the policy.'),
  schedules: computed(
    z.array(
      z.object({
        name: z.string().describe('Name of the window.'),
        startCron: z.string().describe('When the window opens, as a cron expression.'),
        durationHrs: z.int().describe('Hours that the window stays open.'),
      }),
    ),
  ).describe('Windows in which clusters may change.'),
});

export const clusterConfigPolicyData = dataSource({
  type: 'spectrocloud_cluster_config_policy',
  description: 'Finds a cluster config policy by its name.',
  schema: clusterConfigPolicyDataSchema,

  async read({ config }, ctx) {
    const word = 'cluster config policy';
    const uid = uidOfName(config.name, await listPolicies(config.context, ctx), { word, attribute: 'name' });
    const { metadata, spec } = await readPolicy(uid, config.context, ctx);
    return { ...config, id: uid, tags: labelsToTags(metadata?.labels), schedules: readSchedules(spec) };
  },
});
