import { describe, expect, it } from '@jest/globals';

import { boundedQueue } from './bounded-queue.ts';

async function rest<T>(queue: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of queue) items.push(item);
  return items;
}

describe('a bounded queue', () => {
  it('gives items in their order and ends after what it holds', async () => {
    const queue = boundedQueue<number>(10);
    for (const item of [1, 2, 3]) queue.push(item);
    queue.end();
    queue.push(4);
    expect(await rest(queue)).toEqual([1, 2, 3]);
  });

  it('drops the oldest beyond its bound', async () => {
    const queue = boundedQueue<number>(2);
    for (const item of [1, 2, 3, 4]) queue.push(item);
    queue.end();
    expect(await rest(queue)).toEqual([3, 4]);
  });

  it('wakes a reader that waits', async () => {
    const queue = boundedQueue<string>(2);
    const reading = queue[Symbol.asyncIterator]().next();
    queue.push('late');
    expect(await reading).toEqual({ done: false, value: 'late' });
  });

  it('throws what it failed with after what it holds', async () => {
    const queue = boundedQueue<number>(2);
    queue.push(1);
    queue.fail(new Error('gone'));
    const iterator = queue[Symbol.asyncIterator]();
    expect((await iterator.next()).value).toBe(1);
    await expect(iterator.next()).rejects.toThrow('gone');
  });
});
