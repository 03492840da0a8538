/** The cloud account that a cluster belongs to. */
import { listed } from '#resources/definitions/shared/projects';

import type { PaletteClusterSpec } from './composites.ts';
import { resolved, wrong, type Outcome } from './outcome.ts';
import type { ProfileSource } from './resolve-profiles.ts';

/** Its identifier; undefined when none is named, or nobody is to be asked. */
export async function resolveAccount(
  { type, account }: PaletteClusterSpec['cloud'],
  source: ProfileSource | undefined,
): Promise<Outcome<string | undefined>> {
  if (account === undefined || source === undefined) return resolved(undefined);
  const { lookups, scope } = source;
  for (const again of [false, true]) {
    const accounts = (await lookups.accounts(scope, { again })).filter(({ cloudType }) => cloudType === type);
    const found = accounts.find(({ name }) => name === account);
    if (found !== undefined) return resolved(found.uid);
    if (again) {
      const names = listed(accounts.map(({ name }) => name));
      return wrong(
        'NotFound',
        'spec.cloud.account',
        `there is no ${type} account "${account}"; accounts in reach: ${names}`,
      );
    }
  }
  return resolved(undefined);
}
