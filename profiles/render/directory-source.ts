import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { sha256 } from '#core/digest';
import { archivePack, openPackArchive, openPackDirectory, PackError, packOfChart, type Pack } from '#packs/index';
import { keepArchive } from '#packs/archive/keep-archive';

import type { PackName, PackRequest, PackSource, SourcedPack } from './pack-source.ts';

interface Entry {
  readonly path: string;
  readonly kind: 'pack' | 'chart';
  readonly name: string;
  readonly version: string;
  readonly open: () => Promise<SourcedPack>;
}

/**
 * Packs of folders: each path is a pack's folder, an archive, or a folder of both. An archive is a pack's, or a chart's as
 * `helm package` makes it, which stands for the chart in any Helm or OCI registry. Folders are looked at when the first pack
 * is asked for, and once; what is neither is passed over in a folder.
 *
 * @throws PackError when a path cannot be read, or two packs have one name and version.
 */
export function directorySource(paths: readonly string[]): PackSource {
  let entries: Promise<readonly Entry[]> | undefined;
  const all = async (): Promise<readonly Entry[]> => (entries ??= readAll(paths));
  const called = async ({ type, name }: PackName): Promise<readonly Entry[]> =>
    (await all()).filter(
      (entry) => entry.kind === (type === 'spectro' ? 'pack' : 'chart') && entry.name === lastPart(name),
    );
  const find = async (request: PackRequest): Promise<Entry | undefined> =>
    (await called(request)).find(({ version }) => version === request.version);
  return {
    description: `${paths.length === 1 ? 'the folder' : 'the folders'} ${paths.join(', ')}`,
    versions: async (pack) => (await called(pack)).map(({ version }) => version),
    open: async (request) => (await find(request))?.open(),
  };
}

/** Charts of OCI registries have paths. */
function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
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
        else if (/\.(tgz|tar\.gz)$/.test(name) && (await isFile(below))) entries.push(...(await fromAnyArchive(below)));
      }
    }
  }
  for (const [index, entry] of entries.entries()) {
    const other = entries
      .slice(0, index)
      .find(({ kind, name, version }) => kind === entry.kind && name === entry.name && version === entry.version);
    if (other)
      throw PackError.at(
        'InvalidPack',
        entry.path,
        'duplicate-pack',
        `the ${entry.kind} ${entry.name} ${entry.version} is also in ${other.path}; leave one of them`,
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
  return entryOf(path, 'pack', await openPackDirectory(path));
}

/** @throws PackError for an archive that is neither a pack's nor a chart's. */
async function fromArchive(path: string): Promise<Entry> {
  const archive = await readFile(path);
  try {
    return entryOf(path, 'pack', await openPackArchive(archive), { archive, signature: await signatureBeside(path) });
  } catch (error) {
    if (!(error instanceof PackError) || !isMissingPackJson(error)) throw error;
    const {
      pack,
      archive: packed,
      digest,
    } = await packOfChart(archive).catch((cause: unknown) => {
      throw PackError.at('InvalidPack', path, 'no-pack', 'the archive holds neither a pack nor a chart', { cause });
    });
    return {
      path,
      kind: 'chart',
      name: pack.name,
      version: pack.version,
      open: async () => ({ pack, archive: packed, digest }),
    };
  }
}

/** In a folder there may be archives of anything. */
async function fromAnyArchive(path: string): Promise<readonly Entry[]> {
  try {
    return [await fromArchive(path)];
  } catch (error) {
    if (error instanceof PackError && error.problems.some(({ rule }) => rule === 'no-pack')) return [];
    throw error;
  }
}

function isMissingPackJson({ problems }: PackError): boolean {
  return problems.some(({ rule }) => rule === 'pack-json-missing');
}

/** What `cosign sign-blob` and `palette pack sign` write. */
async function signatureBeside(path: string): Promise<string | undefined> {
  return readFile(`${path}.sig`, 'utf8').then(
    (text) => (/^[A-Za-z0-9+/]{1,4096}={0,2}\s*$/.test(text) ? text.trim() : undefined),
    () => undefined,
  );
}

interface GivenArchive {
  readonly archive: Uint8Array;
  readonly signature: string | undefined;
}

function entryOf(path: string, kind: Entry['kind'], pack: Pack, given?: GivenArchive): Entry {
  let sourced: SourcedPack | undefined;
  return {
    path,
    kind,
    name: pack.name,
    version: pack.version,
    open: async () => (sourced ??= sourcedPack(pack, given)),
  };
}

/** The pack with its canonical archive, the one that a plane stores for it; `given` when it came as one. */
export function sourcedPack(pack: Pack, given?: GivenArchive): SourcedPack {
  if (given?.signature !== undefined) {
    const { archive, signature } = given;
    return { pack, archive, digest: sha256(archive), signature };
  }
  const archive = given === undefined ? archivePack(pack) : keepArchive(pack, given.archive);
  return { pack, archive, digest: sha256(archive) };
}
