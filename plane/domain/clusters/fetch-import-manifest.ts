import { notFound } from '#plane/api/error';
import type { PublicContext } from '#plane/api/handler';
import type { Database } from '#plane/store/database';
import { isUid } from '#plane/store/uid';
import { TenantUid } from '#protocol/identifiers';

import { issueRegistrationToken } from '../agents/registration-token.ts';
import { selectClusters, type Cluster } from './cluster.ts';
import { isImportToken } from './import-link.ts';
import { importManifest } from './import-manifest.ts';

/**
 * The import manifest with a new one-time registration token. Users of the tenant get it any time,
 * also to join the cluster again; whoever has the address gets it until the agent has registered.
 *
 * @throws PlaneError 404, also for a wrong or used address: it tells nobody which clusters exist.
 */
export async function fetchImportManifest(
  context: PublicContext,
  clusterUid: string,
  token: string | undefined,
): Promise<string> {
  const { database, services, principal } = context;
  const found = await findCluster(database, clusterUid);
  if (!found) throw notFound('cluster', clusterUid);
  const { cluster, tenantUid } = found;
  const byUser = principal.kind === 'user' && principal.tenantUid === tenantUid;
  const byAddress =
    token !== undefined && isImportToken(services, cluster, token) && cluster.kubernetesUid === undefined;
  if (cluster.state === 'Deleting' || (!byUser && !byAddress)) throw notFound('cluster', clusterUid);
  const registrationToken = await database
    .forTenant(tenantUid)
    .transaction(async (tx) => issueRegistrationToken(tx, tenantUid, cluster.uid, services.fleet.now()));
  return importManifest({
    planeUrl: services.publicUrl,
    planeCa: services.fleet.planeCa,
    clusterUid: cluster.uid,
    token: registrationToken,
    image: services.fleet.agentImage,
    importMode: cluster.importMode,
    proxy: cluster.settings.proxy,
    settings: services.fleet.agents.settings,
  });
}

async function findCluster(
  database: Database,
  uid: string,
): Promise<{ cluster: Cluster; tenantUid: TenantUid } | undefined> {
  if (!isUid(uid)) return undefined;
  return database.asSystem().transaction(
    async (tx) => {
      const [cluster] = await selectClusters(tx, 'uid = $1', [uid]);
      const [row] = await tx.query<{ tenant_uid: string }>('SELECT tenant_uid FROM clusters WHERE uid = $1', [uid]);
      return cluster && row ? { cluster, tenantUid: TenantUid.parse(row.tenant_uid) } : undefined;
    },
    { readOnly: true },
  );
}
