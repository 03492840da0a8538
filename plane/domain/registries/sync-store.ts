/** What a run writes of the versions that it finds. */
import type { FoundVersion } from '#plane/registry/source';
import type { Transaction } from '#plane/store/database';

import { listedPack } from '../packs/fetch-packs.ts';
import type { Registry } from './registry-store.ts';

/**
 * Notes versions. What was fetched before stays as it was fetched, whatever the registry says of it now: profiles pin it.
 *
 * @returns packs whose archives are wanted at once, because nothing is known of them without.
 */
export async function storeBatch(
  tx: Transaction,
  registry: Pick<Registry, 'uid' | 'kind' | 'spec'>,
  run: number,
  versions: readonly FoundVersion[],
): Promise<{ readonly uid: string; readonly name: string; readonly version: string }[]> {
  // A version that is listed twice counts once: the first, as Helm has it.
  const packs = new Map<string, ReturnType<typeof listedPack>>();
  for (const found of versions) {
    const key = `${found.name}\n${found.version}`;
    if (!packs.has(key)) packs.set(key, listedPack(registry, found));
  }
  if (packs.size === 0) return [];
  const rows = await tx.query<{ uid: string; name: string; version: string; type: string; digest: string | null }>(
    `INSERT INTO packs (uid, registry_uid, name, version, type, layer, source, document, sync_run)
     SELECT r.uid, $1, r.name, r.version, r.type, r.layer, r.source, r.document, $2
     FROM jsonb_to_recordset($3::jsonb) AS r(uid text, name text, version text, type text, layer text, source jsonb, document jsonb)
     ON CONFLICT (tenant_uid, registry_uid, name, version) DO UPDATE SET
       sync_run = excluded.sync_run,
       source = CASE WHEN packs.digest IS NULL THEN excluded.source ELSE packs.source END,
       document = CASE WHEN packs.digest IS NULL THEN excluded.document ELSE packs.document END
     RETURNING uid, name, version, type, digest`,
    [
      registry.uid,
      run,
      JSON.stringify(
        [...packs.values()].map(({ uid, name, version, type, layer, source, document }) => ({
          uid,
          name,
          version,
          type,
          layer,
          source,
          document,
        })),
      ),
    ],
  );
  return rows.filter(({ type, digest }) => type === 'spectro' && digest === null);
}

/** Forgets listed versions that a run did not see. What was fetched stays: a profile may name it. */
export async function dropUnseen(tx: Transaction, registryUid: string, run: number): Promise<void> {
  await tx.execute('DELETE FROM packs WHERE registry_uid = $1 AND sync_run < $2 AND digest IS NULL', [
    registryUid,
    run,
  ]);
}
