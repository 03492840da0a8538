import type { UserPrincipal } from '#plane/api/handler';
import { isUid } from '#plane/store/uid';
import type { SystemDatabase } from '#plane/store/database';
import { ProjectUid, TenantUid } from '#protocol/identifiers';

import { apiKeyPrefix, isApiKey } from './api-key.ts';
import type { Session } from './sessions.ts';

/** A caller and, when one was asked for and the caller's tenant has it, the project. */
export interface FoundUser {
  readonly principal: UserPrincipal;
  readonly projectUid: ProjectUid | undefined;
}

export interface FindOptions {
  /** As the header `ProjectUid` names it. */
  readonly projectUid: string | undefined;
  readonly signal: AbortSignal;
  readonly now: Date;
}

interface UserRow {
  user_uid: string;
  email: string;
  tenant_uid: string;
  project_uid: string | null;
}

const COLUMNS = `
  u.uid AS user_uid, u.email, u.tenant_uid,
  (SELECT p.uid FROM projects p WHERE p.uid = $2 AND p.tenant_uid = u.tenant_uid) AS project_uid`;

/** The user of an API key; nothing for a key that is unknown or has ended. Key, user and project are one statement. */
export async function findUserByApiKey(
  db: SystemDatabase,
  key: string,
  options: FindOptions,
): Promise<FoundUser | undefined> {
  const rows = await db.transaction(
    async (tx) =>
      tx.query<UserRow & { hash: Uint8Array; expires_at: Date | null }>(
        `SELECT k.hash, k.expires_at, ${COLUMNS} FROM api_keys k JOIN users u ON u.uid = k.user_uid WHERE k.prefix = $1`,
        [apiKeyPrefix(key), wanted(options)],
      ),
    { signal: options.signal, readOnly: true },
  );
  const row = rows.find(({ hash }) => isApiKey(key, hash));
  if (!row || (row.expires_at !== null && row.expires_at <= options.now)) return undefined;
  return toFound(row, 'apiKey');
}

/** The user of a session; nothing when the user is gone. */
export async function findUserOfSession(
  db: SystemDatabase,
  session: Session,
  options: FindOptions,
): Promise<FoundUser | undefined> {
  const [row] = await db.transaction(
    async (tx) =>
      tx.query<UserRow>(`SELECT ${COLUMNS} FROM users u WHERE u.uid = $1 AND u.tenant_uid = $3`, [
        session.userUid,
        wanted(options),
        session.tenantUid,
      ]),
    { signal: options.signal, readOnly: true },
  );
  return row && toFound(row, 'session');
}

function wanted({ projectUid }: FindOptions): string {
  return projectUid !== undefined && isUid(projectUid) ? projectUid : '';
}

function toFound(row: UserRow, via: UserPrincipal['via']): FoundUser {
  return {
    principal: {
      kind: 'user',
      userUid: row.user_uid,
      email: row.email,
      tenantUid: TenantUid.parse(row.tenant_uid),
      via,
    },
    projectUid: row.project_uid === null ? undefined : ProjectUid.parse(row.project_uid),
  };
}
