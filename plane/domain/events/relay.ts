/** Brings waiting pokes to the bus: at least once, however long the bus was away. */
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import type { TenantBuses } from '#plane/bus/tenant-buses';
import type { Database } from '#plane/store/database';
import { ClusterUid } from '#protocol/identifiers';
import { pokeSubject } from '#protocol/subjects';

import { readOutbox, removeSent, type OutboxEntry } from './outbox.ts';
import type { Wake } from './wake.ts';

const BATCH = 500;
/** How soon a poke that another replica stored is sent when nothing wakes this one. */
const POLL_MS = 1_000;
const FLUSH_TIMEOUT_MS = 3_000;

export interface RelayOptions {
  readonly database: Database;
  readonly buses: Pick<TenantBuses, 'connected'>;
  readonly wake: Wake;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Runs until the signal is aborted. */
export async function runRelay(options: RelayOptions): Promise<void> {
  const { database, buses, wake, log, signal } = options;
  for (let failures = 0; !signal.aborted;) {
    const seen = wake.count();
    try {
      const more = await relayOnce(database, buses, signal);
      failures = 0;
      if (!more && wake.count() === seen) await wake.wait(POLL_MS, signal);
    } catch (error) {
      if (signal.aborted) return;
      const delayMs = backoffDelay(failures++, { baseMs: 100, maxMs: 2_000 });
      log.warn({ err: error, delayMs }, 'pokes were not sent, trying again');
      await delay(delayMs, { signal }).catch(() => undefined);
    }
  }
}

/** Sends one batch. @returns whether there may be more. */
async function relayOnce(
  database: Database,
  buses: Pick<TenantBuses, 'connected'>,
  signal: AbortSignal,
): Promise<boolean> {
  const away = new Set<string>();
  for (;;) {
    const entries = await database
      .asSystem()
      .transaction(async (tx) => readOutbox(tx, BATCH, [...away]), { readOnly: true, signal });
    if (entries.length === 0) return false;
    const sent: OutboxEntry[] = [];
    for (const [tenantUid, group] of groupByTenant(entries)) {
      const bus = buses.connected(tenantUid);
      if (!bus) {
        away.add(tenantUid);
        continue;
      }
      for (const entry of group) bus.publish(pokeSubject(ClusterUid.parse(entry.clusterUid)), entry.poke);
      await bus.flush({ timeoutMs: FLUSH_TIMEOUT_MS, signal });
      sent.push(...group);
    }
    if (sent.length > 0) await database.asSystem().transaction(async (tx) => removeSent(tx, sent));
    if (entries.length < BATCH) return false;
  }
}

function groupByTenant(entries: readonly OutboxEntry[]): Map<string, OutboxEntry[]> {
  const groups = new Map<string, OutboxEntry[]>();
  for (const entry of entries) groups.set(entry.tenantUid, [...(groups.get(entry.tenantUid) ?? []), entry]);
  return groups;
}
