/** A run: one action that was asked for once, from the asking to its end. */
import { z } from 'zod';

import { uuidOf } from '#core/digest';
import { Action } from '#protocol/actions';
import { ClusterUid } from '#protocol/identifiers';

import type { ActionNews } from '../report/reporter.ts';

/** What is kept of a run; the agent may be restarted at any time and goes on from here. */
export const Run = z.object({
  runId: z.uuid(),
  clusterUid: ClusterUid,
  action: Action,
  origin: z.enum(['command', 'schedule']),
  scheduleId: z.string().optional(),
  phase: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  step: z.string(),
  percent: z.int().min(0).max(100).optional(),
  message: z.string(),
  result: z.record(z.string(), z.json()).optional(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  /** Somebody asked to end it; it may still be at undoing what it did. */
  cancelRequested: z.boolean(),
  /** Lives of the agent that had to do with the run: what a later one reports is newer. */
  lives: z.int().nonnegative(),
  /** Reports of this life. */
  reports: z.int().nonnegative(),
  notes: z.record(z.string(), z.string()),
  /** Lives in a row that came to it under way and noted nothing. */
  fruitless: z.int().nonnegative().default(0),
});
export type Run = z.infer<typeof Run>;

/** Reports that one life may make of a run; far more than a run of days makes. */
const REPORTS_PER_LIFE = 2 ** 18;

export function hasEnded({ phase }: Pick<Run, 'phase'>): boolean {
  return phase === 'done' || phase === 'failed' || phase === 'cancelled';
}

export function newRun(asked: {
  readonly runId: string;
  readonly clusterUid: ClusterUid;
  readonly action: Action;
  readonly scheduleId?: string | undefined;
  readonly now: Date;
}): Run {
  return {
    runId: asked.runId,
    clusterUid: asked.clusterUid,
    action: asked.action,
    origin: asked.scheduleId === undefined ? 'command' : 'schedule',
    ...(asked.scheduleId === undefined ? {} : { scheduleId: asked.scheduleId }),
    phase: 'waiting',
    step: '',
    message: '',
    createdAt: asked.now.toISOString(),
    cancelRequested: false,
    lives: 1,
    reports: 0,
    notes: {},
    fruitless: 0,
  };
}

/** The report of a run as it stands. */
export function newsOf(run: Run): ActionNews {
  const { runId, action, origin, scheduleId, phase, step, percent, message, result, endedAt } = run;
  return {
    runId,
    sequence: run.lives * REPORTS_PER_LIFE + Math.min(run.reports, REPORTS_PER_LIFE - 1),
    type: action.type,
    origin,
    ...(scheduleId === undefined ? {} : { scheduleId }),
    phase,
    step,
    ...(percent === undefined ? {} : { percent }),
    startedAt: run.startedAt ?? run.createdAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    message,
    ...(result === undefined ? {} : { result }),
  };
}

/** The run of a schedule at a time: always the same id, so that it is begun once however often it is come to. */
export function scheduledRunId(scheduleId: string, time: Date): string {
  return uuidOf(`${scheduleId}\n${time.toISOString()}`);
}

/** The run of a schedule for nodes that joined: the same id for the same nodes, so what failed is tried again in a day. */
export function joinedRunId(scheduleId: string, nodes: readonly string[], now: Date): string {
  return uuidOf([scheduleId, now.toISOString().slice(0, 10), ...nodes.toSorted()].join('\n'));
}
