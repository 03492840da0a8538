import * as z from 'zod';

import { computed, dataSource, tf } from '#resources/engine/index';

import { attachedClusters, listTemplates, readTemplate, templateProfiles } from './cluster-config-template/read.ts';
import { contextField } from './shared/fields.ts';
import { labelsToTags } from './shared/labels.ts';
import { uidOfName } from './shared/named.ts';

const variable = z.object({
  name: z.string().describe('Name of the variable.'),
  value: z.string().describe('Value for the clusters.'),
  assignStrategy: z.string().describe('Who says the value: `all` or `cluster`.'),
});

export const clusterConfigTemplateDataSchema = z.object({
  name: z.string().min(1).describe('Name of the template.'),
  context: contextField('project'),
  cloudType: computed(z.string()).describe('Cloud of the clusters that may follow the template.'),
  description: computed(z.string()).describe('What the template is for.'),
  tags: computed(z.array(z.string()), { set: true }).describe('Tags of the template.'),
  clusterProfile: computed(
    z.array(
      z.object({
        id: z.string().describe('Identifier of the profile.'),
        variables: tf(z.array(variable), { set: true }).describe('Values of the variables of the profile.'),
      }),
    ),
    { set: true },
  ).describe('Profiles that the clusters run.'),
  policy: computed(
    z.array(
      z.object({
        id: z.string().describe('Identifier of the policy.'),
        kind: z.string().describe('Kind of the policy.'),
      }),
    ),
  ).describe('When changes reach the clusters.'),
  attachedCluster: computed(
    z.array(
      z.object({
        clusterUid: z.string().describe('Identifier of the cluster.'),
        name: z.string().describe('Name of the cluster.'),
      }),
    ),
  ).describe('Clusters that follow the template.'),
  executionState: computed(z.string()).describe('How far the clusters are together.'),
});

export const clusterConfigTemplateData = dataSource({
  type: 'spectrocloud_cluster_config_template',
  description: 'Finds a cluster config template by its name.',
  schema: clusterConfigTemplateDataSchema,

  async read({ config }, ctx) {
    const word = 'cluster config template';
    const uid = uidOfName(config.name, await listTemplates(config.context, ctx), { word, attribute: 'name' });
    const found = await readTemplate(uid, config.context, ctx);
    const { metadata, spec, status } = found;
    return {
      ...config,
      id: uid,
      cloudType: spec?.cloudType ?? '',
      description: metadata?.annotations?.['description'] ?? '',
      tags: labelsToTags(metadata?.labels),
      clusterProfile: templateProfiles(found, undefined).map(({ id, variables }) => ({
        id,
        variables: (variables ?? []).map(({ name, value, assignStrategy }) => ({
          name,
          value: value ?? '',
          assignStrategy,
        })),
      })),
      policy: (spec?.policies ?? []).map(({ uid: policyUid = '', kind = '' }) => ({ id: policyUid, kind })),
      attachedCluster: attachedClusters(found),
      executionState: status?.state ?? 'Pending',
    };
  },
});
