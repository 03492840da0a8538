import { describe, expect, it } from '@jest/globals';

import { createEndpoints } from './endpoints.ts';

describe('endpoints', () => {
  it('are tried as they are listed, the one that worked last first, those that failed last', () => {
    const endpoints = createEndpoints(['a', 'b', 'c', 'a'], () => 0);
    expect(endpoints.order()).toEqual(['a', 'b', 'c']);
    endpoints.failed('a');
    expect(endpoints.order()).toEqual(['b', 'c', 'a']);
    endpoints.worked('c');
    expect(endpoints.order()).toEqual(['c', 'b', 'a']);
    endpoints.failed('c');
    endpoints.failed('c');
    expect(endpoints.order()).toEqual(['b', 'a', 'c']);
  });

  it('stays with one that works, also when an earlier one is well again', () => {
    const endpoints = createEndpoints(['a', 'b'], () => 0);
    endpoints.failed('a');
    endpoints.worked('b');
    endpoints.worked('b');
    expect(endpoints.order()).toEqual(['b', 'a']);
  });

  it('forgets failures after a minute', () => {
    let now = 0;
    const endpoints = createEndpoints(['a', 'b'], () => now);
    endpoints.failed('a');
    now = 61_000;
    expect(endpoints.order()).toEqual(['a', 'b']);
  });

  it('keeps what it knows of those that stay in another list', () => {
    const endpoints = createEndpoints(['a', 'b', 'c'], () => 0);
    endpoints.worked('c');
    endpoints.failed('a');
    endpoints.set(['a', 'c', 'd']);
    expect(endpoints.order()).toEqual(['c', 'd', 'a']);
    endpoints.set(['a', 'b']);
    expect(endpoints.order()).toEqual(['b', 'a']);
  });
});
