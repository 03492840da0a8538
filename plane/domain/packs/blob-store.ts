/**
 * Archives by their content, in the database: replicas of the plane share nothing else, and a
 * backup of the database holds everything. In pieces, so that no statement carries a whole archive.
 */
import type { TenantDatabase, Transaction } from '#plane/store/database';

const CHUNK_BYTES = 512 * 1024;

/** Stores an archive under its digest. One that is there already stays, and is young again: nobody clears it away now. */
export async function storeBlob(tx: Transaction, digest: string, bytes: Uint8Array): Promise<void> {
  const [row] = await tx.query<{ added: boolean }>(
    `INSERT INTO pack_blobs (digest, size) VALUES ($1, $2)
     ON CONFLICT (tenant_uid, digest) DO UPDATE SET created_at = now() RETURNING (xmax = 0) AS added`,
    [digest, bytes.length],
  );
  if (row?.added === false) return;
  for (let position = 0; position * CHUNK_BYTES < bytes.length; position++) {
    const chunk = bytes.subarray(position * CHUNK_BYTES, (position + 1) * CHUNK_BYTES);
    await tx.execute('INSERT INTO pack_blob_chunks (digest, position, bytes) VALUES ($1, $2, $3)', [
      digest,
      position,
      chunk,
    ]);
  }
}

/**
 * The archive piece by piece; each piece is its own short transaction, so a slow reader holds none open.
 *
 * @param allowed asked before each piece; what it throws breaks the archive off
 */
export function readBlob(
  db: TenantDatabase,
  digest: string,
  signal: AbortSignal,
  allowed: (tx: Transaction) => Promise<void> = async () => undefined,
): ReadableStream<Uint8Array> {
  let position = 0;
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const [row] = await db.transaction(
        async (tx) => {
          await allowed(tx);
          return tx.query<{ bytes: Uint8Array }>(
            'SELECT bytes FROM pack_blob_chunks WHERE digest = $1 AND position = $2',
            [digest, position],
          );
        },
        { readOnly: true, signal },
      );
      position++;
      if (row) controller.enqueue(row.bytes);
      else controller.close();
    },
  });
}
