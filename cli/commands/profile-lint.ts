/** `palette profile lint` */
import { CliError } from '#cli/cli-error';
import { write, writeJson } from '#cli/output';
import { lintProfile } from '#profiles/lint/lint-profile';
import { formatProfileProblem, ProfileError, titleOf, type ProfileProblem } from '#profiles/problem';

import type { OutputOptions } from './options.ts';
import type { SourceOptions } from './profile-options.ts';
import { withWorkbench } from './profile-sources.ts';

export type LintOptions = SourceOptions &
  OutputOptions & { readonly strict?: true; readonly kubeVersion?: string; readonly agentVersion?: string };

/** Prints the problems of each profile. @throws CliError when there are errors (with `strict` warnings too). */
export async function lint(files: readonly string[], options: LintOptions): Promise<void> {
  const problems = await withWorkbench(options, async (bench) => {
    const found: ProfileProblem[] = [];
    for (const file of files) {
      try {
        for (const { document } of await bench.load(file)) {
          const own = await lintProfile(document, { ...bench, ...options });
          found.push(...own);
          if (options.output === 'table' && own.length === 0) write(`profile ${titleOf(document)}: no problems`);
        }
      } catch (error) {
        // A program that does not run says why; the other files are looked at all the same.
        if (!(error instanceof ProfileError)) throw error;
        found.push(...error.problems);
      }
    }
    return found;
  });
  if (options.output === 'json') writeJson(problems);
  else for (const problem of problems) write(formatProfileProblem(problem));
  const counted = problems.filter(({ severity }) => severity === 'error' || options.strict === true);
  if (counted.length > 0)
    throw new CliError(`${counted.length} ${counted.length === 1 ? 'problem' : 'problems'} to solve`);
}
