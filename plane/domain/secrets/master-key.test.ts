import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ensureMasterKey } from './master-key.ts';

describe('ensureMasterKey', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'palette-key-'));
  });
  afterAll(async () => rm(dir, { recursive: true }));

  it('makes one key for all who ask at the same time, readable by its owner only, and leaves nothing else', async () => {
    const file = join(dir, 'new', 'master.key');
    const keys = await Promise.all(Array.from({ length: 5 }, async () => ensureMasterKey(file)));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    expect(keys[0]).toHaveLength(32);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(dir, 'new'))).toEqual(['master.key']);
  });

  it('refuses a key that others can read, and a file that is none', async () => {
    const open = join(dir, 'open.key');
    await ensureMasterKey(open);
    await chmod(open, 0o644);
    await expect(ensureMasterKey(open)).rejects.toThrow(`chmod 600 ${open}`);
    const broken = join(dir, 'broken.key');
    await writeFile(broken, 'short', { mode: 0o600 });
    await expect(ensureMasterKey(broken)).rejects.toThrow(/not a master key/);
  });
});
