import { afterEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import { ApiError, type Capability, type PaletteClient, type PaletteEvent } from '#openapi/client/index';

import type { ApiConnection } from '../contracts.ts';
import { createEventStreams } from './event-streams.ts';

let stop = new AbortController();
afterEach(() => {
  stop.abort();
  stop = new AbortController();
});

/** A client whose stream the test feeds. */
function feed({
  capabilities = ['events', 'resource-events'],
}: { readonly capabilities?: readonly Capability[] } = {}) {
  const waiting: (PaletteEvent | Error)[] = [];
  const asked: (string | undefined)[] = [];
  let wake = (): void => undefined;
  let tellAsked = (): void => undefined;
  const onAsked = (tell: () => void): void => {
    tellAsked = tell;
  };
  const client: Pick<PaletteClient, 'events' | 'offers'> = {
    offers: (capability) => capabilities.includes(capability),
    events: async function* ({ signal, lastEventId }) {
      asked.push(lastEventId);
      tellAsked();
      signal.addEventListener('abort', () => wake(), { once: true });
      for (;;) {
        if (signal.aborted) return;
        const next = waiting.shift();
        if (next instanceof Error) throw next;
        if (next !== undefined) {
          yield next;
          continue;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
  const push = async (...events: (PaletteEvent | Error)[]): Promise<void> => {
    waiting.push(...events);
    wake();
    await settled();
  };
  const connection: ApiConnection = {
    // as: nothing else is called
    client: client as PaletteClient,
    projectUid: '',
    projectName: '',
    realm: 'one',
    watched: () => true,
  };
  return { connection, push, asked, onAsked };
}

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};
const open = (resumed: boolean): PaletteEvent => ({ kind: 'open', resumed });
const changed = (uid: string, id = '1'): PaletteEvent => ({
  kind: 'resource',
  id,
  data: { type: 'project', uid, change: 'updated' },
});
const broken = new ApiError({ code: 'Unreachable', status: 0, reason: 'gone', method: 'GET', path: '/v1/events' });
const none = new ApiError({ code: 'Http404', status: 404, reason: 'none', method: 'GET', path: '/v1/events' });

function recorded() {
  const told: string[] = [];
  const streams = createEventStreams({
    signal: stop.signal,
    log: silentLogger,
    onChange: (realm, { type, uid }) => void told.push(`${realm} ${type} ${uid}`),
    onGap: (realm) => void told.push(`gap ${realm}`),
    onDown: (realm) => void told.push(`down ${realm}`),
  });
  return { told, streams };
}

describe('the event stream of an account', () => {
  it('is one, whoever connects, and tells what changed', async () => {
    const { told, streams } = recorded();
    const [first, second] = [feed(), feed()];
    streams.follow('config a', first.connection);
    streams.follow('config b', second.connection);
    await first.push(open(false), changed('p1'));
    expect(told).toEqual(['gap one', 'one project p1']);
    expect(streams.isLive('one')).toBe(true);
    expect(streams.count()).toEqual({ open: 1, wanted: 1 });
    expect(second.asked).toEqual([]);
  });

  it('tells a change of a cluster as one of the cluster, and leaves drift to the agent', async () => {
    const { told, streams } = recorded();
    const { connection, push } = feed();
    streams.follow('config a', connection);
    // as: an event's data counts only by whom it concerns
    const data = { clusterUid: 'c1' } as never;
    await push(open(true), { kind: 'cluster', id: '1', data }, { kind: 'drift', id: '2', data });
    expect(told).toEqual(['one spectrocluster c1']);
  });

  it('says that nothing is told any more when it breaks', async () => {
    const { told, streams } = recorded();
    const { connection, push } = feed();
    streams.follow('config a', connection);
    await push(open(true), broken);
    expect(told).toEqual(['down one']);
    expect(streams.isLive('one')).toBe(false);
  });

  it.each([
    { name: 'has no stream', given: feed(), events: [none] },
    { name: 'tells of clusters only', given: feed({ capabilities: ['events'] }), events: [open(false)] },
  ])('is not there where the API $name', async ({ given, events }) => {
    const { told, streams } = recorded();
    streams.follow('config a', given.connection);
    await given.push(...events);
    expect(told).toEqual([]);
    expect(streams.isLive('one')).toBe(false);
  });

  it('goes on through another connection, from where it was, when its own one goes', async () => {
    const { told, streams } = recorded();
    const [first, second] = [feed(), feed()];
    streams.follow('config a', first.connection);
    streams.follow('config b', second.connection);
    await first.push(open(true), changed('p1', '41'));
    streams.leave('config a');
    await second.push(open(true), changed('p2', '42'));
    expect(second.asked).toEqual(['41']);
    expect(told).toEqual(['one project p1', 'one project p2']);
  });

  it('goes on when the configuration gets a new key', async () => {
    const { told, streams } = recorded();
    const [before, after] = [feed(), feed()];
    streams.follow('config a', before.connection);
    await before.push(open(true), changed('p1', '41'));
    streams.follow('config a', after.connection);
    await after.push(open(true));
    expect(after.asked).toEqual(['41']);
    expect(told).toEqual(['one project p1']);
    expect(streams.isLive('one')).toBe(true);
  });

  it('ends with the last configuration', async () => {
    const { streams } = recorded();
    const { connection, push } = feed();
    streams.follow('config a', connection);
    await push(open(true));
    streams.leave('config a');
    await settled();
    expect(streams.count()).toEqual({ open: 0, wanted: 0 });
  });

  it('knows what changed while nobody knew that it matters', async () => {
    const { streams } = recorded();
    const { connection, push } = feed();
    const before = performance.now();
    streams.follow('config a', connection);
    await push(open(true), changed('p1'));
    const external = { type: 'project', uid: 'p1' };
    expect(streams.changedSince('one', external, before)).toBe(true);
    expect(streams.changedSince('one', external, performance.now())).toBe(false);
    expect(streams.changedSince('one', { type: 'project', uid: 'p2' }, before)).toBe(false);
  });

  it('knows of no change before it began, so anything may have changed', async () => {
    const { streams } = recorded();
    const { connection, push } = feed();
    const before = performance.now();
    streams.follow('config a', connection);
    await push(open(false));
    expect(streams.changedSince('one', { type: 'project', uid: 'p1' }, before)).toBe(true);
    expect(streams.changedSince('one', { type: 'project', uid: 'p1' }, performance.now())).toBe(false);
  });

  it('knows that a change may have been forgotten among very many others', async () => {
    const { streams } = recorded();
    const { connection, push } = feed();
    streams.follow('config a', connection);
    await push(open(true));
    const before = performance.now();
    await push(changed('p1'), ...Array.from({ length: 2_000 }, (_, at) => changed(`other ${at}`)));
    await push(changed('last'));
    expect(streams.changedSince('one', { type: 'project', uid: 'p1' }, before)).toBe(true);
  });

  it('comes through another connection when one is refused', async () => {
    const { streams } = recorded();
    const [refused, good] = [feed(), feed()];
    streams.follow('config a', refused.connection);
    streams.follow('config b', good.connection);
    const isAsked = new Promise<void>((resolve) => {
      good.onAsked(resolve);
    });
    await refused.push(new ApiError({ code: 'InvalidApiKey', status: 401, reason: 'no', method: 'GET', path: '/' }));
    await isAsked;
    await good.push(open(true));
    expect(streams.isLive('one')).toBe(true);
  });
});
