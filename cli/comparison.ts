/**
 * Commands that compare (`profile diff`, `profile impact`): pipelines read their exit codes, so 2 says that something
 * changes, and wrong use is 1 as every other failure.
 */
import { type Command, CommanderError } from 'commander';

import { CliError } from './cli-error.ts';

export const comparisonCodes = { same: 0, failed: 1, changed: 2 } as const;

/** For a command's help. */
export const comparisonCodesHelp = ['0 no change', '2 there are changes', '1 failed or wrong use'] as const;

/** Ends a command that did what it should with an exit code of its own; nothing more is printed. */
export class EndWith extends Error {
  override readonly name = 'EndWith';
  readonly exitCode: number;
  constructor(exitCode: number) {
    super(`exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** Makes what commander refuses of a command end with 1. */
export function asComparison(command: Command): Command {
  return command.exitOverride((error) => {
    throw error.exitCode === 0 ? error : new EndWith(comparisonCodes.failed);
  });
}

/**
 * Runs a comparison that says whether there are changes.
 *
 * @throws EndWith with 2 when there are; CliError with exit code 1 for every failure that has another one.
 */
export async function compared(work: () => Promise<boolean>): Promise<void> {
  let changed: boolean;
  try {
    changed = await work();
  } catch (error) {
    if (error instanceof CliError && error.exitCode !== comparisonCodes.failed && error.exitCode < 100)
      throw new CliError(error.message, {
        cause: error,
        ...(error.hint === undefined ? {} : { hint: error.hint }),
        exitCode: comparisonCodes.failed,
      });
    throw error;
  }
  if (changed) throw new EndWith(comparisonCodes.changed);
}

/** The exit code of what ended a command line, when it is one that was told already. */
export function toldExitCode(
  error: unknown,
  codes: { readonly ok: number; readonly usage: number },
): number | undefined {
  if (error instanceof EndWith) return error.exitCode;
  // Help and version come as an error with code 0; what commander refuses it has told already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? codes.ok : codes.usage;
  return undefined;
}
