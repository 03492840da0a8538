/** Notices clusters whose health is another than people were told last, and stays so for a while. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';
import type { PlaneServices } from '#plane/domain/services';
import type { Wake } from '#plane/domain/events/wake';
import { recordClusterEvent } from '#plane/domain/events/cluster-events';
import type { Database } from '#plane/store/database';

import { raiseAlert } from './raise.ts';

export interface WatchHealthOptions {
  readonly database: Database;
  readonly services: { readonly fleet: Pick<PlaneServices['fleet'], 'now' | 'eventWake'> };
  /** A change that is over within this time is told to nobody, in milliseconds. */
  readonly graceMs: number;
  /** Rings when there is something to deliver. */
  readonly deliveries: Pick<Wake, 'wake'>;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const LOOK_MS = 2_000;
const BATCH = 200;
const PAUSE_MS = 200;

/** Runs until the signal is aborted. Replicas may all run it: each change is told once. */
export async function watchHealth(options: WatchHealthOptions): Promise<void> {
  const { log, signal, services } = options;
  const { eventWake } = services.fleet;
  while (!signal.aborted) {
    const seen = eventWake.count();
    let told = 0;
    try {
      told = await tellChanges(options);
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, 'changes of health were not looked for, trying again');
    }
    if (told === BATCH) continue;
    if (eventWake.count() === seen) await eventWake.wait(LOOK_MS, signal);
    // A storm of events is no reason to look more often than this.
    await delay(PAUSE_MS, { signal }).catch(() => undefined);
  }
}

interface ChangedRow {
  uid: string;
  tenant_uid: string;
  project_uid: string;
  name: string;
  health: 'Healthy' | 'UnHealthy';
  message: string;
}

/** Tells of changed clusters, a batch at most. @returns of how many */
async function tellChanges({ database, services, graceMs, deliveries }: WatchHealthOptions): Promise<number> {
  return database.asSystem().transaction(async (tx) => {
    // The database's own clock, with which `health_since` is written.
    const changed = await tx.query<ChangedRow>(
      `UPDATE clusters SET told_health = health WHERE uid IN (
         SELECT uid FROM clusters WHERE state = 'Running' AND health IN ('Healthy', 'UnHealthy') AND health <> told_health
           AND health_since <= now() - make_interval(secs => $1::double precision) ORDER BY uid LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING uid, tenant_uid, project_uid, name, health, message`,
      [graceMs / 1000, BATCH],
    );
    const now = services.fleet.now();
    let deliver = false;
    for (const { uid, tenant_uid: tenantUid, project_uid: projectUid, name, health, message } of changed) {
      const isWell = health === 'Healthy';
      const text = isWell
        ? `cluster ${name} is healthy again`
        : `cluster ${name} is unhealthy${message === '' ? '' : `: ${message}`}`;
      const event = {
        severity: isWell ? 'info' : 'error',
        reason: isWell ? 'ClusterHealthy' : 'ClusterUnHealthy',
        message: text,
      } as const;
      await recordClusterEvent(tx, {
        tenantUid,
        clusterUid: uid,
        source: 'plane',
        ...event,
        count: 1,
        firstAt: now,
        lastAt: now,
      });
      const alert = { tenantUid, projectUid, component: 'ClusterHealth', cluster: { uid, name }, ...event } as const;
      deliver = (await raiseAlert(tx, alert, { now })) || deliver;
    }
    if (deliver) tx.afterCommit(() => deliveries.wake());
    return changed.length;
  });
}
