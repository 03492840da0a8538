/**
 * Profiles that clusters run as they were, while a maintenance policy holds their changes back. What a cluster runs is
 * kept with its attachment, so every other change of the cluster goes on its way meanwhile.
 */
import type { Transaction } from '#plane/store/database';

import { groupBy } from '../group-by.ts';
import { schedulesOf, type PolicyRow } from '../policies/policy.ts';
import { openWindow } from '#core/windows';
import { noteWaiting } from './reconcile-log.ts';

/** What of a profile makes a cluster's desired state; `p` is its row. */
export const HELD_CONTENT = `jsonb_build_object('name', p.name, 'version', p.version, 'type', p.type, 'published', p.published,
  'variables', p.variables, 'digest', p.digest)`;

interface WaitingRow {
  cluster_uid: string;
  template_uid: string;
  timezone: string | null;
}

/**
 * Lets a change of a profile through to the clusters whose window is open, and notes the others. Before their desired
 * states are composed.
 */
export async function passThroughHeld(tx: Transaction, now: Date, profileUid: string): Promise<void> {
  const waiting = await tx.query<WaitingRow>(
    `SELECT a.cluster_uid, a.template_uid, c.settings->>'timezone' AS timezone
     FROM cluster_profile_attachments a JOIN cluster_profiles p ON p.uid = a.profile_uid JOIN clusters c ON c.uid = a.cluster_uid
     WHERE a.profile_uid = $1 AND a.held IS NOT NULL AND a.held <> ${HELD_CONTENT} ORDER BY a.cluster_uid`,
    [profileUid],
  );
  if (waiting.length === 0) return;
  const policies = await tx.query<Pick<PolicyRow, 'schedules'> & { template_uid: string }>(
    `SELECT r.template_uid, p.schedules FROM cluster_template_policies r JOIN maintenance_policies p ON p.uid = r.policy_uid
     WHERE r.template_uid = ANY ($1::text[])`,
    [[...new Set(waiting.map((row) => row.template_uid))]],
  );
  const schedules = groupBy(policies, (row) => row.template_uid);
  const open: string[] = [];
  for (const row of waiting) {
    const windows = (schedules.get(row.template_uid) ?? []).flatMap(schedulesOf);
    if (openWindow(windows, now, row.timezone ?? '')) open.push(row.cluster_uid);
    else await noteWaiting(tx, row.cluster_uid, 'a change of a cluster profile waits for a maintenance window');
  }
  await tx.execute(
    `UPDATE cluster_profile_attachments a SET held = ${HELD_CONTENT} FROM cluster_profiles p
     WHERE p.uid = a.profile_uid AND a.profile_uid = $1 AND a.held IS NOT NULL AND a.cluster_uid = ANY ($2::text[])`,
    [profileUid, open],
  );
}

/** From now on a template's clusters run its profiles as they are this moment, or, without windows, as they come. */
export async function setHolding(tx: Transaction, templateUid: string, holds: boolean): Promise<void> {
  await tx.execute(
    holds
      ? `UPDATE cluster_profile_attachments a SET held = ${HELD_CONTENT} FROM cluster_profiles p
         WHERE p.uid = a.profile_uid AND a.template_uid = $1 AND a.held IS NULL`
      : 'UPDATE cluster_profile_attachments SET held = NULL WHERE template_uid = $1',
    [templateUid],
  );
}
