import { crc32 } from 'node:zlib';

import type { Files } from '../files.ts';
import { tarOf } from './write-archive.ts';

/** Most bytes one stored block of deflate holds (RFC 1951, section 3.2.4). */
const BLOCK = 0xffff;

/**
 * The files as a tar.gz that is not compressed: its bytes are the same whatever zlib is at hand, so
 * its digest may be written down. For what is compressed already, or will be with what is around it.
 */
export function writeStoredArchive(files: Files): Buffer {
  const tar = tarOf(files);
  // RFC 1952: deflate, no flags, no time, no hint of level or system.
  const parts: Uint8Array[] = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])];
  for (let at = 0; at < tar.byteLength; at += BLOCK) {
    const block = tar.subarray(at, at + BLOCK);
    const head = Buffer.alloc(5);
    head.writeUInt8(at + BLOCK >= tar.byteLength ? 1 : 0, 0);
    head.writeUInt16LE(block.byteLength, 1);
    head.writeUInt16LE(~block.byteLength & 0xffff, 3);
    parts.push(head, block);
  }
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(tar), 0);
  tail.writeUInt32LE(tar.byteLength % 2 ** 32, 4);
  return Buffer.concat([...parts, tail]);
}
