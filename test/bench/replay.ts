/** An agent was long without its plane: ten thousand events kept in the cluster, read by the next life, and sent in order. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createUser } from '@nats-io/nkeys';

import { createPlaneClient } from '#agent/channel/rest';
import { createMetrics } from '#agent/metrics';
import { createReportJournal } from '#agent/report/journal';
import { createReportQueue, type ReportQueue } from '#agent/report/queue';
import { flushOnce } from '#agent/report/sender';
import { createWake } from '#agent/wake';
import { silentLogger } from '#core/log';
import { createKubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';
import type { Report } from '#protocol/report';
import { createFakePlane } from '#test/agent/support/fake-plane';
import { kubectl, startCluster } from '#test/support/cluster';
import { testNetwork } from '#test/support/network';

import { type Row, duration } from './statistics.ts';

const EVENTS = 10_000;
const NAMESPACE = 'replay';

export async function benchReplay(): Promise<Row[]> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-replay-'));
  const cluster = await startCluster({ controllerManager: false, scheduler: false, kwok: false });
  const plane = await createFakePlane(dir);
  const { signal } = new AbortController();
  try {
    await kubectl(cluster, ['create', 'namespace', NAMESPACE]);
    const kube = createKubeClient(await accessFromKubeconfig(cluster.kubeconfig), { fieldManager: 'bench' });
    const credentials = { token: '' };
    const client = createPlaneClient({
      urls: () => [plane.url],
      network: testNetwork(plane.ca),
      accessToken: () => credentials.token || undefined,
    });
    const registered = await client.register(
      {
        clusterUid: plane.clusterUid,
        token: plane.token(),
        kubernetesUid: 'bench',
        kubernetesVersion: 'v1.34.0',
        agentVersion: '0.1.0',
        busPublicKey: createUser().getPublicKey(),
      },
      { signal },
    );
    credentials.token = registered.accessToken;
    const journalOf = (queue: ReportQueue) =>
      createReportJournal({
        client: kube,
        namespace: NAMESPACE,
        clusterUid: plane.clusterUid,
        queue,
        log: silentLogger,
      });

    const before = createReportQueue({ onDrop: () => undefined });
    const events = Array.from({ length: EVENTS }, (_event, at) => eventOf(plane.clusterUid, at));
    for (const event of events) before.add(event);
    const [keeping, began] = [journalOf(before), performance.now()];
    await keeping.flush({ signal });
    const kept = performance.now();

    const dropped: Report[] = [];
    const after = createReportQueue({ onDrop: (report) => dropped.push(report) });
    await journalOf(after).restore({ signal });
    const restored = performance.now();
    const rest = {
      name: 'rest' as const,
      send: async (reports: readonly Report[]) => client.report(reports, undefined, { signal }),
      heartbeat: async () => undefined,
    };
    const sending = {
      queue: after,
      wake: createWake(),
      channel: () => rest,
      fallback: () => rest,
      metrics: createMetrics(),
      log: silentLogger,
    };
    while (after.length > 0) await flushOnce(sending, { signal });
    const sent = performance.now();
    client.close();
    kube.close();
    const inOrder = plane.reports.every((report, at) => report.id === events[at]?.id);
    return [
      { bench: 'replay', measure: `${EVENTS} events written to the cluster`, figure: duration(kept - began) },
      { bench: 'replay', measure: 'read by the next life', figure: duration(restored - kept) },
      {
        bench: 'replay',
        measure: 'sent over REST, all of them and in order',
        figure: `${duration(sent - restored)}; ${plane.reports.length} came, ${dropped.length} dropped`,
        target: 'all, in order',
        met: inOrder && plane.reports.length === EVENTS,
      },
    ];
  } finally {
    await plane.stop();
    await cluster.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

function eventOf(clusterUid: Report['clusterUid'], at: number): Report {
  const sentAt = new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString();
  return {
    kind: 'event',
    id: randomUUID(),
    clusterUid,
    sentAt,
    severity: 'warning',
    reason: 'PackNotReady',
    message: `pack ${at} waits for a Deployment of two replicas, of which one is available`,
    object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'app', name: `web-${at}` },
    count: 1,
    firstAt: sentAt,
    lastAt: sentAt,
  };
}
