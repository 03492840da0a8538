import { createHash, randomBytes } from 'node:crypto';

import type { components } from '#openapi/generated/types';
import { conflict, invalidRequest, notFound } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';
import { appendResourceEvent } from '#plane/domain/events/resource-event';
import { readMetadata, toMetadata, type MetadataRow } from '#plane/domain/metadata';
import { findProject } from '#plane/domain/projects/project-store';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Transaction } from '#plane/store/database';
import { isUniqueViolation } from '#plane/store/errors';
import { newUid } from '#plane/store/uid';

interface TokenRow extends MetadataRow {
  readonly token_sealed: Uint8Array;
  readonly default_project_uid: string | null;
  readonly project_name: string | null;
  readonly expires_at: Date | null;
  readonly is_active: boolean;
}

const SELECT = `
  SELECT t.uid, t.name, t.labels, t.annotations, t.created_at, t.updated_at, t.token_sealed, t.default_project_uid, t.expires_at, t.is_active,
         p.name AS project_name
  FROM edge_host_tokens t LEFT JOIN projects p ON p.uid = t.default_project_uid`;

/** Registration tokens belong to the tenant: the header `ProjectUid` does not matter here. */
export const tokenHandlers = {
  v1EdgeTokensList: async (_request, { db, services }) => {
    const rows = await db.transaction(async (tx) => tx.query<TokenRow>(`${SELECT} ORDER BY t.name`), {
      readOnly: true,
    });
    return { status: 200, body: { items: rows.map((row) => toToken(row, services.secrets)) } };
  },

  v1EdgeTokensCreate: async ({ body }, { db, scope, services }) => {
    const uid = newUid();
    const token = randomBytes(32).toString('base64url');
    const metadata = readMetadata(body?.metadata);
    const projectUid = body?.spec?.defaultProjectUid || null;
    await refuseTakenName(metadata.name, async () =>
      db.transaction(async (tx) => {
        await checkProject(tx, projectUid);
        await tx.execute(
          `INSERT INTO edge_host_tokens (uid, name, labels, annotations, token_hash, token_sealed, default_project_uid, expires_at)
           VALUES ($1, $2, $3::jsonb, $4::jsonb, $5, $6, $7, $8)`,
          [
            uid,
            metadata.name,
            metadata.labels,
            metadata.annotations,
            createHash('sha256').update(token).digest(),
            services.secrets.seal(token, secretContext(uid)),
            projectUid,
            body?.spec?.expiry,
          ],
        );
        await appendResourceEvent(tx, services, scope.tenantUid, { type: 'edgetoken', uid, change: 'created' });
      }),
    );
    return { status: 201, body: { uid } };
  },

  v1EdgeTokensUidGet: async ({ path }, { db, services }) => {
    const [row] = await db.transaction(async (tx) => tx.query<TokenRow>(`${SELECT} WHERE t.uid = $1`, [path.uid]), {
      readOnly: true,
    });
    if (!row) throw notFound('registration token', path.uid);
    return { status: 200, body: toToken(row, services.secrets) };
  },

  v1EdgeTokensUidUpdate: async ({ path, body }, { db, scope, services }) => {
    const metadata = readMetadata(body?.metadata);
    const projectUid = body?.spec?.defaultProjectUid || null;
    await refuseTakenName(metadata.name, async () =>
      db.transaction(async (tx) => {
        await checkProject(tx, projectUid);
        const changed = await tx.execute(
          `UPDATE edge_host_tokens SET name = $2, labels = $3::jsonb, annotations = $4::jsonb, default_project_uid = $5, expires_at = $6, updated_at = now()
           WHERE uid = $1`,
          [path.uid, metadata.name, metadata.labels, metadata.annotations, projectUid, body?.spec?.expiry],
        );
        if (changed === 0) throw notFound('registration token', path.uid);
        await appendResourceEvent(tx, services, scope.tenantUid, {
          type: 'edgetoken',
          uid: path.uid,
          change: 'updated',
        });
      }),
    );
    return { status: 204 };
  },

  v1EdgeTokensUidDelete: async ({ path }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const deleted = await tx.execute('DELETE FROM edge_host_tokens WHERE uid = $1', [path.uid]);
      if (deleted === 0) throw notFound('registration token', path.uid);
      await appendResourceEvent(tx, services, scope.tenantUid, { type: 'edgetoken', uid: path.uid, change: 'deleted' });
    });
    return { status: 204 };
  },

  v1EdgeTokensUidState: async ({ path, body }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      // Left out means off: clients in Go do not send false.
      const changed = await tx.execute(
        'UPDATE edge_host_tokens SET is_active = $2, updated_at = now() WHERE uid = $1',
        [path.uid, body?.isActive ?? false],
      );
      if (changed === 0) throw notFound('registration token', path.uid);
      await appendResourceEvent(tx, services, scope.tenantUid, { type: 'edgetoken', uid: path.uid, change: 'updated' });
    });
    return { status: 204 };
  },
} satisfies SomeHandlers;

function toToken(row: TokenRow, secrets: Secrets): components['schemas']['v1EdgeToken'] {
  return {
    metadata: toMetadata(row),
    spec: {
      ...(row.default_project_uid === null
        ? {}
        : { defaultProject: { uid: row.default_project_uid, name: row.project_name ?? '' } }),
      ...(row.expires_at ? { expiry: row.expires_at.toISOString() } : {}),
      token: secrets.openText(row.token_sealed, secretContext(row.uid)),
    },
    status: { isActive: row.is_active },
  };
}

function secretContext(uid: string): string {
  return `edge-host-token/${uid}`;
}

async function checkProject(tx: Transaction, uid: string | null): Promise<void> {
  if (uid !== null && !(await findProject(tx, uid)))
    throw invalidRequest(`body.spec.defaultProjectUid: '${uid}' is no project of this tenant`);
}

async function refuseTakenName(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isUniqueViolation(error, 'edge_host_tokens_name'))
      throw conflict('DuplicateName', `a registration token named '${name}' exists already`);
    throw error;
  }
}
