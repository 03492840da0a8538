/**
 * A failure that is told to the user in these words: what was wrong, and `hint`: what to do next.
 * Nothing else is printed, no stack trace.
 */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly hint: string | undefined;
  /** The process ends with it; `exitCodes` says what each means. */
  readonly exitCode: number;
  constructor(message: string, options: ErrorOptions & { readonly hint?: string; readonly exitCode?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? exitCodes.failed;
  }
}

/** What the exit codes of `palette` mean, the same for every command. */
export const exitCodes = {
  ok: 0,
  /** The command was understood and did not succeed. */
  failed: 1,
  /** The command line is wrong: unknown command or option, missing or malformed argument. */
  usage: 2,
  /** Ended by SIGINT before it was done. */
  interrupted: 130,
} as const;
