import { access } from 'node:fs/promises';
import { inspect } from 'node:util';

import { createJiti } from 'jiti';

import * as authoring from '#profiles/index';
import { looksLikeProfile, policiesOf, withPolicies } from '#profiles/authoring/attached';
import type { ProfileDocument } from '#profiles/document';
import { ProfileError } from '#profiles/problem';

import { parseDocument } from './documents.ts';

export interface ExportedProfile {
  readonly exportName: string;
  readonly document: ProfileDocument;
}

/**
 * Runs a program and gives the profiles among its exports: each export that is one, and those of an exported list.
 * TypeScript is stripped, not checked. `palette-iac/profiles` is the one that runs here, so that a program needs no
 * installation of its own.
 *
 * @param file absolute path.
 * @throws ProfileError with file and line of what the program failed at.
 */
export async function exportsOfProgram(file: string): Promise<readonly ExportedProfile[]> {
  await access(file).catch((cause: unknown) => {
    throw ProfileError.of({ profile: '', file, rule: 'file-unreadable', message: 'there is no such file' }, { cause });
  });
  const exported = await runProgram(file);
  const found: ExportedProfile[] = [];
  const seen = new Set<unknown>();
  // The name of its own is the better one, where a profile is exported more than once.
  const rank = ([name, value]: readonly [string, unknown]): number =>
    name === 'default' ? 2 : Array.isArray(value) ? 1 : 0;
  for (const [exportName, value] of Object.entries(exported).sort((a, b) => rank(a) - rank(b))) {
    const candidates: unknown[] = Array.isArray(value) ? value : [value];
    for (const [index, candidate] of candidates.entries()) {
      // A profile that is exported by name and by default is one profile.
      if (!looksLikeProfile(candidate) || seen.has(candidate)) continue;
      seen.add(candidate);
      const document = withPolicies(parseDocument(candidate, { file }), policiesOfAny(candidate));
      found.push({ exportName: Array.isArray(value) ? `${exportName}[${index}]` : exportName, document });
    }
  }
  return found;
}

function policiesOfAny(candidate: object): ReturnType<typeof policiesOf> {
  return policiesOf(candidate as ProfileDocument); // as: only the symbol on it is read
}

/** The exports of a program, awaited. @throws ProfileError with the place where it failed. */
export async function runProgram(file: string): Promise<Readonly<Record<string, unknown>>> {
  const jiti = createJiti(import.meta.url, {
    // Of this run: an editor's save in between is seen, and nothing is left on disk.
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    virtualModules: { 'palette-iac/profiles': authoring },
  });
  try {
    const exported: unknown = await jiti.import(file);
    if (typeof exported !== 'object' || exported === null) return {};
    return Object.fromEntries(
      await Promise.all(Object.entries(exported).map(async ([name, value]) => [name, await value] as const)),
    );
  } catch (error) {
    throw programError(file, error);
  }
}

/** What a program threw, with the place in it where it did. */
function programError(file: string, error: unknown): ProfileError {
  if (isProfileError(error))
    return new ProfileError(
      error.problems.map((problem) => ({ file, ...problem })),
      { cause: error },
    );
  const message = hasMessage(error) ? error.message : inspect(error, { breakLength: Infinity });
  const stack = typeof error === 'object' && error !== null && 'stack' in error ? String(error.stack) : '';
  const escaped = file.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const [, line, column] = new RegExp(`${escaped}:(\\d+):(\\d+)`).exec(stack) ?? [];
  return ProfileError.of(
    {
      profile: '',
      file,
      ...(line === undefined ? {} : { line: Number(line) }),
      // Of what runs the lines are those of the program; columns are only where it could not be read.
      ...(column === undefined || !message.startsWith('ParseError') ? {} : { column: Number(column) }),
      rule: 'program-failed',
      message: `the program failed: ${message.split('\n')[0] ?? message}`,
    },
    { cause: error },
  );
}

/** By name: the error may come from another copy of this package. */
function isProfileError(error: unknown): error is ProfileError {
  return (
    hasMessage(error) &&
    'name' in error &&
    error.name === 'ProfileError' &&
    'problems' in error &&
    Array.isArray(error.problems)
  );
}

function hasMessage(value: unknown): value is { readonly message: string } {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}
