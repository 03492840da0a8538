/** What the quickstart needs around its story: processes, watching one value, telling the time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Exit codes that are no failure. Default: 0 alone. */
  readonly accept?: readonly number[];
  /** Milliseconds. Default: two minutes. */
  readonly timeoutMs?: number;
}

export interface RunResult {
  readonly stdout: string;
  readonly exitCode: number;
}

/**
 * Runs a command to its end.
 *
 * @throws Error with the command's own words when it fails or takes too long.
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: AbortSignal.timeout(options.timeoutMs ?? 120_000),
  });
  child.stdin.end(options.input ?? '');
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit(child)]);
  if (!(options.accept ?? [0]).includes(exitCode)) {
    throw new Error(
      `${[command, ...args].join(' ')} ended with exit code ${exitCode}:\n${tail(`${stdout}\n${stderr}`)}`,
    );
  }
  return { stdout, exitCode };
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += String(chunk);
  return all;
}

async function exit(child: ChildProcess): Promise<number> {
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? -1;
}

const tail = (output: string): string => output.trim().split('\n').slice(-25).join('\n');

/** A value of the cluster followed as `kubectl get --watch` prints it, line by line. */
export interface Watched extends AsyncDisposable {
  /** The time, in milliseconds, at which a line that satisfies `wanted` had come; waits for it. */
  seen(wanted: (line: string) => boolean, timeoutMs?: number): Promise<number>;
  close(): Promise<void>;
}

/** Follows what `kubectl <args>` prints until it is closed. Lines before a call of `seen` do not count for it. */
export function watch(kubectl: string, args: readonly string[], env: NodeJS.ProcessEnv): Watched {
  const child = spawn(kubectl, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const closed = once(child, 'close');
  const listeners = new Set<(line: string, at: number) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const at = performance.now();
    for (const listener of listeners) listener(line, at);
  });
  const close = async (): Promise<void> => {
    child.kill();
    await closed;
  };
  return {
    async seen(wanted, timeoutMs = 30_000) {
      return new Promise<number>((resolve, reject) => {
        const timer = setTimeout(() => {
          listeners.delete(listener);
          reject(new Error(`kubectl ${args.join(' ')}: waited ${timeoutMs / 1000} s in vain`));
        }, timeoutMs);
        const listener = (line: string, at: number): void => {
          if (!wanted(line)) return;
          clearTimeout(timer);
          listeners.delete(listener);
          resolve(at);
        };
        listeners.add(listener);
      });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Asks until the answer is there. @throws Error naming what was waited for. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, timeoutMs = 60_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** @throws Error with `message` unless `condition` holds. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`this does not hold: ${message}`);
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;

/** Rows under their headings, in columns. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
