import * as z from 'zod';

import { computed, optionalComputed, tf } from '#resources/engine/index';

import { contextField, tagsField } from '../shared/fields.ts';

/** What a tier can be made of; `spectro` stands for whichever the block's other keys say. */
export const TIER_TYPES = ['spectro', 'manifest', 'helm', 'operator-instance', 'container'] as const;

const tier = z.object({
  name: z.string().min(1).describe('Name of the tier, unique in the profile.'),
  type: z
    .enum(TIER_TYPES)
    .default('spectro')
    .describe(
      'What the tier is made of: `manifest`, `helm`, `operator-instance` (a service that a pack offers) or `container`. `spectro` is whichever the other keys say.',
    ),
  registryUid: tf(z.string().optional(), {
    conflictsWith: ['registryName'],
    reference: { resource: 'spectrocloud_registry', attribute: 'id' },
  }).describe('Identifier of the registry that holds the chart. Give this or `registry_name`.'),
  registryName: z
    .string()
    .optional()
    .describe('Name of the registry that holds the chart. Give this or `registry_uid`.'),
  sourceAppTier: z.string().optional().describe('Identifier of the pack that offers the service, or holds the chart.'),
  tag: z.string().optional().describe('Version of the tier; of a chart, the version of the chart.'),
  installOrder: z.int().default(0).describe('Tiers of a smaller number are installed first.'),
  properties: z
    .record(z.string(), z.string())
    .optional()
    .describe('What a service is made with, such as `dbUserName`, `dbPassword` (base64) and `dbVolumeSize`.'),
  values: tf(z.string().optional(), { equality: 'trimSpace' }).describe('Values of the tier, as YAML.'),
  uid: optionalComputed(z.string(), { changesWith: ['name', 'type'] }).describe('Identifier of the tier.'),
  manifest: tf(
    z
      .array(
        z.object({
          name: z.string().min(1).describe('Name of the manifest, unique in the tier.'),
          content: tf(z.string(), { equality: 'trimSpace' }).describe('The manifest, as YAML.'),
          uid: computed(z.string()).describe('Identifier of the manifest.'),
        }),
      )
      .optional(),
    { identifiedBy: 'name' },
  ).describe('Manifests of the tier.'),
});

export const applicationProfileSchema = z.object({
  name: tf(z.string().min(1), { forceNew: true }).describe(
    'Name of the profile; with its version unique in its context.',
  ),
  version: z.string().default('1.0.0').describe('Version of the profile.'),
  context: tf(contextField('project'), { forceNew: true, equality: 'emptyIsDefault' }),
  description: z.string().optional().describe('What the profile is for.'),
  tags: tagsField(),
  cloud: z.string().default('all').describe('Cloud that the profile is made for; `all` for every one.'),
  pack: tf(z.array(tier).min(1), { identifiedBy: 'name' }).describe('Tiers of the application.'),
});
