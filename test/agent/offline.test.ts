/** An agent that is alone: its cluster is kept as it was last wanted, what happened is told later, and clocks may be wrong. */
import { randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { createReportJournal } from '#agent/report/journal';
import { createReportQueue } from '#agent/report/queue';
import { flushOnce, type ReportChannel } from '#agent/report/sender';
import { createMetrics } from '#agent/metrics';
import { silentLogger } from '#core/log';
import { createKubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';
import type { ClusterUid } from '#protocol/identifiers';
import type { EventReport, Report } from '#protocol/report';

import {
  configMap,
  createSite,
  eventually,
  layer,
  openCluster,
  refTo,
  type TestCluster,
  type TestSite,
} from './support/harness.ts';

let cluster: TestCluster;
let site: TestSite;

beforeAll(async () => {
  cluster = await openCluster();
}, 20 * 60_000);
afterAll(async () => cluster?.close());
beforeEach(async () => {
  site = await createSite(cluster);
});
afterEach(async () => site?.stop());

const kept = (): ReturnType<typeof configMap> => configMap('default', site.namespace, { text: 'kept' });

async function edited(text: string): Promise<void> {
  await site.edit(refTo(kept()), { data: { text } });
  await eventually('the edit is healed', async () => {
    const found = await site.object(refTo(kept()));
    return JSON.stringify(found?.['data']) === '{"text":"kept"}' || undefined;
  });
}

const keptReports = async (): Promise<boolean> =>
  (await site.ownSecrets()).some((name) => name.startsWith('palette-agent-reports-'));

describe('an agent without its plane', () => {
  it('enforces after a restart, and tells later what happened in both lives, in order and once', async () => {
    await site.invite();
    await site.plane.offer({ layers: [layer('app', 0, kept())] });
    const first = await site.startAgent();
    await site.applied(1);
    await site.plane.stop();
    await edited('first');
    await edited('second');
    await eventually('the reports are kept', async () => (await keptReports()) || undefined);
    await first.stop();

    await site.startAgent();
    await edited('third');
    await site.plane.start();
    const drifts = await eventually('all drifts are told', () => {
      const found = site.reports('drift');
      return found.length >= 3 ? found : undefined;
    });
    expect(new Set(drifts.map(({ id }) => id)).size).toBe(drifts.length);
    const times = drifts.map(({ sentAt }) => Date.parse(sentAt));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    await eventually('nothing is kept any more', async () => !(await keptReports()) || undefined);
  });

  it('does the newest document at once after the outage, and a command that came meanwhile once', async () => {
    await site.invite();
    await site.plane.offer({ layers: [layer('app', 0, kept())] });
    const first = await site.startAgent();
    await site.applied(1);
    await site.plane.stop();
    for (let revision = 2; revision <= 5; revision++)
      await site.plane.offer({
        layers: [layer('app', 0, configMap('default', site.namespace, { text: `r${revision}` }))],
      });
    const id = randomUUID();
    site.plane.commands.push({
      id,
      cursor: 1,
      type: 'resync',
      issuedAt: new Date().toISOString(),
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
    });
    await first.stop();
    await site.startAgent();
    await site.plane.start();
    await site.applied(5);
    expect(site.reports('status').filter(({ revision }) => revision > 1 && revision < 5)).toEqual([]);
    await eventually('the command is done', () => site.reports('command').find(({ commandId }) => commandId === id));
    expect(site.reports('command').filter(({ commandId }) => commandId === id)).toHaveLength(1);
  });

  it.each([
    { name: 'ten years behind', skew: -10 * 365 * 24 * 3_600_000 },
    { name: 'a month ahead', skew: 30 * 24 * 3_600_000 },
  ])('with a clock $name it begins what is in time by the plane, and nothing else', async ({ skew }) => {
    await site.invite();
    await site.plane.offer({ layers: [layer('app', 0, kept())] });
    const command = (cursor: number, expiresInMs: number): string => {
      const id = randomUUID();
      const [issuedAt, expiresAt] = [-3_600_000, expiresInMs].map((ms) => new Date(Date.now() + ms).toISOString());
      site.plane.commands.push({ id, cursor, type: 'resync', issuedAt: issuedAt ?? '', expiresAt: expiresAt ?? '' });
      return id;
    };
    const [late, inTime] = [command(1, -60_000), command(2, 600_000)];
    await site.startAgent({ now: () => new Date(Date.now() + skew) });
    await site.applied(1);
    const outcomes = await eventually('both are answered', () => {
      const found = site.reports('command');
      return found.length >= 2 ? new Map(found.map(({ commandId, outcome }) => [commandId, outcome])) : undefined;
    });
    expect([outcomes.get(late), outcomes.get(inTime)]).toEqual(['expired', 'done']);
    expect(Math.abs(Date.parse(site.status()?.sentAt ?? '') - Date.now())).toBeLessThan(60_000);
  });
});

describe('ten thousand events of an outage', () => {
  it('are kept over a restart within the bounds of Secrets, and replayed in order over a bad line', async () => {
    const client = createKubeClient(await accessFromKubeconfig(cluster.kubeconfig), { fieldManager: 'palette-agent' });
    try {
      const signal = AbortSignal.timeout(120_000);
      const { clusterUid } = site.plane;
      const context = { client, namespace: site.namespace, clusterUid, log: silentLogger };
      const dropped: Report[] = [];
      const before = createReportQueue({ onDrop: (report) => dropped.push(report) });
      for (let at = 0; at < 10_000; at++) before.add(eventReport(clusterUid, at));
      const began = performance.now();
      await createReportJournal({ ...context, queue: before }).flush({ signal });
      const keptMs = performance.now() - began;
      expect(dropped).toEqual([]);

      const queue = createReportQueue({ onDrop: (report) => dropped.push(report) });
      const journal = createReportJournal({ ...context, queue });
      await journal.restore({ signal });
      expect(queue.length).toBe(10_000);

      const arrived: string[] = [];
      let calls = 0;
      const channel: ReportChannel = {
        name: 'rest',
        heartbeat: async () => undefined,
        send: async (reports) => {
          calls++;
          if (calls % 3 === 0) throw new Error('the line broke before');
          arrived.push(...reports.map(({ id }) => id));
          if (calls % 5 === 0) throw new Error('the line broke after: the answer was lost');
        },
      };
      const metrics = createMetrics();
      const sending = {
        queue,
        wake: { notify: () => undefined, next: async () => undefined },
        metrics,
        log: silentLogger,
      };
      const replayBegan = performance.now();
      while (queue.length > 0)
        await flushOnce({ ...sending, channel: () => channel, fallback: () => undefined }, { signal }).catch(
          () => undefined,
        );
      const replayMs = performance.now() - replayBegan;
      const firsts = [...new Set(arrived)];
      expect(firsts).toEqual(Array.from({ length: 10_000 }, (_one, at) => idOf(at)));
      await journal.flush({ signal });
      expect(await keptReports()).toBe(false);
      expect(dropped).toEqual([]);
      // Far above what it takes, far below what would be felt.
      expect(keptMs + replayMs).toBeLessThan(30_000);
    } finally {
      client.close();
    }
  });
});

function idOf(at: number): string {
  return `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
}

function eventReport(clusterUid: ClusterUid, at: number): EventReport {
  const time = new Date(1_700_000_000_000 + at).toISOString();
  return {
    kind: 'event',
    id: idOf(at),
    clusterUid,
    sentAt: time,
    severity: 'info',
    reason: 'Test',
    message: `event ${at} of an outage that took long`,
    count: 1,
    firstAt: time,
    lastAt: time,
  };
}
