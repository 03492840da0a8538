/** Takes alerts to where they shall go: at least once, a bounded number of times, whoever of the replicas does it. */
import type { Logger } from '#core/log';
import { backoffDelay } from '#core/retry';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Wake } from '#plane/domain/events/wake';
import type { Database, Transaction } from '#plane/store/database';

import { selectChannels, type Channel } from './channel.ts';
import type { AlertMessage } from './message.ts';
import { MOST_DELIVERY_MS } from './outcome.ts';
import { noteOutcome, recipientsOf, sendOver, type Senders } from './send.ts';

export interface DeliverOptions {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly senders: Senders;
  readonly wake: Wake;
  readonly now: () => Date;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly backoff?: { readonly baseMs: number; readonly maxMs: number };
}

const POLL_MS = 2_000;
/** Channels that are delivered to at the same time; of each one delivery, so that none waits for another's receiver. */
const CHANNELS_AT_ONCE = 16;
/** Longer than a delivery can take, with what is read before it and noted after it. */
const LEASE_MS = MOST_DELIVERY_MS + 10_000;
const MAX_ATTEMPTS = 6;
const BACKOFF = { baseMs: 10_000, maxMs: 600_000 };

interface Due {
  readonly id: number;
  readonly alert_uid: string;
  readonly channel_uid: string;
  readonly attempts: number;
}

/** Runs until the signal is aborted, and what was begun has ended. */
export async function runDeliveries(options: DeliverOptions): Promise<void> {
  const { database, wake, now, log, signal } = options;
  const busy = new Map<string, Promise<void>>();
  const begin = (due: Due): void => {
    const done = deliver(due, options)
      .catch((error: unknown) => {
        if (!signal.aborted) log.warn({ err: error, channelUid: due.channel_uid }, 'a delivery broke off');
      })
      .finally(() => {
        busy.delete(due.channel_uid);
        wake.wake();
      });
    busy.set(due.channel_uid, done);
  };
  while (!signal.aborted) {
    const seen = wake.count();
    const free = CHANNELS_AT_ONCE - busy.size;
    if (free > 0) {
      try {
        const due = await database
          .asSystem()
          .transaction(async (tx) => claimDeliveries(tx, now(), [...busy.keys()], free));
        due.forEach(begin);
      } catch (error) {
        if (!signal.aborted) log.warn({ err: error }, 'alerts were not delivered, trying again');
      }
    }
    if (wake.count() === seen) await wake.wait(POLL_MS, signal);
  }
  await Promise.all(busy.values());
}

/**
 * Takes the oldest delivery that is due of each channel which is not busy; those whose last delivery failed come last, so
 * that receivers which keep silent are waited for only while nobody else has something to hear.
 */
export async function claimDeliveries(
  tx: Transaction,
  now: Date,
  busy: readonly string[],
  limit: number,
): Promise<Due[]> {
  return tx.query<Due>(
    `UPDATE alert_deliveries SET attempts = attempts + 1, next_at = $2 WHERE id IN (
       SELECT id FROM alert_deliveries WHERE id IN (
         SELECT id FROM (SELECT DISTINCT ON (channel_uid) id, channel_uid, next_at FROM alert_deliveries
           WHERE next_at <= $1 AND channel_uid <> ALL ($3::text[]) ORDER BY channel_uid, id) AS waiting
         JOIN alert_channels c ON c.uid = channel_uid ORDER BY c.last_ok IS FALSE, next_at LIMIT $4)
       AND next_at <= $1 FOR UPDATE SKIP LOCKED)
     RETURNING id, alert_uid, channel_uid, attempts`,
    [now, new Date(now.getTime() + LEASE_MS), busy, limit],
  );
}

async function deliver(due: Due, options: DeliverOptions): Promise<void> {
  const { database, secrets, senders, now, log, signal, backoff = BACKOFF } = options;
  const loaded = await database.asSystem().transaction(async (tx) => load(tx, secrets, due), { readOnly: true });
  // Alert or channel went meanwhile, and the delivery with it.
  if (!loaded) return;
  if (!loaded.channel.isActive) {
    await database.asSystem().transaction(async (tx) => drop(tx, due));
    return;
  }
  const outcome = await sendOver(loaded.channel, loaded.recipients, loaded.alert, senders, { log, signal });
  const givenUp = outcome.kind === 'failed' && (outcome.final || due.attempts >= MAX_ATTEMPTS);
  if (outcome.kind === 'failed')
    log.warn(
      { channelUid: due.channel_uid, attempt: due.attempts, givenUp, reason: outcome.message },
      'an alert was not taken',
    );
  await database.asSystem().transaction(async (tx) => {
    await noteOutcome(tx, due.channel_uid, outcome, now());
    if (outcome.kind === 'sent' || givenUp) await drop(tx, due);
    else {
      const next = new Date(now().getTime() + backoffDelay(due.attempts - 1, backoff));
      await tx.execute('UPDATE alert_deliveries SET next_at = $2 WHERE id = $1', [due.id, next]);
    }
  });
}

async function drop(tx: Transaction, { id }: Due): Promise<void> {
  await tx.execute('DELETE FROM alert_deliveries WHERE id = $1', [id]);
}

interface Loaded {
  readonly channel: Channel;
  readonly recipients: readonly string[];
  readonly alert: AlertMessage;
}

interface AlertRow {
  uid: string;
  tenant_uid: string;
  project_uid: string;
  project_name: string;
  cluster_uid: string | null;
  cluster_name: string;
  component: string;
  severity: string;
  reason: string;
  message: string;
  raised_at: Date;
}

async function load(tx: Transaction, secrets: Secrets, due: Due): Promise<Loaded | undefined> {
  const [channel] = await selectChannels(tx, secrets, 'uid = $1', [due.channel_uid]);
  const [row] = await tx.query<AlertRow>(
    `SELECT a.uid, a.tenant_uid, a.project_uid, p.name AS project_name, a.cluster_uid, a.cluster_name, a.component, a.severity,
       a.reason, a.message, a.raised_at
     FROM alerts a JOIN projects p ON p.uid = a.project_uid WHERE a.uid = $1`,
    [due.alert_uid],
  );
  if (!channel || !row) return undefined;
  return {
    channel,
    recipients: await recipientsOf(tx, channel, row.tenant_uid),
    alert: {
      uid: row.uid,
      component: row.component,
      severity: row.severity,
      reason: row.reason,
      message: row.message,
      clusterUid: row.cluster_uid ?? '',
      clusterName: row.cluster_name,
      projectUid: row.project_uid,
      projectName: row.project_name,
      time: row.raised_at.toISOString(),
    },
  };
}
