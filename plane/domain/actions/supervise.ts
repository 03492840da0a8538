/** Ends actions that no agent took on in time, and takes locations from agents that need them no more. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';
import type { SomeServices } from '#plane/domain/fleet-services';
import type { Database, Transaction } from '#plane/store/database';
import { TenantUid } from '#protocol/identifiers';

import { dropUnusedLocations } from '../backups/use-location.ts';
import { selectClusters } from '../clusters/cluster.ts';
import { recomposeClusters } from '../desired-state/recompose.ts';
import { endRun } from './end-run.ts';

const LOOK_MS = 30_000;
/** Backups expire on the hour, and nothing hangs on a minute. */
const RELEASE_MS = 600_000;
/** Runs of one look; the rest comes with the next. */
const BATCH = 500;

export interface SuperviseActionsOptions {
  readonly database: Database;
  readonly services: SomeServices;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Runs until the signal is aborted. Replicas may all run it: each run is ended once. */
export async function superviseActions({ database, services, log, signal }: SuperviseActionsOptions): Promise<void> {
  let released = performance.now();
  while (!signal.aborted) {
    try {
      await expireActions(database, services, log);
      if (performance.now() - released > RELEASE_MS) {
        released = performance.now();
        await releaseExpired(database, services, log);
      }
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, 'actions were not looked after, trying again');
    }
    await delay(LOOK_MS, { signal }).catch(() => undefined);
  }
}

/** Ends actions whose time to be taken on is over. */
export async function expireActions(database: Database, services: SomeServices, log: Logger): Promise<void> {
  const due = await database.asSystem().transaction(
    async (tx) =>
      tx.query<{ run_id: string; tenant_uid: string; cluster_uid: string; expires_at: Date }>(
        `SELECT a.run_id, a.tenant_uid, a.cluster_uid, k.expires_at
         FROM cluster_actions a JOIN cluster_commands k ON k.id = a.run_id
         WHERE a.phase = 'queued' AND k.expires_at <= $1 ORDER BY k.expires_at LIMIT ${BATCH}`,
        [services.fleet.now()],
      ),
    { readOnly: true },
  );
  for (const { run_id: runId, tenant_uid: tenantUid, cluster_uid: clusterUid, expires_at: endedAt } of due) {
    const message = `no agent took it on by ${endedAt.toISOString()}`;
    await ofOne(database, { tenantUid, clusterUid }, log, async (tx) => {
      const [cluster] = await selectClusters(tx, 'uid = $1', [clusterUid], 'FOR UPDATE');
      if (cluster)
        await endRun(tx, services, tenantUid, cluster, runId, { phase: 'expired', message, endedAt }, ['queued']);
    });
  }
}

/** Takes locations from agents whose last backup in them has expired. */
export async function releaseExpired(database: Database, services: SomeServices, log: Logger): Promise<void> {
  const users = await database
    .asSystem()
    .transaction(
      async (tx) =>
        tx.query<{ tenant_uid: string; cluster_uid: string }>(
          'SELECT DISTINCT tenant_uid, cluster_uid FROM cluster_backup_locations ORDER BY tenant_uid, cluster_uid',
        ),
      { readOnly: true },
    );
  for (const { tenant_uid: tenantUid, cluster_uid: uid } of users)
    await ofOne(database, { tenantUid, clusterUid: uid }, log, async (tx) => {
      // Whoever asks for an action holds it, too: a location that was just given is not taken again.
      const [cluster] = await selectClusters(tx, 'uid = $1', [uid], 'FOR UPDATE');
      if (cluster && (await dropUnusedLocations(tx, services.fleet.now(), uid)) > 0)
        await recomposeClusters(tx, services, tenantUid, { kind: 'cluster', uid }, { unfit: 'keep' });
    });
}

/** A cluster that something is wrong with keeps no other from its turn. */
async function ofOne(
  database: Database,
  { tenantUid, clusterUid }: { readonly tenantUid: string; readonly clusterUid: string },
  log: Logger,
  work: (tx: Transaction) => Promise<void>,
): Promise<void> {
  try {
    await database.forTenant(TenantUid.parse(tenantUid)).transaction(work);
  } catch (error) {
    log.warn({ err: error, clusterUid }, 'actions of a cluster were not looked after, trying again');
  }
}
