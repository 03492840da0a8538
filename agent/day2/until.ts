/** Waits for what others do, by looking again and again. */
import { delay } from '#core/retry';

export interface Patience {
  /** How long to wait in all, in milliseconds. */
  readonly timeoutMs: number;
  /** How often to look, in milliseconds. Default 1 s. */
  readonly everyMs?: number | undefined;
  readonly signal: AbortSignal;
}

const EVERY_MS = 1_000;

/** What `look` gives as soon as it gives something, or undefined when it is not there in time. */
export async function until<T>(
  look: () => Promise<T | undefined>,
  { timeoutMs, everyMs = EVERY_MS, signal }: Patience,
): Promise<T | undefined> {
  // Not by the clock on the wall: it may be put right meanwhile.
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    const left = end - performance.now();
    if (left <= 0) return undefined;
    await delay(Math.min(everyMs, left), { signal });
  }
}
