/** Packs as the API takes them, made of `pack` blocks. */
import type { PaletteClient, Schemas, Scope } from '#openapi/client/index';
import { AttributeError, type AttributePath } from '#resources/engine/index';

import { lookUpPack, packExists, type PackLookup } from './pack-lookup.ts';
import { listed } from './projects.ts';

/** A `pack` block as far as finding the pack goes. */
export interface PackBlock {
  readonly name: string;
  readonly type: string;
  readonly tag?: string | undefined;
  readonly registryUid?: string | undefined;
  readonly registryName?: string | undefined;
  readonly uid?: string | undefined;
}

/** Stands for "no pack of a registry: manifests alone", as the API names it. */
export const MANIFEST_PACK_UID = 'spectro-manifest-pack';

const PACK_TYPES: readonly string[] = ['spectro', 'helm', 'manifest', 'oci'] satisfies Schemas['v1PackType'][];

/** Which pack a block means. */
export interface ResolvedPack {
  readonly uid: string;
  readonly registryUid: string;
}

/**
 * Finds the pack that a block means: by its `uid`, or by name, tag and registry.
 *
 * @param path where the block stands, for the error
 * @throws AttributeError at the key that names what does not exist
 */
export async function resolvePack(
  block: PackBlock,
  path: AttributePath,
  client: PaletteClient,
  scope: Scope,
): Promise<ResolvedPack> {
  if (block.type === 'manifest') return { uid: block.uid || MANIFEST_PACK_UID, registryUid: block.registryUid ?? '' };
  if (block.uid) {
    if (!(await packExists(client, scope, block.uid))) {
      throw new AttributeError(
        [...path, 'uid'],
        `There is no pack "${block.uid}"`,
        'Give the identifier of a version of a pack, or leave it out and give name, tag and registry.',
      );
    }
    return { uid: block.uid, registryUid: block.registryUid ?? '' };
  }
  const lookup = await lookUpPack(client, scope, {
    name: block.name,
    tag: block.tag ?? null,
    registryUid: block.registryUid ?? null,
    registryName: block.registryName ?? null,
  });
  if (lookup.kind === 'found') return { uid: lookup.uid, registryUid: lookup.registryUid };
  // Charts and images of a registry that the API does not list: it is the API that finds them, or refuses.
  if (block.type !== 'spectro' && (lookup.kind === 'pack unknown' || lookup.kind === 'tag unknown')) {
    return { uid: '', registryUid: block.registryUid ?? '' };
  }
  throw describe(block, path, lookup);
}

function describe(
  block: PackBlock,
  path: AttributePath,
  lookup: Exclude<PackLookup, { kind: 'found' }>,
): AttributeError {
  const at = (key: keyof PackBlock, summary: string, detail: string): AttributeError =>
    new AttributeError([...path, key], summary, detail);
  switch (lookup.kind) {
    case 'tag missing':
      return at(
        'uid',
        `Pack "${block.name}" is not determined`,
        'Give uid, or tag together with registry_uid or registry_name.',
      );
    case 'registry unknown':
      return at(
        'registryName',
        `There is no registry "${lookup.name}"`,
        `Registries in reach: ${listed(lookup.known)}.`,
      );
    case 'pack unknown':
      return at(
        'name',
        `There is no pack "${lookup.name}"`,
        `Searched ${listed(lookup.searched)}. Check the name, or push the pack first.`,
      );
    case 'tag unknown':
      return at(
        'tag',
        `Pack "${block.name}" has no tag "${lookup.tag}"`,
        `Tags of the pack in ${listed(lookup.searched)}: ${listed(lookup.tags)}.`,
      );
    case 'ambiguous':
      return at(
        'registryUid',
        `Pack "${block.name}" is in more than one registry`,
        `Give registry_uid, one of ${listed(lookup.registries)}, or registry_name.`,
      );
  }
}

/** The kind of a pack as the API writes it. @throws AttributeError at `type` */
export function packType(block: PackBlock, path: AttributePath): Schemas['v1PackType'] {
  if (PACK_TYPES.includes(block.type)) return block.type as Schemas['v1PackType']; // as: just looked up
  throw new AttributeError(
    [...path, 'type'],
    `"${block.type}" is no kind of pack`,
    `Give one of ${listed(PACK_TYPES)}.`,
  );
}
