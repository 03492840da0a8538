/** Passwords come by the terminal unseen, or by a pipe; never by an argument, which everybody on the machine can read. */
import { createInterface } from 'node:readline';

import { CliError, exitCodes } from '#cli/cli-error';

const MAX_PIPED = 4_096;

/** The lines of standard input, one password each. @throws CliError when there are fewer */
export async function pipedPasswords(
  count: number,
  input: AsyncIterable<Buffer | string> = process.stdin,
): Promise<readonly string[]> {
  let text = '';
  for await (const chunk of input) {
    text += chunk.toString();
    if (text.length > MAX_PIPED) break;
  }
  const lines = text.split(/\r?\n/);
  const given = lines.slice(0, count);
  if (given.length < count || given.some((line) => line === ''))
    throw new CliError(`expected ${count === 1 ? 'a password' : `${count} passwords, one a line,`} on standard input`, {
      exitCode: exitCodes.usage,
    });
  return given;
}

/** Asks on the terminal; what is typed is not shown. @throws CliError where there is no terminal */
export async function askPassword(question: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw new CliError('there is no terminal to ask for the password', {
      hint: 'Pipe it in with --password-stdin.',
      exitCode: exitCodes.usage,
    });
  process.stderr.write(`${question}: `);
  const lines = createInterface({ input: process.stdin, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('SIGINT', () => reject(new CliError('given up', { exitCode: exitCodes.interrupted })));
      lines.once('close', () => reject(new CliError('given up', { exitCode: exitCodes.interrupted })));
    });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
