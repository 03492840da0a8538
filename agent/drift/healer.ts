/** Turns changes seen by the watches into checks of single objects, many at once but bounded. */
import type { Logger } from '#core/log';
import { backoffDelay } from '#core/retry';

import type { Convergence } from '../enforce/converge.ts';
import type { Entry, ObjectTable } from '../enforce/table.ts';
import { isTransient } from '#kubernetes/error';
import type { Damper } from './damper.ts';
import { createKeyQueue, type KeyQueue } from '#core/key-queue';

export interface HealerOptions {
  readonly table: ObjectTable;
  readonly damper: Damper;
  /** Brings one object to what is desired; `noticedAt` is in milliseconds of `performance.now`. */
  readonly converge: (
    entry: Entry,
    options: { readonly signal: AbortSignal; readonly noticedAt: number },
  ) => Promise<Convergence>;
  /** A check failed: a whole pass may see why, for example a namespace that is missing. */
  readonly onFailure: (entry: Entry, error: unknown, attempt: number) => void;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const CONCURRENCY = 8;

export interface Healer {
  readonly queue: KeyQueue;
}

export function createHealer(options: HealerOptions): Healer {
  const { table, damper, log, signal } = options;
  const noticed = new Map<string, number>();
  const failures = new Map<string, number>();

  const check = async (key: string): Promise<void> => {
    const entry = table.entry(key);
    if (!entry || !suspicious(entry, table)) {
      noticed.delete(key);
      failures.delete(key);
      return;
    }
    const wait = damper.delayFor(key);
    if (wait > 0) {
      queue.add(key, wait);
      return;
    }
    try {
      const outcome = await options.converge(entry, { signal, noticedAt: noticed.get(key) ?? performance.now() });
      noticed.delete(key);
      failures.delete(key);
      if (outcome.kind === 'drifted' && outcome.action === 'healed') healNamespaced(entry);
    } catch (error) {
      if (signal.aborted) return;
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      log.warn({ err: error, object: entry.desired.ref }, 'changed object cannot be brought back yet');
      queue.add(key, backoffDelay(count, { baseMs: isTransient(error) ? 100 : 250, maxMs: 30_000 }));
      options.onFailure(entry, error, count);
    }
  };

  /** What was in a namespace could not be made anew before the namespace was. */
  const healNamespaced = ({ desired }: Entry): void => {
    if (desired.ref.kind !== 'Namespace') return;
    for (const entry of table.entries()) if (entry.desired.ref.namespace === desired.ref.name) queue.add(entry.key);
  };

  const queue = createKeyQueue({ concurrency: CONCURRENCY, signal, work: check });
  table.onChange((key) => {
    const entry = table.entry(key);
    if (!entry || !suspicious(entry, table)) return;
    if (!noticed.has(key)) noticed.set(key, performance.now());
    queue.add(key);
  });
  return { queue };
}

/** Whether an object that the waves have come to may differ from what is desired. */
function suspicious(entry: Entry, table: ObjectTable): boolean {
  if (!entry.reached || entry.foreign) return false;
  const live = table.live(entry.key);
  if (!live) return entry.standingDrift !== 'deleted';
  if (live.readiness.kind === 'terminating') return false;
  return live.hash !== entry.cleanHash && live.hash !== entry.standingDrift;
}
