/** Access of agents to the API: given for a while, and again before and after it ends. */
import { addRevocation } from '#plane/bus/account-store';
import { conflict, PlaneError } from '#plane/api/error';
import type { PlaneServices } from '#plane/domain/services';
import type { Database, Transaction } from '#plane/store/database';
import { isUid } from '#plane/store/uid';
import { ClusterUid, ProjectUid, TenantUid } from '#protocol/identifiers';
import { isRecoveryBy, type RecoveryRequest } from '#protocol/recovery';
import type { AgentCredentials } from '#protocol/registration';
import { z } from 'zod';

import { agentCredentials, GRACE_MS } from './credentials.ts';
import { newToken, tokenHash } from './token.ts';

/** How long an agent may take to sign a challenge. */
const CHALLENGE_MS = 60_000;
const CHALLENGE_PURPOSE = 'agent-challenge';

const Challenge = z.object({ clusterUid: z.string(), at: z.int() });

export function revoked(): PlaneError {
  return new PlaneError(401, 'AgentRevoked', 'the agent was revoked; the cluster must be imported again');
}

interface Access {
  readonly token: string;
  readonly expiresAt: Date;
}

export function newAccess({ fleet }: Pick<PlaneServices, 'fleet'>): Access {
  return { token: newToken('pat'), expiresAt: new Date(fleet.now().getTime() + fleet.agents.accessMs) };
}

interface AgentRow {
  bus_public_key: string;
  expires_at: Date;
  renewed_at: Date;
  name: string;
  project_uid: string;
}

/** @throws PlaneError 401 `AgentRevoked` */
export async function lockAgent(tx: Transaction, clusterUid: string): Promise<AgentRow> {
  const [agent] = await tx.query<AgentRow>(
    `SELECT a.bus_public_key, a.expires_at, a.renewed_at, c.name, c.project_uid
     FROM agents a JOIN clusters c ON c.uid = a.cluster_uid WHERE a.cluster_uid = $1 FOR UPDATE OF a`,
    [clusterUid],
  );
  if (!agent) throw revoked();
  return agent;
}

/**
 * A key is one agent's: whoever named another's would have it revoked by naming a next one.
 *
 * @throws PlaneError 409 `KeyInUse`
 */
export async function refuseForeignKey(tx: Transaction, clusterUid: string, busPublicKey: string): Promise<void> {
  const others = await tx.query('SELECT 1 FROM agents WHERE bus_public_key = $1 AND cluster_uid <> $2', [
    busPublicKey,
    clusterUid,
  ]);
  if (others.length > 0)
    throw conflict('KeyInUse', 'the key busPublicKey is that of another agent; make one of its own');
}

/** Puts new access in place; the one before goes on for a while, since the answer may be lost on its way. */
export async function replaceAccess(
  tx: Transaction,
  services: Pick<PlaneServices, 'fleet'>,
  agent: { readonly tenantUid: TenantUid; readonly clusterUid: string; readonly row: AgentRow },
  busPublicKey: string,
  access: Access,
): Promise<void> {
  const now = services.fleet.now();
  if (agent.row.bus_public_key !== busPublicKey) {
    await refuseForeignKey(tx, agent.clusterUid, busPublicKey);
    await addRevocation(tx, agent.tenantUid, {
      publicKey: agent.row.bus_public_key,
      expiresAt: agent.row.expires_at,
    });
    tx.afterCommit(() => services.fleet.busRevoked(agent.tenantUid));
  }
  await tx.execute(
    `UPDATE agents SET previous_token_hash = token_hash, previous_expires_at = least(expires_at, $2), token_hash = $3,
       expires_at = $4, bus_public_key = $5, renewed_at = $6 WHERE cluster_uid = $1`,
    [
      agent.clusterUid,
      new Date(now.getTime() + GRACE_MS),
      tokenHash(access.token),
      access.expiresAt,
      busPublicKey,
      now,
    ],
  );
}

/** Something to sign, kept by nobody: it names the cluster and the time, sealed. Says nothing about whether there is one. */
export function issueChallenge({ secrets, fleet }: PlaneServices, clusterUid: string): string {
  const content = Challenge.parse({ clusterUid, at: fleet.now().getTime() });
  return Buffer.from(secrets.seal(JSON.stringify(content), CHALLENGE_PURPOSE)).toString('base64url');
}

/**
 * Gives an agent new access that proves its key. Works once for each challenge, for as long as the agent is not revoked.
 *
 * @throws PlaneError 401 `InvalidChallenge` for one that is old, spent or another cluster's, `AgentRevoked` for a wrong key too
 */
export async function recoverAccess(
  database: Database,
  services: PlaneServices,
  request: RecoveryRequest,
): Promise<AgentCredentials> {
  const issuedAt = challengeTime(services, request);
  const { clusterUid } = request;
  if (!isUid(clusterUid)) throw revoked();
  const [known] = await database
    .asSystem()
    .transaction(
      async (tx) =>
        tx.query<{ tenant_uid: string }>('SELECT tenant_uid FROM agents WHERE cluster_uid = $1', [clusterUid]),
      { readOnly: true },
    );
  if (!known) throw revoked();
  const tenantUid = TenantUid.parse(known.tenant_uid);
  const access = newAccess(services);
  const row = await database.forTenant(tenantUid).transaction(async (tx) => {
    const agent = await lockAgent(tx, clusterUid);
    if (!isRecoveryBy(agent.bus_public_key, request)) throw revoked();
    if (issuedAt <= agent.renewed_at.getTime()) throw invalidChallenge();
    await replaceAccess(tx, services, { tenantUid, clusterUid, row: agent }, agent.bus_public_key, access);
    return agent;
  });
  return agentCredentials(
    services,
    {
      clusterUid: ClusterUid.parse(clusterUid),
      clusterName: row.name,
      tenantUid,
      projectUid: ProjectUid.parse(row.project_uid),
      busPublicKey: row.bus_public_key,
    },
    access,
  );
}

function invalidChallenge(): PlaneError {
  return new PlaneError(
    401,
    'InvalidChallenge',
    'the challenge is old, spent or made for another cluster; ask for a new one',
  );
}

/** Milliseconds since 1970. @throws PlaneError 401 `InvalidChallenge` */
function challengeTime({ secrets, fleet }: PlaneServices, { clusterUid, challenge }: RecoveryRequest): number {
  let content: z.infer<typeof Challenge>;
  try {
    content = Challenge.parse(JSON.parse(secrets.openText(Buffer.from(challenge, 'base64url'), CHALLENGE_PURPOSE)));
  } catch {
    throw invalidChallenge();
  }
  const age = fleet.now().getTime() - content.at;
  if (content.clusterUid !== clusterUid || age > CHALLENGE_MS) throw invalidChallenge();
  return content.at;
}
