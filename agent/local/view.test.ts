import { describe, expect, it } from '@jest/globals';

import { ClusterUid } from '#protocol/identifiers';
import type { Report } from '#protocol/report';

import { createAgentView, type FeedItem } from './view.ts';

const clusterUid = ClusterUid.parse('a'.repeat(24));
const at = '2026-01-01T00:00:00.000Z';

const event = (id: string, count = 1): Report => ({
  kind: 'event',
  id,
  eventId: id,
  clusterUid,
  sentAt: at,
  severity: 'warning',
  reason: 'Something',
  message: 'happened',
  count,
  firstAt: at,
  lastAt: at,
});

const uuid = (digit: number): string => `00000000-0000-4000-8000-${String(digit).padStart(12, '0')}`;

async function take(items: AsyncIterable<FeedItem>, count: number): Promise<readonly FeedItem[]> {
  const found: FeedItem[] = [];
  for await (const item of items) {
    found.push(item);
    if (found.length === count) break;
  }
  return found;
}

describe('what people at the cluster see', () => {
  it('has the newest event first, and one that happens again once', () => {
    const view = createAgentView({ now: () => new Date(at) });
    view.take(event(uuid(1)));
    view.take(event(uuid(2)));
    view.take(event(uuid(1), 5));
    expect(view.events().map(({ id, count }) => [id, count])).toEqual([
      [uuid(1), 5],
      [uuid(2), 1],
    ]);
  });

  it('has a drift once that is told again after a restart', () => {
    const view = createAgentView({ now: () => new Date(at) });
    const drift: Report = {
      kind: 'drift',
      id: uuid(1),
      clusterUid,
      sentAt: at,
      object: { apiVersion: 'v1', kind: 'ConfigMap', name: 'a' },
      layer: 'app',
      change: 'modified',
      fields: ['data.a'],
      action: 'healed',
      tookMs: 1,
      message: '',
    };
    view.take(drift);
    view.take(drift);
    expect(view.drift()).toHaveLength(1);
  });

  it('is bounded, whatever happens', () => {
    const view = createAgentView({ now: () => new Date(at) });
    for (let count = 0; count < 2_000; count++) view.take(event(uuid(count)));
    expect(view.events()).toHaveLength(500);
  });

  it('is followed from where a reader was, and misses nothing that comes while one is read', async () => {
    const view = createAgentView({ now: () => new Date(at) });
    const { signal } = new AbortController();
    view.take(event(uuid(1)));
    view.take(event(uuid(2)));
    const [first] = await take(view.follow({ after: 1, signal }), 1);
    const following = take(view.follow({ after: first?.seq ?? 0, signal }), 3);
    view.take(event(uuid(3)));
    view.take(event(uuid(4)));
    const found = await following;
    expect(found.map((item) => (item.event === 'event' ? item.data.id : item.event))).toEqual([
      uuid(2),
      uuid(3),
      uuid(4),
    ]);
    expect(found.map(({ seq }) => seq)).toEqual(found.map(({ seq }) => seq).toSorted((a, b) => a - b));
  });

  it('is followed by a reader whose place is ahead of it, since the clock was put back meanwhile', async () => {
    const view = createAgentView({ now: () => new Date(at) });
    const { signal } = new AbortController();
    const following = take(view.follow({ after: Number.MAX_SAFE_INTEGER, signal }), 1);
    view.take(event(uuid(1)));
    expect((await following).map((item) => item.event)).toEqual(['event']);
  });

  it.each<{ readonly name: string; readonly report: Report }>([
    {
      name: 'an action, whose beginning and end are events of their own',
      report: {
        kind: 'action',
        id: uuid(1),
        clusterUid,
        sentAt: at,
        runId: uuid(2),
        sequence: 1,
        type: 'backup',
        origin: 'command',
        phase: 'running',
        step: 'waiting for Velero',
        startedAt: at,
        message: '',
      },
    },
    {
      name: 'a command that was carried out, of which there is nothing to say',
      report: {
        kind: 'command',
        id: uuid(1),
        clusterUid,
        sentAt: at,
        commandId: uuid(2),
        outcome: 'done',
        message: '',
      },
    },
  ])('does not list $name', async ({ report }) => {
    const view = createAgentView({ now: () => new Date(at) });
    const { signal } = new AbortController();
    const following = take(view.follow({ signal }), 1);
    view.take(report);
    expect(view.events()).toEqual([]);
    // Who looks on looks again.
    expect((await following).map((item) => item.event)).toEqual(['changed']);
  });

  it('lists a command that failed, with why', () => {
    const view = createAgentView({ now: () => new Date(at) });
    view.take({
      kind: 'command',
      id: uuid(1),
      clusterUid,
      sentAt: at,
      commandId: uuid(2),
      outcome: 'failed',
      message: 'there is no such run',
    });
    expect(view.events()).toMatchObject([{ reason: 'CommandFailed', message: 'there is no such run' }]);
  });

  it('ends with the signal', async () => {
    const view = createAgentView({ now: () => new Date(at) });
    const ending = new AbortController();
    const following = take(view.follow({ signal: ending.signal }), 1);
    ending.abort();
    expect(await following).toEqual([]);
  });
});
