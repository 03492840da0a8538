/** The plane's own packs as a source for rendering: by digest, since a stored profile is resolved. */
import { openPackArchive } from '#packs/index';
import type { TenantDatabase } from '#plane/store/database';
import type { PackSource } from '#profiles/render/pack-source';
import type { Digest } from '#core/digest';

import { readBlob } from '../packs/blob-store.ts';

export function storedPacks(db: TenantDatabase): PackSource {
  return {
    description: "the plane's packs",
    versions: async () => [],
    open: async ({ digest }, { signal }) => {
      if (digest === undefined) return undefined;
      const pieces: Uint8Array[] = [];
      for await (const piece of readBlob(db, digest, signal)) pieces.push(piece);
      if (pieces.length === 0) return undefined;
      const archive = Buffer.concat(pieces);
      // Digests of the store are written by `sha256`.
      return { pack: await openPackArchive(archive), digest: digest as Digest, archive };
    },
  };
}
