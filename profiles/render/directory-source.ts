import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { sha256 } from '#core/digest';
import { archivePack, openPackArchive, openPackDirectory, PackError, type Pack } from '#packs/index';

import type { PackName, PackRequest, PackSource, SourcedPack } from './pack-source.ts';

interface Entry {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly open: () => Promise<SourcedPack>;
}

/**
 * Packs of folders: each path is a pack's folder, a pack's archive, or a folder of both. Folders are looked at when the
 * first pack is asked for, and once; what is no pack is passed over.
 *
 * @throws PackError when a path cannot be read, or two packs have one name and version.
 */
export function directorySource(paths: readonly string[]): PackSource {
  let entries: Promise<readonly Entry[]> | undefined;
  const all = async (): Promise<readonly Entry[]> => (entries ??= readAll(paths));
  const find = async ({ name, version }: PackRequest): Promise<Entry | undefined> =>
    (await all()).find((entry) => entry.name === name && entry.version === version);
  return {
    description: `${paths.length === 1 ? 'the folder' : 'the folders'} ${paths.join(', ')}`,
    versions: async ({ name }: PackName) =>
      (await all()).filter((entry) => entry.name === name).map(({ version }) => version),
    open: async (request) => (await find(request))?.open(),
  };
}

async function readAll(paths: readonly string[]): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((cause: unknown) => {
      throw PackError.at('UnreadableDirectory', path, 'packs-unreadable', 'there is no such folder or archive', {
        cause,
      });
    });
    if (found.isFile()) entries.push(await fromArchive(path));
    else if (await isFile(join(path, 'pack.json'))) entries.push(await fromDirectory(path));
    else {
      for (const name of (await readdir(path)).sort()) {
        const below = join(path, name);
        if (await isFile(join(below, 'pack.json'))) entries.push(await fromDirectory(below));
        else if (/\.(tgz|tar\.gz)$/.test(name) && (await isFile(below))) entries.push(await fromArchive(below));
      }
    }
  }
  for (const [index, entry] of entries.entries()) {
    const other = entries.slice(0, index).find(({ name, version }) => name === entry.name && version === entry.version);
    if (other)
      throw PackError.at(
        'InvalidPack',
        entry.path,
        'duplicate-pack',
        `the pack ${entry.name} ${entry.version} is also in ${other.path}; leave one of them`,
      );
  }
  return entries;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function fromDirectory(path: string): Promise<Entry> {
  return entryOf(path, await openPackDirectory(path));
}

async function fromArchive(path: string): Promise<Entry> {
  return entryOf(path, await openPackArchive(await readFile(path)));
}

function entryOf(path: string, pack: Pack): Entry {
  let sourced: SourcedPack | undefined;
  return {
    path,
    name: pack.name,
    version: pack.version,
    open: async () => (sourced ??= sourcedPack(pack)),
  };
}

/** The pack with its canonical archive, the one that a plane stores for it. */
export function sourcedPack(pack: Pack): SourcedPack {
  const archive = archivePack(pack);
  return { pack, archive, digest: sha256(archive) };
}
