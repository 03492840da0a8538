/** Processes and their memory, as the operating system tells. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';

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

/** Runs a command to its end and returns what it printed. @throws Error with its last lines when it fails. */
export async function execute(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly accept?: readonly number[] } = {},
): Promise<{ readonly stdout: string; readonly ms: number }> {
  const started = performance.now();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null]; // as: the event's documented arguments
  if (!(options.accept ?? [0]).includes(code ?? -1)) {
    throw new Error(
      `${command} ${args.join(' ')} ended with ${String(code)}:\n${`${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n')}`,
    );
  }
  return { stdout, ms: performance.now() - started };
}
