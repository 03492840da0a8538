/** Registries of packs. Each tenant has one that the plane itself serves. */
import type { Transaction } from '#plane/store/database';
import { newUid } from '#plane/store/uid';

export const BUILT_IN_REGISTRY = 'Palette Registry';

export interface Registry {
  readonly uid: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly createdAt: Date;
}

interface RegistryRow {
  uid: string;
  name: string;
  is_default: boolean;
  created_at: Date;
}

/** The tenant's registries; the built-in one is made at the first look. */
export async function listRegistries(tx: Transaction): Promise<Registry[]> {
  const known = await readRegistries(tx);
  if (known.length > 0) return known;
  await tx.execute(
    "INSERT INTO registries (uid, name, kind, is_default) VALUES ($1, $2, 'pack', true) ON CONFLICT DO NOTHING",
    [newUid(), BUILT_IN_REGISTRY],
  );
  return readRegistries(tx);
}

async function readRegistries(tx: Transaction): Promise<Registry[]> {
  const rows = await tx.query<RegistryRow>(
    'SELECT uid, name, is_default, created_at FROM registries ORDER BY created_at, uid',
  );
  return rows.map((row) => ({ uid: row.uid, name: row.name, isDefault: row.is_default, createdAt: row.created_at }));
}

/** Names by identifier. */
export async function registryNames(tx: Transaction): Promise<Map<string, string>> {
  const rows = await tx.query<{ uid: string; name: string }>('SELECT uid, name FROM registries');
  return new Map(rows.map((row) => [row.uid, row.name]));
}
