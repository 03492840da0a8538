import { readFile, stat } from 'node:fs/promises';

import { CliError, exitCodes } from '#cli/cli-error';
import { write, writeJson } from '#cli/output';
import { type Problem, formatProblem, lintPackArchive, lintPackDirectory } from '#packs/index';

import type { OutputOptions } from './options.ts';

/** Prints the problems of each pack. @throws CliError when there are errors (with `strict` warnings too). */
export async function lint(
  paths: readonly string[],
  options: OutputOptions & { readonly strict?: boolean },
): Promise<void> {
  const results: { readonly path: string; readonly problems: readonly Problem[] }[] = [];
  for (const path of paths) results.push({ path, problems: await problemsOf(path) });
  if (options.output === 'json') writeJson(results);
  else {
    for (const { path, problems } of results) {
      for (const problem of problems) write(`${path}: ${formatProblem(problem)}`);
      if (problems.length === 0) write(`${path}: no problems`);
    }
  }
  const counted = results
    .flatMap(({ problems }) => problems)
    .filter(({ severity }) => severity === 'error' || options.strict === true);
  if (counted.length > 0)
    throw new CliError(`${counted.length} ${counted.length === 1 ? 'problem' : 'problems'} to solve`);
}

/** What is wrong with the pack in a folder or an archive. @throws CliError when the path is neither. */
export async function problemsOf(path: string): Promise<readonly Problem[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new CliError(`${path}: there is no such folder or archive`, { cause, exitCode: exitCodes.usage });
  });
  return found.isDirectory() ? lintPackDirectory(path) : lintPackArchive(await readFile(path));
}
