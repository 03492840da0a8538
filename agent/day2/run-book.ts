/** The runs that there are, as the cluster has them: a change counts once it is stored, and is told then. */
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';

import { createKeyedLock } from '../enforce/keyed-lock.ts';
import type { ActionNews } from '../report/reporter.ts';
import { hasEnded, newsOf, type Run } from './run.ts';
import type { RunStore } from './store.ts';

interface CallOptions {
  readonly signal: AbortSignal;
}

export interface RunBook {
  all(): readonly Run[];
  get(runId: string): Run | undefined;
  /** Takes in what former lives of the agent left, and tells again how it stands. */
  load(options: CallOptions): Promise<void>;
  add(run: Run, options: CallOptions): Promise<void>;
  /** Stores the change, then tells it. Tries again for as long as the API server is away. @throws the signal's reason */
  change(runId: string, change: Partial<Run>, options: CallOptions): Promise<void>;
  /** Tells the change soon and stores it when there is time: it may be lost by a restart. */
  mention(runId: string, change: Partial<Run>, options: CallOptions): void;
  /** Tells again how it stands: somebody who asks for its end has not heard of it. */
  repeat(runId: string): void;
}

/** Ended runs that are kept; the oldest go first. */
const KEPT = 100;
/** Ended runs that are told again after a restart: their last reports may not have gone out. */
const TOLD_AGAIN = 20;
/** Between two tellings of progress, in milliseconds. */
const MENTION_MS = 1_000;
const AWAY = { baseMs: 250, maxMs: 30_000 };

export function createRunBook(options: {
  readonly clusterUid: string;
  readonly store: RunStore;
  readonly report: (news: ActionNews) => void;
  readonly log: Logger;
}): RunBook {
  const { store, report, log } = options;
  const runs = new Map<string, Run>();
  const oneAtATime = createKeyedLock();
  const mentioning = new Map<string, NodeJS.Timeout>();

  const stored = async (work: () => Promise<void>, { signal }: CallOptions): Promise<void> => {
    for (let failures = 0; ; failures++) {
      signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        log.debug({ err: error, attempt: failures }, 'a run cannot be stored now');
        await delay(backoffDelay(failures, AWAY), { signal });
      }
    }
  };
  const save = async (runId: string, how: CallOptions): Promise<void> =>
    oneAtATime(runId, async () =>
      stored(async () => {
        const run = runs.get(runId);
        if (run !== undefined) await store.save(run, how);
      }, how),
    );
  const set = (runId: string, change: Partial<Run>): Run | undefined => {
    const run = runs.get(runId);
    if (run === undefined) return undefined;
    const next = { ...run, ...change, reports: run.reports + 1 };
    runs.set(runId, next);
    return next;
  };
  const prune = async (how: CallOptions): Promise<void> => {
    const ended = [...runs.values()].filter(hasEnded).sort(byAge);
    for (const { runId } of ended.slice(0, Math.max(0, ended.length - KEPT))) {
      await store.remove(runId, how);
      runs.delete(runId);
    }
  };

  return {
    all: () => [...runs.values()].sort(byAge),
    get: (runId) => runs.get(runId),
    load: async (how) => {
      await stored(async () => {
        for (const run of await store.load(how)) {
          if (run.clusterUid === options.clusterUid) runs.set(run.runId, run);
          else await store.remove(run.runId, how);
        }
      }, how);
      const known = [...runs.values()].sort(byAge);
      known
        .filter(hasEnded)
        .slice(-TOLD_AGAIN)
        .forEach((run) => report(newsOf(run)));
      for (const run of known) {
        if (hasEnded(run)) continue;
        const fruitless = run.phase === 'running' ? run.fruitless + 1 : 0;
        const next = { ...run, lives: run.lives + 1, reports: 0, fruitless };
        runs.set(run.runId, next);
        await save(run.runId, how);
        report(newsOf(next));
      }
    },
    add: async (asked, how) => {
      // The order of asking holds, also within one millisecond and after a clock was put back.
      const newest = [...runs.values()].sort(byAge).at(-1)?.createdAt;
      const run =
        newest !== undefined && newest >= asked.createdAt
          ? { ...asked, createdAt: new Date(Date.parse(newest) + 1).toISOString() }
          : asked;
      await stored(async () => store.save(run, how), how);
      runs.set(run.runId, run);
      report(newsOf(run));
    },
    change: async (runId, change, how) => {
      clearTimeout(mentioning.get(runId));
      mentioning.delete(runId);
      const next = set(runId, change);
      if (next === undefined) return;
      await save(runId, how);
      report(newsOf(next));
      if (hasEnded(next))
        await prune(how).catch((error: unknown) => log.debug({ err: error }, 'old runs are removed later'));
    },
    mention: (runId, change, how) => {
      const run = runs.get(runId);
      if (run === undefined || hasEnded(run)) return;
      runs.set(runId, { ...run, ...change });
      if (mentioning.has(runId)) return;
      const timer = setTimeout(() => {
        mentioning.delete(runId);
        const next = set(runId, {});
        if (next === undefined || hasEnded(next) || how.signal.aborted) return;
        report(newsOf(next));
        save(runId, how).catch(() => undefined);
      }, MENTION_MS);
      timer.unref();
      mentioning.set(runId, timer);
    },
    repeat: (runId) => {
      const run = runs.get(runId);
      if (run !== undefined) report(newsOf(run));
    },
  };
}

function byAge(a: Run, b: Run): number {
  return a.createdAt.localeCompare(b.createdAt);
}
