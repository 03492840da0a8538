import { contentDigest } from '#packs/index';
import type { PackSource } from '#profiles/render/pack-source';

import type { LockFile } from './lock-file.ts';

/**
 * The source as the lock file knows its packs. Compressors differ between machines, contents do not: a pack whose content
 * is the locked one goes by the locked digest.
 */
export function lockedSource(source: PackSource, lock: LockFile): PackSource {
  const contents = new Map(lock.packs.map(({ digest, content }) => [digest as string, { digest, content }])); // as: looked up by any text
  return {
    ...source,
    open: async (request, options) => {
      const found = await source.open(request, options);
      const locked = request.digest === undefined ? undefined : contents.get(request.digest);
      if (!found || !locked || found.digest === locked.digest) return found;
      return contentDigest(found.pack) === locked.content ? { ...found, digest: locked.digest } : found;
    },
  };
}
