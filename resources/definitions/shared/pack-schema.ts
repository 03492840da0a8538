/** The `pack` block: a layer of a profile, or what a cluster changes about it. */
import * as z from 'zod';

import { computed, optionalComputed, tf } from '#resources/engine/index';

/** A fresh `pack` block; traits belong to instances, so every definition needs its own. */
// eslint-disable-next-line typescript/explicit-module-boundary-types -- the inferred type carries every key; writing it again would be the schema a second time
export function packBlock() {
  return z.object({
    name: z
      .string()
      .min(1)
      .describe(
        'Name of the pack in its registry. `mine--nginx` is the pack `nginx` a second time, under a name of its own.',
      ),
    type: z.string().default('spectro').describe('Kind of pack: `spectro`, `helm`, `manifest` or `oci`.'),
    tag: tf(z.string().optional(), { saidBy: 'uid' }).describe(
      'Version of the pack, as its registry tags it. With it and a registry, `uid` is found.',
    ),
    registryUid: tf(z.string().optional(), {
      reference: { resource: 'spectrocloud_registry', attribute: 'id' },
      saidBy: 'uid',
    }).describe('Identifier of the registry that holds the pack. Give this or `registry_name`.'),
    registryName: z
      .string()
      .optional()
      .describe('Name of the registry that holds the pack. Give this or `registry_uid`.'),
    uid: optionalComputed(z.string(), { changesWith: ['name', 'type', 'tag', 'registryUid', 'registryName'] }).describe(
      'Identifier of this version of the pack. Found by name, tag and registry when it is left out.',
    ),
    values: tf(z.string().optional(), { equality: 'trimSpace' }).describe('Values of the pack, as YAML.'),
    manifest: tf(
      z
        .array(
          z.object({
            name: z.string().min(1).describe('Name of the manifest, unique in the pack.'),
            content: tf(z.string(), { equality: 'trimSpace' }).describe('The manifest, as YAML.'),
            uid: computed(z.string()).describe('Identifier of the manifest.'),
          }),
        )
        .optional(),
      { identifiedBy: 'name' },
    ).describe('Manifests that come with the pack.'),
  });
}
