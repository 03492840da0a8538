import type { Transaction } from '#plane/store/database';

/** What was stored just now may be about to be named. */
const YOUNG_MS = 3_600_000;
const AT_ONCE = 500;

/**
 * Removes archives that no pack, no release and no desired state names, a bounded number of them.
 *
 * @returns how many.
 */
export async function clearBlobs(tx: Transaction, now: Date): Promise<number> {
  return tx.execute(
    `DELETE FROM pack_blobs b USING (
       SELECT tenant_uid, digest FROM pack_blobs c
       WHERE c.created_at < $1
         AND NOT EXISTS (SELECT FROM packs p WHERE p.tenant_uid = c.tenant_uid AND p.digest = c.digest)
         AND NOT EXISTS (SELECT FROM agent_releases r WHERE r.tenant_uid = c.tenant_uid AND r.digest = c.digest)
         AND NOT EXISTS (SELECT FROM desired_states d WHERE d.tenant_uid = c.tenant_uid AND c.digest = ANY (d.pack_digests))
       LIMIT $2 FOR UPDATE SKIP LOCKED
     ) gone
     WHERE b.tenant_uid = gone.tenant_uid AND b.digest = gone.digest AND b.created_at < $1`,
    [new Date(now.getTime() - YOUNG_MS), AT_ONCE],
  );
}
