import { invalidRequest, notFound, PlaneError } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';
import { newUid } from '#plane/store/uid';
import { SignedDesiredState } from '#protocol/signature';

import { affectedClusters } from './affected.ts';
import { askCluster, questionPurpose } from './ask.ts';
import { resolveCandidate } from './candidate.ts';
import { forgetOldImpacts } from './forget.ts';
import { readImpact, readImpactCluster, type ImpactSubject } from './read.ts';

const DEFAULT_TIMEOUT_SECONDS = 30;
/** Questions of one tenant that may be open at once: each makes every agent concerned render its cluster. */
const MOST_OPEN = 20;
/** One question may go to so many clusters. */
const MOST_CLUSTERS = 500;
/** Clusters asked in one transaction. */
const BATCH = 10;
/** While answers come in, a reader who waits looks at most this often, in milliseconds. */
const LOOK_MS = 100;

export const impactHandlers = {
  v1ImpactsCreate: async ({ body }, { db, scope, services, signal }) => {
    const now = services.fleet.now();
    const expiresAt = new Date(now.getTime() + (body.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000);
    const uid = newUid();
    const { candidate, clusters } = await db.transaction(async (tx) => {
      await forgetOldImpacts(tx, now);
      const [open] = await tx.query<{ count: number }>('SELECT count(*) AS count FROM impacts WHERE expires_at > $1', [
        now,
      ]);
      if ((open?.count ?? 0) >= MOST_OPEN)
        throw new PlaneError(
          429,
          'TooManyImpacts',
          `${MOST_OPEN} questions to the fleet are open; ask again later`,
          undefined,
          {
            headers: { 'retry-after': '5' },
          },
        );
      const candidate = await resolveCandidate(tx, scope, body);
      const clusters = await affectedClusters(tx, scope, candidate, body.clusters);
      if (clusters.length > MOST_CLUSTERS)
        throw invalidRequest(
          `${clusters.length} clusters run ${candidate.name}; one question may go to ${MOST_CLUSTERS}: name clusters, or ask in a project`,
        );
      const { name, version, digest } = candidate;
      const subject: ImpactSubject = { name, version, digest };
      await tx.execute(
        'INSERT INTO impacts (uid, project_uid, subject, created_at, expires_at) VALUES ($1, $2, $3::jsonb, $4, $5)',
        [uid, scope.projectUid ?? null, JSON.stringify(subject), now, expiresAt],
      );
      return { candidate, clusters };
    });
    const question = { impactUid: uid, tenantUid: scope.tenantUid, candidate, expiresAt };
    // Short transactions: nobody waits long for the clusters' rows, and agents answer while others are still to be asked.
    for (let first = 0; first < clusters.length; first += BATCH) {
      const batch = clusters.slice(first, first + BATCH);
      await db.transaction(
        async (tx) => {
          for (const cluster of batch) await askCluster(tx, services, question, cluster);
        },
        { signal },
      );
    }
    const body201 = await db.transaction(async (tx) => readImpact(tx, scope, uid, now), { readOnly: true });
    return { status: 201, body: body201 };
  },

  v1ImpactsUidGet: async ({ path, query }, { db, scope, services, signal }) => {
    const { fleet } = services;
    const until = performance.now() + (query.waitSeconds ?? 0) * 1_000;
    for (;;) {
      const seen = fleet.eventWake.count();
      const impact = await db.transaction(async (tx) => readImpact(tx, scope, path.uid, fleet.now()), {
        readOnly: true,
        signal,
      });
      const leftMs = until - performance.now();
      if (impact.complete || leftMs <= 0) return { status: 200, body: impact };
      const expiresMs = Date.parse(impact.expiresAt) - fleet.now().getTime();
      await fleet.eventWake.wait(Math.min(leftMs, LOOK_MS), signal);
      if (fleet.eventWake.count() === seen)
        await fleet.eventWake.wait(Math.max(0, Math.min(until - performance.now(), expiresMs)), signal);
    }
  },

  v1ImpactsUidClustersGet: async ({ path }, { db, scope, services }) => {
    const body = await db.transaction(
      async (tx) => readImpactCluster(tx, scope, path.uid, path.clusterUid, services.fleet.now()),
      { readOnly: true },
    );
    return { status: 200, body };
  },

  v1AgentsPreviewsGet: async ({ path }, { db, principal, services }) => {
    const [row] = await db.transaction(
      async (tx) =>
        tx.query<{ document: Uint8Array }>(
          `SELECT document FROM impact_clusters WHERE id = $1 AND cluster_uid = $2 AND state = 'pending' AND document IS NOT NULL`,
          [path.uid, principal.clusterUid],
        ),
      { readOnly: true },
    );
    if (!row) throw notFound('preview', path.uid);
    const body = SignedDesiredState.parse(
      JSON.parse(services.secrets.openText(row.document, questionPurpose(path.uid))),
    );
    return { status: 200, headers: { 'cache-control': 'no-store' }, body };
  },
} satisfies SomeHandlers;
