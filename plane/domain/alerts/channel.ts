/** A way on which alerts go out, as it is stored and as the API has it. */
import { z } from 'zod';

import type { components } from '#openapi/generated/types';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { SqlValue, Transaction } from '#plane/store/database';

import type { AlertComponent, ChannelType } from './components.ts';

export const ChannelRequest = z.object({
  url: z.string(),
  method: z.enum(['POST', 'PUT', 'GET']),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
/** What is sent to a webhook. */
export type ChannelRequest = z.infer<typeof ChannelRequest>;

/** What users say of a channel. */
export interface ChannelInput {
  readonly type: ChannelType;
  readonly isActive: boolean;
  readonly allUsers: boolean;
  /** Addresses of electronic mail. */
  readonly identifiers: readonly string[];
  readonly http: ChannelRequest | undefined;
  readonly createdBy: string;
}

export interface Channel extends ChannelInput {
  readonly uid: string;
  readonly projectUid: string;
  readonly component: AlertComponent;
  /** How the last delivery went; undefined before the first. */
  readonly last: { readonly ok: boolean; readonly message: string; readonly at: Date } | undefined;
}

interface ChannelRow {
  uid: string;
  project_uid: string;
  component: AlertComponent;
  type: ChannelType;
  is_active: boolean;
  all_users: boolean;
  identifiers: string[];
  http: Uint8Array | null;
  created_by: string;
  last_ok: boolean | null;
  last_message: string | null;
  last_at: Date | null;
}

/** `where` is SQL of the caller's own, never of a request. */
export async function selectChannels(
  tx: Transaction,
  secrets: Secrets,
  where: string,
  params: readonly SqlValue[],
): Promise<Channel[]> {
  const rows = await tx.query<ChannelRow>(
    `SELECT uid, project_uid, component, type, is_active, all_users, identifiers, http, created_by, last_ok, last_message, last_at
     FROM alert_channels WHERE ${where} ORDER BY component, position, uid`,
    params,
  );
  return rows.map((row) => ({
    uid: row.uid,
    projectUid: row.project_uid,
    component: row.component,
    type: row.type,
    isActive: row.is_active,
    allUsers: row.all_users,
    identifiers: row.identifiers,
    http:
      row.http === null
        ? undefined
        : ChannelRequest.parse(JSON.parse(secrets.openText(row.http, channelPurpose(row.uid)))),
    createdBy: row.created_by,
    last:
      row.last_at === null ? undefined : { ok: row.last_ok === true, message: row.last_message ?? '', at: row.last_at },
  }));
}

/** Makes a channel, or puts one of this uid in the place of what it was; how its last delivery went is kept. */
export async function storeChannel(
  tx: Transaction,
  secrets: Secrets,
  channel: Omit<Channel, 'last'>,
  position: number,
): Promise<void> {
  await tx.execute(
    `INSERT INTO alert_channels (uid, project_uid, component, position, type, is_active, all_users, identifiers, http, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10)
     ON CONFLICT (uid) DO UPDATE SET position = excluded.position, type = excluded.type, is_active = excluded.is_active,
       all_users = excluded.all_users, identifiers = excluded.identifiers, http = excluded.http, created_by = excluded.created_by`,
    [
      channel.uid,
      channel.projectUid,
      channel.component,
      position,
      channel.type,
      channel.isActive,
      channel.allUsers,
      JSON.stringify(channel.identifiers),
      channel.http === undefined ? null : secrets.seal(JSON.stringify(channel.http), channelPurpose(channel.uid)),
      channel.createdBy,
    ],
  );
}

/** What the sealed request in the database belongs to. */
function channelPurpose(uid: string): string {
  return `alert-channel/${uid}`;
}

export function toApi(channel: Channel): components['schemas']['v1Channel'] {
  const { last } = channel;
  return {
    uid: channel.uid,
    type: channel.type,
    isActive: channel.isActive,
    alertAllUsers: channel.allUsers,
    identifiers: [...channel.identifiers],
    createdBy: channel.createdBy,
    ...(channel.http === undefined ? {} : { http: channel.http }),
    ...(last === undefined
      ? {}
      : { status: { isSucceeded: last.ok, message: last.message, time: last.at.toISOString() } }),
  };
}
