/** How an agent joins: its one-time token for credentials. */
import { addRevocation } from '#plane/bus/account-store';
import { conflict, PlaneError } from '#plane/api/error';
import type { PlaneServices } from '#plane/domain/services';
import type { Database, Transaction } from '#plane/store/database';
import { ProjectUid, TenantUid } from '#protocol/identifiers';
import { versionSkew } from '#protocol/version-skew';
import type { AgentCredentials, RegistrationRequest } from '#protocol/registration';

import { appendClusterEvent } from '../clusters/cluster-event.ts';
import { recomposeClusters } from '../desired-state/recompose.ts';
import { newAccess, refuseForeignKey } from './access.ts';
import { agentCredentials, type AgentIdentity } from './credentials.ts';
import { tokenHash } from './token.ts';

interface TokenRow {
  tenant_uid: string;
  cluster_uid: string;
  expires_at: Date;
  spent_by: string | null;
}

interface ClusterRow {
  name: string;
  project_uid: string;
  state: string;
  kubernetes_uid: string | null;
  kubernetes_version: string;
}

/**
 * Registers an agent. The token is spent by it; the same agent may ask again with it, because its
 * answer may have been lost. An agent that this cluster had before loses its access.
 *
 * @throws PlaneError 401 `InvalidRegistrationToken`, or 409 `ClusterAlreadyRegistered` for another Kubernetes cluster.
 */
export async function registerAgent(
  database: Database,
  services: PlaneServices,
  request: RegistrationRequest,
): Promise<AgentCredentials> {
  const hash = tokenHash(request.token);
  const [known] = await database
    .asSystem()
    .transaction(
      async (tx) =>
        tx.query<{ tenant_uid: string }>('SELECT tenant_uid FROM registration_tokens WHERE token_hash = $1', [hash]),
      { readOnly: true },
    );
  if (!known) throw invalidToken();
  const skew = versionSkew(request.agentVersion, services.fleet.version);
  // The token is not spent by it: a newer agent may come with the same manifest.
  if (skew.kind === 'agent too old') throw new PlaneError(409, 'AgentTooOldForPlane', skew.message);
  const tenantUid = TenantUid.parse(known.tenant_uid);
  const access = newAccess(services);
  const identity = await database
    .forTenant(tenantUid)
    .transaction(async (tx) => join(tx, services, tenantUid, hash, request, access));
  return agentCredentials(services, identity, access);
}

function invalidToken(): PlaneError {
  return new PlaneError(
    401,
    'InvalidRegistrationToken',
    'the registration token is unknown, used or expired; fetch the import manifest again and apply it',
  );
}

async function join(
  tx: Transaction,
  services: PlaneServices,
  tenantUid: TenantUid,
  hash: string,
  request: RegistrationRequest,
  access: { readonly token: string; readonly expiresAt: Date },
): Promise<AgentIdentity> {
  const now = services.fleet.now();
  const [cluster] = await tx.query<ClusterRow>(
    'SELECT name, project_uid, state, kubernetes_uid, kubernetes_version FROM clusters WHERE uid = $1 FOR UPDATE',
    [request.clusterUid],
  );
  const [token] = await tx.query<TokenRow>(
    'SELECT tenant_uid, cluster_uid, expires_at, spent_by FROM registration_tokens WHERE token_hash = $1',
    [hash],
  );
  const spender = `${request.kubernetesUid}/${request.busPublicKey}`;
  if (!cluster || !token || token.cluster_uid !== request.clusterUid || cluster.state === 'Deleting')
    throw invalidToken();
  if (token.expires_at <= now || (token.spent_by !== null && token.spent_by !== spender)) throw invalidToken();
  if (cluster.kubernetes_uid !== null && cluster.kubernetes_uid !== request.kubernetesUid) {
    throw conflict(
      'ClusterAlreadyRegistered',
      `cluster ${cluster.name} is another Kubernetes cluster; import this one under a name of its own`,
    );
  }
  // Every token of the cluster is spent: manifests that were fetched and not applied work no more.
  await tx.execute(
    'UPDATE registration_tokens SET spent_at = $2, spent_by = coalesce(spent_by, $3) WHERE cluster_uid = $1',
    [request.clusterUid, now, spender],
  );
  await replaceAgent(tx, services, tenantUid, request, access);
  await tx.execute(
    `UPDATE clusters SET state = CASE WHEN state = 'Pending' THEN 'Importing' ELSE state END, kubernetes_uid = $2, kubernetes_version = $3,
       agent_version = $4, heartbeat_at = $5, modified_at = $5 WHERE uid = $1`,
    [request.clusterUid, request.kubernetesUid, request.kubernetesVersion, request.agentVersion, now],
  );
  // Values may ask for the version of Kubernetes.
  if (cluster.kubernetes_version !== request.kubernetesVersion) {
    await recomposeClusters(tx, services, tenantUid, { kind: 'cluster', uid: request.clusterUid }, { unfit: 'keep' });
  }
  await appendClusterEvent(tx, request.clusterUid);
  tx.afterCommit(() => services.fleet.changed(tenantUid));
  return {
    clusterUid: request.clusterUid,
    clusterName: cluster.name,
    tenantUid,
    projectUid: ProjectUid.parse(cluster.project_uid),
    busPublicKey: request.busPublicKey,
  };
}

async function replaceAgent(
  tx: Transaction,
  services: PlaneServices,
  tenantUid: TenantUid,
  request: RegistrationRequest,
  access: { readonly token: string; readonly expiresAt: Date },
): Promise<void> {
  await refuseForeignKey(tx, request.clusterUid, request.busPublicKey);
  const [before] = await tx.query<{ bus_public_key: string; expires_at: Date }>(
    'SELECT bus_public_key, expires_at FROM agents WHERE cluster_uid = $1',
    [request.clusterUid],
  );
  if (before && before.bus_public_key !== request.busPublicKey) {
    await addRevocation(tx, tenantUid, { publicKey: before.bus_public_key, expiresAt: before.expires_at });
    tx.afterCommit(() => services.fleet.busRevoked(tenantUid));
  }
  await tx.execute(
    `INSERT INTO agents (cluster_uid, token_hash, expires_at, bus_public_key, renewed_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (cluster_uid) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at,
       previous_token_hash = NULL, previous_expires_at = NULL, bus_public_key = excluded.bus_public_key, registered_at = now(),
       renewed_at = excluded.renewed_at`,
    [request.clusterUid, tokenHash(access.token), access.expiresAt, request.busPublicKey, services.fleet.now()],
  );
}
