/** What became of each cluster's way to its template. */
import { z } from 'zod';

import type { Transaction } from '#plane/store/database';

/** Entries that are kept of a cluster. */
const LOG_LENGTH = 20;

const Log = z.array(
  z.object({
    state: z.enum(['Pending', 'Applied', 'Failed']),
    message: z.string(),
    profileUids: z.array(z.string()),
    appliedTimestamp: z.string(),
  }),
);

export interface Reconcile {
  readonly state: 'Pending' | 'Failed' | 'Done';
  readonly message: string;
  readonly unresolved: boolean;
  readonly appliedAt: Date | undefined;
  readonly log: z.infer<typeof Log>;
}

/** Notes that something waits; it changes nothing when it is noted already. */
export async function noteWaiting(
  tx: Transaction,
  clusterUid: string,
  message: string,
  { unresolved = false }: { readonly unresolved?: boolean } = {},
): Promise<void> {
  await tx.execute(
    `INSERT INTO cluster_template_reconciles (cluster_uid, state, message, unresolved) VALUES ($1, 'Pending', $2, $3)
     ON CONFLICT (cluster_uid) DO UPDATE SET state = excluded.state, message = excluded.message, unresolved = excluded.unresolved`,
    [clusterUid, message, unresolved],
  );
}

/** Notes that a cluster has what its template says. */
export async function noteFollowed(
  tx: Transaction,
  clusterUid: string,
  profileUids: readonly string[],
  now: Date,
): Promise<void> {
  const entry = { state: 'Applied', message: '', profileUids, appliedTimestamp: now.toISOString() };
  await note(tx, clusterUid, { state: 'Done', message: '', entry, appliedAt: now });
}

/** Notes that it could not be done; it is tried again with the next change. */
export async function noteFailed(tx: Transaction, clusterUid: string, message: string, now: Date): Promise<void> {
  const entry = { state: 'Failed', message, profileUids: [], appliedTimestamp: now.toISOString() };
  await note(tx, clusterUid, { state: 'Failed', message, entry, appliedAt: undefined });
}

async function note(
  tx: Transaction,
  clusterUid: string,
  {
    state,
    message,
    entry,
    appliedAt,
  }: {
    readonly state: 'Done' | 'Failed';
    readonly message: string;
    readonly entry: object;
    readonly appliedAt: Date | undefined;
  },
): Promise<void> {
  await tx.execute(
    `INSERT INTO cluster_template_reconciles (cluster_uid, state, message, applied_at, log) VALUES ($1, $2, $3, $4, jsonb_build_array($5::jsonb))
     ON CONFLICT (cluster_uid) DO UPDATE SET state = excluded.state, message = excluded.message, unresolved = false,
       applied_at = coalesce(excluded.applied_at, cluster_template_reconciles.applied_at),
       log = (SELECT jsonb_agg(item ORDER BY place) FROM jsonb_array_elements(excluded.log || cluster_template_reconciles.log)
              WITH ORDINALITY AS entries (item, place) WHERE place <= ${LOG_LENGTH})`,
    [clusterUid, state, message, appliedAt ?? null, JSON.stringify(entry)],
  );
}

interface ReconcileRow {
  cluster_uid: string;
  state: Reconcile['state'];
  message: string;
  unresolved: boolean;
  applied_at: Date | null;
  log: unknown;
}

/** How far clusters are, by their identifiers. */
export async function readReconciles(
  tx: Transaction,
  clusterUids: readonly string[],
): Promise<ReadonlyMap<string, Reconcile>> {
  const rows = await tx.query<ReconcileRow>(
    'SELECT cluster_uid, state, message, unresolved, applied_at, log FROM cluster_template_reconciles WHERE cluster_uid = ANY ($1::text[])',
    [clusterUids],
  );
  return new Map(
    rows.map(({ cluster_uid: uid, applied_at: appliedAt, log, state, message, unresolved }) => [
      uid,
      { state, message, unresolved, appliedAt: appliedAt ?? undefined, log: Log.parse(log) },
    ]),
  );
}
