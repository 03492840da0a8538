/** Settings of a cluster that this plane keeps; which of them act is told where they are defined. */
import type { SomeHandlers, UserContext } from '#plane/api/handler';

import { refuseGroupWithoutHost } from '../cluster-groups/group.ts';
import { changeSettings, requireCluster } from '../clusters/cluster.ts';
import { certificateHandlers } from './certificates.ts';
import { changeFeature } from './change.ts';
import { namespaceHandlers } from './namespaces.ts';
import { osPatchHandlers } from './os-patch.ts';
import { rbacHandlers } from './rbac.ts';
import { scanHandlers } from './scan.ts';
import { scanLogHandlers } from '../scans/handlers.ts';
import { timezoneHandlers } from './timezone.ts';

async function change(
  { db, scope, services }: UserContext,
  uid: string,
  changes: Parameters<typeof changeSettings>[4],
): Promise<{ status: 204 }> {
  await db.transaction(async (tx) => changeSettings(tx, services, scope, uid, changes));
  return { status: 204 };
}

export const featureHandlers = {
  ...certificateHandlers,
  ...namespaceHandlers,
  ...osPatchHandlers,
  ...rbacHandlers,
  ...scanHandlers,
  ...scanLogHandlers,
  ...timezoneHandlers,

  v1SpectroClustersUidClusterMetaAttributeUpdate: async ({ path, body }, context) =>
    change(context, path.uid, { clusterMetaAttribute: body?.clusterMetaAttribute }),
  V1HostClusterConfigUpdate: async ({ path, body }, { db, scope, services }) => {
    const hostClusterConfig = body?.hostClusterConfig;
    await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      await refuseGroupWithoutHost(tx, cluster, hostClusterConfig);
      await changeSettings(tx, services, scope, path.uid, { hostClusterConfig });
    });
    return { status: 204 };
  },
  v1SpectroClustersUidLocationPut: async ({ path, body }, context) =>
    change(context, path.uid, { location: body?.location }),
  v1SpectroClustersUidUpgradeSettings: async ({ path, body }, context) =>
    changeFeature(context, path.uid, { agentUpgrades: body?.spectroComponents }),
} satisfies SomeHandlers;
