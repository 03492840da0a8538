/** One agent as its launcher sees it: a process, what it says, and how it ends. */
import { spawn } from 'node:child_process';

import { boundedQueue } from '#protocol/bounded-queue';

import { FromAgent, LAUNCHED_VARIABLE, type LaunchedAs, type ToAgent, type Version } from './messages.ts';

export interface AgentChild {
  readonly version: Version;
  readonly pid: number | undefined;
  /** Ends when the process does. */
  readonly messages: AsyncIterable<FromAgent>;
  /** How it ended, for people. Never rejects. */
  readonly exited: Promise<string>;
  readonly running: () => boolean;
  tell(message: ToAgent): void;
  /** SIGTERM, and SIGKILL after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

export interface StartOptions {
  /** Arguments of node before the module, such as limits of memory. */
  readonly nodeArgs: readonly string[];
  readonly args: readonly string[];
  /** Where the agent's own output goes. Default: with the launcher's. */
  readonly output?: 'inherit' | 'ignore';
}

const MAX_MESSAGES = 64;
const LAST_WORDS_MS = 1_000;

export function startAgentChild(
  version: Version,
  as: LaunchedAs,
  { nodeArgs, args, output = 'inherit' }: StartOptions,
): AgentChild {
  const child = spawn(process.execPath, [...nodeArgs, version.entry, ...args], {
    stdio: ['ignore', output, output, 'ipc'],
    env: { ...process.env, [LAUNCHED_VARIABLE]: as },
  });
  const messages = boundedQueue<FromAgent>(MAX_MESSAGES);
  let running = true;
  child.on('message', (given) => {
    const parsed = FromAgent.safeParse(given);
    // A newer agent may say more than this launcher knows.
    if (parsed.success) messages.push(parsed.data);
  });
  const exited = new Promise<string>((resolve) => {
    const ended = (how: string): void => {
      running = false;
      messages.end();
      resolve(how);
    };
    child.once('error', (error) => ended(`it cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      const how = signal === null ? `it ended with code ${code}` : `${signal} ended it`;
      running = false;
      if (!child.connected) {
        ended(how);
        return;
      }
      // Its last words may still be in the channel.
      const late = setTimeout(() => ended(how), LAST_WORDS_MS);
      child.once('disconnect', () => {
        clearTimeout(late);
        ended(how);
      });
    });
  });
  return {
    version,
    pid: child.pid,
    messages,
    exited,
    running: () => running,
    tell: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    stop: async (graceMs) => {
      if (running) child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(late);
    },
  };
}
