/** What happened to clusters and other objects, numbered, for those who follow it. */
import type { Transaction } from '#plane/store/database';

export type EventType = 'cluster' | 'drift' | 'refusal' | 'resource' | 'action' | 'event';

export interface FleetEvent {
  readonly seq: number;
  readonly type: EventType;
  readonly data: object;
}

export interface NewEvent {
  readonly tenantUid: string;
  /** The project that it happened in; absent: in the tenant itself. */
  readonly projectUid: string | undefined;
  /** The cluster that it happened to, if it was one. */
  readonly clusterUid: string | undefined;
  readonly type: EventType;
  readonly data: object;
}

/** Half of a 64-bit advisory lock's key, so that no other use of such locks meets this one. */
const LOCK_SPACE = 0x7061;

/**
 * Appends an event. Transactions that append for one tenant go one after the other from here to
 * their end: a number is then visible only after all smaller ones, and no reader skips any.
 */
export async function appendEvent(tx: Transaction, event: NewEvent): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1::int, hashtext($2))', [LOCK_SPACE, event.tenantUid]);
  await tx.execute(
    'INSERT INTO events (tenant_uid, project_uid, cluster_uid, type, data) VALUES ($1, $2, $3, $4, $5::jsonb)',
    [event.tenantUid, event.projectUid, event.clusterUid, event.type, JSON.stringify(event.data)],
  );
}

interface EventRow {
  seq: number;
  type: EventType;
  data: object;
}

export interface EventFilter {
  readonly projectUid?: string | undefined;
  readonly clusterUid?: string | undefined;
}

/** Events after `after` in their order, at most `limit`. A project sees the tenant's own objects, so their events too. */
export async function readEvents(
  tx: Transaction,
  after: number,
  filter: EventFilter,
  limit: number,
): Promise<FleetEvent[]> {
  return tx.query<EventRow>(
    `SELECT seq, type, data FROM events
     WHERE seq > $1 AND ($2::text IS NULL OR project_uid IS NULL OR project_uid = $2) AND ($3::text IS NULL OR cluster_uid = $3)
     ORDER BY seq LIMIT $4`,
    [after, filter.projectUid ?? null, filter.clusterUid ?? null, limit],
  );
}

/** Whether an event is still kept, and with it all that came after it: the oldest go first. */
export async function isKept(tx: Transaction, seq: number): Promise<boolean> {
  const rows = await tx.query('SELECT 1 FROM events WHERE seq = $1', [seq]);
  return rows.length > 0;
}

/** The number of the newest event of the tenant; 0 before the first. */
export async function newestEvent(tx: Transaction): Promise<number> {
  const [row] = await tx.query<{ seq: number }>('SELECT coalesce(max(seq), 0)::bigint AS seq FROM events');
  return row?.seq ?? 0;
}

/**
 * Drops events, report ids and idempotency keys older than given; readers that were away longer start anew. Pokes as old
 * wait for a bus that is not there: agents poll then, and fetch whenever they connect.
 */
export async function pruneHistory(tx: Transaction, before: Date): Promise<void> {
  await tx.execute('DELETE FROM events WHERE created_at < $1', [before]);
  await tx.execute('DELETE FROM report_ids WHERE seen_at < $1', [before]);
  await tx.execute('DELETE FROM idempotency_keys WHERE created_at < $1', [before]);
  await tx.execute('DELETE FROM outbox WHERE created_at < $1', [before]);
}
