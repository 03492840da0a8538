/** The block `cluster_profile`: a profile with what is changed about it where it runs. */
import * as z from 'zod';

import { tf } from '#resources/engine/index';

import { packBlock } from './pack-schema.ts';

/** A fresh block; traits belong to instances, so every definition needs its own. `who` changes packs of the profile. */
// eslint-disable-next-line typescript/explicit-module-boundary-types -- the inferred type carries every key; writing it again would be the schema a second time
export function attachmentBlock(who: string) {
  return z.object({
    id: tf(z.string(), { reference: { resource: 'spectrocloud_cluster_profile', attribute: 'id' } }).describe(
      'Identifier of the profile.',
    ),
    variables: z.record(z.string(), z.string()).optional().describe('Values of the variables of the profile, by name.'),
    pack: tf(z.array(packBlock()).optional(), { identifiedBy: 'name' }).describe(
      `What ${who} changes about packs of the profile.`,
    ),
  });
}
