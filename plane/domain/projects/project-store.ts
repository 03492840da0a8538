import type { components } from '#openapi/generated/types';
import type { ResourceChange } from '#plane/domain/events/resource-event';
import type { MetadataRow, NewMetadata } from '#plane/domain/metadata';
import type { Transaction } from '#plane/store/database';

export interface ProjectRow extends MetadataRow {
  readonly teams: readonly components['schemas']['v1TeamRoleMap'][];
  readonly users: readonly components['schemas']['v1UserRoleMap'][];
}

/** Columns as JSON texts; null leaves a column as it is. */
export interface ProjectColumns extends NewMetadata {
  readonly teams: string | null;
  readonly users: string | null;
  readonly logoUid: string | null;
}

/** Names and identifiers, by name. */
export async function listProjects(
  tx: Transaction,
  name: string | undefined,
): Promise<{ uid: string; name: string }[]> {
  return tx.query<{ uid: string; name: string }>(
    'SELECT uid, name FROM projects WHERE $1::text IS NULL OR name = $1 ORDER BY name, uid',
    [name],
  );
}

export async function findProject(tx: Transaction, uid: string): Promise<ProjectRow | undefined> {
  const [row] = await tx.query<ProjectRow>('SELECT * FROM projects WHERE uid = $1', [uid]);
  return row;
}

/** The project, with nobody else changing it or adding to it until the end of the transaction. */
export async function lockProject(tx: Transaction, uid: string): Promise<ProjectRow | undefined> {
  const [row] = await tx.query<ProjectRow>('SELECT * FROM projects WHERE uid = $1 FOR UPDATE', [uid]);
  return row;
}

export async function insertProject(tx: Transaction, uid: string, columns: ProjectColumns): Promise<void> {
  await tx.execute(
    `INSERT INTO projects (uid, name, labels, annotations, teams, users, logo_uid)
     VALUES ($1, $2, $3::jsonb, $4::jsonb, coalesce($5::jsonb, '[]'), coalesce($6::jsonb, '[]'), $7)`,
    [uid, columns.name, columns.labels, columns.annotations, columns.teams, columns.users, columns.logoUid],
  );
}

export async function updateProject(tx: Transaction, uid: string, columns: ProjectColumns): Promise<void> {
  await tx.execute(
    `UPDATE projects SET name = $2, labels = $3::jsonb, annotations = $4::jsonb, teams = coalesce($5::jsonb, teams),
       users = coalesce($6::jsonb, users), logo_uid = coalesce($7, logo_uid), updated_at = now()
     WHERE uid = $1`,
    [uid, columns.name, columns.labels, columns.annotations, columns.teams, columns.users, columns.logoUid],
  );
}

/** How much of each kind is in a project, under the name that a person reads. */
export async function countContents(
  tx: Transaction,
  uid: string,
): Promise<Record<'clusters' | 'cluster profiles' | 'cloud accounts', number>> {
  const [row] = await tx.query<{ clusters: number; profiles: number; accounts: number }>(
    `SELECT (SELECT count(*) FROM clusters WHERE project_uid = $1) AS clusters,
            (SELECT count(*) FROM cluster_profiles WHERE project_uid = $1) AS profiles,
            (SELECT count(*) FROM cloud_accounts WHERE project_uid = $1) AS accounts`,
    [uid],
  );
  return { clusters: row?.clusters ?? 0, 'cluster profiles': row?.profiles ?? 0, 'cloud accounts': row?.accounts ?? 0 };
}

/** Deletes a project with what is left in it; registration tokens lose it as their default. @returns all that changed. */
export async function deleteProject(tx: Transaction, uid: string): Promise<ResourceChange[]> {
  const uids = async (sql: string): Promise<string[]> =>
    (await tx.query<{ uid: string }>(sql, [uid])).map((row) => row.uid);
  const tokens = await uids(
    'UPDATE edge_host_tokens SET default_project_uid = NULL WHERE default_project_uid = $1 RETURNING uid',
  );
  const accounts = await uids('DELETE FROM cloud_accounts WHERE project_uid = $1 RETURNING uid');
  // What holds on to profiles goes before them.
  const groups = await uids('DELETE FROM cluster_groups WHERE project_uid = $1 RETURNING uid');
  const templates = await uids('DELETE FROM cluster_templates WHERE project_uid = $1 RETURNING uid');
  const policies = await uids('DELETE FROM maintenance_policies WHERE project_uid = $1 RETURNING uid');
  const locations = await uids('DELETE FROM backup_locations WHERE project_uid = $1 RETURNING uid');
  const apps = await uids('DELETE FROM app_profiles WHERE project_uid = $1 RETURNING uid');
  const profiles = await uids('DELETE FROM cluster_profiles WHERE project_uid = $1 RETURNING uid');
  const macros = await uids('DELETE FROM macros WHERE project_uid = $1 RETURNING project_uid AS uid');
  await tx.execute('DELETE FROM projects WHERE uid = $1', [uid]);
  const deleted = (type: ResourceChange['type'], gone: readonly string[]): ResourceChange[] =>
    gone.map((one) => ({ type, uid: one, change: 'deleted', projectUid: uid }));
  return [
    ...tokens.map((token): ResourceChange => ({ type: 'edgetoken', uid: token, change: 'updated' })),
    ...deleted('cloudaccount', accounts),
    ...deleted('clustergroup', groups),
    ...deleted('clustertemplate', templates),
    ...deleted('spcpolicy', policies),
    ...deleted('assetlocation', locations),
    ...deleted('appprofile', apps),
    ...deleted('clusterprofile', profiles),
    ...deleted('macros', macros.slice(0, 1)),
    ...deleted('project', [uid]),
  ];
}
