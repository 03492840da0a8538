/** Lets a cluster's agent use a backup location: it gets the credentials with its next desired state. */
import { invalidRequest } from '#plane/api/error';
import type { Scope } from '#plane/api/handler';
import type { SomeServices } from '#plane/domain/fleet-services';
import type { Transaction } from '#plane/store/database';
import type { ActionType } from '#protocol/actions';

import type { Cluster } from '../clusters/cluster.ts';
import { recomposeClusters } from '../desired-state/recompose.ts';
import type { LocationRow } from './location-store.ts';

/** @throws PlaneError 422 when the cluster's project does not see the location */
export async function useLocation(
  tx: Transaction,
  services: SomeServices,
  scope: Scope,
  cluster: Cluster,
  locationUid: string,
): Promise<LocationRow> {
  const [row] = await tx.query<LocationRow>(
    'SELECT * FROM backup_locations WHERE uid = $1 AND (project_uid IS NULL OR project_uid = $2) FOR SHARE',
    [locationUid, cluster.projectUid],
  );
  if (!row)
    throw invalidRequest(
      `there is no backup location '${locationUid}' in the project of cluster ${cluster.name} or in the tenant`,
    );
  const added = await tx.execute(
    'INSERT INTO cluster_backup_locations (cluster_uid, location_uid) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [cluster.uid, row.uid],
  );
  if (added > 0) await recomposeClusters(tx, services, scope.tenantUid, { kind: 'cluster', uid: cluster.uid });
  return row;
}

/** Velero looks for backups that have expired once an hour, and cannot delete them where it has no location. */
const GRACE_MS = 24 * 3_600_000;

/**
 * Takes locations from an agent that nothing needs: no schedule of the cluster, no action that is not ended, and no backup
 * that is kept there until it expires or is deleted. Of runs of schedules it is not known here which location they use.
 *
 * @returns how many were taken
 */
export async function dropUnusedLocations(tx: Transaction, now: Date, clusterUid: string): Promise<number> {
  return tx.execute(
    `DELETE FROM cluster_backup_locations u WHERE u.cluster_uid = $1
       AND NOT EXISTS (SELECT 1 FROM clusters c WHERE c.uid = u.cluster_uid
         AND c.settings->'backup'->'config'->>'backupLocationUid' = u.location_uid
         AND btrim(coalesce(c.settings->'backup'->'config'->'schedule'->>'scheduledRunTime', '')) <> '')
       AND NOT EXISTS (SELECT 1 FROM cluster_actions a WHERE a.cluster_uid = u.cluster_uid
         AND (a.spec->>'locationUid' = u.location_uid OR (a.type = 'backup' AND a.spec IS NULL))
         AND a.phase IN ('queued', 'waiting', 'running'))
       AND NOT EXISTS (SELECT 1 FROM cluster_actions b WHERE b.cluster_uid = u.cluster_uid AND b.type = 'backup'
         AND b.result->>'locationUid' = u.location_uid AND b.result->>'expiresAt' > $2
         AND NOT EXISTS (SELECT 1 FROM cluster_actions d
           WHERE d.backup_run_id = b.run_id AND d.type = 'delete-backup' AND d.phase = 'done'))`,
    [clusterUid, new Date(now.getTime() - GRACE_MS).toISOString()],
  );
}

const USERS: ReadonlySet<string> = new Set<ActionType>(['backup', 'restore', 'delete-backup']);

/** After an action has ended: the agent has no need of credentials any more that only the action needed. */
export async function releaseLocations(
  tx: Transaction,
  services: SomeServices,
  tenantUid: string,
  clusterUid: string,
  type: ActionType,
): Promise<void> {
  if (!USERS.has(type) || (await dropUnusedLocations(tx, services.fleet.now(), clusterUid)) === 0) return;
  await recomposeClusters(tx, services, tenantUid, { kind: 'cluster', uid: clusterUid }, { unfit: 'keep' });
}
