import { describe, expect, it } from '@jest/globals';

import { CronError, parseCron } from './cron.ts';
import { nextWindow, openWindow } from './windows.ts';

const schedule = (startCron: string, durationHrs = 2): { name: string; startCron: string; durationHrs: number } => ({
  name: 'window',
  startCron,
  durationHrs,
});

describe('schedules', () => {
  it.each([
    { name: 'too few fields', cron: '0 2 * *', says: /has 4 fields; expected five/ },
    { name: 'nothing', cron: '  ', says: /has 0 fields/ },
    { name: 'a minute of 60', cron: '60 * * * *', says: /minute: '60' is none; expected a number from 0 to 59/ },
    { name: 'a range that runs backward', cron: '0 5-2 * * *', says: /hour: '5-2'/ },
    { name: 'a step of nothing', cron: '*/0 * * * *', says: /minute: '\*\/0'/ },
    { name: 'two steps', cron: '*/2/3 * * * *', says: /minute/ },
    { name: 'a month that is none', cron: '0 0 1 FOO *', says: /month: 'FOO' is none; .* a name such as feb/ },
    { name: 'a day that no month of the list has', cron: '0 0 31 2,4 *', says: /never comes/ },
    { name: 'an empty item', cron: '0, 1 * * *', says: /minute: '' is none/ },
    { name: 'numbers beyond counting', cron: '1e9 * * * *', says: /minute/ },
  ])('refuses $name', ({ cron, says }) => {
    expect(() => parseCron(cron)).toThrow(CronError);
    expect(() => parseCron(cron)).toThrow(says);
  });

  it('reads lists, ranges, steps and names; Sunday is 0 and 7', () => {
    const cron = parseCron('5/20 1-3,22 1 jan-MAR sun,7');
    expect(cron.minutes).toEqual([5, 25, 45]);
    expect(cron.hours).toEqual([1, 2, 3, 22]);
    expect([...cron.months]).toEqual([1, 2, 3]);
    expect([...cron.daysOfWeek]).toEqual([0]);
  });
});

describe('maintenance windows', () => {
  it.each([
    {
      name: 'is open at its start',
      now: '2026-03-02T02:00:00Z',
      cron: '0 2 * * *',
      zone: 'UTC',
      open: '2026-03-02T02:00:00.000Z',
    },
    {
      name: 'is open to its last moment',
      now: '2026-03-02T03:59:59Z',
      cron: '0 2 * * *',
      zone: 'UTC',
      open: '2026-03-02T02:00:00.000Z',
    },
    { name: 'is closed at its end', now: '2026-03-02T04:00:00Z', cron: '0 2 * * *', zone: 'UTC', open: undefined },
    {
      name: 'stays open over midnight',
      now: '2026-03-03T00:30:00Z',
      cron: '0 23 * * mon',
      zone: 'UTC',
      open: '2026-03-02T23:00:00.000Z',
    },
    {
      name: 'is read in the zone of the cluster',
      now: '2026-07-01T00:10:00Z',
      cron: '0 2 * * *',
      zone: 'Europe/Berlin',
      open: '2026-07-01T00:00:00.000Z',
    },
    {
      name: 'is read in UTC where there is no such zone',
      now: '2026-07-01T02:10:00Z',
      cron: '0 2 * * *',
      zone: 'Mars/Base',
      open: '2026-07-01T02:00:00.000Z',
    },
    {
      name: 'opens an hour later when the clocks skip its start',
      now: '2026-03-29T01:30:00Z',
      cron: '30 2 * * *',
      zone: 'Europe/Berlin',
      open: '2026-03-29T01:30:00.000Z',
    },
    {
      name: 'opens at the first of two times that the clocks repeat',
      now: '2026-10-25T00:40:00Z',
      cron: '30 2 * * *',
      zone: 'Europe/Berlin',
      open: '2026-10-25T00:30:00.000Z',
    },
    {
      name: 'opens on either day where both are restricted',
      now: '2026-03-13T01:00:00Z',
      cron: '0 0 13 * sun',
      zone: 'UTC',
      open: '2026-03-13T00:00:00.000Z',
    },
  ])('$name', ({ now, cron, zone, open }) => {
    expect(openWindow([schedule(cron)], new Date(now), zone)?.start.toISOString()).toBe(open);
  });

  it('tells of several the one that closes last', () => {
    const now = new Date('2026-03-02T03:00:00Z');
    const windows = [schedule('0 2 * * *', 2), schedule('30 2 * * *', 6), schedule('0 20 * * *', 1)];
    expect(openWindow(windows, now, '')?.end.toISOString()).toBe('2026-03-02T08:30:00.000Z');
  });

  it.each([
    { name: 'the next day', cron: '0 2 * * *', next: '2026-03-03T02:00:00.000Z' },
    { name: 'the next weekday', cron: '15 4 * * sat', next: '2026-03-07T04:15:00.000Z' },
    { name: 'the next leap day', cron: '0 0 29 2 *', next: '2028-02-29T00:00:00.000Z' },
    {
      name: 'the next leap day that is a Monday, or any Monday of February, as cron reads it',
      cron: '0 0 29 2 mon',
      next: '2027-02-01T00:00:00.000Z',
    },
    { name: 'a minute from now', cron: '* * * * *', next: '2026-03-02T10:00:00.000Z' },
  ])('finds $name', ({ cron, next }) => {
    const now = new Date('2026-03-02T10:00:30Z');
    expect(nextWindow([schedule(cron, 1)], now, 'UTC')?.start.toISOString()).toBe(next);
  });

  it('has none where there is no schedule', () => {
    expect(nextWindow([], new Date(), 'UTC')).toBeUndefined();
  });
});
