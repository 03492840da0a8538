import * as z from 'zod';

import { isNotFound, type PaletteClient, type Scope } from '#openapi/client/index';
import { AttributeError, computed, dataSource, type PlannedValues } from '#resources/engine/index';

import { registryPackName } from './shared/pack-lookup.ts';
import { listed } from './shared/projects.ts';

export const packSimpleDataSchema = z.object({
  name: z.string().min(1).describe('Name of the pack. `mine--nginx` looks for `nginx`.'),
  version: z.string().optional().describe('Version of the pack; `1.0.0` when left out.'),
  context: z
    .enum(['system', 'project', 'tenant'])
    .default('project')
    .describe('From where to look: the `project` that the provider is configured for, the `tenant`, or `system`.'),
  registryUid: z.string().optional().describe('Identifier of the registry to look in. Needed for all but `manifest`.'),
  type: z
    .enum(['helm', 'manifest', 'container', 'operator-instance'])
    .describe('Kind of pack. `manifest`, and `helm` of a private registry, are not looked up.'),
  values: computed(z.string()).describe('Default values of the pack, as YAML.'),
});

type Config = PlannedValues<typeof packSimpleDataSchema>;

/** What official configurations rely on. */
const DEFAULT_VERSION = '1.0.0';

export const packSimpleData = dataSource({
  type: 'spectrocloud_pack_simple',
  description: 'Finds one version of a pack by its name in one registry.',
  schema: packSimpleDataSchema,

  async read({ config }, { client, scopeOf, signal }) {
    const scope = scopeOf(config.context === 'project' ? 'project' : 'tenant');
    if (config.type === 'manifest') return { ...config, id: '', values: '' };
    const { registryUid } = config;
    if (registryUid === undefined || registryUid === '')
      throw new AttributeError(
        ['registryUid'],
        `The registry of pack "${config.name}" is missing`,
        `Packs of the type ${config.type} are looked for in one registry: give its identifier.`,
      );
    if (config.type === 'helm' && (await isPrivate(registryUid, client, scope, signal)))
      return { ...config, id: '', values: '' };
    return { ...config, ...(await findVersion(config, registryUid, client, scope, signal)) };
  },
});

/** A private registry cannot be searched: what the configuration says is taken for true. */
async function isPrivate(uid: string, client: PaletteClient, scope: Scope, signal: AbortSignal): Promise<boolean> {
  try {
    const { spec } = await client.get('/v1/registries/helm/{uid}', { path: { uid }, scope, signal });
    return spec?.isPrivate === true;
  } catch (error) {
    // A registry of another kind.
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function findVersion(
  { name, version = DEFAULT_VERSION }: Config,
  registryUid: string,
  client: PaletteClient,
  scope: Scope,
  signal: AbortSignal,
): Promise<{ id: string; version: string; registryUid: string; values: string }> {
  const packName = registryPackName(name);
  const path = { packName, registryUid };
  const pack = await client
    .get('/v1/packs/{packName}/registries/{registryUid}', { path, scope, signal })
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
      throw new AttributeError(
        ['name'],
        `There is no pack "${packName}" in this registry`,
        'Check name and registry_uid.',
        {
          cause: error,
        },
      );
    });
  const uid = pack.tags?.find((tag) => tag.version === version)?.packUid;
  if (uid === undefined)
    throw new AttributeError(
      ['version'],
      `Pack "${packName}" has no version ${version} in this registry`,
      `Versions of the pack: ${listed((pack.tags ?? []).flatMap((tag) => tag.version ?? []))}.`,
    );
  const values =
    pack.packValues?.find((candidate) => candidate.packUid === uid)?.values ||
    // Of many versions the list holds the newest one's values alone.
    (await client.get('/v1/packs/{uid}', { path: { uid }, scope, signal })).packValues?.[0]?.values;
  return { id: uid, version, registryUid: pack.registryUid ?? registryUid, values: values ?? '' };
}
