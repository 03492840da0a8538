/** Tenants' accounts on the bus and their revoked users, in the database; seeds are sealed. */
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Transaction } from '#plane/store/database';

import { createAccountKeys, type AccountKeys, type Revocation } from './accounts.ts';

interface AccountRow {
  public_key: string;
  seed: Uint8Array;
}

/** Reads a tenant's account, or makes it. */
export async function ensureAccount(tx: Transaction, secrets: Secrets, tenantUid: string): Promise<AccountKeys> {
  const fresh = createAccountKeys();
  await tx.execute(
    'INSERT INTO bus_accounts (tenant_uid, public_key, seed) VALUES ($1, $2, $3) ON CONFLICT (tenant_uid) DO NOTHING',
    [tenantUid, fresh.publicKey, secrets.seal(fresh.seed, purpose(tenantUid))],
  );
  const [row] = await tx.query<AccountRow>('SELECT public_key, seed FROM bus_accounts WHERE tenant_uid = $1', [
    tenantUid,
  ]);
  if (!row) throw new Error(`tenant ${tenantUid}: its account on the bus could not be stored`);
  return { publicKey: row.public_key, seed: secrets.openText(row.seed, purpose(tenantUid)) };
}

function purpose(tenantUid: string): string {
  return `bus-account/${tenantUid}`;
}

/**
 * Users of the tenant's account that must not connect any more. None of their claims counts, also one that a replica
 * signs just now, or whose clock is ahead: a key that was revoked is never used again.
 */
export async function readRevocations(tx: Transaction, tenantUid: string): Promise<Revocation[]> {
  const rows = await tx.query<{ public_key: string; expires_at: Date }>(
    'SELECT public_key, expires_at FROM bus_revocations WHERE tenant_uid = $1 AND expires_at > now()',
    [tenantUid],
  );
  return rows.map((row) => ({ publicKey: row.public_key, at: Math.ceil(row.expires_at.getTime() / 1000) }));
}

/** What stands in place of all revocations that count, for each tenant that has some: another set, another mark. */
export async function revocationMarks(tx: Transaction): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ tenant_uid: string; mark: string }>(
    `SELECT tenant_uid, md5(string_agg(public_key || ' ' || expires_at, ',' ORDER BY public_key)) AS mark
     FROM bus_revocations WHERE expires_at > now() GROUP BY tenant_uid`,
  );
  return new Map(rows.map((row) => [row.tenant_uid, row.mark]));
}

/** Notes that a user must not connect any more; it takes effect when the account is pushed. */
export async function addRevocation(
  tx: Transaction,
  tenantUid: string,
  user: { publicKey: string; expiresAt: Date },
): Promise<void> {
  await tx.execute('DELETE FROM bus_revocations WHERE tenant_uid = $1 AND expires_at <= now()', [tenantUid]);
  await tx.execute(
    `INSERT INTO bus_revocations (tenant_uid, public_key, expires_at) VALUES ($1, $2, $3)
     ON CONFLICT (tenant_uid, public_key) DO UPDATE
     SET revoked_at = now(), expires_at = greatest(bus_revocations.expires_at, excluded.expires_at)`,
    [tenantUid, user.publicKey, user.expiresAt],
  );
}
