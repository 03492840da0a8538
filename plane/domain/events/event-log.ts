/** What happened to clusters, numbered, for those who follow it. */
import type { Transaction } from '#plane/store/database';

export type EventType = 'cluster' | 'drift' | 'refusal';

export interface FleetEvent {
  readonly seq: number;
  readonly type: EventType;
  readonly data: object;
}

export interface NewEvent {
  readonly tenantUid: string;
  readonly projectUid: string;
  readonly clusterUid: string;
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
  await tx.query('select pg_advisory_xact_lock($1::int, hashtext($2))', [LOCK_SPACE, event.tenantUid]);
  await tx.execute(
    'insert into events (tenant_uid, project_uid, cluster_uid, type, data) values ($1, $2, $3, $4, $5::jsonb)',
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

/** Events after `after` in their order, at most `limit`. */
export async function readEvents(
  tx: Transaction,
  after: number,
  filter: EventFilter,
  limit: number,
): Promise<FleetEvent[]> {
  return tx.query<EventRow>(
    `select seq, type, data from events
     where seq > $1 and ($2::text is null or project_uid = $2) and ($3::text is null or cluster_uid = $3)
     order by seq limit $4`,
    [after, filter.projectUid ?? null, filter.clusterUid ?? null, limit],
  );
}

/** The number of the newest event of the tenant; 0 before the first. */
export async function newestEvent(tx: Transaction): Promise<number> {
  const [row] = await tx.query<{ seq: number }>('select coalesce(max(seq), 0)::bigint as seq from events');
  return row?.seq ?? 0;
}

/** Drops events and report ids older than given; readers that were away longer start anew. */
export async function pruneHistory(tx: Transaction, before: Date): Promise<void> {
  await tx.execute('delete from events where created_at < $1', [before]);
  await tx.execute('delete from report_ids where seen_at < $1', [before]);
}
