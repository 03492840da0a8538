/** What beside clusters holds on to a cluster profile: templates and groups. */
import { conflict } from '#plane/api/error';
import type { Transaction } from '#plane/store/database';

import { groupBy } from '../group-by.ts';
import type { Profile } from '../profiles/profile.ts';

/** A template that gives a profile. */
export interface TemplateUse {
  readonly uid: string;
  readonly name: string;
  /** Null: the tenant's. */
  readonly project_uid: string | null;
}

/** Templates that give each of the profiles. */
export async function templateUses(
  tx: Transaction,
  profileUids: readonly string[],
): Promise<ReadonlyMap<string, readonly TemplateUse[]>> {
  const rows = await tx.query<TemplateUse & { profile_uid: string }>(
    `SELECT r.profile_uid, t.uid, t.name, t.project_uid FROM cluster_template_profiles r JOIN cluster_templates t ON t.uid = r.template_uid
     WHERE r.profile_uid = ANY ($1::text[]) ORDER BY t.name, t.uid`,
    [profileUids],
  );
  return groupBy(rows, (row) => row.profile_uid);
}

/** @throws PlaneError 409 that names the templates and groups that hold on to a profile. */
export async function refuseShared(
  tx: Transaction,
  { uid, name, version }: Pick<Profile, 'uid' | 'name' | 'version'>,
): Promise<void> {
  const templates = (await templateUses(tx, [uid])).get(uid) ?? [];
  const groups = await tx.query<{ name: string }>(
    'SELECT g.name FROM cluster_group_profiles r JOIN cluster_groups g ON g.uid = r.group_uid WHERE r.profile_uid = $1 ORDER BY g.name',
    [uid],
  );
  const holders = [
    ...templates.map((template) => `cluster template ${template.name}`),
    ...groups.map((group) => `cluster group ${group.name}`),
  ];
  if (holders.length === 0) return;
  throw conflict(
    'ClusterProfileInUse',
    `cluster profile ${name} ${version} is in use by ${holders.slice(0, 10).join(', ')}; take it off first`,
  );
}
