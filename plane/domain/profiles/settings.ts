/** What holds for the profiles of a project, or for the tenant's own. */
import { z } from 'zod';

import type { Transaction } from '#plane/store/database';
import { RuleSpec } from '#profiles/policy/policy-spec';

export const ProfileSettings = z.object({
  /** Whether the content of a published version may change. Official clients change versions in place. */
  versions: z.enum(['mutable', 'immutable']).default('mutable'),
  policy: z
    .object({
      mode: z.enum(['off', 'warn', 'enforce']),
      rules: z.array(RuleSpec).max(200).default([]),
    })
    .default({ mode: 'off', rules: [] }),
});
export type ProfileSettings = z.infer<typeof ProfileSettings>;

/** @param projectUid undefined: the tenant's own profiles. */
export async function readSettings(tx: Transaction, projectUid: string | undefined): Promise<ProfileSettings> {
  const [row] = await tx.query<{ settings: unknown }>(
    "SELECT settings FROM profile_settings WHERE coalesce(project_uid, '') = coalesce($1, '')",
    [projectUid ?? null],
  );
  return ProfileSettings.parse(row?.settings ?? {});
}

/**
 * Held to the end of the transaction: `change` by who changes the settings and what follows from them, `use` by who stores
 * a profile as they say. Whoever comes second sees what the first has done. A scope without settings has no row to lock.
 */
export async function lockSettings(
  tx: Transaction,
  projectUid: string | undefined,
  purpose: 'use' | 'change',
): Promise<void> {
  await tx.query(
    `SELECT pg_advisory_xact_lock${purpose === 'use' ? '_shared' : ''}(
       hashtextextended('profile-settings/' || current_setting('app.tenant_uid') || '/' || $1::text, 0))`,
    [projectUid ?? ''],
  );
}

export async function writeSettings(
  tx: Transaction,
  projectUid: string | undefined,
  settings: ProfileSettings,
): Promise<void> {
  await tx.execute(
    `INSERT INTO profile_settings (project_uid, settings) VALUES ($1, $2::jsonb)
     ON CONFLICT (tenant_uid, coalesce(project_uid, '')) DO UPDATE SET settings = excluded.settings, updated_at = now()`,
    [projectUid ?? null, JSON.stringify(settings)],
  );
}
