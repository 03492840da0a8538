/** Taking an agent's access away: on the API with its row, on the bus by the account's claims. */
import { addRevocation } from '#plane/bus/account-store';
import { conflict } from '#plane/api/error';
import type { Scope } from '#plane/api/handler';
import type { PlaneServices } from '#plane/domain/services';
import type { Transaction } from '#plane/store/database';
import type { TenantUid } from '#protocol/identifiers';

import { appendClusterEvent, tellCluster } from '../clusters/cluster-event.ts';
import { requireCluster } from '../clusters/cluster.ts';
import { newImportToken } from '../clusters/import-link.ts';
import { recordClusterEvent } from '../events/cluster-events.ts';
import { enqueuePoke } from '../events/outbox.ts';

type Services = Pick<PlaneServices, 'secrets' | 'fleet'>;

/** Ends the access of a cluster's agent, and that of every import manifest that was fetched for it. @returns whether it had one */
export async function endAccess(
  tx: Transaction,
  services: Pick<PlaneServices, 'fleet'>,
  tenantUid: TenantUid,
  clusterUid: string,
): Promise<boolean> {
  await tx.execute('DELETE FROM registration_tokens WHERE cluster_uid = $1', [clusterUid]);
  const [agent] = await tx.query<{ bus_public_key: string; expires_at: Date }>(
    'DELETE FROM agents WHERE cluster_uid = $1 RETURNING bus_public_key, expires_at',
    [clusterUid],
  );
  if (!agent) return false;
  await enqueuePoke(tx, tenantUid, clusterUid, 'revoked');
  await addRevocation(tx, tenantUid, { publicKey: agent.bus_public_key, expiresAt: agent.expires_at });
  tx.afterCommit(() => services.fleet.busRevoked(tenantUid));
  return true;
}

/**
 * Revokes the agent of a cluster that stays. What it enforces stays in force; only a new import manifest, applied in the
 * same Kubernetes cluster, lets an agent in again. Once more changes nothing.
 *
 * @throws PlaneError 404, or 409 for a cluster that is being deleted, which needs its agent
 */
export async function revokeAgent(
  tx: Transaction,
  services: Services,
  scope: Scope,
  clusterUid: string,
  by: string,
): Promise<void> {
  const cluster = await requireCluster(tx, scope, clusterUid, 'FOR UPDATE');
  const { tenantUid } = scope;
  if (cluster.state === 'Deleting')
    throw conflict(
      'ClusterDeleting',
      `cluster ${cluster.name} is being deleted, which its agent does; delete it with force to do without`,
    );
  const had = await endAccess(tx, services, tenantUid, cluster.uid);
  // The address of the manifest may be in the wrong hands too.
  await tx.execute('UPDATE clusters SET import_token = $2, modified_at = now() WHERE uid = $1', [
    cluster.uid,
    newImportToken(services, cluster.uid),
  ]);
  if (had) {
    const message = `its agent's access was revoked by ${by}; a new import manifest lets an agent in again: palette cluster agent manifest ${cluster.name}`;
    await tx.execute(
      "UPDATE clusters SET message = $2, health = CASE WHEN state = 'Running' THEN 'UnHealthy' ELSE health END WHERE uid = $1",
      [cluster.uid, message],
    );
    const now = services.fleet.now();
    await recordClusterEvent(tx, {
      tenantUid,
      clusterUid: cluster.uid,
      source: 'plane',
      severity: 'warning',
      reason: 'AgentRevoked',
      message,
      count: 1,
      firstAt: now,
      lastAt: now,
    });
    await appendClusterEvent(tx, cluster.uid);
  }
  await tellCluster(tx, services, tenantUid, cluster, 'updated');
  tx.afterCommit(() => services.fleet.changed(tenantUid));
}
