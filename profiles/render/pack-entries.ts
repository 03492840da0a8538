/** What there is in folders of packs, found without opening more than has to be. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { openPackArchive, openPackDirectory, PackError, packOfChart } from '#packs/index';
import { parsePackJson } from '#packs/pack-json';

import type { SourcedPack } from './pack-source.ts';
import { sourcedPack } from './sourced-pack.ts';

export type PackEntry =
  | {
      readonly kind: 'pack' | 'chart';
      readonly path: string;
      readonly name: string;
      readonly version: string;
      readonly open: () => Promise<SourcedPack>;
    }
  | { readonly kind: 'broken'; readonly path: string; readonly error: PackError };

/** pack.json of an honest pack has a few kilobytes. */
const MAX_PACK_JSON = 4 * 1024 * 1024;

/** @throws PackError when one of the paths is not there, or is a file that is neither a pack nor a chart. */
export async function packEntries(paths: readonly string[]): Promise<readonly PackEntry[]> {
  const entries: PackEntry[] = [];
  for (const path of paths) {
    const found = await stat(path).catch((cause: unknown) => {
      throw PackError.at('UnreadableDirectory', path, 'packs-unreadable', 'there is no such folder or archive', {
        cause,
      });
    });
    if (found.isFile()) entries.push(await fromArchive(path));
    else if (await isFile(join(path, 'pack.json'))) entries.push(await fromDirectory(path));
    else {
      for (const name of (await readdir(path)).sort()) entries.push(...(await fromFolder(join(path, name))));
    }
  }
  return entries;
}

/** What stands in a folder of packs: there may be anything else too. */
async function fromFolder(path: string): Promise<readonly PackEntry[]> {
  try {
    if (await isFile(join(path, 'pack.json'))) return [await fromDirectory(path)];
    return /\.(tgz|tar\.gz)$/.test(path) && (await isFile(path)) ? [await fromArchive(path)] : [];
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    return [{ kind: 'broken', path, error }];
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Only pack.json is read; the rest when the pack is asked for. */
async function fromDirectory(path: string): Promise<PackEntry> {
  const file = join(path, 'pack.json');
  if ((await stat(file)).size > MAX_PACK_JSON)
    throw PackError.at('LimitExceeded', file, 'directory-limit', `more than ${MAX_PACK_JSON} bytes`);
  const { name, version } = parsePackJson(await readFile(file, 'utf8')).json;
  return { kind: 'pack', path, name, version, open: once(async () => sourcedPack(await openPackDirectory(path))) };
}

/** @throws PackError for an archive that is neither a pack's nor a chart's. */
async function fromArchive(path: string): Promise<PackEntry> {
  const archive = await readFile(path);
  try {
    const pack = await openPackArchive(archive);
    const signature = await signatureBeside(path);
    const { name, version } = pack;
    return { kind: 'pack', path, name, version, open: once(async () => sourcedPack(pack, { archive, signature })) };
  } catch (error) {
    if (!(error instanceof PackError) || !isMissingPackJson(error)) throw error;
    const chart = await packOfChart(archive).catch((cause: unknown) => {
      throw PackError.at('InvalidPack', path, 'no-pack', 'the archive holds neither a pack nor a chart', { cause });
    });
    const { pack, archive: packed, digest } = chart;
    const { name, version } = pack;
    return { kind: 'chart', path, name, version, open: async () => ({ pack, archive: packed, digest }) };
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

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return async () => (result ??= work());
}
