import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';

import type { KubeClient, UnnamedObject } from './client.ts';
import { KubeError } from './error.ts';
import { createEventRecorder } from './event-recorder.ts';
import type { JsonMap, KubeObject } from './object.ts';

function fakeServer() {
  const made: UnnamedObject[] = [];
  const patches: JsonMap[] = [];
  const state = { isAway: false, hasForgotten: false };
  const client: Pick<KubeClient, 'create' | 'mergePatch'> = {
    create: async (object) => {
      if (state.isAway) throw new KubeError('away', { status: 0, reason: 'Unreachable' });
      made.push(object);
      return { ...object, metadata: { ...object.metadata, name: `event-${made.length}` } };
    },
    mergePatch: async (ref, patch) => {
      if (state.hasForgotten) throw new KubeError('no such event', { status: 404, reason: 'NotFound' });
      patches.push({ name: ref.name, ...patch });
      return { apiVersion: 'v1', kind: 'Event', metadata: { name: ref.name } };
    },
  };
  // as: the recorder uses nothing else
  return { client: client as KubeClient, made, patches, state };
}

const thing: KubeObject = {
  apiVersion: 'example.com/v1',
  kind: 'Thing',
  metadata: { name: 'one', uid: 'uid-one', resourceVersion: '7' },
  spec: { secret: 'never in an event' },
};
const event = { object: thing, type: 'Warning', reason: 'Trouble', message: 'something is wrong' } as const;
const limit = () => ({ signal: AbortSignal.timeout(5_000) });

function recorder(client: KubeClient, now = { ms: Date.parse('2026-01-01T00:00:00Z') }) {
  const { signal } = new AbortController();
  return createEventRecorder({ client, component: 'tester', signal, log: silentLogger, now: () => now.ms });
}

describe('the recorder of events', () => {
  it('writes one where people look for it, about a cluster-wide object in the default namespace', async () => {
    const { client, made } = fakeServer();
    const { record, flush } = recorder(client);
    record(event);
    await flush(limit());
    expect(made).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { generateName: 'one.', namespace: 'default' },
        involvedObject: {
          apiVersion: 'example.com/v1',
          kind: 'Thing',
          name: 'one',
          uid: 'uid-one',
          resourceVersion: '7',
        },
        type: 'Warning',
        reason: 'Trouble',
        message: 'something is wrong',
        count: 1,
        firstTimestamp: '2026-01-01T00:00:00.000Z',
        lastTimestamp: '2026-01-01T00:00:00.000Z',
        source: { component: 'tester' },
        reportingComponent: 'tester',
        reportingInstance: 'tester',
      },
    ]);
  });

  it('counts those that come again, at once or later', async () => {
    const { client, made, patches } = fakeServer();
    const { record, flush } = recorder(client);
    record(event);
    record(event);
    await flush(limit());
    record(event);
    await flush(limit());
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({ count: 2 });
    expect(patches).toEqual([{ name: 'event-1', count: 3, lastTimestamp: '2026-01-01T00:00:00.000Z' }]);
  });

  it('writes one anew when the API server has forgotten it', async () => {
    const { client, made, state } = fakeServer();
    const { record, flush } = recorder(client);
    record(event);
    await flush(limit());
    state.hasForgotten = true;
    record(event);
    await flush(limit());
    expect(made).toHaveLength(2);
    expect(made[1]).toMatchObject({ count: 1 });
  });

  it('takes 25 different ones of one object, then one in five minutes', async () => {
    const { client, made } = fakeServer();
    const now = { ms: Date.parse('2026-01-01T00:00:00Z') };
    const { record, flush } = recorder(client, now);
    for (let index = 0; index < 40; index++) record({ ...event, message: `trouble ${index}` });
    await flush(limit());
    expect(made).toHaveLength(25);
    now.ms += 5 * 60_000;
    for (let index = 0; index < 5; index++) record({ ...event, message: `later ${index}` });
    await flush(limit());
    expect(made).toHaveLength(26);
  });

  it('drops what the API server does not take, without a word to the caller', async () => {
    const { client, state } = fakeServer();
    const own = recorder(client);
    state.isAway = true;
    own.record(event);
    await own.flush(limit());
    expect(own.dropped).toBe(1);
  });

  it('cuts what is longer than an event can be', async () => {
    const { client, made } = fakeServer();
    const { record, flush } = recorder(client);
    record({ ...event, message: 'x'.repeat(5_000) });
    await flush(limit());
    expect(String(made[0]?.['message'])).toHaveLength(1_024);
  });

  it('forgets none that comes just when it has written all others', async () => {
    for (let turns = 0; turns < 12; turns++) {
      const { client, made } = fakeServer();
      const { record, flush } = recorder(client);
      record(event);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      record({ ...event, message: 'and another thing' });
      await flush(limit());
      expect(made.map(({ message }) => message)).toEqual([event.message, 'and another thing']);
    }
  });
});
