/** A command that was not taken on ends its run: no report of an action will come. */
import type { Transaction } from '#plane/store/database';
import type { CommandReport } from '#protocol/report';

/** Does nothing for commands that are no actions, and for runs that began. */
export async function noteCommandOutcome(tx: Transaction, clusterUid: string, report: CommandReport): Promise<void> {
  if (report.outcome === 'done') return;
  await tx.execute(
    `UPDATE cluster_actions SET phase = $3, message = $4, ended_at = $5
     WHERE run_id = $1 AND cluster_uid = $2 AND phase = 'queued'`,
    [report.commandId, clusterUid, report.outcome, report.message, report.sentAt],
  );
}
