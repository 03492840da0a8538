/** A lock between processes: a file that names its owner, taken over when the owner is gone. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';

import { z } from 'zod';

import { delay } from '#core/retry';

import { hasCode } from './has-code.ts';
import { ProcessIdentity, identify, isAlive } from './process-identity.ts';

const Owner = ProcessIdentity.extend({ nonce: z.string() });
type Owner = z.infer<typeof Owner>;

/** Milliseconds between two looks at a lock that somebody else has. */
const POLL_MS = 200;

export interface FileLock {
  release(): Promise<void>;
}

/** Takes the lock, or says who has it. */
export async function tryLock(
  file: string,
): Promise<{ readonly kind: 'taken'; readonly lock: FileLock } | { readonly kind: 'held'; readonly pid: number }> {
  const self = await identify(process.pid);
  const nonce = randomUUID();
  const mine = `${file}.${nonce}`;
  await writeFile(mine, JSON.stringify({ pid: process.pid, started: self?.started ?? '', nonce } satisfies Owner), {
    mode: 0o600,
  });
  try {
    for (;;) {
      try {
        // Links are made by one process alone, with the content there from the first moment.
        await link(mine, file);
        return { kind: 'taken', lock: { release: async () => release(file, nonce) } };
      } catch (error) {
        if (!hasCode(error, 'EEXIST')) throw error;
      }
      const owner = await readOwner(file);
      if (owner !== undefined && (await isAlive(owner))) return { kind: 'held', pid: owner.pid };
      await moveAway(file, owner);
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/**
 * Waits for the lock. `onWait` is called once, when somebody else has it.
 *
 * @throws the signal's reason when it is aborted first.
 */
export async function lock(
  file: string,
  options: { readonly signal: AbortSignal; readonly onWait?: (pid: number) => void },
): Promise<FileLock> {
  for (let tries = 0; ; tries++) {
    options.signal.throwIfAborted();
    const answer = await tryLock(file);
    if (answer.kind === 'taken') return answer.lock;
    if (tries === 0) options.onWait?.(answer.pid);
    await delay(POLL_MS, { signal: options.signal });
  }
}

/** The process that holds the lock now; undefined when none does. */
export async function lockHolder(file: string): Promise<number | undefined> {
  const owner = await readOwner(file);
  return owner !== undefined && (await isAlive(owner)) ? owner.pid : undefined;
}

async function release(file: string, nonce: string): Promise<void> {
  if ((await readOwner(file))?.nonce === nonce) await rm(file, { force: true });
}

/** Only one process can move one file away; whoever moved a younger lock by mistake puts it back. */
async function moveAway(file: string, stale: Owner | undefined): Promise<void> {
  const away = `${file}.stale-${randomUUID()}`;
  try {
    await rename(file, away);
    if ((await readOwner(away))?.nonce !== stale?.nonce) await link(away, file);
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'EEXIST')) throw error;
  } finally {
    await rm(away, { force: true });
  }
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return Owner.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}
