import { invalidRequest } from '#plane/api/error';
import type { Scope } from '#plane/api/handler';
import type { MetadataRow, NewMetadata } from '#plane/domain/metadata';
import type { Transaction } from '#plane/store/database';

export interface AccountRow extends MetadataRow {
  readonly project_uid: string | null;
  readonly cloud_type: string;
  readonly spec: unknown;
  readonly secrets: Uint8Array | null;
}

/** A project sees its own accounts and the tenant's; the tenant's scope sees the tenant's alone. */
const VISIBLE = `(project_uid IS NULL OR project_uid = $1)`;

export async function listAccounts(
  tx: Transaction,
  { projectUid }: Scope,
  cloudType: string | undefined,
  filters: string | undefined,
): Promise<AccountRow[]> {
  const { name, uid } = readFilters(filters);
  return tx.query<AccountRow>(
    `SELECT * FROM cloud_accounts
     WHERE ${VISIBLE} AND ($2::text IS NULL OR cloud_type = $2) AND ($3::text IS NULL OR name = $3) AND ($4::text IS NULL OR uid = $4)
     ORDER BY name, uid`,
    [projectUid, cloudType, name, uid],
  );
}

export async function findAccount(
  tx: Transaction,
  { projectUid }: Scope,
  cloudType: string,
  uid: string,
): Promise<AccountRow | undefined> {
  const [row] = await tx.query<AccountRow>(
    `SELECT * FROM cloud_accounts WHERE ${VISIBLE} AND cloud_type = $2 AND uid = $3`,
    [projectUid, cloudType, uid],
  );
  return row;
}

/** The account, if it belongs to exactly this scope: a project cannot change what is the tenant's. */
export async function lockOwnAccount(
  tx: Transaction,
  { projectUid }: Scope,
  cloudType: string,
  uid: string,
): Promise<AccountRow | undefined> {
  const [row] = await tx.query<AccountRow>(
    'SELECT * FROM cloud_accounts WHERE project_uid IS NOT DISTINCT FROM $1 AND cloud_type = $2 AND uid = $3 FOR UPDATE',
    [projectUid, cloudType, uid],
  );
  return row;
}

export interface AccountColumns extends NewMetadata {
  /** JSON text. */
  readonly spec: string;
  readonly secrets: Uint8Array;
}

export async function insertAccount(
  tx: Transaction,
  { projectUid }: Scope,
  cloudType: string,
  uid: string,
  columns: AccountColumns,
): Promise<void> {
  await tx.execute(
    `INSERT INTO cloud_accounts (uid, project_uid, cloud_type, name, labels, annotations, spec, secrets)
     VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7::jsonb, $8)`,
    [uid, projectUid, cloudType, columns.name, columns.labels, columns.annotations, columns.spec, columns.secrets],
  );
}

export async function updateAccount(tx: Transaction, uid: string, columns: AccountColumns): Promise<void> {
  await tx.execute(
    `UPDATE cloud_accounts SET name = $2, labels = $3::jsonb, annotations = $4::jsonb, spec = $5::jsonb, secrets = $6, updated_at = now() WHERE uid = $1`,
    [uid, columns.name, columns.labels, columns.annotations, columns.spec, columns.secrets],
  );
}

/** Conditions of the form `metadata.name=value`, joined by AND. @throws PlaneError 422 for any other. */
function readFilters(filters: string | undefined): { name?: string; uid?: string } {
  const found: { name?: string; uid?: string } = {};
  for (const condition of (filters ?? '').split(/\s*AND\s*/).filter((part) => part !== '')) {
    const [, field, value] = /^\s*metadata\.(name|uid)\s*=\s*(.*?)\s*$/.exec(condition) ?? [];
    if ((field !== 'name' && field !== 'uid') || value === undefined) {
      throw invalidRequest(`query.filters: '${condition}' cannot be used; filter by metadata.name=… or metadata.uid=…`);
    }
    found[field] = value;
  }
  return found;
}
