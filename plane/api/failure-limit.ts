import { PlaneError } from './error.ts';

/** Slows down whoever tries credentials: each source has a budget of failures that fills up again with time. */
export interface FailureLimit {
  /** @throws PlaneError 429 when the source has used up its budget. */
  check(source: string): void;
  failed(source: string): void;
}

/** Failures in a row that are free. */
const BUDGET = 20;
const REFILL_MS = 3_000;
/** Sources remembered at most; the one that failed the longest ago goes first. */
const MOST_SOURCES = 10_000;

interface Bucket {
  readonly used: number;
  readonly at: number;
}

/** Makes the limit. `now` is in milliseconds. */
export function createFailureLimit(now: () => number = Date.now): FailureLimit {
  const buckets = new Map<string, Bucket>();
  const used = (source: string): number => {
    const bucket = buckets.get(source);
    return bucket ? Math.max(0, bucket.used - (now() - bucket.at) / REFILL_MS) : 0;
  };
  return {
    check: (source) => {
      const over = used(source) - BUDGET;
      if (over < 0) return;
      const seconds = Math.max(1, Math.ceil((over * REFILL_MS + REFILL_MS) / 1000));
      throw new PlaneError(
        429,
        'TooManyFailures',
        `too many requests with credentials that are not valid; try again in ${seconds} s`,
        undefined,
        {
          headers: { 'Retry-After': String(seconds) },
        },
      );
    },
    failed: (source) => {
      const next = { used: Math.min(BUDGET, used(source)) + 1, at: now() };
      buckets.delete(source);
      buckets.set(source, next);
      if (buckets.size > MOST_SOURCES) {
        const oldest = buckets.keys().next();
        if (!oldest.done) buckets.delete(oldest.value);
      }
    },
  };
}
