/** Ends runs of which no agent will tell any more. */
import type { SomeServices } from '#plane/domain/fleet-services';
import type { Transaction } from '#plane/store/database';
import type { ActionType } from '#protocol/actions';

import { releaseLocations } from '../backups/use-location.ts';
import type { Cluster } from '../clusters/cluster.ts';
import { appendActionEvent } from './action-event.ts';

export interface RunEnd {
  readonly phase: 'failed' | 'cancelled' | 'expired';
  readonly message: string;
  readonly endedAt: Date;
}

/**
 * Does nothing for a run that is in none of the phases. Should its agent tell of it all the same, what the agent says counts.
 *
 * @returns whether it was ended
 */
export async function endRun(
  tx: Transaction,
  services: SomeServices,
  tenantUid: string,
  cluster: Pick<Cluster, 'uid' | 'projectUid'>,
  runId: string,
  { phase, message, endedAt }: RunEnd,
  from: readonly ('queued' | 'waiting' | 'running')[],
): Promise<boolean> {
  const [run] = await tx.query<{ type: ActionType; origin: 'command' | 'schedule' }>(
    `UPDATE cluster_actions SET phase = $3, step = '', message = $4, ended_at = $5
     WHERE run_id = $1 AND cluster_uid = $2 AND phase = ANY ($6::text[]) RETURNING type, origin`,
    [runId, cluster.uid, phase, message, endedAt, [...from]],
  );
  if (!run) return false;
  await appendActionEvent(tx, tenantUid, cluster, { ...run, runId, phase, message });
  await releaseLocations(tx, services, tenantUid, cluster.uid, run.type);
  tx.afterCommit(() => services.fleet.changed(tenantUid));
  return true;
}
