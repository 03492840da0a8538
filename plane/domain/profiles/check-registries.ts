import { PlaneError } from '#plane/api/error';
import type { Transaction } from '#plane/store/database';

import { listRegistries, readableRegistries } from '../registries/registry-store.ts';
import type { ProfileTemplate } from './profile.ts';

/**
 * Refuses a stack that comes from another scope with packs of registries which this one may not read.
 *
 * @param projectUid the scope it comes to; undefined: the tenant.
 * @throws PlaneError 422 `RegistryNotReadable` that names the pack.
 */
export async function refuseUnreadable(
  tx: Transaction,
  projectUid: string | undefined,
  { packs }: ProfileTemplate,
): Promise<void> {
  const all = await listRegistries(tx);
  const readable = readableRegistries(all, projectUid).map(({ uid }) => uid);
  // A registry that is gone keeps nobody from what was taken out of it.
  const hidden = new Set(all.map(({ uid }) => uid).filter((uid) => !readable.includes(uid)));
  const pack = packs.find(({ type, registryUid }) => type !== 'manifest' && hidden.has(registryUid));
  if (pack === undefined) return;
  throw new PlaneError(
    422,
    'RegistryNotReadable',
    `pack ${pack.name} ${pack.version} comes from a registry that may not be read here; ask the tenant's administrator, or use another registry`,
  );
}
