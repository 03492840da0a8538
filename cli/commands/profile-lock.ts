/** `palette profile lock` */
import { dirname } from 'node:path';

import { readIfThere, writeFileAtomic } from '#cli/atomic-file';
import { CliError, exitCodes } from '#cli/cli-error';
import { formatTable, write, writeJson } from '#cli/output';
import { loadProfiles, parseLocation } from '#profiles/load/load-profiles';
import { EMPTY_LOCK, formatLock, lockPathOf, parseLock } from '#profiles/lock/lock-file';
import { updateLock, type LockChange } from '#profiles/lock/update-lock';

import type { OutputOptions } from './options.ts';
import type { SourceOptions } from './profile-options.ts';
import { withWorkbench } from './profile-sources.ts';

export type LockOptions = SourceOptions &
  OutputOptions & { readonly update?: string[] | true; readonly check?: true; readonly prune?: true };

export async function lock(files: readonly string[], options: LockOptions): Promise<void> {
  const byFolder = new Map<string, string[]>();
  for (const program of files) {
    const folder = dirname(parseLocation(program).file);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), program]);
  }
  const changes = await withWorkbench(options, async ({ source, signal }) => {
    const all: (LockChange & { readonly file: string })[] = [];
    for (const programs of byFolder.values()) {
      const file = lockPathOf(parseLocation(programs[0] ?? '').file);
      const text = await readIfThere(file);
      const before = text === undefined ? EMPTY_LOCK : parseLock(file, text);
      const documents = (await Promise.all(programs.map(async (program) => loadProfiles(program)))).flat();
      const update = options.update === true ? 'all' : (options.update ?? []);
      if (update !== 'all')
        refuseUnknown(
          update,
          before.packs.map(({ name }) => name),
        );
      const { lock: after, changes: found } = await updateLock(
        documents.map(({ document }) => document),
        before,
        { source, update, prune: options.prune ?? false, signal },
      );
      const content = formatLock(after);
      if (options.check !== true && content !== text) await writeFileAtomic(file, content, 0o644);
      all.push(...found.map((change) => ({ file, ...change })));
    }
    return all;
  });
  if (options.output === 'json') writeJson(changes);
  else
    write(
      formatTable(
        ['pack', 'wanted', 'was', 'is', 'lock file'],
        changes.map(({ name, wanted, before, after, file }) => [name, wanted, before ?? '-', after ?? '-', file]),
        'nothing to change',
      ),
    );
  if (options.check === true && changes.length > 0)
    throw new CliError('the lock file is out of date', {
      hint: 'Run `palette profile lock` with the same files and commit palette.lock.json.',
    });
}

function refuseUnknown(update: readonly string[], known: readonly string[]): void {
  const unknown = update.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new CliError(`--update ${unknown}: the lock file has no such pack`, {
      hint: `There are: ${[...new Set(known)].join(', ') || 'none'}.`,
      exitCode: exitCodes.usage,
    });
}
