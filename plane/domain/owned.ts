/** Named objects that belong to a project or to the tenant itself: the tenant's are seen in every project. */
import type { components } from '#openapi/generated/types';
import { conflict, notFound, PlaneError } from '#plane/api/error';
import type { Scope } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import { isUid } from '#plane/store/uid';

import { toMetadata, type MetadataRow } from './metadata.ts';

/** The columns that every such object has. */
export interface OwnedRow extends MetadataRow {
  /** Null: the tenant's own. */
  readonly project_uid: string | null;
}

/** A kind of such objects: its table, and what people call one. */
export interface OwnedKind {
  readonly table: 'maintenance_policies' | 'cluster_templates' | 'app_profiles' | 'cluster_groups' | 'backup_locations';
  readonly word: string;
}

/** An object's metadata as the API shows it, with where it belongs. */
export function ownedMetadata(row: OwnedRow, tenantUid: string): components['schemas']['v1ObjectMeta'] {
  const metadata = toMetadata(row);
  const where =
    row.project_uid === null
      ? { scope: 'tenant', tenantUid }
      : { scope: 'project', projectUid: row.project_uid, tenantUid };
  return { ...metadata, annotations: { ...metadata.annotations, ...where } };
}

/** The objects that a scope shows, by name. */
export async function listOwned<Row extends OwnedRow>(
  tx: Transaction,
  { table }: OwnedKind,
  scope: Scope,
): Promise<Row[]> {
  return tx.query<Row>(
    `SELECT * FROM ${table} WHERE project_uid IS NULL OR project_uid = $1 ORDER BY name, created_at, uid`,
    [scope.projectUid ?? null],
  );
}

/** An object that the scope shows. @throws PlaneError 404 */
export async function requireOwned<Row extends OwnedRow>(
  tx: Transaction,
  { table, word }: OwnedKind,
  scope: Scope,
  uid: string,
): Promise<Row> {
  const [row] = isUid(uid)
    ? await tx.query<Row>(`SELECT * FROM ${table} WHERE uid = $1 AND (project_uid IS NULL OR project_uid = $2)`, [
        uid,
        scope.projectUid ?? null,
      ])
    : [];
  if (!row) throw notFound(word, uid);
  return row;
}

/** An object to change, locked. @throws PlaneError 404, or 403 for a tenant's object seen from a project. */
export async function lockOwned<Row extends OwnedRow>(
  tx: Transaction,
  kind: OwnedKind,
  scope: Scope,
  uid: string,
): Promise<Row> {
  if (isUid(uid)) await tx.query(`SELECT 1 FROM ${kind.table} WHERE uid = $1 FOR UPDATE`, [uid]);
  const row = await requireOwned<Row>(tx, kind, scope, uid);
  if (row.project_uid === null && scope.projectUid !== undefined) {
    throw new PlaneError(
      403,
      'OperationForbidden',
      `${kind.word} ${row.name} belongs to the tenant; change it without the header ProjectUid (context "tenant")`,
    );
  }
  return row;
}

/** @throws PlaneError 409 when another object of the owner has the name. */
export async function refuseTakenName(
  tx: Transaction,
  { table, word }: OwnedKind,
  { uid, name, projectUid }: { readonly uid: string; readonly name: string; readonly projectUid: string | null },
): Promise<void> {
  const [taken] = await tx.query<{ uid: string }>(
    `SELECT uid FROM ${table} WHERE name = $1 AND coalesce(project_uid, '') = coalesce($2, '') AND uid <> $3`,
    [name, projectUid, uid],
  );
  if (taken) {
    throw conflict(
      'NameInUse',
      `there is a ${word} of the name ${name} already (${taken.uid}); choose another name, or import that one`,
    );
  }
}
