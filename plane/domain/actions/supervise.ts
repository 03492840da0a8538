/** Ends actions that no agent took on in time, and takes locations from agents that need them no more. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';
import type { SomeServices } from '#plane/domain/fleet-services';
import type { Database } from '#plane/store/database';
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
      await expireActions(database, services);
      if (performance.now() - released > RELEASE_MS) {
        released = performance.now();
        await releaseExpired(database, services);
      }
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, 'actions were not looked after, trying again');
    }
    await delay(LOOK_MS, { signal }).catch(() => undefined);
  }
}

/** Ends actions whose time to be taken on is over. @returns how many */
export async function expireActions(database: Database, services: SomeServices): Promise<number> {
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
    await database.forTenant(TenantUid.parse(tenantUid)).transaction(async (tx) => {
      const [cluster] = await selectClusters(tx, 'uid = $1', [clusterUid], 'FOR UPDATE');
      if (cluster)
        await endRun(tx, services, tenantUid, cluster, runId, { phase: 'expired', message, endedAt }, ['queued']);
    });
  }
  return due.length;
}

/** Takes locations from agents whose last backup in them has expired. */
export async function releaseExpired(database: Database, services: SomeServices): Promise<void> {
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
    await database.forTenant(TenantUid.parse(tenantUid)).transaction(async (tx) => {
      if ((await dropUnusedLocations(tx, services.fleet.now(), uid)) > 0)
        await recomposeClusters(tx, services, tenantUid, { kind: 'cluster', uid }, { unfit: 'keep' });
    });
}
