/** Raising an alert: it is noted, and a delivery for each channel is put in the queue, in the transaction of its cause. */
import type { Transaction } from '#plane/store/database';
import { newUid } from '#plane/store/uid';

import type { AlertComponent } from './components.ts';

export interface NewAlert {
  readonly tenantUid: string;
  readonly projectUid: string;
  readonly component: AlertComponent;
  readonly severity: 'info' | 'warning' | 'error';
  /** One word in CamelCase. */
  readonly reason: string;
  readonly message: string;
  readonly cluster?: { readonly uid: string; readonly name: string };
}

/** So many deliveries wait for one channel at most; beyond, the oldest ones are given up. */
const MAX_WAITING = 500;

/** Of one cluster and component so many are raised in a quiet time: a failing network is one thing to people, not a hundred. */
const MAX_IN_QUIET = 20;

/**
 * The same reason and message of a cluster within `quietMs` is raised once, and different ones a bounded number of times;
 * the last one says that there are more.
 *
 * @returns whether there is something to deliver
 */
export async function raiseAlert(
  tx: Transaction,
  alert: NewAlert,
  { now, quietMs = 0 }: { readonly now: Date; readonly quietMs?: number },
): Promise<boolean> {
  const { tenantUid, projectUid, component, severity, reason, cluster } = alert;
  let { message } = alert;
  if (quietMs > 0) {
    const lately = await tx.query<{ reason: string; message: string }>(
      `SELECT reason, message FROM alerts WHERE project_uid = $1 AND cluster_uid IS NOT DISTINCT FROM $2 AND component = $3
         AND raised_at > $4 LIMIT $5`,
      [projectUid, cluster?.uid ?? null, component, new Date(now.getTime() - quietMs), MAX_IN_QUIET],
    );
    const isKnown = lately.some((one) => one.reason === reason && one.message === message);
    if (isKnown || lately.length >= MAX_IN_QUIET) return false;
    if (lately.length === MAX_IN_QUIET - 1)
      message = `${message} (this and more is in the cluster's events; nothing is told of it for ${quietMs / 60_000} minutes)`;
  }
  const uid = newUid();
  await tx.execute(
    `INSERT INTO alerts (uid, tenant_uid, project_uid, cluster_uid, cluster_name, component, severity, reason, message, raised_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [uid, tenantUid, projectUid, cluster?.uid ?? null, cluster?.name ?? '', component, severity, reason, message, now],
  );
  const channels = await tx.query<{ channel_uid: string }>(
    `INSERT INTO alert_deliveries (tenant_uid, alert_uid, channel_uid, next_at)
     SELECT tenant_uid, $3, uid, $4 FROM alert_channels
     WHERE project_uid = $1 AND component = $2 AND is_active AND type <> 'app' RETURNING channel_uid`,
    [projectUid, component, uid, now],
  );
  if (channels.length === 0) return false;
  await tx.execute(
    `DELETE FROM alert_deliveries WHERE id IN (
       SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY channel_uid ORDER BY id DESC) AS place
         FROM alert_deliveries WHERE channel_uid = ANY ($1::text[])) AS waiting WHERE place > $2)`,
    [channels.map(({ channel_uid: channel }) => channel), MAX_WAITING],
  );
  return true;
}

/** Drops alerts older than given, with what of them was never delivered. */
export async function pruneAlerts(tx: Transaction, before: Date): Promise<void> {
  await tx.execute('DELETE FROM alerts WHERE raised_at < $1', [before]);
}
