import type { Transaction } from '#plane/store/database';

export interface Macro {
  name: string;
  value: string;
}

/** Macros of a project, or of the tenant itself when there is none, by name. */
export async function listMacros(tx: Transaction, projectUid: string | null): Promise<Macro[]> {
  return tx.query<Macro>('SELECT name, value FROM macros WHERE project_uid IS NOT DISTINCT FROM $1 ORDER BY name', [
    projectUid,
  ]);
}

/** Changes of one owner's macros go one after another: two that replace them all would meet half way otherwise. */
export async function lockMacros(tx: Transaction, ownerUid: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`macros/${ownerUid}`]);
}

export async function addMacros(tx: Transaction, projectUid: string | null, macros: readonly Macro[]): Promise<void> {
  await tx.execute(
    'INSERT INTO macros (project_uid, name, value) SELECT $1, name, value FROM unnest($2::text[], $3::text[]) AS given (name, value)',
    [projectUid, macros.map(({ name }) => name), macros.map(({ value }) => value)],
  );
}

/** Deletes macros by name, or all of the owner's without names. */
export async function deleteMacros(
  tx: Transaction,
  projectUid: string | null,
  names: readonly string[] | undefined,
): Promise<void> {
  await tx.execute(
    'DELETE FROM macros WHERE project_uid IS NOT DISTINCT FROM $1 AND ($2::text[] IS NULL OR name = ANY ($2::text[]))',
    [projectUid, names],
  );
}
