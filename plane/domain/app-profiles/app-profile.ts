/** Application profiles as they are stored: tiers, each made of manifests, a chart, a service or a container. */
import { z } from 'zod';

import type { OwnedKind, OwnedRow } from '#plane/domain/owned';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Transaction } from '#plane/store/database';

export const APP_PROFILE: OwnedKind = { table: 'app_profiles', word: 'application profile' };

export const TierType = z.enum(['manifest', 'helm', 'operator-instance', 'container']);
export type TierType = z.infer<typeof TierType>;

/** One part of an application. */
export const Tier = z.object({
  uid: z.string(),
  name: z.string(),
  type: TierType,
  /** Of the chart; of the others whatever the author wrote. */
  version: z.string(),
  /** Tiers of a smaller number are installed first; those of one number together. */
  installOrder: z.int(),
  registryUid: z.string(),
  /** The pack that a service or a chart comes from. */
  sourceAppTierUid: z.string(),
  containerRegistryUid: z.string(),
  values: z.string(),
  /** What a service is made with, such as its password. */
  properties: z.array(z.object({ name: z.string(), value: z.string() })),
  manifests: z.array(z.object({ uid: z.string(), name: z.string(), content: z.string() })),
  createdAt: z.string(),
  modifiedAt: z.string(),
});
export type Tier = z.infer<typeof Tier>;

export interface AppProfileRow extends OwnedRow {
  readonly version: string;
  /** Tier[], sealed. */
  readonly tiers: Uint8Array;
}

/** The tiers of a stored profile, in the order in which they are written. */
export function openTiers(secrets: Secrets, { uid, tiers }: Pick<AppProfileRow, 'uid' | 'tiers'>): Tier[] {
  return Tier.array().parse(JSON.parse(secrets.openText(tiers, purpose(uid))));
}

export function sealTiers(secrets: Secrets, uid: string, tiers: readonly Tier[]): Uint8Array {
  return secrets.seal(JSON.stringify(tiers), purpose(uid));
}

/** Stores other tiers of a profile. */
export async function storeTiers(
  tx: Transaction,
  secrets: Secrets,
  uid: string,
  tiers: readonly Tier[],
): Promise<void> {
  await tx.execute('UPDATE app_profiles SET tiers = $2, updated_at = now() WHERE uid = $1', [
    uid,
    sealTiers(secrets, uid, tiers),
  ]);
}

function purpose(uid: string): string {
  return `app-profile/${uid}`;
}
