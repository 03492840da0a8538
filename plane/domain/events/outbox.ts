/** Pokes for agents, stored in the transaction that makes them necessary. */
import type { Transaction } from '#plane/store/database';
import type { Poke } from '#protocol/subjects';

export interface OutboxEntry {
  readonly tenantUid: string;
  readonly clusterUid: string;
  readonly poke: Poke;
  readonly generation: number;
}

/** Notes that a cluster must be poked; a poke of that kind that still waits stands for both. */
export async function enqueuePoke(tx: Transaction, tenantUid: string, clusterUid: string, poke: Poke): Promise<void> {
  await tx.execute(
    `INSERT INTO outbox (cluster_uid, poke, tenant_uid) VALUES ($1, $2, $3)
     ON CONFLICT (cluster_uid, poke) DO UPDATE SET generation = outbox.generation + 1`,
    [clusterUid, poke, tenantUid],
  );
}

interface OutboxRow {
  tenant_uid: string;
  cluster_uid: string;
  poke: Poke;
  generation: number;
}

/** Up to `limit` pokes that wait, the oldest first; `tenants` leaves out those whose bus is away. */
export async function readOutbox(
  tx: Transaction,
  limit: number,
  exceptTenants: readonly string[],
): Promise<OutboxEntry[]> {
  const rows = await tx.query<OutboxRow>(
    `SELECT tenant_uid, cluster_uid, poke, generation FROM outbox
     WHERE NOT (tenant_uid = ANY ($2::text[])) ORDER BY created_at LIMIT $1`,
    [limit, exceptTenants],
  );
  return rows.map((row) => ({
    tenantUid: row.tenant_uid,
    clusterUid: row.cluster_uid,
    poke: row.poke,
    generation: row.generation,
  }));
}

/** Forgets pokes that were sent, but for those that were asked for again meanwhile. */
export async function removeSent(tx: Transaction, sent: readonly OutboxEntry[]): Promise<void> {
  await tx.execute(
    `DELETE FROM outbox USING unnest($1::text[], $2::text[], $3::int[]) AS sent (cluster_uid, poke, generation)
     WHERE outbox.cluster_uid = sent.cluster_uid AND outbox.poke = sent.poke AND outbox.generation = sent.generation`,
    [sent.map((entry) => entry.clusterUid), sent.map((entry) => entry.poke), sent.map((entry) => entry.generation)],
  );
}
