/** Processes and their memory, as the operating system tells. */
import { readFile, readdir } from 'node:fs/promises';
import { basename } from 'node:path';

import { execute as run } from '#test/support/palette';

/** Resident set of a process in MiB. Linux only. */
export const residentMiB = async (pid: number): Promise<number> => memoryMiB(pid, 'VmRSS');

/** The largest resident set that a process has had, in MiB. Linux only. */
export const peakMiB = async (pid: number): Promise<number> => memoryMiB(pid, 'VmHWM');

async function memoryMiB(pid: number, field: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status);
  if (!match) throw new Error(`process ${pid} tells no resident set`);
  return Number(match[1]) / 1024;
}

/** The first process below `parent`, at any depth, whose command line has all the words, as they are or at the end of a path. Linux only. */
export async function findDescendant(parent: number, words: readonly string[]): Promise<number> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const ppid = /^\d+ \(.*\) \S (\d+)/.exec(stat)?.[1];
    if (ppid !== undefined) parents.set(Number(name), Number(ppid));
  }
  const found: number[] = [];
  for (const pid of parents.keys()) {
    let above: number | undefined = pid;
    while (above !== undefined && above !== parent) above = parents.get(above);
    if (above === undefined || pid === parent) continue;
    const commandLine = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (words.every((word) => commandLine.some((part) => part === word || basename(part) === word))) found.push(pid);
  }
  // A launcher is called as what it starts is.
  const innermost = found.find((pid) => !found.some((other) => parents.get(other) === pid));
  if (innermost === undefined) throw new Error(`no process below ${parent} runs ${words.join(' ')}`);
  return innermost;
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

/** Ticks that a second of processor time has in /proc: the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Processor time that a process has used since it was started, in seconds, to a hundredth. Linux only. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Runs `work`, and tells how many processors each of the processes kept busy meanwhile. Linux only. */
export async function coresDuring<const Pids extends readonly number[]>(
  pids: Pids,
  work: () => Promise<unknown>,
): Promise<{ readonly [Index in keyof Pids]: number }> {
  const used = async (): Promise<number[]> => Promise.all(pids.map(cpuSeconds));
  const [before, started] = [await used(), performance.now()];
  await work();
  const [after, ended] = [await used(), performance.now()];
  const cores = after.map((seconds, index) => (seconds - (before[index] ?? 0)) / ((ended - started) / 1000));
  return cores as { readonly [Index in keyof Pids]: number }; // as: one for each process
}
