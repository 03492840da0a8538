/** The agent's side of `palette agent run --upgrades-dir`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { AgentConfigInput } from '#agent/config';
import { launcherLink, type LauncherLink } from '#agent/upgrade/launcher-link';
import { runTrial } from '#agent/upgrade/trial';
import { AGENT_VERSION } from '#agent/version';
import { type FileLock, lock } from '#cli/file-lock';
import type { Logger } from '#core/log';

/** The line to the launcher; undefined in a process that none started. Without its launcher a process ends in order. */
export function openLauncherLink(): LauncherLink | undefined {
  return launcherLink(() => process.kill(process.pid, 'SIGTERM'));
}

/**
 * In a process that is on trial: shows what it can do, then waits for the word to go.
 *
 * @returns whether to go on.
 */
export async function passTrial(
  link: LauncherLink,
  config: AgentConfigInput,
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<boolean> {
  if (link.as === 'active') return true;
  try {
    const go = link.go({ signal });
    // Told to end before it is asked for.
    go.catch(() => undefined);
    link.tell({ kind: 'tried', version: AGENT_VERSION, holding: await runTrial(config, { log, signal }) });
    await go;
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    log.error({ err: error }, 'the trial of this version failed');
    link.tell({ kind: 'trial failed', reason: error instanceof Error ? error.message : String(error) });
    return false;
  }
}

/**
 * Waits until no other agent works for this folder: the one of a launcher that was killed still has its last words.
 *
 * @returns undefined where the folder takes no file, as on a disk that is full: an agent too many is better than none.
 * @throws the signal's reason
 */
export async function takePlace(
  dir: string,
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<FileLock | undefined> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const onWait = (pid: number): void => log.warn({ pid }, 'another agent works for this folder: waiting for its end');
    return await lock(join(dir, 'agent.lock'), { signal, onWait });
  } catch (error) {
    signal.throwIfAborted();
    log.error({ err: error, dir }, 'whether another agent works for this folder cannot be told');
    return undefined;
  }
}
