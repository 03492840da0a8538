/** Two controllers that undo each other's work must not do it at full speed, nor is what one of them does to be told at full speed. */

export interface Damper {
  /** How long to wait before this object is looked at again, in milliseconds; 0: go on. */
  delayFor(key: string): number;
  /** Notes that a change was healed, or told; gives whether the object is fought over from now on. */
  met(key: string): boolean;
  /** Forgets objects that were quiet for long. */
  sweep(): void;
}

const WINDOW_MS = 10_000;
/** More changes of one object than this within the window are a fight. */
const FREE_CHANGES = 5;
const BASE_MS = 1_000;
const MAX_MS = 60_000;

interface History {
  /** Times of the newest changes. */
  readonly recent: number[];
  /** How often the object was put off in a row. */
  level: number;
  nextAt: number;
}

/** Damps with a clock in milliseconds. */
export function createDamper(now: () => number = () => performance.now()): Damper {
  const histories = new Map<string, History>();
  return {
    delayFor: (key) => Math.max(0, (histories.get(key)?.nextAt ?? 0) - now()),
    met: (key) => {
      const at = now();
      const history = histories.get(key) ?? { recent: [], level: 0, nextAt: 0 };
      histories.set(key, history);
      const wait = Math.min(MAX_MS, BASE_MS * 2 ** history.level);
      const last = history.recent.at(-1);
      // Quiet for well longer than it was held back: the fight is over.
      if (last !== undefined && at - last > WINDOW_MS + 2 * wait) history.level = 0;
      history.recent.push(at);
      while (history.recent.length > FREE_CHANGES + 1) history.recent.shift();
      const first = history.recent[0] ?? at;
      const crowded = history.recent.length > FREE_CHANGES && at - first <= WINDOW_MS;
      if (!crowded && history.level === 0) return false;
      history.nextAt = at + Math.min(MAX_MS, BASE_MS * 2 ** history.level);
      history.level = Math.min(history.level + 1, 6);
      return true;
    },
    sweep: () => {
      const at = now();
      for (const [key, { recent, nextAt }] of histories) {
        if (at > nextAt + 2 * MAX_MS && at - (recent.at(-1) ?? 0) > 2 * MAX_MS) histories.delete(key);
      }
    },
  };
}
