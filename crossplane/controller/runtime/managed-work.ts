/** The queue of managed resources: who is reconciled when, and what becomes of the result. */
import type { Logger } from '#core/log';
import { createKeyQueue } from '#core/key-queue';
import { startDeadline } from '#openapi/client/deadline';

import type { EventRecorder, ManagedObject, Reconciler, ReconcileResult, Requeue } from '../contracts.ts';
import type { ControllerMetrics, WakeCause } from '../metrics.ts';
import type { ManagedKind } from '../../schema/kinds.ts';
import type { ObjectKey } from './object-key.ts';
import { nextLook, ownInterval } from './requeue.ts';
import { createSchedule } from './schedule.ts';
import { shared } from './signals.ts';
import type { WatchIndex } from './watch-index.ts';

export interface ManagedWork {
  /** Looks at an object as soon as a worker is free, or after a while. */
  wake(key: ObjectKey, cause: WakeCause, afterMs?: number): void;
  /** The object is gone. */
  forget(key: ObjectKey): void;
  begin(keys: readonly ObjectKey[]): void;
  /** Resolves when nothing is worked on any more, after intake was stopped. */
  idle(): Promise<void>;
  /** How the object was found at the last look. */
  foundOf(key: ObjectKey): { readonly ready: boolean; readonly synced: boolean } | undefined;
  readonly length: number;
}

export interface ManagedWorkOptions {
  readonly reconciler: Reconciler;
  /** The object as it was last heard of. */
  readonly find: (key: ObjectKey) => { readonly kind: ManagedKind; readonly object: ManagedObject } | undefined;
  /** Whether what was last heard of the object is older than what was written to it. */
  readonly isOutdated: (key: ObjectKey, object: ManagedObject) => boolean;
  /** The object as the API server has it. */
  readonly read: (
    key: ObjectKey,
    options: { readonly signal: AbortSignal },
  ) => Promise<{ readonly kind: ManagedKind; readonly object: ManagedObject } | undefined>;
  readonly watches: WatchIndex;
  readonly isLive: (realm: string) => boolean;
  /** Whether what the object stands for changed since that time, in monotonic milliseconds. */
  readonly changedSince: (watch: NonNullable<ReconcileResult['watch']>, since: number) => boolean;
  readonly events: EventRecorder;
  readonly metrics: ControllerMetrics;
  readonly workers: number;
  readonly pollIntervalMs: number;
  readonly resyncIntervalMs: number;
  /** Stops intake. */
  readonly intake: AbortSignal;
  /** Stops what runs. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly random?: () => number;
}

/** No reconcile takes longer: the next one takes it up where it stands. */
const LIMIT_MS = 10 * 60_000;

interface Memory {
  /** How the last looks ended, and how many in a row. */
  readonly last: Requeue['kind'] | undefined;
  readonly repeats: number;
  readonly generation: number | undefined;
  readonly afresh: boolean;
  readonly ready: boolean;
  readonly synced: boolean;
}

const NOTHING: Memory = {
  last: undefined,
  repeats: 0,
  generation: undefined,
  afresh: false,
  ready: false,
  synced: false,
};

export function createManagedWork(options: ManagedWorkOptions): ManagedWork {
  const { find, watches, metrics, intake, log, random = Math.random } = options;
  const memories = new Map<ObjectKey, Memory>();
  let begun = false;

  const forget = (key: ObjectKey): void => {
    schedule.cancel(key);
    memories.delete(key);
    watches.set(key, undefined);
  };
  const work = async (key: ObjectKey): Promise<void> => {
    schedule.cancel(key);
    try {
      await look(key);
    } catch (error) {
      // The reconciler throws nothing else; whatever it is must not stop the others.
      if (!options.signal.aborted) log.error({ err: error, object: key }, 'a look at a managed resource broke off');
      if (!intake.aborted) schedule.atLatest(key, 1_000 + random() * 1_000);
    }
  };
  const look = async (key: ObjectKey): Promise<void> => {
    const memory = memories.get(key) ?? NOTHING;
    const startedAt = performance.now();
    const limit = startDeadline(LIMIT_MS, options.signal);
    const signal = shared(limit.signal);
    try {
      const heard = find(key);
      const isOld = heard !== undefined && (memory.afresh || options.isOutdated(key, heard.object));
      const found = isOld ? await options.read(key, { signal }) : heard;
      if (!found) {
        forget(key);
        return;
      }
      const { kind, object } = found;
      const result = await options.reconciler.reconcile(kind, object, { signal });
      const tookMs = performance.now() - startedAt;
      metrics.reconciles.inc({ kind: kind.kind, scope: kind.scope, result: result.requeue.kind });
      metrics.reconcileSeconds.observe({ kind: kind.kind }, tookMs / 1000);
      settle(key, object, memory, result, startedAt);
    } finally {
      limit.end();
    }
  };
  const settle = (
    key: ObjectKey,
    object: ManagedObject,
    memory: Memory,
    { requeue, watch, ready, synced }: ReconcileResult,
    startedAt: number,
  ): void => {
    // It was deleted meanwhile: nothing is remembered of what is gone.
    if (!find(key)) {
      forget(key);
      return;
    }
    const { generation } = object.metadata;
    const repeats = memory.last === requeue.kind && memory.generation === generation ? memory.repeats + 1 : 0;
    if (watch !== undefined || requeue.kind === 'poll' || requeue.kind === 'rest') watches.set(key, watch);
    if (requeue.kind === 'failed') {
      log.info({ object: key, err: requeue.error, repeats }, 'a reconcile failed, trying again');
    }
    const ownIntervalMs = ownInterval(object);
    if (ownIntervalMs === 'invalid' && memory.generation === undefined) warnOfInterval(options.events, object);
    const next = nextLook(requeue, {
      repeats,
      tookMs: performance.now() - startedAt,
      isWatched: watch !== undefined && options.isLive(watch.realm),
      ownIntervalMs: ownIntervalMs === 'invalid' ? undefined : ownIntervalMs,
      pollIntervalMs: options.pollIntervalMs,
      resyncIntervalMs: options.resyncIntervalMs,
      random,
    });
    memories.set(key, { last: requeue.kind, repeats, generation, afresh: next.kind === 'afresh', ready, synced });
    if (intake.aborted) return;
    // Whoever asked during this look for another one gets it: the look may have begun before what they know of.
    if (next.kind !== 'none') schedule.atLatest(key, next.ms);
    // Told before anybody knew that it concerns this object: what was read may be older.
    if (watch !== undefined && options.changedSince(watch, startedAt)) schedule.atLatest(key, STREAM_SETTLE_MS);
  };
  const queue = createKeyQueue({ concurrency: options.workers, signal: intake, work });
  const schedule = createSchedule((key) => queue.add(key));
  intake.addEventListener('abort', () => schedule.clear(), { once: true });

  return {
    wake: (key, cause, afterMs = 0) => {
      if (!begun || intake.aborted) return;
      metrics.wakes.inc({ cause });
      if (afterMs > 0) schedule.atLatest(key, afterMs);
      else queue.add(key);
    },
    forget,
    begin: (keys) => {
      begun = true;
      for (const key of keys) queue.add(key);
    },
    idle: async () => queue.idle(),
    foundOf: (key) => memories.get(key),
    get length() {
      return queue.length;
    },
  };
}

/** Changes come in bursts: they are looked at together after this, in milliseconds. */
export const STREAM_SETTLE_MS = 250;

function warnOfInterval(events: EventRecorder, object: ManagedObject): void {
  events.record({
    object,
    type: 'Warning',
    reason: 'Warning',
    message:
      'metadata.annotations[crossplane.io/poll-interval]: expected a duration such as 30s, 10m or 1h30m; it is left out of account',
  });
}
