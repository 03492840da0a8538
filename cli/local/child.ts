/** One child process: a process group of its own, output in a log file, ended when this process ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { CliError } from '#cli/cli-error';
import { delay } from '#core/retry';

import { type Guard, processGuard } from './guard.ts';

export interface ChildSpec {
  /** What the user knows it as, for example `kube-apiserver`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Never rejects. */
  readonly exited: Promise<ExitStatus>;
  readonly running: () => boolean;
  /** Sends the signal to the process and all that it started. */
  readonly kill: (signal: NodeJS.Signals) => void;
  /** SIGTERM, and SIGKILL to what is left after `graceMs`. */
  readonly stop: (graceMs: number) => Promise<void>;
  /** The last lines of what it wrote since it was started. */
  readonly tail: (lines: number) => Promise<string>;
}

const TAIL_BYTES = 64 * 1024;

/** Starts it. @throws CliError when the command cannot be started. */
export async function startChild(
  spec: ChildSpec,
  { guard = processGuard() }: { readonly guard?: Guard } = {},
): Promise<Child> {
  mkdirSync(dirname(spec.logFile), { recursive: true, mode: 0o700 });
  // The child writes by itself, so nothing is lost or blocked when this process is slow or gone.
  const log = openSync(spec.logFile, 'a', 0o600);
  const from = await stat(spec.logFile).then(({ size }) => size);
  let child: ChildProcess;
  try {
    child = spawn(spec.command, spec.args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...process.env, ...spec.env },
    });
  } finally {
    closeSync(log);
  }
  const { pid } = child;
  let ended = pid === undefined;
  const exited = new Promise<ExitStatus>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = true;
      if (pid !== undefined) guard.remove(pid);
      resolve({ code, signal });
    });
  });
  if (pid === undefined) {
    const cause = await new Promise<Error>((resolve) => child.once('error', resolve));
    throw new CliError(`${spec.name} cannot be started: ${cause.message}`, { cause });
  }
  child.on('error', () => undefined); // a signal that came too late
  guard.add(pid);
  child.unref();

  const kill = (signal: NodeJS.Signals): void => {
    if (ended) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  };
  return {
    name: spec.name,
    pid,
    exited,
    running: () => !ended,
    kill,
    async stop(graceMs) {
      if (ended) return;
      child.ref(); // whoever waits for its end must not end before
      kill('SIGTERM');
      const timer = new AbortController();
      const inTime = await Promise.race([
        exited.then(() => true),
        delay(graceMs, { signal: timer.signal }).then(
          () => false,
          () => true,
        ),
      ]);
      timer.abort();
      if (!inTime) kill('SIGKILL');
      await exited;
    },
    tail: async (lines) => readTail(spec.logFile, from, lines),
  };
}

async function readTail(file: string, from: number, lines: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const start = Math.max(from > size ? 0 : from, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start);
    return buffer.toString('utf8', 0, bytesRead).trimEnd().split('\n').slice(-lines).join('\n');
  } finally {
    await handle.close();
  }
}
