/** How a cluster goes: with its agent's help where it has one, else at once. */
import type { PlaneServices } from '#plane/domain/services';
import type { Transaction } from '#plane/store/database';
import type { TenantUid } from '#protocol/identifiers';

import { endAccess } from '../agents/revoke.ts';
import { recomposeClusters } from '../desired-state/recompose.ts';
import { appendEvent } from '../events/event-log.ts';
import { tellCluster } from './cluster-event.ts';
import type { Cluster } from './cluster.ts';

type Services = Pick<PlaneServices, 'secrets' | 'fleet'>;

/**
 * Begins the deletion of a locked cluster: its agent is told to remove what it brought, and the
 * cluster goes when it says so. Without an agent, or by force, it goes now.
 */
export async function deleteCluster(
  tx: Transaction,
  services: Services,
  tenantUid: TenantUid,
  cluster: Cluster,
  { force }: { readonly force: boolean },
): Promise<void> {
  const [agent] = await tx.query('SELECT 1 FROM agents WHERE cluster_uid = $1', [cluster.uid]);
  if (force || !agent) {
    await forgetCluster(tx, services, tenantUid, cluster);
    return;
  }
  if (cluster.state === 'Deleting') return;
  await tx.execute(
    "UPDATE clusters SET state = 'Deleting', health = 'Unknown', deleting_at = now(), modified_at = now() WHERE uid = $1",
    [cluster.uid],
  );
  await recomposeClusters(tx, services, tenantUid, { kind: 'cluster', uid: cluster.uid });
  await tellCluster(tx, services, tenantUid, cluster, 'updated');
}

/** Forgets a cluster and revokes its agent. */
export async function forgetCluster(
  tx: Transaction,
  services: Services,
  tenantUid: TenantUid,
  cluster: Pick<Cluster, 'uid' | 'projectUid' | 'revision' | 'appliedRevision'>,
): Promise<void> {
  await endAccess(tx, services, tenantUid, cluster.uid);
  await tx.execute('DELETE FROM clusters WHERE uid = $1', [cluster.uid]);
  await appendEvent(tx, {
    tenantUid,
    projectUid: cluster.projectUid,
    clusterUid: cluster.uid,
    type: 'cluster',
    data: {
      clusterUid: cluster.uid,
      state: 'Deleted',
      health: 'Unknown',
      revision: cluster.revision,
      appliedRevision: cluster.appliedRevision,
    },
  });
  await tellCluster(tx, services, tenantUid, cluster, 'deleted');
  tx.afterCommit(() => services.fleet.changed(tenantUid));
}
