import { PlaneError } from '#plane/api/error';

import type { Registry } from '../registries/registry-store.ts';

/** @throws PlaneError 403 `QuotaExceeded` with the figures. */
export function refuseOverQuota(
  { name, settings }: Pick<Registry, 'name' | 'settings'>,
  {
    used,
    added,
    quotaBytes,
  }: {
    readonly used: number;
    readonly added: number;
    /** The plane's own limit, where the registry has none. */
    readonly quotaBytes: number;
  },
): void {
  const quota = settings.quotaBytes ?? quotaBytes;
  if (used + added <= quota) return;
  throw new PlaneError(
    403,
    'QuotaExceeded',
    `registry ${name} holds ${used} of ${quota} bytes; ${added} more do not fit. Remove packs that nobody uses, or raise the quota`,
    { usedBytes: used, quotaBytes: quota, addedBytes: added },
  );
}
