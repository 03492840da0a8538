import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { createSchedule } from './schedule.ts';

describe('the schedule', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function recorded() {
    const due: string[] = [];
    return { due, schedule: createSchedule((key) => void due.push(key)) };
  }

  it('tells when a key is due, once', () => {
    const { due, schedule } = recorded();
    schedule.set('a', 100);
    jest.advanceTimersByTime(99);
    expect(due).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(due).toEqual(['a']);
    jest.advanceTimersByTime(1_000);
    expect(due).toEqual(['a']);
    expect(schedule.size).toBe(0);
  });

  it('takes a later time in place of an earlier one when it is set', () => {
    const { due, schedule } = recorded();
    schedule.set('a', 100);
    schedule.set('a', 500);
    jest.advanceTimersByTime(400);
    expect(due).toEqual([]);
    jest.advanceTimersByTime(100);
    expect(due).toEqual(['a']);
  });

  it('only brings a key forward when that is what is asked for', () => {
    const { due, schedule } = recorded();
    schedule.set('a', 100);
    schedule.atLatest('a', 500);
    schedule.set('b', 500);
    schedule.atLatest('b', 100);
    schedule.atLatest('c', 100);
    jest.advanceTimersByTime(100);
    expect(due.toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('waits longer than a timer can', () => {
    const { due, schedule } = recorded();
    schedule.set('a', 40 * 86_400_000);
    jest.advanceTimersByTime(39 * 86_400_000);
    expect(due).toEqual([]);
    jest.advanceTimersByTime(86_400_000);
    expect(due).toEqual(['a']);
  });

  it('forgets what is cancelled', () => {
    const { due, schedule } = recorded();
    schedule.set('a', 100);
    schedule.set('b', 100);
    schedule.cancel('a');
    jest.advanceTimersByTime(100);
    expect(due).toEqual(['b']);
    schedule.set('c', 100);
    schedule.clear();
    jest.advanceTimersByTime(100);
    expect(due).toEqual(['b']);
  });
});
