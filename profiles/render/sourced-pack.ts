import { sha256 } from '#core/digest';
import { keepArchive } from '#packs/archive/keep-archive';
import { archivePack, type Pack } from '#packs/index';

import type { SourcedPack } from './pack-source.ts';

export interface GivenArchive {
  readonly archive: Uint8Array;
  readonly signature: string | undefined;
}

/** The pack with its canonical archive, the one that a plane stores for it; `given` when it came as one. */
export function sourcedPack(pack: Pack, given?: GivenArchive): SourcedPack {
  if (given?.signature !== undefined) {
    const { archive, signature } = given;
    return { pack, archive, digest: sha256(archive), signature };
  }
  const archive = given === undefined ? archivePack(pack) : keepArchive(pack, given.archive);
  return { pack, archive, digest: sha256(archive) };
}
