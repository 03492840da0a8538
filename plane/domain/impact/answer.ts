/** What agents answer. */
import type { Transaction } from '#plane/store/database';
import type { CommandReport, PreviewReport } from '#protocol/report';

/** Stores an answer; the question itself is not needed any more. */
export async function storeAnswer(tx: Transaction, report: PreviewReport): Promise<void> {
  await tx.execute(
    `UPDATE impact_clusters SET state = 'answered', result = $3::jsonb, document = NULL, pack_digests = '{}'
     WHERE id = $1 AND cluster_uid = $2 AND state = 'pending'`,
    [report.previewId, report.clusterUid, JSON.stringify(report.result)],
  );
}

/** A command that brought a question ended without an answer. */
export async function noteNoAnswer(tx: Transaction, report: CommandReport): Promise<void> {
  if (report.outcome === 'done') return;
  await tx.execute(
    `UPDATE impact_clusters SET state = 'failed', message = $3, document = NULL, pack_digests = '{}'
     WHERE id = $1 AND cluster_uid = $2 AND state = 'pending'`,
    [report.commandId, report.clusterUid, report.message],
  );
}
