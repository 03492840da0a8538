/** Input of the function: what the author of a Composition decides for every composite. */
import * as z from 'zod';

import { TEMPLATE_GROUP, VERSION } from '../schema/groups.ts';

/** Key of the pipeline's context that overrides `mode`: `crossplane render --context-values palette-iac.dev/mode='"Offline"'`. */
export const MODE_CONTEXT_KEY = 'palette-iac.dev/mode';

export const Mode = z.enum(['Online', 'Offline']);
export type Mode = z.infer<typeof Mode>;

export const Input = z.strictObject({
  apiVersion: z.literal(`${TEMPLATE_GROUP}/${VERSION}`).describe('API version of this input.'),
  kind: z.literal('Input').describe('Kind of this input.'),
  metadata: z.looseObject({}).optional().describe('Not used.'),
  mode: Mode.default('Online').describe(
    '`Online` looks profiles, packs and accounts up; `Offline` asks nobody and composes what can be known without, for `crossplane render`. The context key `palette-iac.dev/mode` overrides it.',
  ),
  providerConfigRef: z
    .strictObject({
      kind: z
        .enum(['ProviderConfig', 'ClusterProviderConfig'])
        .default('ClusterProviderConfig')
        .describe('`ProviderConfig` of the namespace of the composite, or `ClusterProviderConfig`. Not for claims.'),
      name: z.string().min(1).max(253).default('default').describe('Name of the provider configuration.'),
    })
    .prefault({})
    .describe('Provider configuration of composites that name none.'),
  tags: z.array(z.string().min(1).max(256)).max(50).default([]).describe('Tags that everything composed gets.'),
  revalidateSeconds: z
    .int()
    .min(30)
    .max(86_400)
    .default(600)
    .describe('Seconds after which a composite whose look-ups succeeded is looked at again although nothing happened.'),
});
export type Input = z.infer<typeof Input>;

/** The input when a Composition gives none. */
export const DEFAULT_INPUT: Input = Input.parse({ apiVersion: `${TEMPLATE_GROUP}/${VERSION}`, kind: 'Input' });
