import { setTimeout as timer } from 'node:timers/promises';

/** Bounds of a back-off: exponential from `baseMs` to `maxMs`, with full jitter. */
export interface Backoff {
  /** First delay's upper bound, in milliseconds. */
  readonly baseMs: number;
  /** Upper bound of every delay, in milliseconds. */
  readonly maxMs: number;
}

/**
 * The delay before try number `attempt + 1`, in milliseconds: a random part of
 * `min(maxMs, baseMs * 2^attempt)`, at least half of it, so that callers that failed together
 * do not come back together.
 */
export function backoffDelay(attempt: number, { baseMs, maxMs }: Backoff, random: () => number = Math.random): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30));
  return ceiling / 2 + (random() * ceiling) / 2;
}

/** Waits `ms` milliseconds. @throws the signal's reason when it is aborted first. */
export async function delay(ms: number, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
  try {
    await timer(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

export interface RetryOptions extends Backoff {
  /** Tries in all, the first included. */
  readonly attempts: number;
  readonly signal?: AbortSignal | undefined;
  /** Tells whether trying again can help; anything else is thrown at once. Default: always. */
  readonly retryable?: (error: unknown) => boolean;
  /** Called before each wait. */
  readonly onRetry?: (event: { readonly attempt: number; readonly delayMs: number; readonly error: unknown }) => void;
}

/**
 * Calls `work` until it succeeds, with a bounded number of tries and a jittered back-off.
 *
 * @throws the last error, or the signal's reason when it is aborted.
 */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    options.signal?.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      const last = attempt + 1 >= options.attempts;
      if (last || options.signal?.aborted || !(options.retryable?.(error) ?? true)) throw error;
      const delayMs = backoffDelay(attempt, options);
      options.onRetry?.({ attempt, delayMs, error });
      await delay(delayMs, { signal: options.signal });
    }
  }
}
