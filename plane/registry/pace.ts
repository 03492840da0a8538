import { delay } from '#core/retry';

/** Lets callers through at a bounded pace. */
export interface Pace {
  /** Resolves when the caller may go on. @throws the signal's reason when it is aborted first. */
  turn(options: { readonly signal: AbortSignal }): Promise<void>;
}

/** `burst` at once, then `perSecond`, in the order of asking. */
export function createPace({
  perSecond,
  burst,
  now = () => performance.now(),
}: {
  readonly perSecond: number;
  readonly burst: number;
  readonly now?: () => number;
}): Pace {
  const interval = 1000 / perSecond;
  /** When the bucket is full again; each turn moves it on by one interval. */
  let full = now();
  return {
    turn: async ({ signal }) => {
      signal.throwIfAborted();
      const at = now();
      full = Math.max(full, at) + interval;
      const wait = full - burst * interval - at;
      if (wait > 0) await delay(wait, { signal });
    },
  };
}
