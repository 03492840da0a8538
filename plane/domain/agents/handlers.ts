import { z } from 'zod';

import { assertNever } from '#core/assert-never';
import type { components } from '#openapi/generated/types';
import { PlaneError } from '#plane/api/error';
import type { AgentContext, SomeHandlers } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import { Command, COMMAND_TYPES } from '#protocol/command';
import { RecoveryRequest } from '#protocol/recovery';
import { RegistrationRequest, type AgentCredentials } from '#protocol/registration';
import type { ClusterUid } from '#protocol/identifiers';
import { SignedDesiredState, verifyDesiredState } from '#protocol/signature';

import { appendClusterEvent } from '../clusters/cluster-event.ts';
import { unsendable } from '../desired-state/fitness.ts';
import { documentPurpose } from '../desired-state/recompose.ts';
import { readBlob } from '../packs/blob-store.ts';
import { applyHeartbeats, applyReport } from './apply-report.ts';
import { issueChallenge, lockAgent, newAccess, recoverAccess, replaceAccess, revoked } from './access.ts';
import { agentCredentials } from './credentials.ts';
import { parseHeartbeat, parseReport } from './parse-report.ts';
import { registerAgent } from './register.ts';
import { revokeAgent } from './revoke.ts';

/** Below what proxies between agent and plane usually wait for an answer. */
const DEFAULT_WAIT_SECONDS = 25;

export const agentHandlers = {
  v1AgentsRegister: async ({ body }, { database, services }) => {
    const credentials = await registerAgent(database, services, RegistrationRequest.parse(body));
    return { status: 201, headers: { 'cache-control': 'no-store' }, body: onTheWire(credentials) };
  },

  v1AgentsCredentialsRenew: async ({ body }, { db, principal, services }) => {
    const access = newAccess(services);
    const { clusterUid, tenantUid } = principal;
    const clusterName = await db.transaction(async (tx) => {
      const row = await lockAgent(tx, clusterUid);
      await replaceAccess(tx, services, { tenantUid, clusterUid, row }, body.busPublicKey, access);
      return row.name;
    });
    const credentials = await agentCredentials(
      services,
      { ...principal, clusterName, busPublicKey: body.busPublicKey },
      access,
    );
    return { status: 200, headers: { 'cache-control': 'no-store' }, body: onTheWire(credentials) };
  },

  v1AgentsChallengesCreate: async ({ body }, { services }) => ({
    status: 201,
    headers: { 'cache-control': 'no-store' },
    body: { challenge: issueChallenge(services, body.clusterUid) },
  }),

  v1AgentsCredentialsRecover: async ({ body }, { database, services }) => {
    const credentials = await recoverAccess(database, services, RecoveryRequest.parse(body));
    return { status: 200, headers: { 'cache-control': 'no-store' }, body: onTheWire(credentials) };
  },

  v1AgentsChangesWait: async ({ query }, { principal, services, signal }) => {
    const news = await services.fleet.changes.wait(
      {
        clusterUid: principal.clusterUid,
        digest: query.digest,
        after: query.after ?? 0,
        types: knownTypes(query.types),
      },
      { timeoutMs: (query.waitSeconds ?? DEFAULT_WAIT_SECONDS) * 1_000, signal },
    );
    switch (news.kind) {
      case 'revoked':
        throw revoked();
      case 'quiet':
        return { status: 200, headers: { 'cache-control': 'no-store' }, body: {} };
      case 'news':
        return { status: 200, headers: { 'cache-control': 'no-store' }, body: news.changes };
      default:
        return assertNever(news);
    }
  },

  v1AgentsDesiredStateGet: async ({ headers }, { db, principal, services }) => {
    const [row] = await db.transaction(
      async (tx) =>
        tx.query<{ digest: string; document: Uint8Array }>(
          'SELECT digest, document FROM desired_states WHERE cluster_uid = $1',
          [principal.clusterUid],
        ),
      { readOnly: true },
    );
    if (!row) throw new PlaneError(404, 'NoDesiredState', 'the cluster has no desired state yet');
    const etag = `"${row.digest}"`;
    const cache = { etag, 'cache-control': 'private, no-cache' };
    if (headers.get('if-none-match') === etag) return { status: 304, headers: cache };
    const document = SignedDesiredState.parse(
      JSON.parse(services.secrets.openText(row.document, documentPurpose(principal.clusterUid))),
    );
    await refuseTooOld(db, services, principal.clusterUid, document);
    return { status: 200, headers: cache, body: document };
  },

  v1AgentsCommandsList: async ({ query }, { db, principal, services }) => {
    const rows = await db.transaction(
      async (tx) =>
        tx.query<CommandRow>(
          `SELECT id, cursor, type, issued_at, expires_at, action, run_id FROM cluster_commands
           WHERE cluster_uid = $1 AND cursor > $2 AND outcome IS NULL AND expires_at > $3
             AND CASE WHEN type = 'action' THEN 'action/' || (action->>'type') ELSE type END = ANY ($4::text[])
           ORDER BY cursor LIMIT 100`,
          [principal.clusterUid, query.after ?? 0, services.fleet.now(), knownTypes(query.types)],
        ),
      { readOnly: true },
    );
    const items = rows.map((row) =>
      Command.parse({
        id: row.id,
        cursor: row.cursor,
        type: row.type,
        issuedAt: row.issued_at.toISOString(),
        expiresAt: row.expires_at.toISOString(),
        ...(row.action === null ? {} : { action: row.action }),
        ...(row.run_id === null ? {} : { runId: row.run_id }),
      }),
    );
    return { status: 200, body: { items } };
  },

  v1AgentsReportsCreate: async ({ body }, { db, principal, services }) => {
    const reports = body.reports.map((given) => readOwn(parseReport(given), principal.clusterUid));
    const heartbeat = body.heartbeat && readOwn(parseHeartbeat(body.heartbeat), principal.clusterUid);
    for (const report of reports) {
      await db.transaction(async (tx) => applyReport(tx, services, principal.tenantUid, report));
    }
    if (heartbeat) await db.transaction(async (tx) => applyHeartbeats(tx, services, principal.tenantUid, [heartbeat]));
    return { status: 204 };
  },

  v1AgentsPacksGet: async ({ path }, { db, principal, signal }) => {
    const { joinedAt, isNamed } = await db.transaction(
      async (tx) => {
        const rows = await tx.query(
          `SELECT 1 FROM desired_states WHERE cluster_uid = $1 AND $2 = ANY (pack_digests)
           UNION ALL SELECT 1 FROM agent_releases WHERE digest = $2
           UNION ALL SELECT 1 FROM impact_clusters WHERE cluster_uid = $1 AND state = 'pending' AND $2 = ANY (pack_digests)`,
          [principal.clusterUid, path.digest],
        );
        return { joinedAt: await joinTime(tx, principal.clusterUid), isNamed: rows.length > 0 };
      },
      { readOnly: true },
    );
    if (!isNamed)
      throw new PlaneError(
        403,
        'PackNotInDesiredState',
        `the desired state of the cluster does not name the pack ${path.digest}`,
      );
    return {
      status: 200,
      headers: { 'cache-control': 'private, max-age=31536000, immutable' },
      // An archive may be on its way for minutes: it ends where the access does.
      body: readBlob(db, path.digest, signal, async (tx) => {
        if ((await joinTime(tx, principal.clusterUid)) !== joinedAt) throw revoked();
      }),
    };
  },

  v1SpectroClustersUidAgentRevoke: async ({ path }, { db, scope, services, principal }) => {
    await db.transaction(async (tx) => revokeAgent(tx, services, scope, path.uid, principal.email));
    return { status: 204 };
  },
} satisfies SomeHandlers;

interface CommandRow {
  id: string;
  cursor: number;
  type: string;
  issued_at: Date;
  expires_at: Date;
  action: unknown;
  run_id: string | null;
}

/** When the cluster's agent joined: tells it from one that takes its place. Milliseconds since 1970. @throws PlaneError 401 `AgentRevoked` */
async function joinTime(tx: Transaction, clusterUid: string): Promise<number> {
  const [agent] = await tx.query<{ registered_at: Date }>('SELECT registered_at FROM agents WHERE cluster_uid = $1', [
    clusterUid,
  ]);
  if (!agent) throw revoked();
  return agent.registered_at.getTime();
}

/** @throws PlaneError 404 `NoDesiredState` where the agent could not carry the document out; the cluster's message says why. */
async function refuseTooOld(
  db: AgentContext['db'],
  services: AgentContext['services'],
  clusterUid: ClusterUid,
  signed: SignedDesiredState,
): Promise<void> {
  const { layers } = await verifyDesiredState(signed, {
    clusterUid,
    trustedKeys: services.fleet.signingKeys.trusted,
    minRevision: 0,
  });
  const problem = await db.transaction(async (tx) => unsendable(tx, clusterUid, layers, services.fleet.version), {
    readOnly: true,
  });
  if (problem === undefined) return;
  await db.transaction(async (tx) => {
    const changed = await tx.execute('UPDATE clusters SET message = $2 WHERE uid = $1 AND message <> $2', [
      clusterUid,
      problem,
    ]);
    if (changed > 0) await appendClusterEvent(tx, clusterUid);
  });
  throw new PlaneError(404, 'NoDesiredState', problem);
}

/** Types that both the agent and this plane know; agents that do not say are older than every type but the first. */
function knownTypes(types = 'resync'): readonly string[] {
  const asked = types.split(',');
  return COMMAND_TYPES.filter((type) => asked.includes(type));
}

/** The contract leaves a key out where zod's type admits `undefined`. */
function onTheWire({
  bus,
  planeUrls,
  releaseKeys,
  ...given
}: AgentCredentials): components['schemas']['AgentCredentials'] {
  const rest = {
    ...given,
    ...(planeUrls === undefined ? {} : { planeUrls }),
    ...(releaseKeys === undefined ? {} : { releaseKeys }),
  };
  if (bus === undefined) return rest;
  const { servers, jwt, ca } = bus;
  return { ...rest, bus: { servers, jwt, ...(ca === undefined ? {} : { ca }) } };
}

/** @throws PlaneError 422 for what is no report, 403 for one about another cluster. */
function readOwn<T extends { readonly clusterUid: ClusterUid }>(
  parsed: z.ZodSafeParseResult<T>,
  clusterUid: ClusterUid,
): T {
  if (!parsed.success) {
    throw new PlaneError(
      422,
      'InvalidReport',
      `a report is not as the plane knows reports (${z.prettifyError(parsed.error)}); agent and plane differ in version`,
    );
  }
  if (parsed.data.clusterUid !== clusterUid) {
    throw new PlaneError(403, 'OtherCluster', 'an agent may report on its own cluster only');
  }
  return parsed.data;
}
