import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { writeArchive } from '#packs/archive/write-archive';
import { archivePack, openPackDirectory } from '#packs/index';
import { packJson, textFiles } from '#packs/testing/files';

import { directorySource } from './directory-source.ts';

const signal = new AbortController().signal;
const at = { signal };
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'palette-folders-'));
  await pack('demo-1.0.0', { name: 'demo', version: '1.0.0' });
  await pack('odd', { name: 'demo', version: '1.1.0' });
  await pack('broken-1.0.0', '{ "name": ');
  await writeFile(join(dir, 'notes.txt'), 'x');
  await writeFile(join(dir, 'other.tgz'), 'no archive');
  await writeFile(
    join(dir, 'nginx-15.0.0.tgz'),
    writeArchive(
      textFiles({
        'nginx/Chart.yaml': 'apiVersion: v2\nname: nginx\nversion: 15.0.0\n',
        'nginx/values.yaml': 'a: 1\n',
      }),
    ),
  );
});
afterAll(async () => rm(dir, { recursive: true }));

async function pack(folder: string, json: object | string): Promise<void> {
  await mkdir(join(dir, folder), { recursive: true });
  await writeFile(join(dir, folder, 'pack.json'), typeof json === 'string' ? json : packJson({ ...json }));
  await writeFile(join(dir, folder, 'values.yaml'), `folder: ${folder}\n`);
}

describe('a folder of packs', () => {
  it('has packs by what they say of themselves, whatever their folders are called', async () => {
    const source = directorySource([dir]);
    const name = { type: 'spectro', name: 'demo' } as const;
    expect([...(await source.versions(name, at))].sort()).toEqual(['1.0.0', '1.1.0']);
    const opened = await source.open({ ...name, version: '1.1.0' }, at);
    expect(opened?.pack.values).toBe('folder: odd\n');
    expect(opened?.archive).toEqual(archivePack(await openPackDirectory(join(dir, 'odd'))));
    expect(await source.open({ ...name, version: '2.0.0' }, at)).toBeUndefined();
  });

  it('has charts, for every registry of charts and under no other name', async () => {
    const source = directorySource([dir]);
    for (const [type, name] of [
      ['helm', 'nginx'],
      ['oci', 'org/nginx'],
    ] as const)
      expect(await source.versions({ type, name, registry: 'any' }, at)).toEqual(['15.0.0']);
    expect(await source.versions({ type: 'spectro', name: 'nginx' }, at)).toEqual([]);
    expect((await source.open({ type: 'helm', name: 'nginx', version: '15.0.0' }, at))?.pack.charts).toHaveLength(1);
  });

  it('says what is wrong with a pack to who asks for it, and to nobody else', async () => {
    const source = directorySource([dir]);
    await expect(source.versions({ type: 'spectro', name: 'broken' }, at)).rejects.toThrow(/pack\.json/);
    await expect(source.versions({ type: 'spectro', name: 'other' }, at)).rejects.toThrow(/other\.tgz|archive/);
    expect(await source.versions({ type: 'spectro', name: 'gone' }, at)).toEqual([]);
  });

  it('refuses a pack that stands there twice, when it is asked for', async () => {
    const second = await mkdtemp(join(tmpdir(), 'palette-second-'));
    try {
      await cp(join(dir, 'demo-1.0.0'), join(second, 'again'), { recursive: true });
      const source = directorySource([dir, second]);
      await expect(source.open({ type: 'spectro', name: 'demo', version: '1.0.0' }, at)).rejects.toThrow(/is also in/);
      expect(await source.open({ type: 'spectro', name: 'demo', version: '1.1.0' }, at)).toBeDefined();
    } finally {
      await rm(second, { recursive: true });
    }
  });

  it('may be a pack, and has to be there', async () => {
    expect(await directorySource([join(dir, 'odd')]).versions({ type: 'spectro', name: 'demo' }, at)).toEqual([
      '1.1.0',
    ]);
    await expect(directorySource([join(dir, 'gone')]).versions({ type: 'spectro', name: 'x' }, at)).rejects.toThrow(
      'there is no such folder or archive',
    );
    await expect(
      directorySource([join(dir, 'notes.txt')]).versions({ type: 'spectro', name: 'x' }, at),
    ).rejects.toThrow();
  });
});
