/** Carries out what waited for a maintenance window. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';
import { PlaneError } from '#plane/api/error';
import type { SomeServices } from '#plane/domain/fleet-services';
import type { Database } from '#plane/store/database';
import { isBusy, isUnavailable } from '#plane/store/errors';
import { TenantUid } from '#protocol/identifiers';

import { openWindow } from '#core/windows';
import { schedulesOf, type PolicyRow } from '../policies/policy.ts';
import { followTemplate } from './reconcile.ts';
import { noteFailed } from './reconcile-log.ts';

/** Windows open on the minute: this late at most. */
const LOOK_MS = 5_000;
/** Clusters of one look; the rest comes with the next. */
const BATCH = 200;

export interface WaitingOptions {
  readonly database: Database;
  readonly services: SomeServices;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Runs until the signal is aborted. Replicas may all run it: a cluster that has followed waits no more. */
export async function watchWindows({ database, services, log, signal }: WaitingOptions): Promise<void> {
  while (!signal.aborted) {
    try {
      await reconcileWaiting(database, services, { log, signal });
    } catch (error) {
      if (!signal.aborted)
        log.warn({ err: error }, 'clusters that wait for a window were not looked for, trying again');
    }
    await delay(LOOK_MS, { signal }).catch(() => undefined);
  }
}

interface WaitingRow {
  cluster_uid: string;
  tenant_uid: string;
  template_uid: string;
  timezone: string | null;
  schedules: readonly unknown[];
}

/**
 * Brings the clusters that wait, and whose window is open, to what their template says. One that cannot follow is noted
 * as failed and keeps none of the others.
 *
 * @returns the identifiers of the clusters that were looked after
 */
export async function reconcileWaiting(
  database: Database,
  services: SomeServices,
  { log, signal }: Pick<WaitingOptions, 'log' | 'signal'>,
): Promise<string[]> {
  const waiting = await database.asSystem().transaction(
    async (tx) =>
      tx.query<WaitingRow>(
        `SELECT r.cluster_uid, c.tenant_uid, c.template_uid, c.settings->>'timezone' AS timezone,
           coalesce((SELECT jsonb_agg(p.schedules) FROM cluster_template_policies t JOIN maintenance_policies p ON p.uid = t.policy_uid
                     WHERE t.template_uid = c.template_uid), '[]') AS schedules
         FROM cluster_template_reconciles r JOIN clusters c ON c.uid = r.cluster_uid
         WHERE r.state = 'Pending' AND NOT r.unresolved AND c.template_uid IS NOT NULL AND c.state <> 'Deleting' ORDER BY r.cluster_uid`,
      ),
    { readOnly: true, signal },
  );
  const now = services.fleet.now();
  const due = waiting.filter(({ schedules, timezone }) => {
    const windows = schedules.flatMap((one) => schedulesOf({ schedules: one } satisfies Pick<PolicyRow, 'schedules'>));
    return windows.length === 0 || openWindow(windows, now, timezone ?? '') !== undefined;
  });
  for (const row of due.slice(0, BATCH)) {
    signal.throwIfAborted();
    await reconcileOne(database, services, row, log);
  }
  return due.slice(0, BATCH).map((row) => row.cluster_uid);
}

async function reconcileOne(
  database: Database,
  services: SomeServices,
  { cluster_uid: clusterUid, tenant_uid: tenantUid, template_uid: templateUid }: WaitingRow,
  log: Logger,
): Promise<void> {
  const db = database.forTenant(TenantUid.parse(tenantUid));
  try {
    await db.transaction(async (tx) =>
      followTemplate(tx, services, tenantUid, templateUid, { clusterUids: [clusterUid], when: 'now' }),
    );
    log.info({ clusterUid, templateUid }, 'cluster follows its template in the maintenance window');
  } catch (error) {
    // Without the database none of the others can follow either.
    if (isUnavailable(error) || isBusy(error)) throw error;
    if (!(error instanceof PlaneError)) {
      log.error({ err: error, clusterUid, templateUid }, 'cluster does not follow its template, trying again');
      return;
    }
    log.warn({ clusterUid, templateUid, code: error.code }, 'cluster cannot follow its template');
    await db.transaction(async (tx) => noteFailed(tx, clusterUid, error.message, services.fleet.now()));
  }
}
