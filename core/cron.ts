/** Times that come again and again, as cron writes them: minute, hour, day of month, month, day of week. */

/** When a schedule matches, field by field; days count from 1, Sunday is 0. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly daysOfWeek: ReadonlySet<number>;
  /** Both days are restricted: one of them suffices then, as cron has always had it. */
  readonly eitherDay: boolean;
}

/** A text that is no schedule; the message says which field is wrong and what it may be. */
export class CronError extends Error {
  override readonly name = 'CronError';
}

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly [Field, Field, Field, Field, Field] = [
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, names: MONTHS },
  { name: 'day of week', from: 0, to: 7, names: DAYS },
];
/** The most days that a month has; February's 29th comes, if rarely. */
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads a schedule: `*`, lists, ranges, steps, names of months and days; `?` stands for `*` in the days.
 *
 * @throws CronError that names the field, also for a day that no month has
 */
export function parseCron(text: string): Cron {
  const parts = text.trim().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts;
  if (parts.length !== FIELDS.length)
    throw new CronError(
      `'${text}' has ${text.trim() === '' ? 0 : parts.length} fields; expected five: minute, hour, day of month, month, day of week`,
    );
  const months = values(month, FIELDS[3]);
  const daysOfMonth = values(day.replace(/^\?$/, '*'), FIELDS[2]);
  const cron: Cron = {
    minutes: values(minute, FIELDS[0]),
    hours: values(hour, FIELDS[1]),
    daysOfMonth: new Set(daysOfMonth),
    months: new Set(months),
    daysOfWeek: new Set(values(weekday.replace(/^\?$/, '*'), FIELDS[4]).map((value) => value % 7)),
    eitherDay: restricted(day) && restricted(weekday),
  };
  const comes = cron.eitherDay || months.some((of) => daysOfMonth.some((value) => value <= (LONGEST[of - 1] ?? 0)));
  if (!comes) throw new CronError(`'${text}' never comes: no such month has that day`);
  return cron;
}

function restricted(field: string): boolean {
  return !/^[*?]/.test(field);
}

/** Whether the schedule matches on a day of the calendar. */
export function matchesDay(
  cron: Cron,
  day: { readonly month: number; readonly date: number; readonly weekday: number },
): boolean {
  if (!cron.months.has(day.month)) return false;
  const byDate = cron.daysOfMonth.has(day.date);
  const byWeekday = cron.daysOfWeek.has(day.weekday);
  return cron.eitherDay ? byDate || byWeekday : byDate && byWeekday;
}

function values(text: string, field: Field): number[] {
  const found = new Set<number>();
  for (const item of text.split(',')) for (const value of itemValues(item, field)) found.add(value);
  return [...found].sort((a, b) => a - b);
}

function itemValues(item: string, field: Field): number[] {
  const [range = '', step, ...more] = item.split('/');
  const every = step === undefined ? 1 : whole(step);
  if (more.length > 0 || every === undefined || every < 1) throw wrong(item, field);
  const [first, last] = bounds(range, field, step !== undefined);
  if (first > last) throw wrong(item, field);
  return Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, index) => first + index * every);
}

function bounds(range: string, field: Field, stepped: boolean): [number, number] {
  if (range === '*') return [field.from, field.names === DAYS ? 6 : field.to];
  const [start = '', end, ...more] = range.split('-');
  const first = one(start, field);
  const last = end === undefined ? (stepped ? field.to : first) : one(end, field);
  if (more.length > 0 || first === undefined || last === undefined) throw wrong(range, field);
  return [first, last];
}

function one(text: string, { from, to, names }: Field): number | undefined {
  const named = names?.indexOf(text.toLowerCase()) ?? -1;
  const value = named >= 0 ? named + (names === MONTHS ? 1 : 0) : whole(text);
  return value !== undefined && value >= from && value <= to ? value : undefined;
}

function whole(text: string): number | undefined {
  return /^\d{1,4}$/.test(text) ? Number(text) : undefined;
}

function wrong(item: string, { name, from, to, names }: Field): CronError {
  const example = names === undefined ? '' : `, a name such as ${names[1] ?? ''}`;
  return new CronError(
    `${name}: '${item}' is none; expected a number from ${from} to ${to}${example}, a range, a step or *`,
  );
}
