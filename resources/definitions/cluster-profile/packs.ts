import type { PaletteClient, Schemas, Scope } from '#openapi/client/index';
import type { PlannedValues } from '#resources/engine/index';

import { packType, resolvePack } from '../shared/pack-entity.ts';
import { listRegistries } from '../shared/registries.ts';
import type { clusterProfileSchema } from './schema.ts';

export type ProfilePacks = NonNullable<PlannedValues<typeof clusterProfileSchema>['pack']>;
export type ProfilePack = ProfilePacks[number];

/**
 * Packs as the API takes them, for a new profile and for a changed one alike.
 *
 * @param prior the packs as they were: their manifests keep their identifiers
 * @throws AttributeError at the key of the pack that does not exist
 */
export async function toPacks(
  packs: ProfilePacks | undefined,
  prior: ProfilePacks | undefined,
  client: PaletteClient,
  scope: Scope,
): Promise<Schemas['v1PackManifestUpdateEntity'][]> {
  return Promise.all(
    (packs ?? []).map(async (pack, index) =>
      toPack(
        pack,
        index,
        prior?.find(({ name }) => name === pack.name),
        client,
        scope,
      ),
    ),
  );
}

async function toPack(
  pack: ProfilePack,
  index: number,
  before: ProfilePack | undefined,
  client: PaletteClient,
  scope: Scope,
): Promise<Schemas['v1PackManifestUpdateEntity']> {
  const path = ['pack', index];
  const { uid, registryUid } = await resolvePack(pack, path, client, scope);
  return {
    name: pack.name,
    type: packType(pack, path),
    tag: pack.tag ?? '',
    uid,
    registryUid,
    values: (pack.values ?? '').trim(),
    manifests: (pack.manifest ?? []).map(({ name, content }) => {
      const known = before?.manifest?.find((manifest) => manifest.name === name)?.uid ?? '';
      return { name, content: content.trim(), ...(known === '' ? {} : { uid: known }) };
    }),
  };
}

/** Packs of a profile as the API tells them, written in the form that the configuration used. */
export async function fromPacks(
  found: readonly Schemas['v1PackRef'][],
  manifests: ReadonlyMap<string, readonly Schemas['v1ManifestEntity'][]>,
  prior: ProfilePacks | undefined,
  client: PaletteClient,
  scope: Scope,
): Promise<ProfilePacks> {
  const named = prior?.some(({ registryName }) => (registryName ?? '') !== '') === true;
  const registries = named ? await listRegistries(client, scope) : [];
  return found.map((pack) => {
    const before = prior?.find(({ name }) => name === pack.name);
    return {
      name: pack.name,
      type: pack.type ?? 'spectro',
      // What the configuration leaves to the identifier alone is not to show up as a difference.
      tag: before !== undefined && before.tag === undefined ? undefined : pack.tag,
      uid: presentUid(pack.packUid, before),
      registryUid: before === undefined || before.registryUid !== undefined ? pack.registryUid : undefined,
      registryName:
        before?.registryName === undefined
          ? undefined
          : (registries.find(({ uid }) => uid === pack.registryUid)?.name ?? before.registryName),
      values: pack.values,
      manifest: fromManifests(pack, manifests.get(pack.name) ?? []),
    };
  });
}

/** An API that gives no identifier for a pack of manifests leaves the one that was given. */
function presentUid(found: string | undefined, before: ProfilePack | undefined): string {
  return found === undefined || found === '' ? (before?.uid ?? '') : found;
}

function fromManifests(
  pack: Schemas['v1PackRef'],
  entities: readonly Schemas['v1ManifestEntity'][],
): NonNullable<ProfilePack['manifest']> {
  return (pack.manifests ?? []).flatMap(({ uid, name }) => {
    const entity = entities.find(({ metadata }) =>
      uid === undefined || uid === '' ? metadata?.name === name : metadata?.uid === uid,
    );
    const entityName = name ?? entity?.metadata?.name;
    if (entityName === undefined) return [];
    const content = entity?.spec?.published?.content ?? entity?.spec?.draft?.content ?? '';
    return [{ name: entityName, content, uid: uid ?? entity?.metadata?.uid ?? '' }];
  });
}
