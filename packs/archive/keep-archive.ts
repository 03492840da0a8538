import { gunzipSync } from 'node:zlib';

import { archivePack, type Pack } from '../pack.ts';
import { tarOf } from './write-archive.ts';

/**
 * The archive of a pack that came as one: the bytes that came when their tar is the one that `archivePack` writes, and
 * otherwise what `archivePack` writes. Zlibs differ in what they make of the same tar; a pack that goes from one machine
 * to another keeps its digest.
 */
export function keepArchive(pack: Pack, given: Uint8Array): Uint8Array {
  const tar = tarOf(pack.files);
  try {
    // One byte more than expected is enough to know.
    if (gunzipSync(given, { maxOutputLength: tar.byteLength + 1 }).equals(tar)) return given;
  } catch {
    // Longer than expected, or followed by something: not ours.
  }
  return archivePack(pack);
}
