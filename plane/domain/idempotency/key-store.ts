/** Idempotency keys of a user in the database. */
import type { Transaction } from '#plane/store/database';

/** A key and what it is used for. */
export interface KeyUse {
  readonly userUid: string;
  readonly key: string;
  /** Method and path. */
  readonly request: string;
  readonly projectUid: string | undefined;
}

export interface UsedKey {
  readonly request: string;
  readonly projectUid: string | undefined;
  readonly sealedAnswer: Uint8Array;
}

/**
 * Takes a key for this transaction. While another one holds it, this waits for its end, as long as the store waits for
 * locks.
 *
 * @returns whether it is taken now: it is not when a transaction has ended with it.
 */
export async function takeKey(tx: Transaction, { userUid, key, request, projectUid }: KeyUse): Promise<boolean> {
  const added = await tx.execute(
    `INSERT INTO idempotency_keys (user_uid, key, request, project_uid) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_uid, user_uid, key) DO NOTHING`,
    [userUid, key, request, projectUid ?? null],
  );
  return added === 1;
}

interface KeyRow {
  request: string;
  project_uid: string | null;
  answer: Uint8Array;
}

/** What a key was used for. */
export async function findKey(tx: Transaction, { userUid, key }: KeyUse): Promise<UsedKey | undefined> {
  const [row] = await tx.query<KeyRow>(
    'SELECT request, project_uid, answer FROM idempotency_keys WHERE user_uid = $1 AND key = $2',
    [userUid, key],
  );
  return row && { request: row.request, projectUid: row.project_uid ?? undefined, sealedAnswer: row.answer };
}

/** Keeps the answer of the request that took the key. */
export async function keepAnswer(tx: Transaction, { userUid, key }: KeyUse, sealedAnswer: Uint8Array): Promise<void> {
  await tx.execute('UPDATE idempotency_keys SET answer = $3 WHERE user_uid = $1 AND key = $2', [
    userUid,
    key,
    sealedAnswer,
  ]);
}
