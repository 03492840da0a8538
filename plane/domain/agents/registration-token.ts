import type { Transaction } from '#plane/store/database';

import { newToken, tokenHash } from './token.ts';

/** An import manifest that was not applied by then must be fetched again. */
const LIFETIME_MS = 24 * 3_600_000;
/** Manifests fetched and not yet used, for each cluster; the oldest go. */
const MOST_OPEN = 20;

/** A new one-time token for a cluster's agent. */
export async function issueRegistrationToken(
  tx: Transaction,
  tenantUid: string,
  clusterUid: string,
  now: Date,
): Promise<string> {
  const token = newToken('par');
  await tx.execute(
    'INSERT INTO registration_tokens (token_hash, tenant_uid, cluster_uid, expires_at) VALUES ($1, $2, $3, $4)',
    [tokenHash(token), tenantUid, clusterUid, new Date(now.getTime() + LIFETIME_MS)],
  );
  await tx.execute(
    `DELETE FROM registration_tokens WHERE cluster_uid = $1 AND token_hash NOT IN
       (SELECT token_hash FROM registration_tokens WHERE cluster_uid = $1 ORDER BY created_at DESC LIMIT $2)`,
    [clusterUid, MOST_OPEN],
  );
  return token;
}
