import { isNotFound, type PaletteClient, type Scope } from '#openapi/client/index';
import type { components } from '#openapi/generated/types';

import { perClient } from './per-client.ts';
import { listRegistries } from './registries.ts';
import { isNewerVersion } from './version.ts';

type PackTags = components['schemas']['v1PackTagEntity'];
type PackTag = components['schemas']['v1PackTags'];

/** A pack as a profile's author names it: by identifier, or by name and tag in a registry. */
export interface PackQuery {
  readonly name: string;
  readonly tag: string | null;
  readonly registryUid: string | null;
  readonly registryName: string | null;
}

/** What became of the search for a pack; everything but `found` names the field that is wrong. */
export type PackLookup =
  | { readonly kind: 'found'; readonly uid: string; readonly registryUid: string }
  | { readonly kind: 'tag missing' }
  | { readonly kind: 'registry unknown'; readonly name: string; readonly known: readonly string[] }
  | { readonly kind: 'pack unknown'; readonly name: string; readonly searched: readonly string[] }
  | {
      readonly kind: 'tag unknown';
      readonly tag: string;
      readonly tags: readonly string[];
      readonly searched: readonly string[];
    }
  | { readonly kind: 'ambiguous'; readonly registries: readonly string[] };

/** How many registries are searched at the same time for a pack without a registry. */
const SEARCHED_REGISTRIES = 20;

const packInRegistry = perClient(
  async (client: PaletteClient, scope: Scope, packName: string, registryUid: string): Promise<PackTags | undefined> => {
    try {
      return await client.get('/v1/packs/{packName}/registries/{registryUid}', {
        path: { packName, registryUid },
        scope,
      });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  },
);

const packByUid = perClient(async (client: PaletteClient, scope: Scope, uid: string): Promise<PackTags | undefined> => {
  try {
    return await client.get('/v1/packs/{uid}', { path: { uid }, scope });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
});

/** Whether a pack of that identifier exists. Asked once for each identifier and client. */
export async function packExists(client: PaletteClient, scope: Scope, uid: string): Promise<boolean> {
  return (await packByUid(client, scope, uid)) !== undefined;
}

/** A profile may hold a pack twice under names of its own: `mine--nginx` is the pack `nginx`. */
export function registryPackName(name: string): string {
  const separator = name.indexOf('--');
  return separator < 0 ? name : name.slice(separator + 2);
}

/**
 * Finds a pack by name and tag. Without a registry all are searched, and the answer must be
 * unambiguous. Look-ups are kept per client, so that a hundred profiles of the same packs ask once.
 */
export async function lookUpPack(client: PaletteClient, scope: Scope, query: PackQuery): Promise<PackLookup> {
  const { tag } = query;
  if (tag === null || tag === '') return { kind: 'tag missing' };

  const registries = await listRegistries(client, scope);
  const wanted = registries.filter(({ uid, name }) =>
    query.registryUid ? uid === query.registryUid : query.registryName ? name === query.registryName : true,
  );
  if (wanted.length === 0 && query.registryName) {
    return { kind: 'registry unknown', name: query.registryName, known: registries.map(({ name }) => name) };
  }
  // A registry given by identifier is asked even when the list does not show it.
  const uids = query.registryUid ? [query.registryUid] : wanted.slice(0, SEARCHED_REGISTRIES).map(({ uid }) => uid);
  const searched = uids.map((uid) => registries.find((registry) => registry.uid === uid)?.name ?? uid);

  const name = registryPackName(query.name);
  const found = (
    await Promise.all(uids.map(async (uid) => ({ uid, pack: await packInRegistry(client, scope, name, uid) })))
  ).flatMap(({ uid, pack }) => (pack === undefined ? [] : [{ uid, tags: pack.tags ?? [] }]));
  if (found.length === 0) return { kind: 'pack unknown', name, searched };

  const hits = found.flatMap(({ uid, tags }) => {
    const hit = findTag(tags, tag);
    return hit?.packUid === undefined ? [] : [{ registryUid: uid, uid: hit.packUid }];
  });
  const [hit, ...others] = hits;
  if (hit === undefined) {
    const tags = [...new Set(found.flatMap((pack) => pack.tags.flatMap((candidate) => candidate.tag ?? [])))];
    return { kind: 'tag unknown', tag, tags, searched };
  }
  if (others.length > 0) return { kind: 'ambiguous', registries: hits.map(({ registryUid }) => registryUid) };
  return { kind: 'found', ...hit };
}

/** A tag names a version, or a series (`1.2.x`), which stands for the newest version in it. */
function findTag(tags: readonly PackTag[], wanted: string): PackTag | undefined {
  const exact = tags.find(({ tag }) => tag === wanted) ?? tags.find(({ version }) => version === wanted);
  if (exact !== undefined) return exact;
  const series = tags.filter(({ parentTags }) => parentTags?.includes(wanted) === true);
  return series.reduce<PackTag | undefined>(
    (newest, tag) => (newest === undefined || isNewerVersion(tag.version ?? '', newest.version ?? '') ? tag : newest),
    undefined,
  );
}
