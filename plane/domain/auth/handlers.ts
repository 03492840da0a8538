import { PlaneError } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';
import { TenantUid } from '#protocol/identifiers';

import { isPassword } from './password.ts';

interface LoginRow {
  readonly uid: string;
  readonly tenant_uid: string;
  readonly password_hash: string | null;
}

export const authHandlers = {
  /** Takes as long for an unknown address as for a wrong password, and answers both alike. */
  v1Authenticate: async ({ body }, { database, services, signal }) => {
    const rows = await database.asSystem().transaction(
      async (tx) =>
        tx.query<LoginRow>(
          `SELECT u.uid, u.tenant_uid, u.password_hash FROM users u JOIN tenants t ON t.uid = u.tenant_uid
           WHERE lower(u.email) = lower($1) AND ($2 = '' OR t.name = $2) ORDER BY u.uid LIMIT 2`,
          [body.emailId ?? '', body.org ?? ''],
        ),
      { readOnly: true, signal },
    );
    // An address that several tenants know needs `org`.
    const row = rows.length === 1 ? rows[0] : undefined;
    const right = await isPassword(body.password ?? '', row?.password_hash);
    if (!row || !right) {
      throw new PlaneError(
        401,
        'InvalidLogin',
        'e-mail address and password do not fit; where the address belongs to several tenants, name one in org',
      );
    }
    const token = await services.sessions.issue({ userUid: row.uid, tenantUid: TenantUid.parse(row.tenant_uid) });
    return { status: 200, body: { Authorization: token, isMfa: false } };
  },
} satisfies SomeHandlers;
