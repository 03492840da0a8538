/** `palette pack import` */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomic } from '#cli/atomic-file';
import { CliError } from '#cli/cli-error';
import { write } from '#cli/output';
import { typesOfPack, type Pack } from '#packs/index';
import { packEntries } from '#profiles/render/pack-entries';
import { compareVersions, pickVersion } from '#profiles/version';

import { openPack } from './pack-render.ts';
import type { SourceOptions } from './profile-options.ts';
import { withWorkbench } from './profile-sources.ts';

export type PackImportOptions = SourceOptions & {
  readonly type: 'spectro' | 'helm' | 'oci';
  readonly registry?: string;
  readonly outputFile?: string;
  readonly strict?: true;
};

/** Writes the types of a pack's values. @throws CliError when there is no such pack or version. */
export async function importPack(name: string, options: PackImportOptions): Promise<void> {
  const pack = (await isThere(name)) ? await openPack(name) : await fromSource(name, options);
  const file = options.outputFile ?? `${pack.name.replaceAll(/[^\w.-]+/g, '-')}.ts`;
  const types = typesOfPack(pack, {
    as: options.type === 'spectro' ? 'pack' : options.type,
    typesOnly: file.endsWith('.d.ts'),
    strict: options.strict === true,
  });
  if (file === '-') {
    write(types);
    return;
  }
  await writeFileAtomic(file, types, 0o644);
  write(`${file}: types of ${pack.name} ${pack.version}`);
}

/** What looks like a path and is there is one; a folder beside us with a pack's name is not meant. */
async function isThere(name: string): Promise<boolean> {
  const found = await stat(name).catch(() => undefined);
  if (!found) return false;
  return found.isFile() || (await stat(join(name, 'pack.json')).catch(() => undefined)) !== undefined;
}

async function fromSource(given: string, options: PackImportOptions): Promise<Pack> {
  const at = given.lastIndexOf('@');
  const [name, wanted] = at > 0 ? [given.slice(0, at), given.slice(at + 1)] : [given, 'latest'];
  const { type, registry } = options;
  return withWorkbench(options, async ({ source, signal }) => {
    const asked = { type, name, ...(registry === undefined ? {} : { registry }) };
    const versions = await source.versions(asked, { signal });
    if (versions.length === 0)
      throw new CliError(`${source.description}: there is no ${type === 'spectro' ? 'pack' : 'chart'} ${name}`, {
        hint: await namesIn(options),
      });
    const version = pickVersion(wanted, versions);
    const sourced = version === undefined ? undefined : await source.open({ ...asked, version }, { signal });
    if (sourced) return sourced.pack;
    const newest = [...versions].sort((a, b) => compareVersions(b, a)).slice(0, 10);
    throw new CliError(`${name} has no version ${wanted}; there are ${newest.join(', ')}`);
  });
}

/** What the folders hold: a pack need not be called as its folder is. */
async function namesIn({ packs = [], type }: PackImportOptions): Promise<string> {
  const kind = type === 'spectro' ? 'pack' : 'chart';
  const entries = packs.length === 0 ? [] : await packEntries(packs);
  const names = new Set(entries.flatMap((entry) => (entry.kind === kind ? [entry.name] : [])));
  return names.size === 0 ? '' : `There are: ${[...names].toSorted().slice(0, 50).join(', ')}.`;
}
