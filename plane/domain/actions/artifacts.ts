/** What runs bring that is large, in pieces in the database. */
import { sha256 } from '#core/digest';
import { conflict } from '#plane/api/error';
import type { TenantDatabase, Transaction } from '#plane/store/database';

const CHUNK_BYTES = 512 * 1024;
const MOST_OF_A_RUN = 128;
/** Of one cluster in all; the oldest runs' go first. */
const MOST_BYTES = 1024 * 1024 * 1024;

export interface NewArtifact {
  readonly runId: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

/** Stores it; one of the same name is replaced, as a run that was begun again sends it again. @throws PlaneError 409 */
export async function storeArtifact(
  tx: Transaction,
  clusterUid: string,
  { runId, name, contentType, bytes }: NewArtifact,
): Promise<void> {
  const digest = sha256(bytes);
  const known = await tx.query<{ name: string; digest: string }>(
    'SELECT name, digest FROM action_artifacts WHERE run_id = $1',
    [runId],
  );
  if (known.some((one) => one.name === name && one.digest === digest)) return;
  if (known.length >= MOST_OF_A_RUN && !known.some((one) => one.name === name))
    throw conflict('TooManyArtifacts', `run ${runId} has ${MOST_OF_A_RUN} artifacts already`);
  await tx.execute('DELETE FROM action_artifacts WHERE run_id = $1 AND name = $2', [runId, name]);
  await tx.execute(
    `DELETE FROM action_artifacts WHERE (run_id, name) IN (
       SELECT run_id, name FROM (
         SELECT f.run_id, f.name, sum(f.size) OVER (ORDER BY f.created_at DESC, f.run_id, f.name) AS total
         FROM action_artifacts f JOIN cluster_actions a ON a.run_id = f.run_id WHERE a.cluster_uid = $1
       ) AS kept WHERE total > $2)`,
    [clusterUid, MOST_BYTES - bytes.length],
  );
  await tx.execute(
    'INSERT INTO action_artifacts (run_id, name, content_type, digest, size) VALUES ($1, $2, $3, $4, $5)',
    [runId, name, contentType, digest, bytes.length],
  );
  for (let position = 0; position * CHUNK_BYTES < bytes.length; position++) {
    await tx.execute('INSERT INTO action_artifact_chunks (run_id, name, position, bytes) VALUES ($1, $2, $3, $4)', [
      runId,
      name,
      position,
      bytes.subarray(position * CHUNK_BYTES, (position + 1) * CHUNK_BYTES),
    ]);
  }
}

/** The content piece by piece; each piece is its own short transaction, so a slow reader holds none open. */
export function readArtifact(
  db: TenantDatabase,
  { runId, name }: { readonly runId: string; readonly name: string },
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  let position = 0;
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const [row] = await db.transaction(
        async (tx) =>
          tx.query<{ bytes: Uint8Array }>(
            'SELECT bytes FROM action_artifact_chunks WHERE run_id = $1 AND name = $2 AND position = $3',
            [runId, name, position],
          ),
        { readOnly: true, signal },
      );
      position++;
      if (row) controller.enqueue(row.bytes);
      else controller.close();
    },
  });
}
