import type { Transaction } from '#plane/store/database';

/** The tenant's macros under those of the project; without one the tenant's alone. */
export async function loadMacros(tx: Transaction, projectUid: string | undefined): Promise<Record<string, string>> {
  const rows = await tx.query<{ name: string; value: string }>(
    'SELECT name, value FROM macros WHERE project_uid IS NULL OR project_uid = $1 ORDER BY project_uid NULLS FIRST',
    [projectUid ?? null],
  );
  return Object.fromEntries(rows.map((row) => [row.name, row.value]));
}
