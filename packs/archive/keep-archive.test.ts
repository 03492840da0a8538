import { gzipSync } from 'node:zlib';

import { describe, expect, it } from '@jest/globals';

import { archivePack, openPackArchive } from '../pack.ts';
import { packJson, textFiles } from '../testing/files.ts';
import { keepArchive } from './keep-archive.ts';
import { tarOf, writeArchive } from './write-archive.ts';

const files = textFiles({ 'pack.json': packJson({}), 'values.yaml': 'pack:\n  namespace: x\n' });

describe('the archive of a pack that came as one', () => {
  it.each([
    { name: 'our own is kept', make: () => writeArchive(files), kept: true },
    {
      name: 'one of the same tar that another zlib packed is kept',
      make: () => gzipSync(tarOf(files), { level: 1 }),
      kept: true,
    },
    {
      name: 'one with other times and owners is written anew',
      make: () => {
        const tar = tarOf(files);
        // The modification time of the first entry, and its checksum.
        tar.write('00000000001\0', 136, 'latin1');
        const sum = tar
          .subarray(0, 512)
          .fill(' ', 148, 156)
          .reduce((total, byte) => total + byte, 0);
        tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
        return gzipSync(tar);
      },
      kept: false,
    },
    {
      name: 'one with more after its end is written anew',
      make: () => gzipSync(Buffer.concat([tarOf(files), Buffer.alloc(5120)])),
      kept: false,
    },
  ])('$name', async ({ make, kept }) => {
    const given = make();
    const pack = await openPackArchive(given);
    expect(Buffer.from(keepArchive(pack, given)).equals(kept ? given : archivePack(pack))).toBe(true);
  });
});
