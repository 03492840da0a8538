/** Questions and answers in the API's shapes. */
import { z } from 'zod';

import type { components } from '#openapi/generated/types';
import { notFound } from '#plane/api/error';
import type { Scope } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import { isUid } from '#plane/store/uid';
import { PreviewResult } from '#protocol/preview';

type Schemas = components['schemas'];

export const ImpactSubject = z.object({ name: z.string(), version: z.string(), digest: z.string() });
export type ImpactSubject = z.infer<typeof ImpactSubject>;

interface ImpactRow {
  uid: string;
  subject: unknown;
  created_at: Date;
  expires_at: Date;
}

/** A question of the scope: one that was asked in a project is seen from there, and from the tenant. @throws PlaneError 404 */
export async function readImpact(tx: Transaction, scope: Scope, uid: string, now: Date): Promise<Schemas['Impact']> {
  const impact = await requireImpact(tx, scope, uid);
  const clusters = (await clusterRows(tx, uid)).map((row) => clusterView(row, impact.expires_at, now));
  return {
    uid,
    profile: ImpactSubject.parse(impact.subject),
    createdAt: impact.created_at.toISOString(),
    expiresAt: impact.expires_at.toISOString(),
    complete: clusters.every(({ state }) => state !== 'pending'),
    clusters,
  };
}

/** What one cluster answered. @throws PlaneError 404 */
export async function readImpactCluster(
  tx: Transaction,
  scope: Scope,
  uid: string,
  clusterUid: string,
  now: Date,
): Promise<Schemas['ImpactClusterDetail']> {
  const impact = await requireImpact(tx, scope, uid);
  const [row] = await clusterRows(tx, uid, clusterUid);
  if (!row) throw notFound('cluster of the impact', clusterUid);
  const [stored] = await tx.query<{ result: unknown }>(
    'SELECT result FROM impact_clusters WHERE impact_uid = $1 AND cluster_uid = $2',
    [uid, clusterUid],
  );
  const result = PreviewResult.nullish().parse(stored?.result);
  return {
    ...clusterView(row, impact.expires_at, now),
    // as: what was stored is JSON, in which no key is undefined.
    changes: (result?.changes ?? []) as Schemas['ImpactChange'][],
    refused: (result?.refused ?? []) as Schemas['ImpactRefusal'][],
    hooks: (result?.hooks ?? []) as Schemas['ImpactHook'][],
    omitted: result?.omitted ?? 0,
  };
}

async function requireImpact(tx: Transaction, { projectUid }: Scope, uid: string): Promise<ImpactRow> {
  const [impact] = isUid(uid)
    ? await tx.query<ImpactRow>(
        `SELECT uid, subject, created_at, expires_at FROM impacts WHERE uid = $1 AND ($2::text IS NULL OR project_uid = $2)`,
        [uid, projectUid ?? null],
      )
    : [];
  if (!impact) throw notFound('impact', uid);
  return impact;
}

interface ClusterRow {
  uid: string;
  name: string;
  project_uid: string;
  project_name: string;
  state: Exclude<Schemas['ImpactState'], 'timedOut'>;
  message: string;
  from_version: string | null;
  heartbeat_at: Date | null;
  revision: number | null;
  counts: Schemas['ImpactCounts'] | null;
}

async function clusterRows(tx: Transaction, impactUid: string, clusterUid?: string): Promise<ClusterRow[]> {
  return tx.query<ClusterRow>(
    `SELECT c.uid, c.name, c.project_uid, p.name AS project_name, i.state, i.message, i.from_version, c.heartbeat_at,
       (i.result->>'revision')::int AS revision, i.result->'counts' AS counts
     FROM impact_clusters i JOIN clusters c ON c.uid = i.cluster_uid JOIN projects p ON p.uid = c.project_uid
     WHERE i.impact_uid = $1 AND ($2::text IS NULL OR i.cluster_uid = $2) ORDER BY c.name, c.uid`,
    [impactUid, clusterUid ?? null],
  );
}

function clusterView(row: ClusterRow, expiresAt: Date, now: Date): Schemas['ImpactCluster'] {
  const late = row.state === 'pending' && now >= expiresAt;
  return {
    uid: row.uid,
    name: row.name,
    projectUid: row.project_uid,
    projectName: row.project_name,
    state: late ? 'timedOut' : row.state,
    message: late ? 'its agent did not answer in time' : row.message,
    ...(row.from_version === null ? {} : { fromVersion: row.from_version }),
    ...(row.heartbeat_at === null ? {} : { lastSeen: row.heartbeat_at.toISOString() }),
    ...(row.revision === null ? {} : { revision: row.revision }),
    ...(row.counts === null ? {} : { counts: row.counts }),
  };
}
