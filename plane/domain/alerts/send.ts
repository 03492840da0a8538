/** One try to send an alert over one channel. */
import type { Logger } from '#core/log';
import type { Transaction } from '#plane/store/database';

import type { Channel } from './channel.ts';
import type { SendMail } from './mail.ts';
import type { AlertMessage } from './message.ts';
import type { DeliveryOutcome } from './outcome.ts';
import type { SendWebhook } from './webhook.ts';

export interface Senders {
  readonly mail: SendMail;
  readonly webhook: SendWebhook;
}

const KEPT_MESSAGE = 300;

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

/** Sends, and says what came of it. Throws nothing but the signal's reason. */
export async function sendOver(
  channel: Channel,
  recipients: readonly string[],
  alert: AlertMessage,
  senders: Senders,
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<DeliveryOutcome> {
  try {
    return await send(channel, recipients, alert, senders, { signal });
  } catch (error) {
    signal.throwIfAborted();
    log.error({ err: error, channelUid: channel.uid }, 'an alert could not be sent');
    return { kind: 'failed', message: 'the plane could not send it; its log says why', final: false };
  }
}

async function send(
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
