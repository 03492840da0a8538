/** Sees one run through: calls what carries its action out, again after faults that pass, and notes how it ended. */
import type { Logger } from '#core/log';
import { backoffDelay, delay, type Backoff } from '#core/retry';
import type { KubeClient } from '#kubernetes/client';
import { isTransient } from '#kubernetes/error';
import type { DesiredState } from '#protocol/desired-state';
import type { Action } from '#protocol/actions';

import { joinSignals } from '../signals.ts';
import {
  ActionFailed,
  Cancelled,
  type ActionContext,
  type ActionHandlers,
  type ActionOutcome,
  type Artifact,
} from './action.ts';
import { removeJobs } from './job.ts';
import type { RunBook } from './run-book.ts';
import type { Run } from './run.ts';

export interface CarryOutOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly book: RunBook;
  readonly handlers: ActionHandlers;
  readonly document: () => DesiredState;
  /** Keeps it until the plane has it. */
  readonly upload: (runId: string, artifact: Artifact) => Promise<void>;
  /** Aborted with `Cancelled` to end the run. */
  readonly stop: AbortController;
  readonly now: () => Date;
  readonly log: Logger;
  /** Between two tries. Default: from a second up to a minute. */
  readonly away?: Backoff | undefined;
}

/** Tries while the API server is away: about half an hour in all. */
const ATTEMPTS = 35;
/** A try that went well for so long, in milliseconds, is no part of the outage before it. */
const WENT_WELL_MS = 10 * 60_000;
/** Tries of one life in all: a fault that comes again after each long try does not pass. */
const MOST_TRIES = 100;
const AWAY = { baseMs: 1_000, maxMs: 60_000 };
const CLEAN_UP_MS = 10_000;
/** So often may the agent be restarted while a run gets no further: more often, and the run may be what ends the agent. */
const MOST_FRUITLESS = 20;
const MAX_MESSAGE = 2_000;
const MAX_RESULT_BYTES = 128 * 1024;
/** A Secret holds the whole run. */
const MAX_NOTES_BYTES = 512 * 1024;

/** Returns when the run has ended and that is stored, or when the agent stops: then it goes on in the next life. */
export async function carryOut(
  run: Run,
  options: CarryOutOptions,
  how: { readonly signal: AbortSignal },
): Promise<void> {
  const { book, stop, now } = options;
  const { runId } = run;
  const log = options.log.child({ runId, action: run.action.type });
  if (run.fruitless > MOST_FRUITLESS) {
    const message = `the agent was restarted ${run.fruitless} times while it was at it, without getting any further`;
    await book.change(runId, { phase: 'failed', step: '', message, endedAt: now().toISOString() }, how);
    return;
  }
  log.info({}, run.phase === 'running' ? 'going on with an action' : 'beginning an action');
  await book.change(
    runId,
    {
      phase: 'running',
      step: run.phase === 'running' ? run.step : '',
      startedAt: run.startedAt ?? now().toISOString(),
    },
    how,
  );
  const end = await outcomeOf(runId, { ...options, log }, joinSignals(how.signal, stop.signal), how);
  if (end === undefined) return;
  if (end.phase === 'cancelled') await removeLeftJobs(runId, { ...options, log }, how);
  await book.change(runId, { ...end, step: '', endedAt: now().toISOString() }, how);
  log.info({ phase: end.phase, outcome: end.message }, 'an action has ended');
}

type End = Pick<Run, 'message'> & { readonly phase: 'done' | 'failed' | 'cancelled' } & Partial<Pick<Run, 'result'>>;

async function outcomeOf(
  runId: string,
  options: CarryOutOptions,
  signal: AbortSignal,
  outer: { readonly signal: AbortSignal },
): Promise<End | undefined> {
  for (let attempt = 0, tries = 1; ; attempt++, tries++) {
    const since = performance.now();
    try {
      const { message, result } = await call(runId, options, signal, outer);
      return endOf('done', message, result, options.log);
    } catch (error) {
      if (outer.signal.aborted) return undefined;
      if (performance.now() - since > WENT_WELL_MS) attempt = 0;
      // What a cancelled action undoes is tried again, too.
      if (isTransient(error) && attempt + 1 < ATTEMPTS && tries < MOST_TRIES) {
        options.log.debug({ err: error, attempt }, 'an action is tried again');
        const { signal: waiting } = options.stop.signal.aborted ? outer : { signal };
        await delay(backoffDelay(attempt, options.away ?? AWAY), { signal: waiting }).catch(() => undefined);
        if (outer.signal.aborted) return undefined;
        continue;
      }
      const message = error instanceof Error ? error.message : String(error);
      const result = error instanceof ActionFailed ? error.result : undefined;
      if (!(error instanceof ActionFailed || error instanceof Cancelled))
        options.log.error({ err: error }, 'an action failed for a fault');
      return endOf(options.stop.signal.aborted ? 'cancelled' : 'failed', message, result, options.log);
    }
  }
}

/** An outcome within the bounds of what is kept and told. */
function endOf(phase: End['phase'], message: string, result: ActionOutcome['result'], log: Logger): End {
  const told = { phase, message: message.slice(0, MAX_MESSAGE) };
  if (result === undefined) return told;
  if (Buffer.byteLength(JSON.stringify(result)) <= MAX_RESULT_BYTES) return { ...told, result };
  log.warn({}, 'the result of an action is too large and is left out');
  return told;
}

/** A cancel may have come between two tries, when nobody was there to see to the Job of the last one. */
async function removeLeftJobs(
  runId: string,
  { client, namespace, log }: CarryOutOptions,
  outer: { readonly signal: AbortSignal },
): Promise<void> {
  try {
    const signal = AbortSignal.any([outer.signal, AbortSignal.timeout(CLEAN_UP_MS)]);
    await removeJobs(runId, { client, namespace, signal });
  } catch (error) {
    log.warn({ err: error }, 'Jobs of a cancelled action were not removed; they go away by themselves in a day');
  }
}

async function call(
  runId: string,
  { book, handlers, upload, ...rest }: CarryOutOptions,
  signal: AbortSignal,
  outer: { readonly signal: AbortSignal },
): Promise<ActionOutcome> {
  const run = book.get(runId);
  if (run === undefined) throw new Error(`run ${runId} is not known any more`);
  const { type, spec } = run.action;
  // The union says that a spec is of its type, which is beyond the compiler where both are looked up apart.
  const handler = handlers[type] as
    | ((spec: Action['spec'], context: ActionContext) => Promise<ActionOutcome>)
    | undefined;
  if (handler === undefined) throw new ActionFailed(`this agent cannot carry out ${type}`);
  return handler(spec, {
    runId,
    client: rest.client,
    namespace: rest.namespace,
    document: rest.document,
    progress: (step, percent) =>
      book.mention(runId, { step, percent: percent === undefined ? undefined : Math.round(percent) }, outer),
    notes: run.notes,
    note: async (key, value) => {
      const notes = { ...book.get(runId)?.notes, [key]: value };
      if (Buffer.byteLength(JSON.stringify(notes)) > MAX_NOTES_BYTES) throw new Error('a run noted more than it may');
      await book.change(runId, { notes, fruitless: 0 }, outer);
    },
    upload: async (artifact) => upload(runId, artifact),
    now: rest.now,
    log: rest.log,
    signal,
    ending: outer.signal,
  });
}
