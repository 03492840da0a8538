/** Takes in how an action stands: the newest report of a run wins. */
import type { Transaction } from '#plane/store/database';
import type { TenantUid } from '#protocol/identifiers';
import type { ActionReport } from '#protocol/report';

import type { Cluster } from '../clusters/cluster.ts';
import { appendActionEvent } from './action-event.ts';

/** Stores the state of a run and tells followers of a new phase; runs of schedules become known by their first report. */
export async function applyActionReport(
  tx: Transaction,
  tenantUid: TenantUid,
  cluster: Cluster,
  report: ActionReport,
): Promise<void> {
  const [known] = await tx.query<{ phase: string; sequence: number; cluster_uid: string }>(
    'SELECT phase, sequence, cluster_uid FROM cluster_actions WHERE run_id = $1',
    [report.runId],
  );
  // An agent speaks of its own cluster's runs only, and an older report says nothing new.
  if (known && (known.cluster_uid !== cluster.uid || report.sequence <= known.sequence)) return;
  await tx.execute(
    `INSERT INTO cluster_actions (run_id, cluster_uid, type, origin, schedule_id, phase, step, percent, message, result, sequence, created_at, started_at, ended_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12, $12, $13)
     ON CONFLICT (run_id) DO UPDATE SET phase = excluded.phase, step = excluded.step, percent = excluded.percent,
       message = excluded.message, result = coalesce(excluded.result, cluster_actions.result), sequence = excluded.sequence,
       started_at = excluded.started_at, ended_at = excluded.ended_at`,
    [
      report.runId,
      cluster.uid,
      report.type,
      report.origin,
      report.scheduleId ?? null,
      report.phase,
      report.step,
      report.percent ?? null,
      report.message,
      report.result === undefined ? null : JSON.stringify(report.result),
      report.sequence,
      report.startedAt,
      report.endedAt ?? null,
    ],
  );
  if (known?.phase === report.phase) return;
  if (report.endedAt !== undefined) await forgetOld(tx, cluster.uid, report.type);
  await appendActionEvent(tx, tenantUid, cluster, report);
}

/** Ended runs of one type and cluster that are kept. */
const KEPT = 200;

/** Schedules go on for years: the oldest runs go, but for backups that may still be restored. */
async function forgetOld(tx: Transaction, clusterUid: string, type: ActionReport['type']): Promise<void> {
  await tx.execute(
    `DELETE FROM cluster_actions WHERE run_id IN (
       SELECT run_id FROM cluster_actions WHERE cluster_uid = $1 AND type = $2 AND ended_at IS NOT NULL
       ORDER BY created_at DESC, run_id OFFSET ${KEPT})
     AND NOT (type = 'backup' AND coalesce(result->>'expiresAt' > $3, false))`,
    [clusterUid, type, new Date().toISOString()],
  );
}
