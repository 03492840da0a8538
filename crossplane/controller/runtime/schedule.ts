/** One point in time for each key, at which it is due. */
export interface Schedule {
  /** Sets when the key is due, in place of what was set before. */
  set(key: string, afterMs: number): void;
  /** Makes the key due by then at the latest. */
  atLatest(key: string, afterMs: number): void;
  cancel(key: string): void;
  clear(): void;
  readonly size: number;
}

/** One timer cannot wait longer: 2^31 - 1 ms, which is 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** `due` is called when a key's time has come, and must not throw. Timers do not keep the process alive. */
export function createSchedule(due: (key: string) => void): Schedule {
  const timers = new Map<string, { readonly timer: NodeJS.Timeout; readonly at: number }>();
  const cancel = (key: string): void => {
    clearTimeout(timers.get(key)?.timer);
    timers.delete(key);
  };
  const arm = (key: string, at: number): void => {
    const leftMs = at - performance.now();
    const timer = setTimeout(
      () => {
        if (leftMs > LONGEST_MS) {
          arm(key, at);
          return;
        }
        timers.delete(key);
        due(key);
      },
      Math.min(leftMs, LONGEST_MS),
    );
    timer.unref();
    timers.set(key, { timer, at });
  };
  const set = (key: string, afterMs: number): void => {
    cancel(key);
    arm(key, performance.now() + Math.max(0, afterMs));
  };
  return {
    set,
    atLatest: (key, afterMs) => {
      const known = timers.get(key);
      if (known === undefined || known.at > performance.now() + afterMs) set(key, afterMs);
    },
    cancel,
    clear: () => {
      for (const key of timers.keys()) cancel(key);
    },
    get size() {
      return timers.size;
    },
  };
}
