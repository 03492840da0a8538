/**
 * Work known by a key: a key waits at most once, so the queue is never longer than there are
 * keys; it is worked on by one worker at a time, and comes again when it was added meanwhile.
 */
import { setTimeout as timer } from 'node:timers/promises';

export interface KeyQueue {
  /** Adds a key, to be worked on after `delayMs`; an earlier time that was set before stands. */
  add(key: string, delayMs?: number): void;
  /** Keys that wait or are worked on. */
  readonly length: number;
  /** Resolves when nothing is worked on any more; after the signal was aborted that is soon. */
  idle(): Promise<void>;
}

export interface KeyQueueOptions {
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Must not throw. */
  readonly work: (key: string) => Promise<void>;
}

export function createKeyQueue({ concurrency, signal, work }: KeyQueueOptions): KeyQueue {
  const ready = new Set<string>();
  const active = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const later = new Map<string, { readonly dueAt: number; readonly cancel: AbortController }>();

  const pump = (): void => {
    for (const key of ready) {
      if (active.size >= concurrency || signal.aborted) return;
      ready.delete(key);
      active.set(key, run(key));
    }
  };
  const run = async (key: string): Promise<void> => {
    await work(key);
    active.delete(key);
    if (again.delete(key)) ready.add(key);
    pump();
  };
  const addNow = (key: string): void => {
    if (signal.aborted) return;
    if (active.has(key)) again.add(key);
    else ready.add(key);
    pump();
  };
  const addLater = (key: string, delayMs: number): void => {
    const dueAt = performance.now() + delayMs;
    const known = later.get(key);
    if (known && known.dueAt <= dueAt) return;
    known?.cancel.abort();
    const cancel = new AbortController();
    later.set(key, { dueAt, cancel });
    const wait = { signal: AbortSignal.any([signal, cancel.signal]), ref: false };
    const come = async (): Promise<void> => {
      await timer(delayMs, undefined, wait);
      later.delete(key);
      addNow(key);
    };
    // Rejected only when it was aborted: the key came in another way, or nobody works any more.
    come().catch(() => undefined);
  };

  return {
    add: (key, delayMs = 0) => {
      if (signal.aborted) return;
      if (delayMs > 0) {
        addLater(key, delayMs);
        return;
      }
      const waiting = later.get(key);
      waiting?.cancel.abort();
      later.delete(key);
      addNow(key);
    },
    get length() {
      return ready.size + active.size + later.size;
    },
    idle: async () => {
      while (active.size > 0) await Promise.all(active.values());
    },
  };
}
