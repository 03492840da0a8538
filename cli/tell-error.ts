/** The one place where a failure is told to a person. */
import { inspect } from 'node:util';

import { type ApiError, isApiError } from '#openapi/client/errors';

import { exitCodes } from './cli-error.ts';
import { printableLines } from './output.ts';
import { paint } from './progress.ts';

/** Writes what went wrong and what to do, without a stack trace; gives the exit code. PALETTE_DEBUG=1 adds the stack. */
export function tellError(
  error: unknown,
  write: (text: string) => void = (text) => void process.stderr.write(text),
  env: NodeJS.ProcessEnv = process.env,
): number {
  const message =
    isApiError(error) && error.status > 0 ? answerOfApi(error) : error instanceof Error ? error.message : String(error);
  write(`${paint('red', 'error:', process.stderr)} ${printableLines(message)}\n`);
  const hint = field(error, 'hint');
  // An API's error has its hint in the message already.
  if (typeof hint === 'string' && !message.includes(hint)) write(`${printableLines(hint)}\n`);
  if (env['PALETTE_DEBUG']) write(`${inspect(error)}\n`);
  const code = field(error, 'exitCode');
  return typeof code === 'number' ? code : exitCodes.failed;
}

/** What the API said comes first; which call it was, for whoever looks for it in the plane's log, below. */
function answerOfApi(error: ApiError): string {
  const request = error.requestId === undefined ? '' : `, request ${error.requestId}`;
  const hint = error.hint === undefined ? '' : `\n${error.hint}`;
  return `${error.reason}${hint}\n(${error.status} ${error.code}, ${error.method} ${error.path}${request})`;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
