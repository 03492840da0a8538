/** What an agent is given when it joins and when it renews. */
import type { PlaneServices } from '#plane/domain/services';
import type { AgentCredentials } from '#protocol/registration';
import type { ClusterUid, ProjectUid, TenantUid } from '#protocol/identifiers';

/** How long the access before a renewal goes on: its answer may be lost on the way. */
export const GRACE_MS = 10 * 60_000;
/** A quarter of the silence after which a cluster counts as unhealthy. */
const HEARTBEAT_SECONDS = 15;
const POLL_SECONDS = 5;

export interface AgentIdentity {
  readonly clusterUid: ClusterUid;
  readonly clusterName: string;
  readonly tenantUid: TenantUid;
  readonly projectUid: ProjectUid;
  readonly busPublicKey: string;
}

/** The answer for an agent. Not inside a transaction: it may have to make the tenant's account on the bus. */
export async function agentCredentials(
  { fleet }: Pick<PlaneServices, 'fleet'>,
  identity: AgentIdentity,
  access: { readonly token: string; readonly expiresAt: Date },
): Promise<AgentCredentials> {
  const { clusterUid, clusterName, tenantUid, projectUid } = identity;
  const bus = await fleet.busAccess({ ...identity, expiresAt: access.expiresAt });
  const releaseKeys = await fleet.releaseKeys(tenantUid);
  return {
    clusterUid,
    clusterName,
    tenantUid,
    projectUid,
    accessToken: access.token,
    expiresAt: access.expiresAt.toISOString(),
    ...(bus === undefined ? {} : { bus }),
    ...(fleet.agents.planeUrls.length < 2 ? {} : { planeUrls: [...fleet.agents.planeUrls] }),
    trustedKeys: [...fleet.signingKeys.trusted],
    ...(releaseKeys.length === 0 ? {} : { releaseKeys }),
    heartbeatSeconds: HEARTBEAT_SECONDS,
    pollSeconds: POLL_SECONDS,
  };
}
