import { conflict, invalidRequest, notFound } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';
import { createApiKey } from '#plane/domain/auth/api-key';
import { readMetadata, toMetadata, type MetadataRow } from '#plane/domain/metadata';
import { isUniqueViolation } from '#plane/store/errors';
import { newUid } from '#plane/store/uid';

interface ApiKeyRow extends Omit<MetadataRow, 'updated_at'> {
  readonly expires_at: Date | null;
  readonly user_uid: string;
  readonly first_name: string;
  readonly last_name: string;
}

export const userHandlers = {
  v1UsersInfoGet: async (_request, { db, principal, scope }) => {
    const [tenant] = await db.transaction(async (tx) => tx.query<{ name: string }>('SELECT name FROM tenants'), {
      readOnly: true,
    });
    return {
      status: 200,
      body: { orgName: tenant?.name ?? '', tenantUid: scope.tenantUid, userUid: principal.userUid },
    };
  },

  v1ApiKeysList: async (_request, { db }) => {
    const rows = await db.transaction(
      async (tx) =>
        tx.query<ApiKeyRow>(
          `SELECT k.uid, k.name, k.labels, k.annotations, k.created_at, k.expires_at, u.uid AS user_uid, u.first_name, u.last_name
           FROM api_keys k JOIN users u ON u.uid = k.user_uid ORDER BY k.created_at, k.uid`,
        ),
      { readOnly: true },
    );
    const now = new Date();
    return {
      status: 200,
      body: {
        items: rows.map((row) => ({
          metadata: toMetadata({ ...row, updated_at: row.created_at }),
          spec: {
            ...(row.expires_at ? { expiry: row.expires_at.toISOString() } : {}),
            user: { uid: row.user_uid, firstName: row.first_name, lastName: row.last_name },
          },
          status: { isActive: row.expires_at === null || row.expires_at > now },
        })),
      },
    };
  },

  v1ApiKeysCreate: async ({ body }, { db, principal }) => {
    const uid = newUid();
    const metadata = readMetadata(body?.metadata);
    const userUid = body?.spec?.userUid || principal.userUid;
    const expiry = body?.spec?.expiry;
    if (expiry !== undefined && new Date(expiry) <= new Date())
      throw invalidRequest(`body.spec.expiry: ${expiry} is in the past`);
    const { key, prefix, hash } = createApiKey();
    try {
      await db.transaction(async (tx) => {
        const [user] = await tx.query('SELECT 1 FROM users WHERE uid = $1', [userUid]);
        if (!user) throw invalidRequest(`body.spec.userUid: '${userUid}' is no user of this tenant`);
        await tx.execute(
          `INSERT INTO api_keys (uid, user_uid, name, labels, annotations, prefix, hash, expires_at) VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, $6, $7, $8)`,
          [uid, userUid, metadata.name, metadata.labels, metadata.annotations, prefix, hash, expiry],
        );
      });
    } catch (error) {
      if (isUniqueViolation(error, 'api_keys_name'))
        throw conflict('DuplicateName', `the user has an API key named '${metadata.name}' already`);
      throw error;
    }
    return { status: 201, body: { uid, apiKey: key } };
  },

  v1ApiKeysUidDelete: async ({ path }, { db }) => {
    const deleted = await db.transaction(async (tx) => tx.execute('DELETE FROM api_keys WHERE uid = $1', [path.uid]));
    if (deleted === 0) throw notFound('API key', path.uid);
    return { status: 204 };
  },
} satisfies SomeHandlers;
