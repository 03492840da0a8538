/** Events of clusters as they are kept: the same thing again is one event with a higher count. */
import { randomUUID } from 'node:crypto';

import type { Transaction } from '#plane/store/database';
import type { EventReport, ObjectReference } from '#protocol/report';

export interface ClusterEvent {
  readonly severity: EventReport['severity'];
  readonly reason: string;
  readonly message: string;
  readonly object?: ObjectReference | undefined;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

export interface NewClusterEvent extends ClusterEvent {
  /** Of the thing that happened; absent: one of its own. */
  readonly id?: string | undefined;
  readonly tenantUid: string;
  readonly clusterUid: string;
  readonly source: 'agent' | 'plane';
}

export interface StoredEvent extends ClusterEvent {
  readonly id: string;
  readonly clusterUid: string;
  readonly clusterName: string;
  readonly source: 'agent' | 'plane';
}

/** Of one cluster so many are kept; the newest. */
const KEPT = 1_000;

/** Keeps an event; one that is older than what is known of the same thing changes nothing. */
export async function recordClusterEvent(tx: Transaction, event: NewClusterEvent): Promise<void> {
  await tx.execute(
    `INSERT INTO cluster_events (tenant_uid, cluster_uid, id, severity, reason, message, object, source, count, first_at, last_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11)
     ON CONFLICT (cluster_uid, id) DO UPDATE SET count = excluded.count, last_at = greatest(cluster_events.last_at, excluded.last_at)
       WHERE excluded.count > cluster_events.count`,
    [
      event.tenantUid,
      event.clusterUid,
      event.id ?? randomUUID(),
      event.severity,
      event.reason,
      event.message,
      event.object === undefined ? null : JSON.stringify(event.object),
      event.source,
      event.count,
      event.firstAt,
      event.lastAt,
    ],
  );
}

export interface EventQuery {
  /** Absent: of all clusters of the project, or of the tenant. */
  readonly clusterUid?: string | undefined;
  readonly projectUid?: string | undefined;
  readonly severity?: string | undefined;
  readonly reason?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

interface EventRow {
  id: string;
  cluster_uid: string;
  cluster_name: string;
  severity: EventReport['severity'];
  reason: string;
  message: string;
  object: ObjectReference | null;
  source: 'agent' | 'plane';
  count: number;
  first_at: Date;
  last_at: Date;
}

/** One page, newest first, and how many there are in all. */
export async function listClusterEvents(
  tx: Transaction,
  query: EventQuery,
): Promise<{ readonly events: StoredEvent[]; readonly total: number }> {
  const where = `($1::text IS NULL OR e.cluster_uid = $1) AND ($2::text IS NULL OR c.project_uid = $2)
    AND ($3::text IS NULL OR e.severity = $3) AND ($4::text IS NULL OR e.reason = $4)`;
  const params = [query.clusterUid ?? null, query.projectUid ?? null, query.severity ?? null, query.reason ?? null];
  const from = 'cluster_events e JOIN clusters c ON c.uid = e.cluster_uid';
  const rows = await tx.query<EventRow>(
    `SELECT e.id, e.cluster_uid, c.name AS cluster_name, e.severity, e.reason, e.message, e.object, e.source, e.count, e.first_at, e.last_at
     FROM ${from} WHERE ${where} ORDER BY e.last_at DESC, e.id LIMIT $5 OFFSET $6`,
    [...params, query.limit, query.offset],
  );
  const [counted] = await tx.query<{ total: number }>(`SELECT count(*) AS total FROM ${from} WHERE ${where}`, params);
  return {
    total: counted?.total ?? 0,
    events: rows.map((row) => ({
      id: row.id,
      clusterUid: row.cluster_uid,
      clusterName: row.cluster_name,
      severity: row.severity,
      reason: row.reason,
      message: row.message,
      object: row.object ?? undefined,
      source: row.source,
      count: row.count,
      firstAt: row.first_at,
      lastAt: row.last_at,
    })),
  };
}

export async function deleteClusterEvents(tx: Transaction, clusterUid: string): Promise<void> {
  await tx.execute('DELETE FROM cluster_events WHERE cluster_uid = $1', [clusterUid]);
}

/** Drops events that happened last before a time, and of each cluster those beyond the newest ones. */
export async function pruneClusterEvents(tx: Transaction, before: Date): Promise<void> {
  await tx.execute('DELETE FROM cluster_events WHERE last_at < $1', [before]);
  await tx.execute(
    `DELETE FROM cluster_events AS e USING (
       SELECT cluster_uid, id, row_number() OVER (PARTITION BY cluster_uid ORDER BY last_at DESC, id) AS place FROM cluster_events
         WHERE cluster_uid IN (SELECT cluster_uid FROM cluster_events GROUP BY cluster_uid HAVING count(*) > $1)
     ) AS old WHERE old.place > $1 AND e.cluster_uid = old.cluster_uid AND e.id = old.id`,
    [KEPT],
  );
}
