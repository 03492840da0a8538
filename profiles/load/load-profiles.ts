/** Profiles of a file: a program in TypeScript or JavaScript, or documents in JSON or YAML. */
import { readFile, stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';

import { policiesOf } from '#profiles/authoring/attached';
import type { ProfileDocument } from '#profiles/document';
import type { PolicyRule } from '#profiles/policy/policy';
import { ProfileError, titleOf } from '#profiles/problem';

import { documentsOfText } from './documents.ts';
import { exportsOfProgram } from './program.ts';

export interface LoadedProfile {
  /** Name under which the program exports it; for documents their place, such as `0`. */
  readonly exportName: string;
  readonly document: ProfileDocument;
  /** Attached by the program. */
  readonly policies: readonly PolicyRule[];
}

/**
 * Every profile of a file. `FILE#NAME` takes one: by the name of its export, by its own name, or by `name@version`.
 * A program is run: it may do what a program may do.
 *
 * @param location path of a `.ts`, `.mts`, `.js`, `.mjs`, `.json`, `.yaml` or `.yml` file, with `#NAME` or without.
 * @throws ProfileError for a file that cannot be read or run, that holds no profile, or not the one asked for.
 */
export async function loadProfiles(location: string): Promise<readonly LoadedProfile[]> {
  const { file, name } = parseLocation(location);
  const all = await loadAll(file);
  if (all.length === 0)
    throw refuse(
      file,
      'no-profile',
      isProgram(file)
        ? 'there is no profile in it; export what `defineProfile({ … })` gives'
        : 'there is no profile in it; expected `apiVersion: palette-iac.dev/v1` and `kind: ClusterProfile`',
    );
  refuseTwice(file, all);
  if (name === undefined) return all;
  const found =
    all.filter(({ exportName }) => exportName === name).length > 0
      ? all.filter(({ exportName }) => exportName === name)
      : all.filter(({ document }) => document.name === name || `${document.name}@${document.version}` === name);
  if (found.length > 0) return found;
  const known = all.map(({ exportName, document }) => `${exportName} (${titleOf(document)})`).join(', ');
  throw refuse(file, 'no-profile', `there is no profile ${JSON.stringify(name)} in it; there are ${known}`);
}

/** `FILE#NAME` in its parts. */
export function parseLocation(location: string): { readonly file: string; readonly name: string | undefined } {
  const at = location.lastIndexOf('#');
  return at <= 0
    ? { file: location, name: undefined }
    : { file: location.slice(0, at), name: location.slice(at + 1) || undefined };
}

async function loadAll(file: string): Promise<readonly LoadedProfile[]> {
  if (isProgram(file)) {
    return (await exportsOfProgram(resolve(file))).map(({ exportName, document }) => ({
      exportName,
      document,
      policies: policiesOf(document),
    }));
  }
  if (!['.json', '.yaml', '.yml'].includes(extname(file)))
    throw refuse(file, 'file-kind', 'expected a program (.ts, .mts, .js, .mjs) or documents (.json, .yaml, .yml)');
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > MAX_FILE) throw refuse(file, 'too-large', `${size} bytes; at most ${MAX_FILE}`);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw ProfileError.of(
      { profile: '', file, rule: 'file-unreadable', message: 'the file cannot be read' },
      { cause },
    );
  });
  return documentsOfText(file, text).map((document, index) => ({ exportName: String(index), document, policies: [] }));
}

function isProgram(file: string): boolean {
  return /^\.[cm]?[jt]s$/.test(extname(file));
}

/** Most bytes of a file of documents. */
const MAX_FILE = 64 * 1024 * 1024;

/** A version of a profile stands once, or nobody knows which one is meant. */
function refuseTwice(file: string, all: readonly LoadedProfile[]): void {
  for (const [index, { document, exportName }] of all.entries()) {
    const other = all.slice(0, index).find((one) => titleOf(one.document) === titleOf(document));
    if (other)
      throw refuse(
        file,
        'duplicate-profile',
        `${other.exportName} and ${exportName} are both ${titleOf(document)}; give one of them another name or version`,
      );
  }
}

function refuse(file: string, rule: string, message: string): ProfileError {
  return ProfileError.of({ profile: '', file, rule, message });
}
