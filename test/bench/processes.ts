/** Processes and their memory, as the operating system tells. */
import { readFile, readdir } from 'node:fs/promises';

import { execute as run } from '#test/support/palette';

/** Resident set of a process in MiB. Linux only. */
export async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  if (!match) throw new Error(`process ${pid} tells no resident set`);
  return Number(match[1]) / 1024;
}

/** The first process below `parent`, at any depth, whose command line has all the words. Linux only. */
export async function findDescendant(parent: number, words: readonly string[]): Promise<number> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const ppid = /^\d+ \(.*\) \S (\d+)/.exec(stat)?.[1];
    if (ppid !== undefined) parents.set(Number(name), Number(ppid));
  }
  for (const pid of parents.keys()) {
    let above: number | undefined = pid;
    while (above !== undefined && above !== parent) above = parents.get(above);
    if (above === undefined || pid === parent) continue;
    const commandLine = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (words.every((word) => commandLine.includes(word))) return pid;
  }
  throw new Error(`no process below ${parent} runs ${words.join(' ')}`);
}

/** A bench waits for what it measures, but not for ever, in milliseconds. */
const TIMEOUT_MS = 10 * 60_000;

/** Runs a command to its end and returns what it printed. @throws Error with its last lines when it fails. */
export async function execute(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly accept?: readonly number[] } = {},
): Promise<{ readonly stdout: string; readonly ms: number }> {
  const { accept = [0], ...rest } = options;
  const started = performance.now();
  const { exitCode, stdout, stderr } = await run(command, args, { ...rest, timeoutMs: TIMEOUT_MS });
  if (!accept.includes(exitCode)) {
    const words = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n');
    throw new Error(`${command} ${args.join(' ')} ended with ${exitCode}:\n${words}`);
  }
  return { stdout, ms: performance.now() - started };
}
