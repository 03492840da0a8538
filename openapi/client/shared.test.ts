import { describe, expect, it } from '@jest/globals';

import { createMetadataCache } from './metadata-cache.ts';
import { share } from './shared.ts';

/** A promise that the test settles. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((take) => {
    resolve = take;
  });
  return { promise, resolve };
}

describe('share', () => {
  it('lets one caller leave while the others go on', async () => {
    const { promise, resolve } = deferred<string>();
    const work = share(async () => promise);
    const leaving = new AbortController();
    const first = work.join(leaving.signal);
    const second = work.join(new AbortController().signal);
    leaving.abort(new Error('left'));
    await expect(first).rejects.toThrow('left');
    resolve('done');
    await expect(second).resolves.toBe('done');
    expect(work.isAbandoned()).toBe(false);
  });

  it('ends the work when the last caller has left', async () => {
    let seen: AbortSignal | undefined;
    const work = share(async (signal) => {
      seen = signal;
      return new Promise<never>(() => undefined);
    });
    const controller = new AbortController();
    const joined = work.join(controller.signal);
    controller.abort(new Error('left'));
    await expect(joined).rejects.toThrow('left');
    expect([seen?.aborted, work.isAbandoned()]).toEqual([true, true]);
  });
});

describe('the metadata cache', () => {
  function setup() {
    let time = 0;
    let loads = 0;
    const cache = createMetadataCache({ now: () => time });
    const read = async (key = 'a'): Promise<unknown> => cache.read(key, async () => ({ load: ++loads }));
    return { cache, read, pass: (ms: number) => (time += ms) };
  }

  it('answers callers at the same time from one request, each with a copy of its own', async () => {
    const { read } = setup();
    const [first, second] = await Promise.all([read(), read()]);
    expect([first, second]).toEqual([{ load: 1 }, { load: 1 }]);
    expect(first).not.toBe(second);
  });

  it('keeps answers apart by key', async () => {
    const { read } = setup();
    expect([await read('a'), await read('b')]).toEqual([{ load: 1 }, { load: 2 }]);
  });

  it('asks again after five seconds, and after a change', async () => {
    const { cache, read, pass } = setup();
    await read();
    pass(4999);
    await expect(read()).resolves.toEqual({ load: 1 });
    pass(1);
    await expect(read()).resolves.toEqual({ load: 2 });
    cache.clear();
    await expect(read()).resolves.toEqual({ load: 3 });
  });

  it('does not keep a failure', async () => {
    const cache = createMetadataCache({ now: () => 0 });
    await expect(cache.read('a', async () => Promise.reject(new Error('down')))).rejects.toThrow('down');
    await expect(cache.read('a', async () => 'up')).resolves.toBe('up');
  });
});
