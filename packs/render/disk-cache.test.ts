import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';

import { createDiskCache, type DiskCache } from './disk-cache.ts';

let dir: string;
const open = (changes: { dir?: string; maxBytes?: number } = {}): DiskCache =>
  createDiskCache({ dir, maxBytes: 1_000_000, log: silentLogger, ...changes });
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'palette-render-cache-'));
});
afterEach(async () => rm(dir, { recursive: true, force: true }));

describe('the render cache on disk', () => {
  it('gives back what was put in, in another process too', async () => {
    await open().set('input', 'output');
    expect(await open().get('input')).toBe('output');
    expect(await open().get('another')).toBeUndefined();
  });
  it('holds nothing that can be read without the input', async () => {
    await open().set('password: hunter2', 'stringData: hunter2');
    for (const name of await readdir(dir)) {
      expect(name).toMatch(/^[0-9a-f]{64}\.render$/);
      expect((await readFile(join(dir, name))).includes('hunter2')).toBe(false);
      expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600);
    }
  });
  it('does not take a file that was changed, cut off or made up', async () => {
    await open().set('input', 'output');
    const [name = ''] = await readdir(dir);
    const whole = await readFile(join(dir, name));
    const flipped = Buffer.from(whole);
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    for (const bytes of [flipped, whole.subarray(0, 20), whole.subarray(0, whole.length - 1), Buffer.alloc(0)]) {
      await writeFile(join(dir, name), bytes);
      expect(await open().get('input')).toBeUndefined();
      // And it is gone, so that the next rendering takes its place.
      expect(await readdir(dir)).toEqual([]);
    }
  });
  it('does not grow without bound: what was not used for longest goes', async () => {
    const cache = open({ maxBytes: 4_000 });
    const big = (seed: number): string =>
      Array.from({ length: 300 }, (_, index) => String(Math.sin(seed + index))).join();
    await cache.set('old', big(1));
    const [old = ''] = await readdir(dir);
    await utimes(join(dir, old), new Date(0), new Date(0));
    for (let index = 0; index < 60; index++) await cache.set(`new ${index}`, big(index));
    expect(await cache.get('old')).toBeUndefined();
    expect((await readdir(dir)).length).toBeLessThan(60);
    expect(await cache.get('new 59')).toBe(big(59));
  });
  it('is no reason to fail', async () => {
    const file = join(dir, 'file');
    await writeFile(file, '');
    const cache = open({ dir: join(file, 'below') });
    await cache.set('input', 'output');
    expect(await cache.get('input')).toBeUndefined();
  });
});
