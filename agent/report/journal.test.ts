import { describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import { objectKey, refOf, type KubeObject } from '#kubernetes/object';
import { ClusterUid } from '#protocol/identifiers';
import type { Report } from '#protocol/report';

import { createReportJournal, type ReportJournal } from './journal.ts';
import { createReportQueue, type ReportQueue } from './queue.ts';

const clusterUid = ClusterUid.parse('a'.repeat(24));
const other = ClusterUid.parse('b'.repeat(24));
const { signal } = new AbortController();
const secretType = { apiVersion: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true, verbs: ['list'] };

interface Site {
  readonly stored: Map<string, KubeObject>;
  /** The API server takes no writes, as one whose database is full. */
  isFull: boolean;
  /** Another life of the agent. */
  live(uid?: ClusterUid): { readonly queue: ReportQueue; readonly journal: ReportJournal };
}

function createSite(): Site {
  const stored = new Map<string, KubeObject>();
  const write = (): void => {
    if (site.isFull) throw new Error('etcdserver: mvcc: database space exceeded');
  };
  const client: Pick<KubeClient, 'apply' | 'delete' | 'list'> & { readonly discovery: object } = {
    discovery: { resourceType: async () => secretType },
    list: async () => ({ items: [...stored.values()], resourceVersion: '1' }),
    apply: async (object) => {
      write();
      stored.set(objectKey(refOf(object)), object);
      return object;
    },
    delete: async (ref) => {
      write();
      stored.delete(objectKey(ref));
    },
  };
  const site: Site = {
    stored,
    isFull: false,
    live: (uid = clusterUid) => {
      const queue = createReportQueue({ onDrop: () => undefined });
      // The rest of a client is not used.
      const given = { client: client as KubeClient, namespace: 'palette-system', clusterUid: uid, queue };
      return { queue, journal: createReportJournal({ ...given, log: silentLogger }) };
    },
  };
  return site;
}

function event(id: string): Report {
  const at = '2026-01-01T00:00:00.000Z';
  const common = { id, clusterUid, sentAt: at, firstAt: at, lastAt: at, count: 1 };
  return { ...common, kind: 'event', severity: 'info', reason: 'Test', message: 'é'.repeat(10) };
}

const ids = (queue: ReportQueue): readonly string[] => queue.peek(Number.POSITIVE_INFINITY).map(({ id }) => id);
const UUIDS = Array.from({ length: 1_200 }, (_, at) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`);

describe('the journal of reports', () => {
  it('gives the next life what was not sent, in order, and nothing of another cluster', async () => {
    const site = createSite();
    const first = site.live();
    for (const id of UUIDS) first.queue.add(event(id));
    await first.journal.flush({ signal });
    first.queue.done(UUIDS.slice(0, 700));
    await first.journal.flush({ signal });
    expect(site.stored.size).toBe(2);

    const second = site.live();
    await second.journal.restore({ signal });
    // A segment goes once all of it was sent: what is sent twice is known by its id.
    expect(ids(second.queue)).toEqual(UUIDS.slice(500));
    const stranger = site.live(other);
    await stranger.journal.restore({ signal });
    expect(ids(stranger.queue)).toEqual([]);
    await stranger.journal.flush({ signal });
    expect(site.stored.size).toBe(0);
  });

  it('loses nothing while nothing can be written, and keeps it when that is over', async () => {
    const site = createSite();
    const { queue, journal } = site.live();
    site.isFull = true;
    queue.add(event(UUIDS[0] ?? ''));
    await expect(journal.flush({ signal })).rejects.toThrow('space exceeded');
    queue.add(event(UUIDS[1] ?? ''));
    site.isFull = false;
    await journal.flush({ signal });
    const next = site.live();
    await next.journal.restore({ signal });
    expect(ids(next.queue)).toEqual(UUIDS.slice(0, 2));
  });

  it('keeps nothing more once the cluster is left', async () => {
    const site = createSite();
    const { queue, journal } = site.live();
    queue.add(event(UUIDS[0] ?? ''));
    await journal.flush({ signal });
    await journal.remove({ signal });
    queue.add(event(UUIDS[1] ?? ''));
    await journal.flush({ signal });
    expect(site.stored.size).toBe(0);
  });
});
