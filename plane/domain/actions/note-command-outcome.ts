/** Commands that came to nothing end their run: no report of an action will come. */
import type { SomeServices } from '#plane/domain/fleet-services';
import type { Transaction } from '#plane/store/database';
import type { CommandReport } from '#protocol/report';

import type { Cluster } from '../clusters/cluster.ts';
import { endRun } from './end-run.ts';

/** Does nothing for commands that are no actions, and for runs that began. */
export async function noteCommandOutcome(
  tx: Transaction,
  services: SomeServices,
  tenantUid: string,
  cluster: Cluster,
  { commandId, outcome, message, sentAt }: CommandReport,
): Promise<void> {
  if (outcome === 'done') return;
  const endedAt = new Date(sentAt);
  await endRun(tx, services, tenantUid, cluster, commandId, { phase: outcome, message, endedAt }, ['queued']);
  if (outcome !== 'failed') return;
  // A run that its agent cannot end it does not have: it lost what it stored, or was replaced by another.
  const [cancel] = await tx.query<{ run_id: string }>(
    `SELECT run_id FROM cluster_commands WHERE id = $1 AND cluster_uid = $2 AND type = 'cancel'`,
    [commandId, cluster.uid],
  );
  if (!cancel) return;
  const lost = { phase: 'failed', message: `the agent of the cluster cannot end it: ${message}`, endedAt } as const;
  await endRun(tx, services, tenantUid, cluster, cancel.run_id, lost, ['waiting', 'running']);
}
