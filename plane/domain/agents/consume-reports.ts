/** Reports and heartbeats from the bus: one work queue for each tenant, shared by the replicas of the plane. */
import type { Logger } from '#core/log';
import { backoffDelay } from '#core/retry';
import type { PlaneServices } from '#plane/domain/services';
import type { Database } from '#plane/store/database';
import type { Bus, WorkItem } from '#protocol/bus';
import { ClusterUid, type TenantUid } from '#protocol/identifiers';
import type { Heartbeat, Report } from '#protocol/report';
import { heartbeatSubject, REPORT_STREAM, reportSubject } from '#protocol/subjects';

import { applyHeartbeats, applyReport } from './apply-report.ts';
import { parseHeartbeat, parseReport } from './parse-report.ts';

export interface ConsumeOptions {
  readonly tenantUid: TenantUid;
  readonly bus: Bus;
  readonly database: Database;
  readonly services: Pick<PlaneServices, 'secrets' | 'fleet'>;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const DEDUPE_MS = 120_000;
const ACK_WAIT_MS = 30_000;
const MAX_IN_FLIGHT = 256;
const STREAM_BYTES = 256 * 1024 * 1024;
/** Heartbeats that came within this time are stored in one statement. */
const HEARTBEAT_WINDOW_MS = 250;
/** Bounds of the wait until a report that was not stored comes again. */
const RETRY = { baseMs: 500, maxMs: 60_000 };
/** After so many times, about half an hour, a report is given up: it would hold up the queue for ever. */
const MOST_DELIVERIES = 40;
/** Reports at work at once; those of one cluster still go one after the other. */
const WORKERS = 8;

/** Runs until the signal is aborted. */
export async function consumeReports(options: ConsumeOptions): Promise<void> {
  const { bus, signal } = options;
  const heartbeats = collectHeartbeats(options);
  const queues = new Map<string, Promise<void>>();
  let running = 0;
  let roomMade: (() => void) | undefined;

  const items = bus.work({
    stream: REPORT_STREAM.name,
    subjects: REPORT_STREAM.subjects,
    consumer: 'plane',
    dedupeMs: DEDUPE_MS,
    maxBytes: STREAM_BYTES,
    ackWaitMs: ACK_WAIT_MS,
    maxInFlight: MAX_IN_FLIGHT,
    signal,
  });
  for await (const item of items) {
    const parsed = parseItem(item);
    if (parsed.kind === 'invalid') {
      options.log.warn({ subject: item.subject, reason: parsed.reason }, 'a report that cannot be read was dropped');
      item.term(parsed.reason);
      continue;
    }
    if (parsed.kind === 'heartbeat') {
      // The next one follows in seconds: one that is lost is no loss.
      item.ack();
      heartbeats.add(parsed.heartbeat);
      continue;
    }
    const { report } = parsed;
    while (running >= WORKERS) await new Promise<void>((resolve) => (roomMade = resolve));
    running++;
    const done = (queues.get(report.clusterUid) ?? Promise.resolve()).then(async () => take(item, report, options));
    queues.set(report.clusterUid, done);
    void done.finally(() => {
      running--;
      roomMade?.();
      if (queues.get(report.clusterUid) === done) queues.delete(report.clusterUid);
    });
  }
  await Promise.allSettled(queues.values());
}

type Parsed =
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'heartbeat'; readonly heartbeat: Heartbeat }
  | { readonly kind: 'invalid'; readonly reason: string };

/** The subject is what the bus let the agent publish on: a report about another cluster under it is forged. */
function parseItem(item: WorkItem): Parsed {
  const cluster = ClusterUid.safeParse(item.subject.split('.')[1]);
  if (!cluster.success) return { kind: 'invalid', reason: 'the subject names no cluster' };
  let value: unknown;
  try {
    value = JSON.parse(item.text());
  } catch {
    return { kind: 'invalid', reason: 'it is not JSON' };
  }
  if (item.subject === heartbeatSubject(cluster.data)) {
    const heartbeat = parseHeartbeat(value);
    if (!heartbeat.success) return { kind: 'invalid', reason: 'it is no heartbeat' };
    return heartbeat.data.clusterUid === cluster.data
      ? { kind: 'heartbeat', heartbeat: heartbeat.data }
      : { kind: 'invalid', reason: 'it is about another cluster' };
  }
  if (item.subject !== reportSubject(cluster.data)) return { kind: 'invalid', reason: 'the subject is not known' };
  const report = parseReport(value);
  if (!report.success) return { kind: 'invalid', reason: 'it is no report' };
  return report.data.clusterUid === cluster.data
    ? { kind: 'report', report: report.data }
    : { kind: 'invalid', reason: 'it is about another cluster' };
}

async function take(
  item: WorkItem,
  report: Report,
  { database, services, tenantUid, log, signal }: ConsumeOptions,
): Promise<void> {
  try {
    await database
      .forTenant(tenantUid)
      .transaction(async (tx) => applyReport(tx, services, tenantUid, report), { signal });
    item.ack();
  } catch (error) {
    const fields = { err: error, clusterUid: report.clusterUid, report: report.id, deliveries: item.deliveries };
    if (item.deliveries >= MOST_DELIVERIES) {
      log.error(fields, 'a report was never stored and is given up');
      item.term('it could not be stored');
      return;
    }
    if (!signal.aborted) log.warn(fields, 'a report was not stored, it comes again');
    item.nak(backoffDelay(item.deliveries, RETRY));
  }
}

/** Gathers heartbeats; of one cluster the newest stands for all, so what is gathered is bounded by the clusters. */
function collectHeartbeats({ database, services, tenantUid, log, signal }: ConsumeOptions): {
  add(heartbeat: Heartbeat): void;
} {
  let gathered = new Map<string, Heartbeat>();
  let timer: NodeJS.Timeout | undefined;
  const store = async (): Promise<void> => {
    timer = undefined;
    const batch = [...gathered.values()];
    gathered = new Map();
    if (signal.aborted) return;
    await database
      .forTenant(tenantUid)
      .transaction(async (tx) => applyHeartbeats(tx, services, tenantUid, batch), { signal });
  };
  return {
    add: (heartbeat) => {
      gathered.set(heartbeat.clusterUid, heartbeat);
      timer ??= setTimeout(() => {
        store().catch((error: unknown) => {
          if (!signal.aborted) log.warn({ err: error }, 'heartbeats were not stored');
        });
      }, HEARTBEAT_WINDOW_MS);
    },
  };
}
