/** Asks a cluster's agent for an action: a command that waits for it, and the run as it will be told of. */
import { randomUUID } from 'node:crypto';

import { conflict } from '#plane/api/error';
import type { SomeServices } from '#plane/domain/fleet-services';
import type { Transaction } from '#plane/store/database';
import type { Action, ActionType } from '#protocol/actions';
import type { TenantUid } from '#protocol/identifiers';

import { refuseDeleting } from '../clusters/attach.ts';
import type { Cluster } from '../clusters/cluster.ts';
import { enqueuePoke } from '../events/outbox.ts';
import { appendActionEvent } from './action-event.ts';
import { endRun } from './end-run.ts';
import { ENDED } from './run-store.ts';

export interface IssueOptions {
  readonly tenantUid: TenantUid;
  /** For people: the e-mail address of the user, or what asked in the plane. */
  readonly requestedBy: string;
  /** Of a restore or deletion: the run that made the backup. */
  readonly backup?: { readonly runId: string; readonly clusterUid: string } | undefined;
  /** Not begun after so many hours. Default 24. */
  readonly lifetimeHours?: number;
}

/** What an agent of a cluster that was imported read-only may do: look, and care for itself. */
const READ_ONLY: ReadonlySet<ActionType> = new Set(['collect-logs', 'upgrade-agent']);
/** Actions of one cluster that may wait at once. */
const MOST_QUEUED = 100;

/**
 * @returns the id of the run, which the agent's reports have too
 * @throws PlaneError 409 for a cluster that takes no actions
 */
export async function issueAction(
  tx: Transaction,
  services: Pick<SomeServices, 'fleet'>,
  cluster: Cluster,
  action: Action,
  { tenantUid, requestedBy, backup, lifetimeHours = 24 }: IssueOptions,
): Promise<string> {
  refuseDeleting(cluster);
  if (cluster.importMode === 'read-only' && !READ_ONLY.has(action.type))
    throw conflict(
      'ClusterReadOnly',
      `cluster ${cluster.name} was imported read-only: its agent changes nothing, so it cannot ${LABELS[action.type]}`,
    );
  const runId = randomUUID();
  const now = services.fleet.now();
  const expiresAt = new Date(now.getTime() + lifetimeHours * 3_600_000);
  const [queued] = await tx.query<{ count: number }>(
    `SELECT count(*) AS count FROM cluster_actions WHERE cluster_uid = $1 AND phase = 'queued'`,
    [cluster.uid],
  );
  if ((queued?.count ?? 0) >= MOST_QUEUED)
    throw conflict('TooManyActions', `${MOST_QUEUED} actions of cluster ${cluster.name} wait already; cancel some`);
  await insertCommand(tx, cluster.uid, { id: runId, type: 'action', action, expiresAt });
  await tx.execute(
    `INSERT INTO cluster_actions (run_id, cluster_uid, type, origin, spec, requested_by, phase, created_at, backup_run_id, source_cluster_uid)
     VALUES ($1, $2, $3, 'command', $4::jsonb, $5, 'queued', $6, $7, $8)`,
    [
      runId,
      cluster.uid,
      action.type,
      JSON.stringify(action.spec),
      requestedBy,
      now,
      backup?.runId ?? null,
      backup?.clusterUid ?? null,
    ],
  );
  const { type } = action;
  await appendActionEvent(tx, tenantUid, cluster, { runId, type, origin: 'command', phase: 'queued', message: '' });
  await enqueuePoke(tx, tenantUid, cluster.uid, 'commands');
  tx.afterCommit(() => services.fleet.changed(tenantUid));
  return runId;
}

/** Asks the agent to end a run; what it was never given it does not get any more. @throws PlaneError 409 when it has ended */
export async function cancelRun(
  tx: Transaction,
  services: SomeServices,
  cluster: Cluster,
  run: { readonly uid: string; readonly phase: string },
  { tenantUid }: Pick<IssueOptions, 'tenantUid'>,
): Promise<void> {
  if (ENDED.has(run.phase)) throw conflict('ActionEnded', `the action has ended already: ${run.phase}`);
  const now = services.fleet.now();
  // An agent that comes back would begin it before it hears of its end.
  const end = { phase: 'cancelled', message: 'before it began', endedAt: now } as const;
  if (await endRun(tx, services, tenantUid, cluster, run.uid, end, ['queued']))
    await tx.execute(
      `UPDATE cluster_commands SET outcome = 'expired', message = 'cancelled', finished_at = $2 WHERE id = $1 AND outcome IS NULL`,
      [run.uid, now],
    );
  // It may have begun all the same, with the report of it on its way.
  const expiresAt = new Date(now.getTime() + 24 * 3_600_000);
  await insertCommand(tx, cluster.uid, { id: randomUUID(), type: 'cancel', runId: run.uid, expiresAt });
  await enqueuePoke(tx, tenantUid, cluster.uid, 'commands');
  tx.afterCommit(() => services.fleet.changed(tenantUid));
}

async function insertCommand(
  tx: Transaction,
  clusterUid: string,
  command:
    | { readonly id: string; readonly type: 'action'; readonly action: Action; readonly expiresAt: Date }
    | { readonly id: string; readonly type: 'cancel'; readonly runId: string; readonly expiresAt: Date },
): Promise<void> {
  // Cursors of one cluster are given one after the other.
  await tx.query('SELECT 1 FROM clusters WHERE uid = $1 FOR UPDATE', [clusterUid]);
  await tx.execute(
    `INSERT INTO cluster_commands (id, cluster_uid, cursor, type, expires_at, action, run_id)
     SELECT $1, $2, coalesce(max(cursor), 0) + 1, $3, $4, $5::jsonb, $6 FROM cluster_commands WHERE cluster_uid = $2`,
    [
      command.id,
      clusterUid,
      command.type,
      command.expiresAt,
      command.type === 'action' ? JSON.stringify(command.action) : null,
      command.type === 'cancel' ? command.runId : null,
    ],
  );
}

const LABELS = {
  backup: 'be backed up',
  restore: 'be restored',
  'delete-backup': 'delete a backup',
  'etcd-snapshot': 'take a snapshot of etcd',
  scan: 'be scanned',
  'renew-certificates': 'renew certificates',
  'patch-os': 'patch its nodes',
  'upgrade-kubernetes': 'be upgraded',
  scale: 'be scaled',
  'upgrade-agent': 'upgrade its agent',
  'collect-logs': 'collect logs',
} as const satisfies Record<ActionType, string>;
