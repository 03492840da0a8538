import * as z from 'zod';

import { AttributeError, computed, dataSource, optionalComputed, UNKNOWN } from '#resources/engine/index';

import { findProfile } from './cluster-profile/find.ts';
import { fromPacks } from './cluster-profile/packs.ts';

export const clusterProfileDataSchema = z.object({
  id: optionalComputed(z.string()).describe('Identifier of the profile. Give this or `name`.'),
  name: optionalComputed(z.string()).describe('Name of the profile. Give this or `id`.'),
  version: optionalComputed(z.string()).describe(
    'Version of the profile, or a range such as `1.x`, `1.2.x` or `^1.2.0`, or `latest`: the newest one that fits. The newest of all when left out.',
  ),
  context: z
    .enum(['', 'project', 'tenant', 'system'])
    .default('project')
    .describe(
      'Where to look: in the `project` that the provider is configured for, in the `tenant`, or in what Palette ships itself (`system`).',
    ),
  pack: computed(
    z.array(
      z.object({
        name: z.string().describe('Name of the pack.'),
        type: z.string().describe('Kind of pack.'),
        tag: z.string().describe('Version of the pack, as its registry tags it.'),
        uid: z.string().describe('Identifier of this version of the pack.'),
        registryUid: z.string().describe('Identifier of the registry that holds the pack.'),
        values: z.string().describe('Values of the pack, as YAML.'),
        manifest: z
          .array(
            z.object({
              name: z.string().describe('Name of the manifest.'),
              content: z.string().describe('The manifest, as YAML.'),
              uid: z.string().describe('Identifier of the manifest.'),
            }),
          )
          .describe('Manifests that come with the pack.'),
      }),
    ),
  ).describe('Layers of the profile, lowest first.'),
});

export const clusterProfileData = dataSource({
  type: 'spectrocloud_cluster_profile',
  description: 'Finds a cluster profile by its identifier, or by its name and version.',
  schema: clusterProfileDataSchema,

  validate: ({ config: { id, name } }) => {
    const given = [id, name].filter((value) => value !== undefined);
    if (given.length === 1 || given.includes(UNKNOWN)) return [];
    return [
      {
        path: [given.length === 0 ? 'name' : 'id'],
        summary: 'Which profile is meant?',
        detail: 'Give either id or name.',
      },
    ];
  },

  async read({ config }, { client, scopeOf, signal }) {
    const scope = scopeOf(config.context === 'project' || config.context === '' ? 'project' : 'tenant');
    const uid =
      config.id ??
      (await findProfile({ idOrName: config.name ?? '', version: config.version, attribute: 'name' }, scope, {
        client,
        signal,
      }));
    const found = await client.clusterProfile(uid, { scope, signal });
    if (found.kind === 'absent')
      throw new AttributeError(
        ['id'],
        `There is no cluster profile "${uid}"`,
        'Check the identifier, and that context names where the profile lives.',
      );
    const { metadata, spec } = found.profile;
    const template = spec?.published ?? spec?.draft;
    const packs = await fromPacks(template?.packs ?? [], found.manifests, undefined, client, scope);
    return {
      ...config,
      id: uid,
      name: metadata?.name ?? config.name ?? '',
      version: template?.profileVersion ?? spec?.version ?? config.version ?? '',
      pack: packs.map(({ name, type, tag, uid: packUid, registryUid, values, manifest }) => ({
        name,
        type,
        tag: tag ?? '',
        uid: packUid ?? '',
        registryUid: registryUid ?? '',
        values: values ?? '',
        manifest: (manifest ?? []).map((entry) => ({ name: entry.name, content: entry.content, uid: entry.uid ?? '' })),
      })),
    };
  },
});
