/** Takes alerts to where they shall go: at least once, a bounded number of times, whoever of the replicas does it. */
import type { Logger } from '#core/log';
import { backoffDelay } from '#core/retry';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Wake } from '#plane/domain/events/wake';
import type { Database, Transaction } from '#plane/store/database';

import { selectChannels, type Channel } from './channel.ts';
import type { SendMail } from './mail.ts';
import type { AlertMessage } from './message.ts';
import type { DeliveryOutcome } from './outcome.ts';
import type { SendWebhook } from './webhook.ts';

export interface Senders {
  readonly mail: SendMail;
  readonly webhook: SendWebhook;
}

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
const BATCH = 16;
/** Of one channel at the same time, so that one that is slow keeps no other waiting. */
const PER_CHANNEL = 2;
/** Longer than a delivery can take. */
const LEASE_MS = 120_000;
const MAX_ATTEMPTS = 6;
const BACKOFF = { baseMs: 10_000, maxMs: 600_000 };
const KEPT_MESSAGE = 300;

interface Due {
  readonly id: number;
  readonly alert_uid: string;
  readonly channel_uid: string;
  readonly attempts: number;
}

/** Runs until the signal is aborted. */
export async function runDeliveries(options: DeliverOptions): Promise<void> {
  const { wake, log, signal } = options;
  while (!signal.aborted) {
    const seen = wake.count();
    let more = false;
    try {
      more = await deliverOnce(options);
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, 'alerts were not delivered, trying again');
    }
    if (!more && wake.count() === seen) await wake.wait(POLL_MS, signal);
  }
}

/** Makes the deliveries that are due. @returns whether there were any */
async function deliverOnce(options: DeliverOptions): Promise<boolean> {
  const due = await options.database.asSystem().transaction(async (tx) => claim(tx, options.now()));
  await Promise.all(due.map(async (one) => deliver(one, options)));
  return due.length > 0;
}

async function claim(tx: Transaction, now: Date): Promise<Due[]> {
  return tx.query<Due>(
    `UPDATE alert_deliveries SET attempts = attempts + 1, next_at = $2 WHERE id IN (
       SELECT id FROM alert_deliveries WHERE id IN (
         SELECT id FROM (SELECT id, next_at, row_number() OVER (PARTITION BY channel_uid ORDER BY id) AS place
           FROM alert_deliveries WHERE next_at <= $1) AS waiting WHERE place <= $4 ORDER BY next_at LIMIT $3)
       AND next_at <= $1 FOR UPDATE SKIP LOCKED)
     RETURNING id, alert_uid, channel_uid, attempts`,
    [now, new Date(now.getTime() + LEASE_MS), BATCH, PER_CHANNEL],
  );
}

async function deliver(due: Due, options: DeliverOptions): Promise<void> {
  const { database, secrets, senders, now, log, signal, backoff = BACKOFF } = options;
  const loaded = await database.asSystem().transaction(async (tx) => load(tx, secrets, due), { readOnly: true });
  // Alert or channel went meanwhile, and the delivery with it.
  if (!loaded) return;
  const outcome = await sendOver(loaded.channel, loaded.recipients, loaded.alert, senders, { signal }).catch(
    (error: unknown): DeliveryOutcome => {
      signal.throwIfAborted();
      log.error({ err: error, channelUid: due.channel_uid }, 'an alert could not be sent');
      return { kind: 'failed', message: 'the plane could not send it; its log says why', final: false };
    },
  );
  const givenUp = outcome.kind === 'failed' && (outcome.final || due.attempts >= MAX_ATTEMPTS);
  if (outcome.kind === 'failed')
    log.warn(
      { channelUid: due.channel_uid, attempt: due.attempts, givenUp, reason: outcome.message },
      'an alert was not taken',
    );
  await database.asSystem().transaction(async (tx) => {
    await noteOutcome(tx, due.channel_uid, outcome, now());
    if (outcome.kind === 'sent' || givenUp) await tx.execute('DELETE FROM alert_deliveries WHERE id = $1', [due.id]);
    else {
      const next = new Date(now().getTime() + backoffDelay(due.attempts - 1, backoff));
      await tx.execute('UPDATE alert_deliveries SET next_at = $2 WHERE id = $1', [due.id, next]);
    }
  });
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

/** Whom a channel of electronic mail writes to, each once. */
export async function recipientsOf(
  tx: Transaction,
  { type, identifiers, allUsers }: Channel,
  tenantUid: string,
): Promise<readonly string[]> {
  if (type !== 'email') return [];
  const users = allUsers
    ? await tx.query<{ email: string }>('SELECT email FROM users WHERE tenant_uid = $1 ORDER BY email', [tenantUid])
    : [];
  const byAddress = new Map(
    [...identifiers, ...users.map(({ email }) => email)].map((one) => [one.toLowerCase(), one]),
  );
  return [...byAddress.values()];
}

/** One try over one channel. */
export async function sendOver(
  channel: Channel,
  recipients: readonly string[],
  alert: AlertMessage,
  { mail, webhook }: Senders,
  options: { readonly signal: AbortSignal },
): Promise<DeliveryOutcome> {
  switch (channel.type) {
    case 'email':
      return mail(recipients, alert, options);
    case 'http':
      if (!channel.http) throw new Error(`channel ${channel.uid} of type http has no request`);
      return webhook(channel.http, alert, options);
    case 'app':
      return { kind: 'sent', message: 'it stands in the list of alerts' };
  }
}

/** Keeps with the channel how the last delivery went. */
export async function noteOutcome(
  tx: Transaction,
  channelUid: string,
  outcome: DeliveryOutcome,
  at: Date,
): Promise<void> {
  await tx.execute('UPDATE alert_channels SET last_ok = $2, last_message = $3, last_at = $4 WHERE uid = $1', [
    channelUid,
    outcome.kind === 'sent',
    outcome.message.slice(0, KEPT_MESSAGE),
    at,
  ]);
}
