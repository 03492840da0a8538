/** When the next walk is due, and which kind: what is asked for twice is done once. */
import { createWake } from '../wake.ts';

/** `verify` looks at every object again whatever the watches said; it covers a `pass`. */
export type WalkKind = 'pass' | 'verify';

export interface Schedule {
  /** Asks for a walk in so many milliseconds, 0: now; an earlier time that was asked for stands. */
  ask(kind: WalkKind, delayMs?: number): void;
  /** Waits for the next walk. @throws the signal's reason */
  next(options: { readonly signal: AbortSignal }): Promise<WalkKind>;
}

export function createSchedule(now: () => number = () => performance.now()): Schedule {
  const due = { pass: Number.POSITIVE_INFINITY, verify: Number.POSITIVE_INFINITY };
  const wake = createWake();
  const take = (): WalkKind | undefined => {
    const at = now();
    if (due.verify <= at) {
      due.pass = Number.POSITIVE_INFINITY;
      due.verify = Number.POSITIVE_INFINITY;
      return 'verify';
    }
    if (due.pass > at) return undefined;
    due.pass = Number.POSITIVE_INFINITY;
    return 'pass';
  };
  return {
    ask: (kind, delayMs = 0) => {
      due[kind] = Math.min(due[kind], now() + delayMs);
      wake.notify();
    },
    next: async ({ signal }) => {
      for (;;) {
        signal.throwIfAborted();
        const kind = take();
        if (kind) return kind;
        await wake.next({ signal, timeoutMs: Math.max(0, Math.min(due.pass, due.verify) - now()) });
      }
    },
  };
}
