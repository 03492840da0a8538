/** Keeps the credentials from expiring. */
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';

export interface RenewalOptions {
  /** When the present credentials end. */
  readonly expiresAt: () => Date;
  readonly renew: (options: { readonly signal: AbortSignal }) => Promise<void>;
  readonly now: () => Date;
  readonly log: Logger;
}

/** Credentials are renewed when about this part of what was left of their life is over: not all agents of a plane at once. */
const RENEW_AT = 2 / 3;
const SPREAD = 0.1;
const BACKOFF = { baseMs: 2_000, maxMs: 300_000 };
/** Even credentials that end at once are not renewed more often than this. */
const LEAST_MS = 1_000;
/** The longest wait a timer can hold, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** How long credentials that last `leftMs` more are left as they are, in milliseconds. */
export function untilRenewal(leftMs: number, random: () => number = Math.random): number {
  return Math.max(LEAST_MS, leftMs * (RENEW_AT - random() * SPREAD));
}

/** Renews until the signal is aborted. @throws the signal's reason */
export async function runRenewal(
  options: RenewalOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<never> {
  for (let failures = 0; ;) {
    const leftMs = options.expiresAt().getTime() - options.now().getTime();
    const waitMs = failures > 0 ? backoffDelay(failures - 1, BACKOFF) : untilRenewal(leftMs);
    await delay(Math.min(waitMs, MAX_TIMER_MS), { signal });
    try {
      await options.renew({ signal });
      failures = 0;
      options.log.info({ expiresAt: options.expiresAt() }, 'credentials renewed');
    } catch (error) {
      signal.throwIfAborted();
      failures++;
      options.log.warn({ err: error, attempt: failures }, 'credentials cannot be renewed now');
    }
  }
}
