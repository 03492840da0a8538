import * as z from 'zod';

import { computed, optionalComputed, tf } from '#resources/engine/index';

import { tagsField } from '../shared/fields.ts';
import { packBlock } from '../shared/pack-schema.ts';

const profileVariable = z.object({
  name: z.string().min(1).describe('Name of the variable. Values of packs refer to it as `{{ .spectro.var.NAME }}`.'),
  displayName: z.string().min(1).describe('Name to show.'),
  description: z.string().optional().describe('What the variable is for.'),
  format: z
    .enum(['string', 'number', 'boolean', 'ipv4', 'ipv4cidr', 'ipv6', 'version', 'base64'])
    .default('string')
    .describe('Format of the value: `string`, `number`, `boolean`, `ipv4`, `ipv4cidr`, `ipv6`, `version` or `base64`.'),
  inputType: z
    .enum(['text', 'dropdown', 'multiline'])
    .default('text')
    .describe('How the value is asked for: `text`, `dropdown` or `multiline`.'),
  defaultValue: z.string().optional().describe('Value for clusters that give none.'),
  regex: z.string().optional().describe('Regular expression that a value must match.'),
  required: z.boolean().optional().describe('Whether a cluster must have a value.'),
  immutable: z.boolean().optional().describe('Whether the value of a cluster stays as it was first given.'),
  hidden: z.boolean().optional().describe('Whether the variable is left out where values are asked for.'),
  isSensitive: z
    .boolean()
    .optional()
    .describe('Whether values are secrets, which are stored encrypted and never shown.'),
  options: z
    .array(
      z.object({
        value: z.string().describe('The value.'),
        label: z.string().describe('Name of the value to show.'),
        description: z.string().optional().describe('What choosing it means.'),
        default: computed(z.boolean()).describe('Whether this option is the default value.'),
      }),
    )
    .optional()
    .describe('The values to choose from, for the input type `dropdown`.'),
});

export const clusterProfileSchema = z.object({
  id: optionalComputed(z.string(), { changesWith: ['version'] }).describe(
    'Identifier of this version of the profile, given by the management plane.',
  ),
  name: z.string().min(1).describe('Name of the profile; with its version unique in its context.'),
  version: z
    .string()
    .default('1.0.0')
    .describe(
      'Version of the profile. Another one makes a new version, with an identifier of its own; the version before is neither changed nor deleted.',
    ),
  context: tf(z.enum(['project', 'tenant', 'system']).default('project'), {
    forceNew: true,
    equality: 'emptyIsDefault',
  }).describe(
    'Where it lives: in the `project` that the provider is configured for, or in the `tenant`, for all projects.',
  ),
  description: z.string().optional().describe('What the profile is for.'),
  tags: tagsField(),
  cloud: tf(z.string().default('all'), { forceNew: true }).describe(
    'Cloud that the profile is made for, for example `aws` or `edge-native`; `all` for every one.',
  ),
  type: tf(z.enum(['add-on', 'cluster', 'infra', 'system']).default('add-on'), { forceNew: true }).describe(
    'What the profile holds: whole clusters (`cluster`), the infrastructure layers (`infra`) or layers on top (`add-on`).',
  ),
  skipDestroy: z
    .boolean()
    .default(false)
    .describe('Whether a destroy leaves the profile where it is and only forgets it.'),
  pack: tf(z.array(packBlock()).optional(), { identifiedBy: 'name' }).describe('Layers of the profile, lowest first.'),
  profileVariables: z
    .array(
      z.object({
        variable: tf(z.array(profileVariable), { identifiedBy: 'name' }).describe('A variable of the profile.'),
      }),
    )
    .max(1)
    .optional()
    .describe('Variables that clusters give values for.'),
});
