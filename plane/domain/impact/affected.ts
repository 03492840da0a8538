/** Which clusters a question goes to. */
import { notFound } from '#plane/api/error';
import type { Scope } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';

import type { Candidate } from './candidate.ts';

export interface AffectedCluster {
  readonly uid: string;
  /** Version of the profile that it runs now. */
  readonly fromVersion: string | undefined;
}

/**
 * Clusters of the scope that run one of the replaced versions; with `only`, the ones that it names, by name or
 * identifier, whether they run one or not.
 *
 * In the order of their identifiers, in which everybody locks them.
 *
 * @throws PlaneError 404 that names a cluster which the scope does not show
 */
export async function affectedClusters(
  tx: Transaction,
  scope: Scope,
  { replaces }: Pick<Candidate, 'replaces'>,
  only: readonly string[] | undefined,
): Promise<AffectedCluster[]> {
  const rows = await tx.query<{ uid: string; name: string; profile_uid: string | null }>(
    `SELECT c.uid, c.name, min(a.profile_uid) AS profile_uid FROM clusters c
     LEFT JOIN cluster_profile_attachments a ON a.cluster_uid = c.uid AND a.profile_uid = ANY ($1::text[])
     WHERE ($2::text IS NULL OR c.project_uid = $2) AND c.state <> 'Deleting'
       AND ($3::text[] IS NULL AND a.profile_uid IS NOT NULL OR c.uid = ANY ($3::text[]) OR c.name = ANY ($3::text[]))
     GROUP BY c.uid, c.name ORDER BY c.uid`,
    [replaces.map(({ uid }) => uid), scope.projectUid ?? null, only ?? null],
  );
  const missing = only?.find((wanted) => !rows.some(({ uid, name }) => uid === wanted || name === wanted));
  if (missing !== undefined) throw notFound('cluster', missing);
  return rows.map((row) => ({
    uid: row.uid,
    fromVersion: replaces.find(({ uid }) => uid === row.profile_uid)?.version,
  }));
}
