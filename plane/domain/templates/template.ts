/** Cluster templates as they are stored: profiles with values, and the policies that say when clusters follow. */
import { z } from 'zod';

import type { OwnedKind, OwnedRow } from '#plane/domain/owned';
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Transaction } from '#plane/store/database';

import { schedulesOf, type PolicyRow } from '../policies/policy.ts';
import type { Schedule } from '#core/windows';

export const TEMPLATE: OwnedKind = { table: 'cluster_templates', word: 'cluster template' };

export interface TemplateRow extends OwnedRow {
  readonly cloud_type: string;
}

/** A value that a template gives, or leaves to each of its clusters. */
export const TemplateVariable = z.object({
  name: z.string(),
  /** With `all` what every cluster gets; with `cluster` what those get that have no value of their own. */
  value: z.string().optional(),
  assignStrategy: z.enum(['all', 'cluster']),
  /** Values of single clusters; with `cluster` only. */
  clusters: z.array(z.object({ uid: z.string(), value: z.string() })),
});
export type TemplateVariable = z.infer<typeof TemplateVariable>;

export interface TemplateProfile {
  readonly profileUid: string;
  readonly variables: readonly TemplateVariable[];
}

export interface Template extends TemplateRow {
  readonly profiles: readonly TemplateProfile[];
  readonly policyUids: readonly string[];
  /** Windows of its policies; none: nothing is held back. */
  readonly schedules: readonly Schedule[];
}

interface ProfileRow {
  template_uid: string;
  profile_uid: string;
  variables: Uint8Array | null;
}

/** Templates with what belongs to them; three statements, however many. */
export async function loadTemplates(
  tx: Transaction,
  secrets: Secrets,
  rows: readonly TemplateRow[],
): Promise<Template[]> {
  const uids = rows.map(({ uid }) => uid);
  const profiles = await tx.query<ProfileRow>(
    'SELECT template_uid, profile_uid, variables FROM cluster_template_profiles WHERE template_uid = ANY ($1::text[]) ORDER BY position',
    [uids],
  );
  const policies = await tx.query<Pick<PolicyRow, 'uid' | 'schedules'> & { template_uid: string }>(
    `SELECT r.template_uid, p.uid, p.schedules FROM cluster_template_policies r JOIN maintenance_policies p ON p.uid = r.policy_uid
     WHERE r.template_uid = ANY ($1::text[]) ORDER BY r.position`,
    [uids],
  );
  return rows.map((row) => ({
    ...row,
    profiles: profiles
      .filter(({ template_uid: uid }) => uid === row.uid)
      .map(({ profile_uid: profileUid, variables }) => ({
        profileUid,
        variables: openTemplateVariables(secrets, row.uid, profileUid, variables),
      })),
    policyUids: policies.filter(({ template_uid: uid }) => uid === row.uid).map(({ uid }) => uid),
    schedules: policies.filter(({ template_uid: uid }) => uid === row.uid).flatMap(schedulesOf),
  }));
}

/** One template that is there. */
export async function loadTemplate(tx: Transaction, secrets: Secrets, row: TemplateRow): Promise<Template> {
  const [template] = await loadTemplates(tx, secrets, [row]);
  if (!template) throw new Error(`cluster template ${row.uid} was read and is not there`);
  return template;
}

/** A template by its identifier, whatever scope it belongs to; locked, so that it is followed as a whole. */
export async function lockTemplate(tx: Transaction, secrets: Secrets, uid: string): Promise<Template | undefined> {
  const [row] = await tx.query<TemplateRow>('SELECT * FROM cluster_templates WHERE uid = $1 FOR UPDATE', [uid]);
  return row && loadTemplate(tx, secrets, row);
}

/** Replaces the profiles of a template. */
export async function storeProfiles(
  tx: Transaction,
  secrets: Secrets,
  templateUid: string,
  profiles: readonly TemplateProfile[],
): Promise<void> {
  await tx.execute('DELETE FROM cluster_template_profiles WHERE template_uid = $1', [templateUid]);
  for (const [position, { profileUid, variables }] of profiles.entries()) {
    await tx.execute(
      'INSERT INTO cluster_template_profiles (template_uid, profile_uid, position, variables) VALUES ($1, $2, $3, $4)',
      [
        templateUid,
        profileUid,
        position,
        variables.length === 0 ? null : secrets.seal(JSON.stringify(variables), purpose(templateUid, profileUid)),
      ],
    );
  }
}

/** Replaces the policies of a template. */
export async function storePolicies(
  tx: Transaction,
  templateUid: string,
  policyUids: readonly string[],
): Promise<void> {
  await tx.execute('DELETE FROM cluster_template_policies WHERE template_uid = $1', [templateUid]);
  for (const [position, policyUid] of policyUids.entries()) {
    await tx.execute('INSERT INTO cluster_template_policies (template_uid, policy_uid, position) VALUES ($1, $2, $3)', [
      templateUid,
      policyUid,
      position,
    ]);
  }
}

function openTemplateVariables(
  secrets: Secrets,
  templateUid: string,
  profileUid: string,
  sealed: Uint8Array | null,
): TemplateVariable[] {
  return sealed === null
    ? []
    : TemplateVariable.array().parse(JSON.parse(secrets.openText(sealed, purpose(templateUid, profileUid))));
}

function purpose(templateUid: string, profileUid: string): string {
  return `template-variables/${templateUid}/${profileUid}`;
}
