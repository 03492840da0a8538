import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { silentLogger } from '#core/log';

import type { ManagedObject, ReconcileResult } from '../contracts.ts';
import { createMetrics } from '../metrics.ts';
import { kindsOf } from '../../schema/kinds.ts';
import { createManagedWork, type ManagedWorkOptions } from './managed-work.ts';
import { joinKey } from './object-key.ts';
import { sharedController } from './signals.ts';
import { createWatchIndex } from './watch-index.ts';

const [kind] = kindsOf('spectrocloud_project');
const keyOfName = (name: string): string => joinKey({ group: kind.group, kind: kind.kind, namespace: 'n', name });
const poll: ReconcileResult = { requeue: { kind: 'poll' }, ready: true, synced: true };

let intake = sharedController();
let running = sharedController();
afterEach(() => {
  intake.abort();
  running.abort();
  intake = sharedController();
  running = sharedController();
});

function site({ workers = 2, ...given }: Partial<ManagedWorkOptions> = {}) {
  const heard = new Map<string, ManagedObject>();
  const server = new Map<string, ManagedObject>();
  const looks: string[] = [];
  const reads: string[] = [];
  let answer: (name: string, object: ManagedObject) => Promise<ReconcileResult> = async () => poll;
  const put = (name: string, resourceVersion = '1', where = heard): ManagedObject => {
    const object: ManagedObject = {
      apiVersion: kind.apiVersion,
      kind: kind.kind,
      metadata: { name, namespace: 'n', generation: 1, resourceVersion },
      spec: {},
    };
    where.set(keyOfName(name), object);
    return object;
  };
  const found = (object: ManagedObject | undefined) => object && { kind, object };
  const watches = createWatchIndex();
  const work = createManagedWork({
    reconciler: {
      reconcile: async (_kind, object) => {
        looks.push(`${object.metadata.name}@${object.metadata.resourceVersion}`);
        return answer(object.metadata.name, object);
      },
    },
    find: (key) => found(heard.get(key)),
    isOutdated: () => false,
    read: async (key) => {
      reads.push(key);
      return found(server.get(key));
    },
    watches,
    isLive: () => false,
    changedSince: () => false,
    events: { record: () => undefined },
    metrics: createMetrics(),
    workers,
    pollIntervalMs: 3_600_000,
    resyncIntervalMs: 3_600_000,
    intake: intake.signal,
    signal: running.signal,
    log: silentLogger,
    random: () => 0,
    ...given,
  });
  return {
    work,
    looks,
    reads,
    server,
    watches,
    heard,
    put,
    wake: (name: string) => work.wake(keyOfName(name), 'api'),
    answers: (next: typeof answer) => {
      answer = next;
    },
  };
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('the work on managed resources', () => {
  it('begins with all that are there, and ignores whatever wakes them before', async () => {
    const { work, looks, put, wake } = site();
    put('a');
    wake('a');
    await settled();
    expect(looks).toEqual([]);
    work.begin([keyOfName('a')]);
    await settled();
    expect(looks).toEqual(['a@1']);
  });

  it('looks again when it was asked to during a look, also when that was to be a little later', async () => {
    const { work, looks, put, answers } = site();
    put('a');
    let again = true;
    const isDone = new Promise<void>((resolve) => {
      answers(async (name) => {
        // A configuration leads elsewhere now; this look still used the former way.
        if (again) work.wake(keyOfName(name), 'provider-config', 5);
        else resolve();
        again = false;
        return poll;
      });
    });
    work.begin([keyOfName('a')]);
    // Timers of the schedule keep no process alive.
    const alive = setInterval(() => undefined, 1_000);
    await isDone;
    clearInterval(alive);
    expect(looks).toEqual(['a@1', 'a@1']);
  });

  it('reads what the API server has after a conflict', async () => {
    const { work, looks, reads, put, server, answers } = site();
    put('a', '1');
    put('a', '2', server);
    answers(async (_name, object) =>
      object.metadata.resourceVersion === '1' ? { ...poll, requeue: { kind: 'conflict' } } : poll,
    );
    work.begin([keyOfName('a')]);
    while (looks.length < 2) await settled();
    expect(looks).toEqual(['a@1', 'a@2']);
    expect(reads).toHaveLength(1);
  });

  it('reads what the API server has when its own last write is not heard of yet', async () => {
    const { work, looks, put, server } = site({ isOutdated: (_key, { metadata }) => metadata.resourceVersion === '1' });
    put('a', '1');
    put('a', '2', server);
    work.begin([keyOfName('a')]);
    await settled();
    expect(looks).toEqual(['a@2']);
  });

  it('goes on with others when a look breaks off', async () => {
    const { work, looks, put, answers } = site({ workers: 1 });
    put('a');
    put('b');
    answers(async (name) => {
      if (name === 'a') throw new Error('unforeseen');
      return poll;
    });
    work.begin([keyOfName('a'), keyOfName('b')]);
    await settled();
    expect(looks).toEqual(['a@1', 'b@1']);
    expect(work.foundOf(keyOfName('b'))).toMatchObject({ ready: true, synced: true });
  });

  it('looks once more when something was told while it looked', async () => {
    let told = true;
    const { work, looks, put, answers } = site({
      changedSince: () => {
        const was = told;
        told = false;
        return was;
      },
    });
    put('a');
    answers(async () => ({ ...poll, watch: { realm: 'one', external: { type: 'project', uid: 'p1' } } }));
    work.begin([keyOfName('a')]);
    while (looks.length < 2) await settled();
    expect(looks).toEqual(['a@1', 'a@1']);
  });

  it('forgets what is gone', async () => {
    const { work, put, heard, watches, wake, answers } = site();
    put('a');
    answers(async () => ({ ...poll, watch: { realm: 'one', external: { type: 'project', uid: 'p1' } } }));
    work.begin([keyOfName('a')]);
    await settled();
    expect(watches.keysIn('one')).toHaveLength(1);
    heard.clear();
    wake('a');
    await settled();
    expect(watches.keysIn('one')).toEqual([]);
    expect(work.foundOf(keyOfName('a'))).toBeUndefined();
  });

  it('begins nothing after it was told to stop, and waits for what runs', async () => {
    const { work, looks, put, wake, answers } = site({ workers: 1 });
    put('a');
    put('b');
    let finish = (): void => undefined;
    answers(
      async () =>
        new Promise((resolve) => {
          finish = () => resolve(poll);
        }),
    );
    work.begin([keyOfName('a'), keyOfName('b')]);
    await settled();
    intake.abort();
    wake('b');
    const idle = work.idle();
    finish();
    await idle;
    expect(looks).toEqual(['a@1']);
  });

  it('never looks at one object twice at a time, and looks at the last change of each, whatever happens when', async () => {
    const names = ['a', 'b', 'c'];
    const step = fc.oneof(
      fc.record({ kind: fc.constant('change' as const), name: fc.constantFrom(...names) }),
      fc.record({ kind: fc.constant('pause' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 3 }), async (steps, workers) => {
        const { work, put, wake, answers, heard } = site({ workers });
        const busy = new Set<string>();
        const overlaps: string[] = [];
        const seen = new Map<string, string | undefined>();
        answers(async (name, { metadata }) => {
          if (busy.has(name)) overlaps.push(name);
          busy.add(name);
          await new Promise((resolve) => setImmediate(resolve));
          busy.delete(name);
          seen.set(name, metadata.resourceVersion);
          return poll;
        });
        work.begin([]);
        let version = 0;
        for (const each of steps) {
          if (each.kind === 'pause') await new Promise((resolve) => setImmediate(resolve));
          else {
            put(each.name, String(++version));
            wake(each.name);
          }
        }
        while (work.length > 0) await settled();
        expect(overlaps).toEqual([]);
        for (const object of heard.values())
          expect(seen.get(object.metadata.name)).toBe(object.metadata.resourceVersion);
      }),
      { numRuns: 50 },
    );
  });
});
