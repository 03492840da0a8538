/** Maintenance windows: when they are open and when the next one comes. */
import { matchesDay, parseCron, type Cron } from './cron.ts';

/** A window that comes again and again. */
export interface Schedule {
  readonly name: string;
  readonly startCron: string;
  /** Hours, 1 to 24. */
  readonly durationHrs: number;
}

export interface Window {
  readonly start: Date;
  readonly end: Date;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A 29th of February comes within eight years, also around a year such as 2100; on a given weekday within 40. */
const DAYS_AHEAD = 41 * 366;

/**
 * The window that is open now, of several the one that closes last.
 *
 * @param timeZone name of the zone that the schedules are read in; UTC where there is no such zone
 */
export function openWindow(schedules: readonly Schedule[], now: Date, timeZone: string): Window | undefined {
  const open = schedules.flatMap(({ startCron, durationHrs }): Window[] => {
    const start = latestStart(parseCron(startCron), now, timeZone);
    const end = new Date((start?.getTime() ?? 0) + durationHrs * HOUR_MS);
    return start !== undefined && end > now ? [{ start, end }] : [];
  });
  return open.sort((a, b) => b.end.getTime() - a.end.getTime())[0];
}

/** The window that is open now, or else the next to open. */
export function nextWindow(schedules: readonly Schedule[], now: Date, timeZone: string): Window | undefined {
  const open = openWindow(schedules, now, timeZone);
  if (open !== undefined) return open;
  const coming = schedules.flatMap(({ startCron, durationHrs }): Window[] => {
    const start = nextStart(parseCron(startCron), now, timeZone);
    return start === undefined ? [] : [{ start, end: new Date(start.getTime() + durationHrs * HOUR_MS) }];
  });
  return coming.sort((a, b) => a.start.getTime() - b.start.getTime())[0];
}

/** The first time of a schedule after `after`. @throws CronError */
export function nextTime(cron: string, after: Date, timeZone: string): Date | undefined {
  return nextStart(parseCron(cron), after, timeZone);
}

/** The newest time of a schedule that is not after `now`, if it is after `since`. @throws CronError */
export function latestTime(
  cron: string,
  { since, now }: { since: Date; now: Date },
  timeZone: string,
): Date | undefined {
  const days = Math.min(DAYS_AHEAD, Math.ceil((now.getTime() - since.getTime()) / DAY_MS) + 1);
  const time = latestStart(parseCron(cron), now, timeZone, days);
  return time !== undefined && time > since ? time : undefined;
}

interface Day {
  readonly year: number;
  readonly month: number;
  readonly date: number;
  readonly weekday: number;
}

/** The newest start that is not after `now`; windows are a day long at most, so older ones than two days do not matter. */
function latestStart(cron: Cron, now: Date, timeZone: string, days = 2): Date | undefined {
  const today = dayOf(now, timeZone);
  for (let back = 0; back <= days; back++) {
    const day = addDays(today, -back);
    if (!matchesDay(cron, day)) continue;
    for (const hour of cron.hours.toReversed())
      for (const minute of cron.minutes.toReversed()) {
        const start = instantOf(day, hour, minute, timeZone);
        if (start <= now) return start;
      }
  }
  return undefined;
}

function nextStart(cron: Cron, now: Date, timeZone: string): Date | undefined {
  const today = dayOf(now, timeZone);
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
    const day = addDays(today, ahead);
    if (!matchesDay(cron, day)) continue;
    for (const hour of cron.hours)
      for (const minute of cron.minutes) {
        const start = instantOf(day, hour, minute, timeZone);
        if (start > now) return start;
      }
  }
  return undefined;
}

function addDays({ year, month, date }: Day, days: number): Day {
  const shifted = new Date(Date.UTC(year, month - 1, date) + days * DAY_MS);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    date: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
  };
}

function dayOf(instant: Date, timeZone: string): Day {
  const local = new Date(instant.getTime() + offsetOf(instant, timeZone));
  return addDays(
    { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, date: local.getUTCDate(), weekday: 0 },
    0,
  );
}

/** The moment of a local time. One that the clocks skip comes as much later; of one that they repeat the first counts. */
function instantOf({ year, month, date }: Day, hour: number, minute: number, timeZone: string): Date {
  const local = Date.UTC(year, month - 1, date, hour, minute);
  const before = offsetOf(new Date(local - DAY_MS), timeZone);
  const after = offsetOf(new Date(local + DAY_MS), timeZone);
  const early = new Date(local - Math.max(before, after));
  if (offsetOf(early, timeZone) === Math.max(before, after)) return early;
  const late = new Date(local - Math.min(before, after));
  return offsetOf(late, timeZone) === Math.min(before, after) ? late : new Date(local - before);
}

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/** Milliseconds that a zone's clocks are ahead of UTC. */
function offsetOf(instant: Date, timeZone: string): number {
  const format = formatOf(timeZone);
  if (format === undefined) return 0;
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(instant.getTime() / 1000) * 1000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  if (timeZone === '' || timeZone === 'UTC') return undefined;
  if (!formats.has(timeZone)) formats.set(timeZone, makeFormat(timeZone));
  return formats.get(timeZone);
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  const numeric = 'numeric';
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
  } catch {
    // A zone that is none is stored with a cluster as it came; its windows are read in UTC.
    return undefined;
  }
}
