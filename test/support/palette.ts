/** The built `palette` command as a user runs it, for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { Ready } from '#cli/local/home';
import { mainFile } from '#cli/package-root';

export interface Result {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Milliseconds a command may take. */
const TIMEOUT_MS = 120_000;

/** Runs a program to its end, whatever its exit code. */
export async function execute(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly timeoutMs?: number } = {},
): Promise<Result> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null]; // the event's documented arguments
  return { exitCode: code ?? -1, stdout, stderr };
}

/** Runs `palette`, as it was built. */
export async function palette(args: readonly string[], options: Parameters<typeof execute>[2] = {}): Promise<Result> {
  return execute(process.execPath, [mainFile, ...args], options);
}

export interface RunningEnvironment {
  readonly ready: Ready;
  readonly home: string;
  readonly child: ChildProcess;
  /** Ends it as Ctrl-C does, and gives the exit code. */
  readonly stop: () => Promise<number>;
}

/** Runs `palette up --json` until it is ready; `command` is the built one unless given. @throws Error with what it said when it ends before. */
export async function paletteUp(
  home: string,
  args: readonly string[] = [],
  command: string = mainFile,
): Promise<RunningEnvironment> {
  const child = spawn(process.execPath, [command, 'up', '--json', '--home', home, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`palette up ended with ${String(code)}: ${stderr}`);
  });
  const line = once(createInterface({ input: child.stdout }), 'line').then(([text]) =>
    Ready.parse(JSON.parse(String(text))),
  );
  const ready = await Promise.race([line, ended]);
  ended.catch(() => undefined);
  return {
    ready,
    home,
    child,
    stop: async () => {
      if (child.exitCode !== null) return child.exitCode;
      const exit = once(child, 'exit');
      child.kill('SIGINT');
      const [code] = (await exit) as [number | null]; // the event's documented arguments
      return code ?? -1;
    },
  };
}

/** A folder that is removed when `remove` is called; its path is short enough for a socket. */
export async function temporaryFolder(
  prefix: string,
): Promise<{ readonly dir: string; readonly remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), `palette-${prefix}-`));
  return { dir, remove: async () => rm(dir, { recursive: true, force: true }) };
}
