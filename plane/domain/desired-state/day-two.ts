/**
 * What an agent does besides enforcing, made of the cluster's settings: schedules, maintenance windows, where backups go.
 * It travels with the desired state, so it goes on without this plane.
 */
import type { Secrets } from '#plane/domain/secrets/secrets';
import type { Transaction } from '#plane/store/database';
import type { DayTwo, MaintenanceWindow } from '#protocol/actions';

import { backupSchedules } from '../backups/backup-action.ts';
import { releaseOf } from '../agent-releases/release-store.ts';
import { loadLocations } from '../backups/location-store.ts';
import type { ClusterSettings } from '../clusters/cluster.ts';
import { osPatchSchedules } from '../features/os-patch-schedules.ts';
import { schedulesOf, type PolicyRow } from '../policies/policy.ts';
import { scanSchedules } from '../scans/schedules.ts';

/** Absent where nothing of the kind was asked for. */
export async function loadDayTwo(
  tx: Transaction,
  secrets: Secrets,
  cluster: {
    readonly uid: string;
    readonly settings: ClusterSettings;
    readonly templateUid: string | undefined;
    readonly readOnly: boolean;
  },
): Promise<DayTwo | undefined> {
  const { settings } = cluster;
  const agentRelease = await releaseOf(tx, settings);
  const agent: Pick<DayTwo, 'agentRelease' | 'agentUpgrades'> = {
    ...(agentRelease === undefined ? {} : { agentRelease }),
    agentUpgrades: settings.agentUpgrades === 'lock' ? 'paused' : 'automatic',
  };
  // An agent that only looks cares for itself, and for nothing else.
  if (cluster.readOnly)
    return agentRelease === undefined
      ? undefined
      : { timezone: 'UTC', windows: [], schedules: [], backupLocations: [], ...agent };
  const dayTwo: DayTwo = {
    timezone: settings.timezone || 'UTC',
    windows: cluster.templateUid === undefined ? [] : await windowsOf(tx, cluster.templateUid),
    schedules: [
      ...scanSchedules(settings.complianceScan?.config),
      ...osPatchSchedules(settings.osPatchConfig),
      ...backupSchedules(settings.backup?.config),
    ],
    backupLocations: await loadLocations(tx, secrets, cluster.uid),
    ...agent,
  };
  return isNothing(dayTwo) ? undefined : dayTwo;
}

/** The windows of the maintenance policies that the cluster's template names. */
async function windowsOf(tx: Transaction, templateUid: string): Promise<MaintenanceWindow[]> {
  const policies = await tx.query<Pick<PolicyRow, 'schedules'>>(
    `SELECT p.schedules FROM cluster_template_policies r JOIN maintenance_policies p ON p.uid = r.policy_uid
     WHERE r.template_uid = $1 ORDER BY p.uid`,
    [templateUid],
  );
  return policies.flatMap(schedulesOf);
}

function isNothing(dayTwo: DayTwo): boolean {
  return (
    dayTwo.timezone === 'UTC' &&
    dayTwo.windows.length === 0 &&
    dayTwo.schedules.length === 0 &&
    dayTwo.backupLocations.length === 0 &&
    dayTwo.agentRelease === undefined &&
    dayTwo.agentUpgrades === 'automatic'
  );
}
