/** Which schedules are due: a pure question about times. */
import { CronError } from '#core/cron';
import { latestTime, nextTime } from '#core/windows';
import type { ScheduledAction } from '#protocol/actions';

import type { ScheduleMarks } from './store.ts';

/** So late may the agent hear of a time that is to come once. */
const LATE_MS = 24 * 3_600_000;

export interface Due {
  readonly schedule: ScheduledAction;
  readonly time: Date;
}

export interface Schedules {
  /** One time each: of several that were missed, the newest stands for all. */
  readonly due: readonly Due[];
  /** What is to be known from now on, once everything due has been begun. */
  readonly marks: ScheduleMarks;
  /** When to look again; absent when nothing comes. */
  readonly next?: Date;
}

/** A schedule that is seen for the first time begins with its next time. One without times is never due. */
export function dueSchedules(
  schedules: readonly ScheduledAction[],
  marks: ScheduleMarks,
  { now, timezone }: { readonly now: Date; readonly timezone: string },
): Schedules {
  const due: Due[] = [];
  const after: Record<string, string> = {};
  let next: Date | undefined;
  for (const schedule of schedules) {
    const known = marks[schedule.id];
    // A clock that was ahead is put right: what was begun meanwhile is known by its run's id.
    const since = known === undefined ? undefined : new Date(Math.min(Date.parse(known), now.getTime()));
    const times = timesOf(schedule, { since, now, timezone });
    after[schedule.id] = (times.due ?? since ?? now).toISOString();
    if (times.due !== undefined) due.push({ schedule, time: times.due });
    if (times.next !== undefined && (next === undefined || times.next < next)) next = times.next;
  }
  return { due, marks: after, ...(next === undefined ? {} : { next }) };
}

function timesOf(
  { cron, at }: ScheduledAction,
  { since, now, timezone }: { readonly since: Date | undefined; readonly now: Date; readonly timezone: string },
): { readonly due?: Date | undefined; readonly next?: Date | undefined } {
  if (at !== undefined) {
    const time = new Date(at);
    if (time > now) return { next: time };
    // Seen too late for its time, as after an outage; one that is long past is history and no wish.
    const fresh = since === undefined ? now.getTime() - time.getTime() <= LATE_MS : since < time;
    return { due: fresh ? time : undefined };
  }
  if (cron === undefined) return {};
  try {
    return {
      due: since && latestTime(cron, { since, now }, timezone),
      next: nextTime(cron, now, timezone),
    };
  } catch (error) {
    // The plane refuses such a schedule; one that comes all the same never runs, and the others do.
    if (error instanceof CronError) return {};
    throw error;
  }
}
