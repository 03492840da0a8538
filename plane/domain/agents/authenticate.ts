import type { AgentAuthenticator } from '#plane/domain/auth/agent-authenticator';
import type { SystemDatabase } from '#plane/store/database';
import { ClusterUid, ProjectUid, TenantUid } from '#protocol/identifiers';

import { tokenHash } from './token.ts';

interface AgentRow {
  cluster_uid: string;
  tenant_uid: string;
  project_uid: string;
}

/** Knows agents by the hash of their access token, or of the one before until that ends. */
export function createAgentAuthenticator(database: SystemDatabase, now: () => Date): AgentAuthenticator {
  return async (accessToken, { signal }) => {
    const [row] = await database.transaction(
      async (tx) =>
        tx.query<AgentRow>(
          `SELECT a.cluster_uid, a.tenant_uid, c.project_uid FROM agents a JOIN clusters c ON c.uid = a.cluster_uid
           WHERE (a.token_hash = $1 AND a.expires_at > $2) OR (a.previous_token_hash = $1 AND a.previous_expires_at > $2)`,
          [tokenHash(accessToken), now()],
        ),
      { readOnly: true, signal },
    );
    return (
      row && {
        kind: 'agent',
        // A cluster has one agent.
        agentUid: row.cluster_uid,
        clusterUid: ClusterUid.parse(row.cluster_uid),
        tenantUid: TenantUid.parse(row.tenant_uid),
        projectUid: ProjectUid.parse(row.project_uid),
      }
    );
  };
}
