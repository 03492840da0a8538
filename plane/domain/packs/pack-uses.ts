import type { Transaction } from '#plane/store/database';

/**
 * What stands in the way of removing packs: profiles that name them, in words.
 *
 * @param of a pack, or all packs of a registry.
 */
export async function usedPacks(
  tx: Transaction,
  of: { readonly registryUid: string } | { readonly packUid: string },
): Promise<string[]> {
  const [key, uid] = 'registryUid' in of ? ['registryUid', of.registryUid] : ['packUid', of.packUid];
  const rows = await tx.query<{ name: string; version: string; pack: string }>(
    `SELECT p.name, p.version, pack->>'name' AS pack FROM cluster_profiles p
     CROSS JOIN LATERAL (
       SELECT jsonb_array_elements(p.draft->'packs') AS pack
       UNION SELECT jsonb_array_elements(p.published->'packs')
     ) packs
     WHERE pack->>$1 = $2 ORDER BY p.name, p.version LIMIT 100`,
    [key, uid],
  );
  return [...new Set(rows.map(({ name, version, pack }) => `cluster profile ${name} ${version} has pack ${pack}`))];
}
