/** Changes settings of a cluster that its agent acts on. */
import type { UserContext } from '#plane/api/handler';

import { changeSettings, requireCluster, type Cluster } from '../clusters/cluster.ts';
import { recomposeClusters } from '../desired-state/recompose.ts';

export type SettingsChange = Parameters<typeof changeSettings>[4];

/**
 * Stores settings and tells the agent of them, in one transaction.
 *
 * @param change what becomes of the settings, given the cluster as it is, locked
 * @throws PlaneError 404
 */
export async function changeFeature(
  { db, scope, services }: UserContext,
  uid: string,
  change: SettingsChange | ((cluster: Cluster) => SettingsChange),
): Promise<{ status: 204 }> {
  await db.transaction(async (tx) => {
    const changes = typeof change === 'function' ? change(await requireCluster(tx, scope, uid, 'FOR UPDATE')) : change;
    await changeSettings(tx, services, scope, uid, changes);
    await recomposeClusters(tx, services, scope.tenantUid, { kind: 'cluster', uid });
  });
  return { status: 204 };
}
