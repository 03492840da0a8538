/** The keys that sign desired states: sealed in the database, made at the first start. */
import { createPrivateKey } from 'node:crypto';

import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Database } from '#plane/store/database';
import { generateSigningKey, signingKeyFrom, trustedKey, type SigningKey, type TrustedKey } from '#protocol/signature';

export interface SigningKeys {
  /** Signs new documents. */
  readonly current: SigningKey;
  /** What agents trust: the current one and those before it. */
  readonly trusted: readonly TrustedKey[];
}

/** Names this use of an advisory lock, so that replicas that start together make one key. */
const LOCK = 0x7369_676e;

/** Reads the plane's signing keys, making the first where there is none. */
export async function ensureSigningKeys(database: Database, secrets: Secrets): Promise<SigningKeys> {
  return database.asSystem().transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    const rows = await tx.query<{ kid: string; private_key: Uint8Array }>(
      'SELECT kid, private_key FROM signing_keys ORDER BY created_at DESC, kid',
    );
    const keys = rows.map((row) =>
      signingKeyFrom(createPrivateKey(secrets.openText(row.private_key, purpose(row.kid)))),
    );
    const [current = generateSigningKey()] = keys;
    if (keys.length === 0) {
      const pem = current.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
      await tx.execute('INSERT INTO signing_keys (kid, private_key) VALUES ($1, $2)', [
        current.kid,
        secrets.seal(pem, purpose(current.kid)),
      ]);
    }
    return { current, trusted: (keys.length === 0 ? [current] : keys).map(trustedKey) };
  });
}

function purpose(kid: string): string {
  return `signing-key/${kid}`;
}
