/** A bell: whoever waits is woken by the next ring; a ring that nobody waits for is kept once. */
export interface Wake {
  notify(): void;
  /** Resolves at the next ring, after `timeoutMs`, or when the signal is aborted; never rejects. */
  next(options: { readonly signal: AbortSignal; readonly timeoutMs?: number }): Promise<void>;
}

/** The longest wait a timer can hold, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function createWake(): Wake {
  let rung = false;
  const waiting = new Set<() => void>();
  return {
    notify: () => {
      if (waiting.size === 0) rung = true;
      waiting.forEach((wakeUp) => wakeUp());
    },
    next: async ({ signal, timeoutMs = MAX_TIMER_MS }) => {
      if (rung || signal.aborted) {
        rung = false;
        return;
      }
      await new Promise<void>((resolve) => {
        const wakeUp = (): void => {
          waiting.delete(wakeUp);
          clearTimeout(timer);
          signal.removeEventListener('abort', wakeUp);
          resolve();
        };
        const timer = setTimeout(wakeUp, Math.min(timeoutMs, MAX_TIMER_MS));
        signal.addEventListener('abort', wakeUp, { once: true });
        waiting.add(wakeUp);
      });
    },
  };
}
