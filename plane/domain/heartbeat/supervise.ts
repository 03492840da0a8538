/** Notices clusters that fell silent. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';
import type { PlaneServices } from '#plane/domain/services';
import type { Database } from '#plane/store/database';

import { pruneAlerts } from '../alerts/raise.ts';
import { appendClusterEvent } from '../clusters/cluster-event.ts';
import { SILENCE_MS } from '../clusters/health.ts';
import { pruneClusterEvents } from '../events/cluster-events.ts';
import { pruneHistory } from '../events/event-log.ts';

const LOOK_MS = 5_000;
const PRUNE_MS = 600_000;
/** How long events, report ids and idempotency keys are kept. */
const HISTORY_MS = 7 * 24 * 3_600_000;
/** The same of what people read: events of clusters and alerts. */
const TOLD_MS = 30 * 24 * 3_600_000;

export interface SuperviseOptions {
  readonly database: Database;
  readonly services: Pick<PlaneServices, 'fleet'>;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that only goes forward. */
  readonly monotonic?: () => number;
  /** Between looks, in milliseconds. Default: 5 s. */
  readonly lookMs?: number;
}

/**
 * Runs until the signal is aborted. Replicas may all run it: each cluster is changed once.
 *
 * Who was not there, or had no database, heard nobody: silence counts from when heartbeats could arrive. Otherwise a
 * whole fleet would be unhealthy after each outage of the plane.
 */
export async function superviseHeartbeats(options: SuperviseOptions): Promise<void> {
  const { database, services, log, signal, monotonic = () => performance.now(), lookMs = LOOK_MS } = options;
  let pruned = 0;
  let listeningSince = monotonic();
  while (!signal.aborted) {
    try {
      await database.asSystem().transaction(async (tx) => tx.query('SELECT 1'), { readOnly: true });
      if (monotonic() - listeningSince > SILENCE_MS) await markSilent(database, services);
      if (Date.now() - pruned > PRUNE_MS) {
        pruned = Date.now();
        await database.asSystem().transaction(async (tx) => {
          const now = services.fleet.now().getTime();
          await pruneHistory(tx, new Date(now - HISTORY_MS));
          await pruneClusterEvents(tx, new Date(now - TOLD_MS));
          await pruneAlerts(tx, new Date(now - TOLD_MS));
        });
      }
    } catch (error) {
      listeningSince = monotonic();
      if (!signal.aborted) log.warn({ err: error }, 'silent clusters were not looked for, trying again');
    }
    await delay(lookMs, { signal }).catch(() => undefined);
  }
}

/** Makes Running clusters UnHealthy that were not heard of for too long. @returns their identifiers. */
export async function markSilent(database: Database, services: Pick<PlaneServices, 'fleet'>): Promise<string[]> {
  const before = new Date(services.fleet.now().getTime() - SILENCE_MS);
  return database.asSystem().transaction(async (tx) => {
    const silent = await tx.query<{ uid: string; tenant_uid: string }>(
      `UPDATE clusters SET health = 'UnHealthy', message = $2
       WHERE uid IN (SELECT uid FROM clusters WHERE state = 'Running' AND health <> 'UnHealthy' AND heartbeat_at < $1 ORDER BY uid LIMIT 1000 FOR UPDATE SKIP LOCKED)
       RETURNING uid, tenant_uid`,
      [before, `no heartbeat for more than ${SILENCE_MS / 1000} s; its agent is stopped or cannot reach the plane`],
    );
    for (const cluster of silent) await appendClusterEvent(tx, cluster.uid);
    tx.afterCommit(() => {
      for (const tenantUid of new Set(silent.map((cluster) => cluster.tenant_uid))) services.fleet.changed(tenantUid);
    });
    return silent.map((cluster) => cluster.uid);
  });
}
