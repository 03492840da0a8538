import type { Transaction } from '#plane/store/database';

/** Answers can be read for so long after the time-out. */
const KEPT = '1 hour';

/**
 * Forgets what nobody reads any more. The newest command of a cluster stays: its cursor tells the agent where the queue
 * ends.
 */
export async function forgetOldImpacts(tx: Transaction, now: Date): Promise<void> {
  await tx.execute(`DELETE FROM impacts WHERE expires_at < $1::timestamptz - interval '${KEPT}'`, [now]);
  await tx.execute(
    `DELETE FROM cluster_commands c WHERE type = 'preview' AND expires_at < $1::timestamptz - interval '${KEPT}'
       AND cursor < (SELECT max(cursor) FROM cluster_commands o WHERE o.cluster_uid = c.cluster_uid)`,
    [now],
  );
}
