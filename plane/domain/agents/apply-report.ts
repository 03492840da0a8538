/** Taking in what agents tell: each report once, and nothing older over something newer. */
import { assertNever } from '#core/assert-never';
import type { PlaneServices } from '#plane/domain/services';
import type { Transaction } from '#plane/store/database';
import type { TenantUid } from '#protocol/identifiers';
import type {
  CommandReport,
  DriftReport,
  EventReport,
  Heartbeat,
  RefusalReport,
  Report,
  StatusReport,
} from '#protocol/report';

import { raiseAlert } from '../alerts/raise.ts';
import { appendClusterEvent } from '../clusters/cluster-event.ts';
import { selectClusters, type Cluster } from '../clusters/cluster.ts';
import { forgetCluster } from '../clusters/delete.ts';
import { messageOf } from '../clusters/health-message.ts';
import { healthOf, isStuck } from '../clusters/health.ts';
import { recomposeClusters } from '../desired-state/recompose.ts';
import { recordClusterEvent } from '../events/cluster-events.ts';
import { appendEvent } from '../events/event-log.ts';
import { releaseLocations } from '../backups/use-location.ts';
import { noteCommandOutcome } from '../actions/note-command-outcome.ts';
import { applyActionReport } from '../actions/apply-action-report.ts';
import { noteNoAnswer, storeAnswer } from '../impact/answer.ts';

type Services = Pick<PlaneServices, 'secrets' | 'fleet'>;

/** Applies one report in the tenant's transaction; a report that was taken in before changes nothing. */
export async function applyReport(
  tx: Transaction,
  services: Services,
  tenantUid: TenantUid,
  report: Report,
): Promise<void> {
  const fresh = await tx.execute('INSERT INTO report_ids (tenant_uid, id) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    tenantUid,
    report.id,
  ]);
  if (fresh === 0) return;
  const [cluster] = await selectClusters(tx, 'uid = $1', [report.clusterUid], 'FOR UPDATE');
  // It was deleted while the report was on its way.
  if (!cluster) return;
  tx.afterCommit(() => services.fleet.changed(tenantUid));
  switch (report.kind) {
    case 'status':
      return applyStatus(tx, services, tenantUid, cluster, report);
    case 'drift':
    case 'refusal':
      return appendEvent(tx, {
        tenantUid,
        projectUid: cluster.projectUid,
        clusterUid: cluster.uid,
        type: report.kind,
        data: eventData(report),
      });
    case 'command':
      await noteNoAnswer(tx, report);
      await noteCommandOutcome(tx, services, tenantUid, cluster, report);
      return finishCommand(tx, cluster, report);
    case 'preview':
      return storeAnswer(tx, report);
    case 'action':
      await applyActionReport(tx, tenantUid, cluster, report);
      if (report.endedAt !== undefined) await releaseLocations(tx, services, tenantUid, cluster.uid, report.type);
      return;
    case 'event':
      return applyEvent(tx, services, tenantUid, cluster, report);
    default:
      return assertNever(report);
  }
}

/** What followers are told: the event has an id and a name of its own. */
function eventData(report: DriftReport | RefusalReport | EventReport): object {
  return Object.fromEntries(Object.entries(report).filter(([key]) => key !== 'id' && key !== 'kind'));
}

/** Errors are raised as alerts, the same of a cluster once in this time, in milliseconds. */
const QUIET_MS = 600_000;

async function applyEvent(
  tx: Transaction,
  services: Services,
  tenantUid: TenantUid,
  cluster: Cluster,
  report: EventReport,
): Promise<void> {
  const now = services.fleet.now();
  const { severity, reason, message, object, count } = report;
  // A clock that is ahead must not keep an event on top for ever.
  const [firstAt, lastAt] = [report.firstAt, report.lastAt].map(
    (at) => new Date(Math.min(Date.parse(at), now.getTime())),
  );
  const told = { severity, reason, message, object, count, firstAt: firstAt ?? now, lastAt: lastAt ?? now };
  const id = report.eventId ?? report.id;
  const known = await recordClusterEvent(tx, { tenantUid, clusterUid: cluster.uid, source: 'agent', id, ...told });
  await appendEvent(tx, {
    tenantUid,
    projectUid: cluster.projectUid,
    clusterUid: cluster.uid,
    type: report.kind,
    data: { ...eventData(report), eventId: known.id, count: known.count },
  });
  if (severity !== 'error') return;
  const alert = {
    tenantUid,
    projectUid: cluster.projectUid,
    component: 'ClusterEvents',
    severity,
    reason,
    message: `cluster ${cluster.name}: ${message}`,
    cluster,
  } as const;
  if (await raiseAlert(tx, alert, { now, quietMs: QUIET_MS })) tx.afterCommit(() => services.fleet.alerts.wake());
}

async function applyStatus(
  tx: Transaction,
  services: Services,
  tenantUid: TenantUid,
  cluster: Cluster,
  report: StatusReport,
): Promise<void> {
  const now = services.fleet.now();
  // A clock that was ahead and is put right must not silence the agent until it gets there again.
  const sentAt = new Date(Math.min(Date.parse(report.sentAt), now.getTime()));
  if (isOlder(report, sentAt, cluster)) return;
  if (report.phase === 'cleaned' && cluster.state === 'Deleting' && report.revision >= cluster.revision) {
    await forgetCluster(tx, services, tenantUid, cluster);
    return;
  }
  // The first finished pass over the desired state makes the cluster part of the fleet, well or not.
  const arrived = report.phase === 'applied' || report.phase === 'failed' || isStuck(report);
  const state =
    cluster.state === 'Pending' || cluster.state === 'Importing' ? (arrived ? 'Running' : 'Importing') : cluster.state;
  const health = healthOf({ state, status: report, heartbeatAt: now, revision: cluster.revision }, now);
  const appliedRevision =
    report.phase === 'applied' ? Math.max(cluster.appliedRevision, report.revision) : cluster.appliedRevision;
  const message = messageOf(report);
  // An agent that has just started does not know the version yet: no reason to compose the desired state anew.
  const kubernetesVersion = report.kubernetesVersion || cluster.kubernetesVersion;
  await tx.execute(
    `UPDATE clusters SET state = $2, health = $3, status = $4::jsonb, status_sent_at = $5, message = $6, kubernetes_version = $7,
       agent_version = $8, heartbeat_at = greatest(heartbeat_at, $9), applied_revision = $10 WHERE uid = $1`,
    [
      cluster.uid,
      state,
      health,
      JSON.stringify(report),
      sentAt,
      message,
      kubernetesVersion,
      report.agentVersion,
      now,
      appliedRevision,
    ],
  );
  if (cluster.kubernetesVersion !== kubernetesVersion) {
    await recomposeClusters(tx, services, tenantUid, { kind: 'cluster', uid: cluster.uid }, { unfit: 'keep' });
  }
  const told =
    state !== cluster.state ||
    health !== cluster.health ||
    appliedRevision !== cluster.appliedRevision ||
    message !== cluster.message;
  if (told) await appendClusterEvent(tx, cluster.uid);
}

/** Revisions only grow; within one, the agent's clock orders, and at the same time the order of arrival. */
function isOlder(report: StatusReport, sentAt: Date, { status, statusSentAt }: Cluster): boolean {
  if (status === undefined || statusSentAt === undefined) return false;
  if (report.revision !== status.revision) return report.revision < status.revision;
  return sentAt < statusSentAt;
}

async function finishCommand(tx: Transaction, cluster: Cluster, report: CommandReport): Promise<void> {
  await tx.execute(
    'UPDATE cluster_commands SET outcome = $3, message = $4, finished_at = $5 WHERE id = $1 AND cluster_uid = $2 AND outcome IS NULL',
    [report.commandId, cluster.uid, report.outcome, report.message, report.sentAt],
  );
}

/** Notes signs of life, many in one statement, and makes clusters well again that were only silent. */
export async function applyHeartbeats(
  tx: Transaction,
  services: Services,
  tenantUid: TenantUid,
  heartbeats: readonly Heartbeat[],
): Promise<void> {
  const now = services.fleet.now();
  const uids = [...new Set(heartbeats.map((heartbeat) => heartbeat.clusterUid))].sort();
  // When it arrived counts, not when it was sent: agents' clocks may be wrong.
  const back = await tx.query<{ uid: string }>(
    `UPDATE clusters SET heartbeat_at = $2 WHERE uid = ANY ($1::text[])
     RETURNING CASE WHEN state = 'Running' AND health = 'UnHealthy' THEN uid END AS uid`,
    [uids, now],
  );
  const silent = back.flatMap((row) => (row.uid === null ? [] : [row.uid]));
  if (silent.length === 0) return;
  for (const cluster of await selectClusters(tx, 'uid = ANY ($1::text[])', [silent], 'FOR UPDATE')) {
    const health = healthOf({ ...cluster, heartbeatAt: now }, now);
    if (health === cluster.health) continue;
    await tx.execute('UPDATE clusters SET health = $2, message = $3 WHERE uid = $1', [
      cluster.uid,
      health,
      cluster.status ? messageOf(cluster.status) : '',
    ]);
    await appendClusterEvent(tx, cluster.uid);
    tx.afterCommit(() => services.fleet.changed(tenantUid));
  }
}
