import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { claimFolder } from './claim-folder.ts';

describe('claimFolder', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'palette-claim-'));
  });
  afterAll(async () => rm(root, { recursive: true }));

  it.each([
    { name: 'a short path', folder: 'short' },
    { name: 'a path longer than a socket may have', folder: 'long-'.repeat(30) },
  ])('gives a folder to one at a time: $name', async ({ folder }) => {
    const dir = join(root, folder);
    await mkdir(dir);
    const claim = await claimFolder(dir);
    await expect(claimFolder(dir)).rejects.toThrow(/another process uses this folder/);
    await claim.release();
    const again = await claimFolder(dir);
    await again.release();
  });

  it('takes over from a process that died', async () => {
    const dir = join(root, 'dead');
    await mkdir(dir);
    // What a killed process leaves: a file on which nobody listens.
    await writeFile(join(dir, '.claim'), '');
    const claim = await claimFolder(dir);
    await expect(claimFolder(dir)).rejects.toThrow(/another process/);
    await claim.release();
  });
});
