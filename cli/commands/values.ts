/** Values of options, as they are written on a command line. */
import type { z } from 'zod';

import { CliError, exitCodes } from '#cli/cli-error';
import { parseDuration } from '#resources/engine/duration';

/** @throws CliError that names the option. */
export function parseAddress(option: string, text: string): { readonly host: string; readonly port: number } {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || Number(port) > 65_535)
    throw new CliError(`${option} ${text}: not host:port`, { exitCode: exitCodes.usage });
  return { host, port: Number(port) };
}

/** @throws CliError that names the option. */
export function parseCount(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new CliError(`${option} ${text}: not a number`, { exitCode: exitCodes.usage });
  return Number(text);
}

/** @throws CliError that names the option. */
export function parseMilliseconds(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined)
    throw new CliError(`${option} ${text}: not a duration such as 30s, 1m or 10h`, { exitCode: exitCodes.usage });
  return ms;
}

/**
 * What a configuration says of a value that came from an option: `pollIntervalMs` is `--poll-interval`. `names` has those
 * that follow no rule.
 */
export function wrongOption(error: z.ZodError, names: Readonly<Record<string, string>> = {}): CliError {
  const [issue] = error.issues;
  const key = String(issue?.path[0] ?? 'option');
  const name = names[key] ?? key.replace(/Ms$/, '').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return new CliError(`--${name}: ${issue?.message ?? 'is not valid'}`, { exitCode: exitCodes.usage });
}
