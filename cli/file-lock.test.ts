import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { lock, lockHolder, tryLock } from './file-lock.ts';

let dir = '';
let file = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'palette-lock-'));
  file = join(dir, 'lock');
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

/** A process of that number that started at another time: the number was given again. */
const formerOwner = { pid: process.pid, started: 'long ago', nonce: 'old' };

describe('a lock between processes', () => {
  it('is held by one, named to the next, and free again after its release', async () => {
    const first = await tryLock(file);
    expect(await tryLock(file)).toEqual({ kind: 'held', pid: process.pid });
    expect(await lockHolder(file)).toBe(process.pid);
    if (first.kind === 'taken') await first.lock.release();
    expect(await lockHolder(file)).toBeUndefined();
    expect((await tryLock(file)).kind).toBe('taken');
  });

  it.each([
    { name: 'whose owner has ended', content: JSON.stringify(formerOwner) },
    { name: 'that nobody can read', content: 'garbage' },
  ])('is taken over from one $name', async ({ content }) => {
    await writeFile(file, content);
    expect((await tryLock(file)).kind).toBe('taken');
    expect(await readdir(dir)).toEqual(['lock']);
  });

  it('is taken by exactly one of many that come upon a stale one together', async () => {
    await writeFile(file, JSON.stringify(formerOwner));
    const answers = await Promise.all(Array.from({ length: 20 }, async () => tryLock(file)));
    expect(answers.filter(({ kind }) => kind === 'taken')).toHaveLength(1);
  });

  it('lets those who wait in one after the other', async () => {
    let inside = 0;
    let most = 0;
    const signal = AbortSignal.timeout(20_000);
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        const held = await lock(file, { signal });
        most = Math.max(most, ++inside);
        await readdir(dir);
        inside--;
        await held.release();
      }),
    );
    expect(most).toBe(1);
  });

  it('is no longer waited for after an abort', async () => {
    await tryLock(file);
    const waiting = new AbortController();
    await expect(
      lock(file, { signal: waiting.signal, onWait: () => waiting.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
  });
});
