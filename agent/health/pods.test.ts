import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';

import { trackPods, troubleOf } from './pods.ts';

const NOW = new Date('2026-01-01T01:00:00Z');
const OLD = '2026-01-01T00:00:00Z';
const NEW = '2026-01-01T00:59:00Z';
const pod = (status: object, metadata: object = {}): Readonly<Record<string, unknown>> => ({
  metadata: { namespace: 'ns', name: 'p', creationTimestamp: OLD, ...metadata },
  status,
});
const waiting = (reason: string, more: object = {}): object => ({
  containerStatuses: [{ name: 'main', state: { waiting: { reason, message: 'why' } }, ...more }],
});

const runs = (startedAt: string, more: object = {}): object => ({
  containerStatuses: [{ name: 'main', state: { running: { startedAt } }, ...more }],
});

describe('a pod', () => {
  it.each<{ name: string; pod: Readonly<Record<string, unknown>>; want: string | undefined }>([
    {
      name: 'that runs is in no trouble',
      pod: pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }),
      want: undefined,
    },
    { name: 'that crashes again and again', pod: pod(waiting('CrashLoopBackOff')), want: 'CrashLoop' },
    {
      name: 'that is killed for its memory again and again',
      pod: pod(waiting('CrashLoopBackOff', { lastState: { terminated: { reason: 'OOMKilled' } } })),
      want: 'OutOfMemory',
    },
    { name: 'whose image is not there', pod: pod(waiting('ImagePullBackOff')), want: 'ImageNotPulled' },
    {
      name: 'that runs between two crashes',
      pod: pod(runs(NEW, { restartCount: 3, lastState: { terminated: { exitCode: 1 } } })),
      want: 'CrashLoop',
    },
    {
      name: 'that is killed for its memory, and runs just now',
      pod: pod(runs(NEW, { restartCount: 9, lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } })),
      want: 'OutOfMemory',
    },
    {
      name: 'that has run for long since it crashed',
      pod: pod(runs(OLD, { restartCount: 3, lastState: { terminated: { exitCode: 1 } } })),
      want: undefined,
    },
    {
      name: 'that crashed once',
      pod: pod(runs(NEW, { restartCount: 1, lastState: { terminated: { exitCode: 1 } } })),
      want: undefined,
    },
    {
      name: 'whose work comes to its end again and again',
      pod: pod(runs(NEW, { restartCount: 9, lastState: { terminated: { exitCode: 0 } } })),
      want: undefined,
    },
    {
      name: 'whose first container has no configuration',
      pod: pod({
        initContainerStatuses: [{ name: 'i', state: { waiting: { reason: 'CreateContainerConfigError' } } }],
      }),
      want: 'ContainerNotCreated',
    },
    {
      name: 'that finds no place',
      pod: pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', message: 'no node' }] }),
      want: 'Unschedulable',
    },
    {
      name: 'that finds no place yet',
      pod: pod(
        { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False' }] },
        { creationTimestamp: NEW },
      ),
      want: undefined,
    },
    { name: 'that was evicted', pod: pod({ phase: 'Failed', reason: 'Evicted', message: 'disk' }), want: 'Evicted' },
    { name: 'of a Job that failed is the Job’s to tell', pod: pod({ phase: 'Failed' }), want: undefined },
    {
      name: 'that is not ready for long',
      pod: pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: OLD }] }),
      want: 'NotReady',
    },
    {
      name: 'that stopped being ready a moment ago',
      pod: pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: NEW }] }),
      want: undefined,
    },
    { name: 'that is about to go', pod: pod(waiting('CrashLoopBackOff'), { deletionTimestamp: OLD }), want: undefined },
    { name: 'of which nothing is known', pod: {}, want: undefined },
  ])('$name', ({ pod: given, want }) => {
    expect(troubleOf(given, NOW)?.trouble).toBe(want);
  });
});

describe('the pods of a cluster', () => {
  it('are gone through page by page, and are not known any more after three looks in vain', async () => {
    const stop = new AbortController();
    let reads = 0;
    const seen: (string | undefined)[] = [];
    const tracker = trackPods({
      client: {
        read: async (_path, { query }: { readonly query?: URLSearchParams }) => {
          reads++;
          if (reads > 2) {
            // Three looks fail; the last one ends the test.
            if (reads === 6) stop.abort();
            throw new Error('forbidden');
          }
          return query?.get('continue') === 'more'
            ? { items: [pod(waiting('CrashLoopBackOff'))], metadata: {} }
            : { items: [pod({ phase: 'Running' })], metadata: { continue: 'more' } };
        },
      },
      log: silentLogger,
      now: () => NOW,
      onChange: () => {
        const pods = tracker.pods();
        seen.push(pods && `${pods.failing} of ${pods.total}`);
      },
      signal: stop.signal,
      intervalMs: 1,
    });
    await tracker.run();
    expect(seen).toEqual(['1 of 2', undefined]);
  });
});
