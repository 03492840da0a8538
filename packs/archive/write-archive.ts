import { gzipSync } from 'node:zlib';

import { Header, Pax } from 'tar';

import { safePath, sortFiles, type Files } from '../files.ts';

/** The same moment in every archive, so that the time of packing leaves no trace. */
const MTIME = new Date(0);
const BLOCK = 512;

/**
 * The files as an uncompressed tar: sorted by path, one fixed owner, mode and time, no directory
 * entries. Equal files give equal bytes on every machine.
 */
export function tarOf(files: Files): Buffer {
  const parts: Buffer[] = [];
  for (const [path, content] of sortFiles(files)) {
    const fields = {
      path: safePath(path),
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: content.byteLength,
      mtime: MTIME,
      type: 'File' as const,
    };
    const header = new Header(fields);
    const block = Buffer.alloc(BLOCK);
    // A path that does not fit the classic header goes into a pax header before it.
    if (header.encode(block)) parts.push(new Pax({ path: fields.path }).encode());
    parts.push(block, Buffer.from(content.buffer, content.byteOffset, content.byteLength), padding(content.byteLength));
  }
  parts.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(parts);
}

/**
 * The files as a deterministic tar.gz. The gzip header says nothing of time and system.
 * The compressed bytes depend on the zlib that Node was built with; `contentDigest` does not.
 */
export function writeArchive(files: Files): Buffer {
  const archive = gzipSync(tarOf(files), { level: 9 });
  // Byte 9 names the operating system; 255 is "unknown" (RFC 1952, section 2.3.1).
  archive[9] = 255;
  return archive;
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}
