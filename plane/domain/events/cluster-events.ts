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

/** What happens again within this after it happened last is the same event, whoever tells it, in milliseconds. */
const SAME_MS = 60 * 60_000;

interface KnownRow {
  id: string;
  told_as: string;
  earlier: number;
  count: number;
  last_at: Date;
}

/**
 * Keeps an event, and gives it as it stands then. An agent counts from its start, under an id of its own: after a restart
 * the same thing comes under another id, and its count is added to what was counted before. One that is older than what is
 * known changes nothing. Called with the cluster locked.
 */
export async function recordClusterEvent(
  tx: Transaction,
  event: NewClusterEvent,
): Promise<{ readonly id: string; readonly count: number }> {
  const { tenantUid, clusterUid, id = randomUUID(), severity, reason, message, source, count, firstAt, lastAt } = event;
  const object = event.object === undefined ? null : JSON.stringify(event.object);
  const [known] = await tx.query<KnownRow>(
    `SELECT id, told_as, earlier, count, last_at FROM cluster_events
     WHERE cluster_uid = $1 AND reason = $2 AND message = $3 AND object IS NOT DISTINCT FROM $4::jsonb AND source = $5 AND severity = $6
       AND (last_at > $7 OR told_as = $8) ORDER BY last_at DESC LIMIT 1`,
    [clusterUid, reason, message, object, source, severity, new Date(firstAt.getTime() - SAME_MS), id],
  );
  if (known === undefined) {
    await tx.execute(
      `INSERT INTO cluster_events (tenant_uid, cluster_uid, id, told_as, severity, reason, message, object, source, count, first_at, last_at)
       VALUES ($1, $2, $3, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11) ON CONFLICT (cluster_uid, id) DO NOTHING`,
      [tenantUid, clusterUid, id, severity, reason, message, object, source, count, firstAt, lastAt],
    );
    return { id, count };
  }
  const isSame = known.told_as === id;
  // Told by a former life of the agent, and late.
  if (!isSame && lastAt < known.last_at) return known;
  const earlier = isSame ? known.earlier : known.count;
  if (earlier + count <= known.count) return known;
  await tx.execute(
    `UPDATE cluster_events SET told_as = $3, earlier = $4, count = $5, last_at = greatest(last_at, $6) WHERE cluster_uid = $1 AND id = $2`,
    [clusterUid, known.id, id, earlier, earlier + count, lastAt],
  );
  return { id: known.id, count: earlier + count };
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
