/**
 * Takes on actions, begins each when it may begin, and sees it to its end: over restarts, at most once, one disruptive
 * action at a time and within maintenance windows. It needs the plane for nothing but telling.
 */
import { assertNever } from '#core/assert-never';
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import { nextWindow } from '#core/windows';
import type { KubeClient } from '#kubernetes/client';
import { isDisruptive, type Action, type ScheduledAction } from '#protocol/actions';
import type { ClusterUid } from '#protocol/identifiers';
import type { DesiredState } from '#protocol/desired-state';

import { createKeyedLock } from '../enforce/keyed-lock.ts';
import type { ActionNews } from '../report/reporter.ts';
import { createWake } from '../wake.ts';
import { Cancelled, type ActionHandlers, type Artifact } from './action.ts';
import { carryOut } from './carry-out.ts';
import { createRunBook } from './run-book.ts';
import { hasEnded, joinedRunId, newRun, scheduledRunId, type Run } from './run.ts';
import { dueSchedules } from './schedule.ts';
import type { RunStore, ScheduleMarks } from './store.ts';

interface CallOptions {
  readonly signal: AbortSignal;
}

export interface ActionRunner {
  /**
   * Takes on an action under the id of its run; from then on it goes its own way, and the same id again changes nothing.
   *
   * @throws Error when this agent does not know the action or has too many to do
   */
  takeOn(
    asked: { readonly runId: string; readonly action: Action; readonly scheduleId?: string },
    options: CallOptions,
  ): Promise<void>;
  /** Ends a run, or keeps one that waits from beginning. @throws Error where there is none to end */
  cancel(runId: string, options: CallOptions): Promise<void>;
  /** Runs that are under way and those that ended of late, oldest first. */
  runs(): readonly Run[];
  /** Something that runs wait for may have come. */
  wake(): void;
  /** Works until the signal is aborted. */
  run(options: CallOptions): Promise<void>;
}

export interface ActionRunnerOptions {
  readonly clusterUid: ClusterUid;
  readonly client: KubeClient;
  readonly namespace: string;
  readonly store: RunStore;
  readonly handlers: ActionHandlers;
  /** The document in force. */
  readonly document: () => DesiredState | undefined;
  readonly report: (news: ActionNews) => void;
  /** Keeps what a run brought until the plane has it. */
  readonly upload: (runId: string, artifact: Artifact) => Promise<void>;
  /** Nodes that joined and were not seen to yet, by their uids. */
  readonly joined: (options: CallOptions) => Promise<readonly string[]>;
  readonly now: () => Date;
  readonly log: Logger;
}

/** Actions that disturb nothing go side by side, up to so many. */
const MOST_AT_ONCE = 4;
const MOST_UNENDED = 100;
/** Clocks jump, so nobody sleeps longer than this, in milliseconds. */
const LOOK_AGAIN_MS = 30_000;
const AWAY = { baseMs: 1_000, maxMs: 60_000 };

export function createActionRunner(options: ActionRunnerOptions): ActionRunner {
  const { clusterUid, store, handlers, now, log } = options;
  const book = createRunBook(options);
  const active = new Map<string, { readonly stop: AbortController; readonly done: Promise<void> }>();
  const look = createWake();
  const oneAtATime = createKeyedLock();
  let open: () => void = () => undefined;
  const loaded = new Promise<void>((resolve) => (open = resolve));
  let marks: ScheduleMarks = {};

  const takeOn = async (
    { runId, action, scheduleId }: { readonly runId: string; readonly action: Action; readonly scheduleId?: string },
    how: CallOptions,
  ): Promise<void> =>
    // The same may be asked for while it is being stored: its run would begin anew in the middle.
    oneAtATime('take on', async () => {
      if (book.get(runId) !== undefined) return;
      if (handlers[action.type] === undefined) throw new Error(`this agent cannot carry out ${action.type}`);
      if (book.all().filter((run) => !hasEnded(run)).length >= MOST_UNENDED)
        throw new Error(`${MOST_UNENDED} actions wait or are under way; ask again when some have ended`);
      await book.add(newRun({ runId, clusterUid, action, scheduleId, now: now() }), how);
      look.notify();
    });

  const underWay = ({ id }: ScheduledAction): Run | undefined =>
    book.all().find((run) => run.scheduleId === id && !hasEnded(run));

  /** @returns whether that is settled; else it is to be begun later */
  const beginScheduled = async (
    { id: scheduleId, action }: ScheduledAction,
    runId: string,
    how: CallOptions,
  ): Promise<boolean> => {
    try {
      await takeOn({ runId, action, scheduleId }, how);
      return true;
    } catch (error) {
      how.signal.throwIfAborted();
      log.warn({ err: error, scheduleId }, 'a scheduled action cannot be taken on');
      return handlers[action.type] === undefined;
    }
  };

  /** One without times is for nodes that join: begun once for those that there are. */
  const beginForJoined = async (schedules: readonly ScheduledAction[], how: CallOptions): Promise<void> => {
    const waiting = schedules.filter(({ cron, at }) => cron === undefined && at === undefined);
    if (waiting.length === 0) return;
    const joined = await options.joined(how);
    if (joined.length === 0) return;
    for (const schedule of waiting)
      if (underWay(schedule) === undefined)
        await beginScheduled(schedule, joinedRunId(schedule.id, joined, now()), how);
  };

  const beginSchedules = async (how: CallOptions): Promise<Date | undefined> => {
    const document = options.document();
    if (document === undefined || document.lifecycle === 'deleting') return undefined;
    const { schedules = [], timezone = 'UTC' } = document.dayTwo ?? {};
    const found = dueSchedules(schedules, marks, { now: now(), timezone });
    const after = new Map(Object.entries(found.marks));
    for (const { schedule, time } of found.due) {
      const { id } = schedule;
      const before = underWay(schedule);
      if (before === undefined) {
        if (await beginScheduled(schedule, scheduledRunId(id, time), how)) continue;
        const mark = marks[id];
        if (mark === undefined) after.delete(id);
        else after.set(id, mark);
      } else
        log.info(
          { scheduleId: id, runId: before.runId },
          'a scheduled action is left out: the one before it has not ended',
        );
    }
    await beginForJoined(schedules, how);
    const next = Object.fromEntries(after);
    if (JSON.stringify(next) !== JSON.stringify(marks)) {
      await store.saveMarks(next, how);
      marks = next;
    }
    return found.next;
  };

  const start = (run: Run, document: DesiredState, { signal: outer }: CallOptions): void => {
    const stop = new AbortController();
    if (run.cancelRequested) stop.abort(new Cancelled());
    const done = carryOut(
      run,
      { ...options, book, document: () => options.document() ?? document, stop },
      { signal: outer },
    )
      .catch((error: unknown) => {
        if (!outer.aborted) log.error({ err: error, runId: run.runId }, 'a run was left');
      })
      .finally(() => {
        active.delete(run.runId);
        look.notify();
      });
    active.set(run.runId, { stop, done });
  };

  /** Begins what may begin, and says of the rest what it waits for. */
  const beginRuns = async (how: CallOptions): Promise<Date | undefined> => {
    let next: Date | undefined;
    const idle = book.all().filter(({ runId }) => !active.has(runId));
    // What was begun in a former life goes first.
    const ordered = [
      ...idle.filter(({ phase }) => phase === 'running'),
      ...idle.filter(({ phase }) => phase !== 'running'),
    ];
    for (const { runId } of ordered) {
      // Much may have come meanwhile, a cancel as well.
      const run = book.get(runId);
      if (run === undefined || hasEnded(run)) continue;
      const may = mayBegin(run, {
        document: options.document(),
        active: book.all().filter((one) => active.has(one.runId)),
        now: now(),
      });
      switch (may.kind) {
        case 'cancelled':
          await book.change(
            runId,
            { phase: 'cancelled', step: '', message: may.message, endedAt: now().toISOString() },
            how,
          );
          break;
        case 'wait':
          if (may.until !== undefined && (next === undefined || may.until < next)) next = may.until;
          if (run.step !== may.step) await book.change(runId, { step: may.step }, how);
          break;
        case 'begin':
          start(run, may.document, how);
          break;
        default:
          assertNever(may);
      }
    }
    return next;
  };

  return {
    takeOn: async (asked, how) => {
      await loaded;
      how.signal.throwIfAborted();
      await takeOn(asked, how);
    },
    cancel: async (runId, how) => {
      await loaded;
      const run = book.get(runId);
      if (run === undefined) throw new Error(`there is no run ${runId}`);
      if (hasEnded(run)) {
        book.repeat(runId);
        throw new Error(`it has ended already: ${run.phase}`);
      }
      await book.change(runId, { cancelRequested: true, step: 'cancelling' }, how);
      active.get(runId)?.stop.abort(new Cancelled());
      look.notify();
    },
    runs: () => book.all(),
    wake: () => look.notify(),
    run: async ({ signal }) => {
      signal.addEventListener('abort', open, { once: true });
      for (let failures = 0; !signal.aborted;) {
        try {
          await book.load({ signal });
          marks = await store.loadMarks({ signal });
          break;
        } catch (error) {
          if (signal.aborted) break;
          log.debug({ err: error, attempt: failures }, 'runs cannot be read now');
          await delay(backoffDelay(failures++, AWAY), { signal }).catch(() => undefined);
        }
      }
      open();
      for (let failures = 0; !signal.aborted;) {
        let waitMs = LOOK_AGAIN_MS;
        try {
          const times = [await beginSchedules({ signal }), await beginRuns({ signal })];
          for (const time of times)
            if (time !== undefined) waitMs = Math.min(waitMs, Math.max(0, time.getTime() - now().getTime()));
          failures = 0;
        } catch (error) {
          if (signal.aborted) break;
          log.debug({ err: error, attempt: failures }, 'actions cannot be looked after now');
          waitMs = backoffDelay(failures++, AWAY);
        }
        await look.next({ signal, timeoutMs: waitMs });
      }
      await Promise.all([...active.values()].map(async ({ done }) => done));
    },
  };
}

type MayBegin =
  | { readonly kind: 'begin'; readonly document: DesiredState }
  | { readonly kind: 'wait'; readonly step: string; readonly until?: Date | undefined }
  | { readonly kind: 'cancelled'; readonly message: string };

function mayBegin(
  run: Run,
  {
    document,
    active,
    now,
  }: { readonly document: DesiredState | undefined; readonly active: readonly Run[]; readonly now: Date },
): MayBegin {
  if (run.phase === 'waiting' && run.cancelRequested) return { kind: 'cancelled', message: 'before it began' };
  if (document === undefined) return { kind: 'wait', step: 'waiting for the first desired state' };
  const disruptive = isDisruptive(run.action);
  const other = active.find(({ action }) => isDisruptive(action));
  if (disruptive && other !== undefined) return { kind: 'wait', step: `waiting for ${other.action.type} to end` };
  // There is one Sonobuoy in a cluster.
  if (isConformanceScan(run) && active.some(isConformanceScan))
    return { kind: 'wait', step: 'waiting for the other scan by sonobuoy to end' };
  // What was interrupted half-way is better ended than left until the next window.
  if (run.phase === 'running') return { kind: 'begin', document };
  if (!disruptive) {
    const many = active.filter(({ action }) => !isDisruptive(action)).length;
    return many < MOST_AT_ONCE
      ? { kind: 'begin', document }
      : { kind: 'wait', step: 'waiting for other actions to end' };
  }
  const { windows = [], timezone = 'UTC' } = document.dayTwo ?? {};
  if (windows.length === 0) return { kind: 'begin', document };
  const window = nextWindow(windows, now, timezone);
  if (window === undefined) return { kind: 'wait', step: 'waiting for a maintenance window; none comes' };
  if (window.start <= now) return { kind: 'begin', document };
  return {
    kind: 'wait',
    step: `waiting for the maintenance window that opens at ${window.start.toISOString()}`,
    until: window.start,
  };
}

function isConformanceScan({ action }: Run): boolean {
  return action.type === 'scan' && action.spec.driver === 'sonobuoy';
}
