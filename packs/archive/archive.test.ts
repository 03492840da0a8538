import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip, gunzipSync, gzipSync } from 'node:zlib';

import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Header } from 'tar';

import { DEFAULT_LIMITS } from '../limits.ts';
import { PackError } from '../problem.ts';
import { textFiles } from '../testing/files.ts';
import { readArchive } from './read-archive.ts';
import { readDirectory } from './read-directory.ts';
import { tarOf, writeArchive } from './write-archive.ts';

type Entry = {
  readonly path: string;
  readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'Directory' | 'CharacterDevice' | 'FIFO';
  readonly linkpath?: string;
  readonly content?: string;
  readonly size?: number;
};

/** A tar.gz with entries as hostile as a test likes. */
function archiveOf(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ path, type = 'File', linkpath, content = '', size }) => {
    const block = Buffer.alloc(512);
    const body = Buffer.from(content);
    new Header({
      path,
      type,
      size: size ?? body.byteLength,
      mode: 0o644,
      ...(linkpath === undefined ? {} : { linkpath }),
    }).encode(block);
    return [block, body, Buffer.alloc((512 - (body.byteLength % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

async function refusal(work: Promise<unknown>): Promise<PackError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PackError);
  return error as PackError;
}

describe('an archive that must not be opened', () => {
  it.each<{ name: string; entries: Entry[]; code: string; rule: string }>([
    { name: 'a path that climbs out', entries: [{ path: '../evil' }], code: 'UnsafePath', rule: 'path-escape' },
    {
      name: 'a path that climbs out in its middle',
      entries: [{ path: 'a/../../evil' }],
      code: 'UnsafePath',
      rule: 'path-escape',
    },
    { name: 'an absolute path', entries: [{ path: '/etc/passwd' }], code: 'UnsafePath', rule: 'path-escape' },
    { name: 'a path with a drive', entries: [{ path: 'C:/evil' }], code: 'UnsafePath', rule: 'path-escape' },
    { name: 'a path with a backslash', entries: [{ path: '..\\evil' }], code: 'UnsafePath', rule: 'path-escape' },
    {
      name: 'a directory that climbs out',
      entries: [{ path: '../evil/', type: 'Directory' }],
      code: 'UnsafePath',
      rule: 'path-escape',
    },
    {
      name: 'a symbolic link',
      entries: [{ path: 'a', type: 'SymbolicLink', linkpath: '/etc' }],
      code: 'UnsafePath',
      rule: 'archive-entry-type',
    },
    {
      name: 'a hard link',
      entries: [
        { path: 'x', content: 'x' },
        { path: 'a', type: 'Link', linkpath: 'x' },
      ],
      code: 'UnsafePath',
      rule: 'archive-entry-type',
    },
    {
      name: 'a device',
      entries: [{ path: 'a', type: 'CharacterDevice' }],
      code: 'UnsafePath',
      rule: 'archive-entry-type',
    },
    { name: 'a pipe', entries: [{ path: 'a', type: 'FIFO' }], code: 'UnsafePath', rule: 'archive-entry-type' },
    {
      name: 'a path that occurs twice',
      entries: [
        { path: 'a', content: '1' },
        { path: './a', content: '2' },
      ],
      code: 'UnsafePath',
      rule: 'archive-duplicate-entry',
    },
    {
      name: 'a file that says it is huge',
      entries: [{ path: 'a', size: 10 ** 12 }],
      code: 'LimitExceeded',
      rule: 'archive-limit',
    },
    { name: 'nothing', entries: [], code: 'UnreadableArchive', rule: 'archive-unreadable' },
    {
      name: 'a file that ends early',
      entries: [{ path: 'a', content: 'x', size: 5000 }],
      code: 'UnreadableArchive',
      rule: 'archive-unreadable',
    },
  ])('$name', async ({ entries, code, rule }) => {
    const error = await refusal(readArchive(archiveOf(entries)));
    expect([error.code, error.problems[0]?.rule]).toEqual([code, rule]);
  });

  it.each([
    { name: 'no gzip', bytes: Buffer.from('hello') },
    { name: 'empty', bytes: Buffer.alloc(0) },
    { name: 'gzip of no tar', bytes: gzipSync(Buffer.alloc(4096, 'x')) },
    { name: 'cut in half', bytes: archiveOf([{ path: 'a', content: 'abc'.repeat(1000) }]).subarray(0, 60) },
    {
      name: 'damaged',
      bytes: Buffer.concat([archiveOf([{ path: 'a', content: 'abc' }]).subarray(0, 40), Buffer.alloc(40, 7)]),
    },
  ])('bytes that are $name', async ({ bytes }) => {
    expect((await refusal(readArchive(bytes))).code).toBe('UnreadableArchive');
  });

  it('an entry of a type that nobody knows', async () => {
    const tar = gunzipSync(archiveOf([{ path: 'a', content: 'x' }]));
    // Type "S", a sparse file of GNU tar, with its checksum (at 148) made right again.
    tar.write('S', 156);
    tar.fill(' ', 148, 156);
    const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    expect((await refusal(readArchive(gzipSync(tar)))).problems).toMatchObject([
      { file: 'a', rule: 'archive-entry-type' },
    ]);
  });

  it('a gzip bomb, long before it is unpacked', async () => {
    // 100 MiB of zeros behind a small file, in about 100 KiB of gzip.
    const header = Buffer.alloc(512);
    new Header({ path: 'bomb', type: 'File', size: 1024 }).encode(header);
    const parts: Buffer[] = [];
    const gzip = createGzip({ level: 9 });
    gzip.on('data', (part: Buffer) => parts.push(part));
    gzip.write(header);
    const zeros = Buffer.alloc(1024 * 1024);
    for (let index = 0; index < 100; index++)
      if (!gzip.write(zeros)) await new Promise((resolve) => gzip.once('drain', resolve));
    await new Promise<void>((resolve) => {
      gzip.on('end', resolve);
      gzip.end();
    });
    const started = performance.now();
    const error = await refusal(
      readArchive(Buffer.concat(parts), { ...DEFAULT_LIMITS, totalBytes: 1024 * 1024, entries: 100 }),
    );
    expect(error.code).toBe('LimitExceeded');
    expect(performance.now() - started).toBeLessThan(1000);
  });
  it('more entries than allowed', async () => {
    const entries = Array.from({ length: 11 }, (_, index) => ({ path: `f${index}` }));
    expect((await refusal(readArchive(archiveOf(entries), { ...DEFAULT_LIMITS, entries: 10 }))).message).toBe(
      '(archive): error: at most 10 allowed; it has more entries than that (archive-limit)',
    );
  });
  it('more bytes in all than allowed', async () => {
    const entries = Array.from({ length: 4 }, (_, index) => ({ path: `f${index}`, content: 'x'.repeat(1000) }));
    expect((await refusal(readArchive(archiveOf(entries), { ...DEFAULT_LIMITS, totalBytes: 3000 }))).code).toBe(
      'LimitExceeded',
    );
  });
  it('a larger archive than allowed', async () => {
    expect((await refusal(readArchive(archiveOf([{ path: 'a' }]), { ...DEFAULT_LIMITS, archiveBytes: 10 }))).code).toBe(
      'LimitExceeded',
    );
  });
});

describe('archives that are written', () => {
  const path = fc
    .array(
      fc
        .string({ unit: fc.constantFrom(...'abcXYZ019-_. é日'), minLength: 1, maxLength: 40 })
        .filter((part) => part.trim() !== '' && !/^\.+$/.test(part)),
      { minLength: 1, maxLength: 6 },
    )
    .map((parts) => parts.join('/'));
  const files = fc
    .dictionary(path, fc.uint8Array({ maxLength: 1500 }), { maxKeys: 8 })
    .map((map) => new Map(Object.entries(map)))
    .filter((map) => map.size > 0);

  it('come back as they went in', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (given) => {
        const back = await readArchive(writeArchive(given));
        expect([...back.keys()]).toEqual([...given.keys()].sort((a, b) => (a < b ? -1 : 1)));
        for (const [name, content] of given)
          expect(Buffer.from(back.get(name) ?? []).equals(Buffer.from(content))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
  it('are the same bytes whatever the order of the files', () => {
    fc.assert(
      fc.property(files, (given) => {
        const reversed = new Map([...given].toReversed());
        expect(writeArchive(reversed).equals(writeArchive(given))).toBe(true);
        expect(tarOf(reversed).equals(tarOf(given))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
  it('say nothing of time, machine and user', () => {
    const archive = writeArchive(textFiles({ 'pack.json': '{}' }));
    expect([...archive.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
    expect(archive[9]).toBe(255);
    const header = new Header(gunzipSync(archive).subarray(0, 512));
    expect({
      uid: header.uid,
      gid: header.gid,
      mode: header.mode,
      mtime: header.mtime?.getTime(),
      uname: header.uname,
    }).toEqual({ uid: 0, gid: 0, mode: 0o644, mtime: 0, uname: '' });
  });
  it('refuse paths that could not be opened again', () => {
    expect(() => writeArchive(textFiles({ '../x': '' }))).toThrow('climbs out');
  });
});

describe('directories', () => {
  const made: string[] = [];
  const directory = async (): Promise<string> => {
    const path = await mkdtemp(join(tmpdir(), 'pack-test-'));
    made.push(path);
    return path;
  };
  afterEach(async () => {
    for (const path of made.splice(0)) await rm(path, { recursive: true, force: true });
  });

  it('are read sorted, without what editors and version control leave', async () => {
    const root = await directory();
    await mkdir(join(root, '.git'));
    await mkdir(join(root, 'b'));
    for (const path of ['z', '.git/config', '.DS_Store', 'b/a', '.helmignore']) await writeFile(join(root, path), path);
    expect([...(await readDirectory(root)).keys()]).toEqual(['.helmignore', 'b/a', 'z']);
  });
  it('with a symbolic link are refused', async () => {
    const root = await directory();
    await symlink('/etc/hostname', join(root, 'a'));
    expect((await refusal(readDirectory(root))).problems).toMatchObject([{ file: 'a', rule: 'not-a-file' }]);
  });
  it('that are not there are told with their path', async () => {
    expect((await refusal(readDirectory('/nowhere/at/all'))).message).toContain(
      '/nowhere/at/all: error: cannot be read (ENOENT)',
    );
  });
  it('are bounded as archives are', async () => {
    const root = await directory();
    await writeFile(join(root, 'a'), 'x'.repeat(100));
    expect((await refusal(readDirectory(root, { ...DEFAULT_LIMITS, fileBytes: 99 }))).code).toBe('LimitExceeded');
  });
});
