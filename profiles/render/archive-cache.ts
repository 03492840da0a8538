import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { sha256 } from '#core/digest';

/** Archives by their digest: what is there never changes, and what does not match its name is not there. */
export interface ArchiveCache {
  get(digest: string): Promise<Uint8Array | undefined>;
  /** Best effort: a disk that is full slows the next run and fails nothing. */
  set(digest: string, archive: Uint8Array): Promise<void>;
}

/** In a folder that several processes may share; made when it is needed. */
export function archiveCache(folder: string): ArchiveCache {
  const fileOf = (digest: string): string | undefined => {
    const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? [];
    return hex === undefined ? undefined : join(folder, `${hex}.tgz`);
  };
  return {
    get: async (digest) => {
      const file = fileOf(digest);
      const archive = file === undefined ? undefined : await readFile(file).catch(() => undefined);
      return archive !== undefined && sha256(archive) === digest ? archive : undefined;
    },
    set: async (digest, archive) => {
      const file = fileOf(digest);
      if (file === undefined) return;
      const partial = `${file}.${randomUUID()}`;
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(partial, archive);
        await rename(partial, file);
      } catch {
        await rm(partial, { force: true });
      }
    },
  };
}
