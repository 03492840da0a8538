import { PackError } from '#packs/index';

import { packEntries, type PackEntry } from './pack-entries.ts';
import type { PackName, PackRequest, PackSource } from './pack-source.ts';

/**
 * Packs of folders: each path is a pack's folder, an archive, or a folder of both. An archive is a pack's, or a chart's as
 * `helm package` makes it, which stands for the chart in any Helm or OCI registry. Folders are looked at when the first pack
 * is asked for, and once; what is neither is passed over in a folder. A pack is opened when it is asked for, and what is
 * wrong with it concerns nobody else.
 *
 * @throws PackError when a path cannot be read, or two packs have the name and version that is asked for.
 */
export function directorySource(paths: readonly string[]): PackSource {
  let entries: Promise<readonly PackEntry[]> | undefined;
  const called = async (pack: PackName): Promise<readonly Extract<PackEntry, { kind: 'pack' | 'chart' }>[]> => {
    entries ??= packEntries(paths);
    const kind = pack.type === 'spectro' ? 'pack' : 'chart';
    const name = pack.name.slice(pack.name.lastIndexOf('/') + 1); // charts of OCI registries have paths
    const found = (await entries).flatMap((entry) => (entry.kind === kind && entry.name === name ? [entry] : []));
    const broken = (await entries).find((entry) => entry.kind === 'broken' && isNamed(entry.path, name));
    // What may be the pack that is asked for is no pack that is not there.
    if (found.length === 0 && broken?.kind === 'broken') throw broken.error;
    return found;
  };
  const find = async (request: PackRequest): Promise<Extract<PackEntry, { kind: 'pack' | 'chart' }> | undefined> => {
    const [entry, other] = (await called(request)).filter(({ version }) => version === request.version);
    if (entry && other)
      throw PackError.at(
        'InvalidPack',
        other.path,
        'duplicate-pack',
        `the ${entry.kind} ${entry.name} ${entry.version} is also in ${entry.path}; leave one of them`,
      );
    return entry;
  };
  return {
    description: `${paths.length === 1 ? 'the folder' : 'the folders'} ${paths.join(', ')}`,
    versions: async (pack) => [...new Set((await called(pack)).map(({ version }) => version))],
    open: async (request) => (await find(request))?.open(),
  };
}

/** Folders and archives are usually called `name-version`. */
function isNamed(path: string, name: string): boolean {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file === name || file.startsWith(`${name}-`) || file.startsWith(`${name}.`);
}
