import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';

import { stringify } from 'yaml';

import { writeFileAtomic } from '#cli/atomic-file';
import { CliError, exitCodes } from '#cli/cli-error';
import { write, writeJson } from '#cli/output';
import { type Finding, formatFinding } from '#crossplane/migrate/report';
import { migrate } from '#crossplane/migrate/migrate';
import type { SourceText } from '#crossplane/migrate/source';
import { loadTargets } from '#crossplane/migrate/targets';

import type { MigrateCommandOptions } from './crossplane.ts';

/** Readers of Kubernetes take `n` and `on` for booleans, and not all of them know aliases. */
const YAML = { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' } as const;

/** @throws CliError when something was not carried over, or needs somebody's hand. */
export async function migrateCommand(files: readonly string[], options: MigrateCommandOptions): Promise<void> {
  const texts: SourceText[] = [];
  for (const file of files) texts.push(...(await readTexts(file)));
  const { manifests, findings } = migrate(texts, {
    create: options.create === true,
    observe: options.observe === true,
    project: options.project,
    targets: await loadTargets(),
  });
  const yaml = manifests.map((manifest) => `---\n${stringify(manifest, YAML)}`).join('');
  if (options.out !== undefined) await writeFileAtomic(options.out, yaml, 0o600);
  if (options.output === 'json') writeJson({ ...(options.out === undefined ? { manifests } : {}), findings });
  else {
    if (options.out === undefined && yaml !== '') write(yaml);
    for (const finding of findings) process.stderr.write(`${formatFinding(finding)}\n`);
  }
  const open = findings.filter(({ level }) => level !== 'changed');
  process.stderr.write(`${count(manifests.length, 'manifest')} written; ${summary(findings)}\n`);
  if (open.length > 0) {
    throw new CliError('not everything was carried over', {
      hint: 'lost: has no counterpart and is left out. action: somebody has to do something. See docs/crossplane.md.',
    });
  }
}

function summary(findings: readonly Finding[]): string {
  const levels = ['lost', 'action', 'changed'] as const;
  return levels.map((level) => `${findings.filter((finding) => finding.level === level).length} ${level}`).join(', ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Standard input for `-`; of a folder, the manifests in it and below, in the order of their names. */
async function readTexts(file: string): Promise<readonly SourceText[]> {
  if (file === '-') return [{ file: 'standard input', text: await readAll(process.stdin) }];
  const found = await stat(file).catch((cause: unknown) => {
    throw new CliError(`${file}: there is no such file or folder`, { cause, exitCode: exitCodes.usage });
  });
  if (!found.isDirectory()) return [{ file, text: await readFile(file, 'utf8') }];
  const entries = await readdir(file, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && /\.(?:ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return Promise.all(names.map(async (name) => ({ file: name, text: await readFile(name, 'utf8') })));
}
