import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createKeyQueue } from './key-queue.ts';

/** Work that ends when it is told to. */
function gatedWork() {
  const started: string[] = [];
  const gates = new Map<string, () => void>();
  const work = async (key: string): Promise<void> => {
    started.push(key);
    await new Promise<void>((resolve) => gates.set(key, resolve));
  };
  const finish = async (key: string): Promise<void> => {
    gates.get(key)?.();
    await settle();
  };
  return { started, work, finish };
}

const settle = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the queue of keys', () => {
  let stop: AbortController;
  beforeEach(() => {
    stop = new AbortController();
  });
  afterEach(() => stop.abort());

  it('works on so many keys at once, and on the others in turn', async () => {
    const { started, work, finish } = gatedWork();
    const queue = createKeyQueue({ concurrency: 2, signal: stop.signal, work });
    for (const key of ['a', 'b', 'c']) queue.add(key);
    expect(started).toEqual(['a', 'b']);
    expect(queue.length).toBe(3);
    await finish('a');
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('takes a key once however often it is added, and again when it was added while it was worked on', async () => {
    const { started, work, finish } = gatedWork();
    const queue = createKeyQueue({ concurrency: 1, signal: stop.signal, work });
    queue.add('busy');
    for (let times = 0; times < 5; times++) queue.add('a');
    await finish('busy');
    expect(started).toEqual(['busy', 'a']);
    for (let times = 0; times < 5; times++) queue.add('a');
    await finish('a');
    expect(started).toEqual(['busy', 'a', 'a']);
    await finish('a');
    expect(queue.length).toBe(0);
  });

  it('brings a key forward when it is added for now', async () => {
    const { started, work } = gatedWork();
    const queue = createKeyQueue({ concurrency: 1, signal: stop.signal, work });
    queue.add('a', 60_000);
    expect(started).toEqual([]);
    queue.add('a');
    expect(started).toEqual(['a']);
    expect(queue.length).toBe(1);
  });

  it('takes nothing more after the end, and is idle when what was begun is done', async () => {
    const { started, work, finish } = gatedWork();
    const queue = createKeyQueue({ concurrency: 1, signal: stop.signal, work });
    queue.add('a');
    queue.add('b');
    stop.abort();
    await finish('a');
    await queue.idle();
    expect(started).toEqual(['a']);
  });
});
