import { delay } from '#core/retry';

/** A bench waits for what it measures, but not for ever, in milliseconds. */
const WAIT_MS = 10 * 60_000;
const LOOK_MS = 20;

/** @throws Error naming what was waited for in vain. */
export async function waitFor(what: string, look: () => Promise<boolean> | boolean): Promise<void> {
  const until = performance.now() + WAIT_MS;
  while (!(await look())) {
    if (performance.now() > until) throw new Error(`waited ${WAIT_MS / 60_000} minutes in vain: ${what}`);
    await delay(LOOK_MS);
  }
}
