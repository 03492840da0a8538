/** Waking sleepers: many wait, one says that there may be something new. */
export interface Wake {
  /** Wakes all who wait now. Never throws. */
  wake(): void;
  /** Waits for the next `wake`, `timeoutMs` milliseconds at most, or until the signal is aborted. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** Counts wakes: compare it before and after a look, and none is missed between look and wait. */
  count(): number;
}

/** Makes a bell. */
export function createWake(): Wake {
  let calls = 0;
  const sleepers = new Set<() => void>();
  return {
    wake: () => {
      calls++;
      // Each takes itself out of the set, which a set allows while it is walked.
      for (const sleeper of sleepers) sleeper();
    },
    wait: (timeoutMs, signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          sleepers.delete(done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, timeoutMs);
        sleepers.add(done);
        signal.addEventListener('abort', done, { once: true });
        if (signal.aborted) done();
      }),
    count: () => calls,
  };
}
