import * as z from 'zod';

import { computed, tf } from '#resources/engine/index';

import { contextField, tagsField } from '../shared/fields.ts';

const variable = z.object({
  name: z.string().min(1).describe('Name of a variable that the profile defines.'),
  value: z
    .string()
    .optional()
    .describe('Value for every cluster; with the strategy `cluster` for those that have none of their own.'),
  assignStrategy: z
    .enum(['all', 'cluster'])
    .default('all')
    .describe('Who says the value: `all`, the template for all clusters; `cluster`, each cluster for itself.'),
});

const profile = z.object({
  id: tf(z.string(), { reference: { resource: 'spectrocloud_cluster_profile', attribute: 'id' } }).describe(
    'Identifier of the profile.',
  ),
  variables: tf(z.array(variable).optional(), { set: true, identifiedBy: 'name' }).describe(
    'Values of the variables of the profile.',
  ),
});

const policy = z.object({
  id: tf(z.string(), { reference: { resource: 'spectrocloud_cluster_config_policy', attribute: 'id' } }).describe(
    'Identifier of the policy.',
  ),
  kind: z.string().optional().describe('Kind of the policy: `maintenance`.'),
});

export const clusterConfigTemplateSchema = z.object({
  name: z.string().min(1).describe('Name of the template, unique in its context.'),
  context: tf(contextField('project'), { forceNew: true, equality: 'emptyIsDefault' }),
  cloudType: tf(z.string().min(1), { forceNew: true }).describe(
    'Cloud of the clusters that may follow the template, for example `aws` or `generic`; `all` for every one.',
  ),
  description: z.string().optional().describe('What the template is for.'),
  tags: tagsField(),
  clusterProfile: tf(z.array(profile).optional(), { set: true, identifiedBy: 'id' }).describe(
    'Profiles that the clusters run.',
  ),
  policy: z.array(policy).max(1).optional().describe('When changes reach the clusters; at once without one.'),
  upgradeNow: z
    .string()
    .refine((text) => text === '' || isTimestamp(text), 'is not a point in time such as 2026-01-31T12:00:00Z')
    .optional()
    .describe('Brings what waits to the clusters at once when it is set to another point in time (RFC 3339).'),
  attachedCluster: computed(
    z.array(
      z.object({
        clusterUid: z.string().describe('Identifier of the cluster.'),
        name: z.string().describe('Name of the cluster.'),
      }),
    ),
  ).describe('Clusters that follow the template.'),
  executionState: computed(z.string(), { changesWith: ['clusterProfile', 'policy', 'upgradeNow'] }).describe(
    'How far the clusters are together: `Pending`, `Applied`, `PartiallyApplied` or `Failed`.',
  ),
});

function isTimestamp(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text) && !Number.isNaN(Date.parse(text))
  );
}
