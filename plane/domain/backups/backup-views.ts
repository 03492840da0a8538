/** Backups and restores as Palette's API tells of them, from the runs that made them. */
import { z } from 'zod';

import type { components } from '#openapi/generated/types';
import { conflict, notFound } from '#plane/api/error';
import type { Transaction } from '#plane/store/database';
import { BackupSpec, RestoreSpec } from '#protocol/actions';

import { isRunId } from '../actions/run-store.ts';

type Schemas = components['schemas'];

/** What an agent tells of a backup that it made. */
const BackupResult = z.object({
  backupName: z.string(),
  locationUid: z.string(),
  locationName: z.string().optional(),
  state: z.string().optional(),
  namespaces: z.array(z.string()).optional(),
  includeDisks: z.boolean().optional(),
  includeClusterResources: z.enum(['always', 'never', 'auto']).optional(),
  expiresAt: z.string().optional(),
});

interface Row {
  run_id: string;
  type: string;
  origin: 'command' | 'schedule';
  requested_by: string | null;
  spec: unknown;
  phase: string;
  message: string;
  result: unknown;
  started_at: Date | null;
  created_at: Date;
  ended_at: Date | null;
  cluster_uid: string;
  backup_run_id: string | null;
  source_cluster_uid: string | null;
  source_name: string | null;
  cluster_name: string;
}

const SELECT = `SELECT a.run_id, a.type, a.origin, a.requested_by, a.spec, a.phase, a.message, a.result, a.started_at, a.created_at, a.ended_at,
    a.cluster_uid, a.backup_run_id, a.source_cluster_uid, s.name AS source_name, c.name AS cluster_name
  FROM cluster_actions a JOIN clusters c ON c.uid = a.cluster_uid LEFT JOIN clusters s ON s.uid = a.source_cluster_uid`;
const MOST = 200;
const MODES = { always: 'Always', never: 'Never', auto: 'Auto' } as const;
const STATES: Readonly<Record<string, string>> = {
  queued: 'Pending',
  waiting: 'Pending',
  running: 'InProgress',
  done: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
  expired: 'Failed',
};

/** The backup that a run made. @throws PlaneError 404, or 409 while it is not made */
export async function findBackup(
  tx: Transaction,
  clusterUid: string,
  runId: string,
): Promise<{ readonly name: string; readonly locationUid: string }> {
  const [row] = isRunId(runId)
    ? await tx.query<Row>(`${SELECT} WHERE a.cluster_uid = $1 AND a.run_id = $2 AND a.type = 'backup'`, [
        clusterUid,
        runId,
      ])
    : [];
  if (!row) throw notFound('backup request', runId);
  const { data } = BackupResult.safeParse(row.result);
  if (!data) throw conflict('NoBackup', `request ${runId} has made no backup: ${row.phase} ${row.message}`.trim());
  return { name: data.backupName, locationUid: data.locationUid };
}

/** The run that made a backup, where it is of this cluster. */
export async function findBackupRun(
  tx: Transaction,
  clusterUid: string,
  name: string,
): Promise<{ readonly runId: string; readonly clusterUid: string } | undefined> {
  const [row] = await tx.query<{ run_id: string }>(
    `SELECT run_id FROM cluster_actions WHERE cluster_uid = $1 AND type = 'backup' AND result->>'backupName' = $2
     ORDER BY created_at DESC LIMIT 1`,
    [clusterUid, name],
  );
  return row && { runId: row.run_id, clusterUid };
}

/** Newest first. */
export async function listBackups(
  tx: Transaction,
  clusterUid: string,
  runId: string | undefined,
): Promise<Schemas['v1ClusterBackupStatusMeta'][]> {
  if (runId !== undefined && !isRunId(runId)) return [];
  const rows = await tx.query<Row>(
    `${SELECT} WHERE a.cluster_uid = $1 AND a.type = 'backup' AND ($2::uuid IS NULL OR a.run_id = $2)
     ORDER BY a.created_at DESC, a.run_id LIMIT ${MOST}`,
    [clusterUid, runId ?? null],
  );
  const ids = rows.map((row) => row.run_id);
  const later = await tx.query<Row>(`${SELECT} WHERE a.backup_run_id = ANY ($1::uuid[]) ORDER BY a.created_at`, [ids]);
  return rows.map((row) => {
    const of = later.filter((one) => one.backup_run_id === row.run_id);
    return toBackup(
      row,
      of.filter(({ type }) => type === 'delete-backup'),
      of.filter(({ type }) => type === 'restore'),
    );
  });
}

/** Restores into the cluster and of its backups, newest first. */
export async function listRestores(
  tx: Transaction,
  clusterUid: string,
  runId: string | undefined,
): Promise<Schemas['v1ClusterRestoreStatusMeta'][]> {
  if (runId !== undefined && !isRunId(runId)) return [];
  const rows = await tx.query<Row>(
    `${SELECT} WHERE (a.cluster_uid = $1 OR a.source_cluster_uid = $1) AND a.type = 'restore' AND ($2::uuid IS NULL OR a.run_id = $2)
     ORDER BY a.created_at DESC, a.run_id LIMIT ${MOST}`,
    [clusterUid, runId ?? null],
  );
  return rows.map((row) => ({
    actor: actorOf(row),
    restoreRequestUid: row.run_id,
    ...(row.backup_run_id === null ? {} : { backupRequestUid: row.backup_run_id }),
    backupName: RestoreSpec.safeParse(row.spec).data?.backupName ?? '',
    state: stateOf(row),
    ...(row.source_cluster_uid === null
      ? {}
      : { sourceClusterRef: { kind: 'spectrocluster', uid: row.source_cluster_uid, name: row.source_name ?? '' } }),
    restoreStatusMeta: {
      isSucceeded: row.phase === 'done',
      msg: row.message,
      ...(row.ended_at === null ? {} : { restoreTime: row.ended_at.toISOString() }),
    },
  }));
}

function toBackup(row: Row, deletions: readonly Row[], restores: readonly Row[]): Schemas['v1ClusterBackupStatusMeta'] {
  const spec = BackupSpec.safeParse(row.spec).data;
  const result = BackupResult.safeParse(row.result).data;
  const namespaces = result?.namespaces ?? spec?.namespaces;
  const mode = result?.includeClusterResources ?? spec?.includeClusterResources;
  const disks = result?.includeDisks ?? spec?.includeDisks;
  const location = result?.locationUid ?? spec?.locationUid;
  const deletion = deletions.at(-1);
  return {
    actor: actorOf(row),
    backupRequestUid: row.run_id,
    state: stateOf(row),
    backupConfig: {
      ...(disks === undefined ? {} : { includeAllDisks: disks }),
      ...(mode === undefined ? {} : { includeClusterResourceMode: MODES[mode] }),
      ...(namespaces === undefined ? {} : { namespaces: [...namespaces] }),
    },
    backupLocationConfig: {
      ...(location === undefined ? {} : { uid: location }),
      ...(result?.locationName === undefined ? {} : { name: result.locationName }),
    },
    backupStatusMeta: [
      {
        backupName: result?.backupName ?? spec?.name ?? '',
        ...(namespaces === undefined ? {} : { backupedNamespaces: [...namespaces] }),
        ...(result?.expiresAt === undefined ? {} : { expiryDate: result.expiresAt }),
        backupState: {
          state: stateOf(row),
          msg: row.message,
          ...(deletion === undefined ? {} : { deleteState: stateOf(deletion) }),
          ...(row.started_at === null ? {} : { backupTime: row.started_at.toISOString() }),
        },
      },
    ],
    restoreStatusMeta: restores.map((restore) => ({
      backupName: result?.backupName ?? '',
      destinationClusterRef: { kind: 'spectrocluster', uid: restore.cluster_uid, name: restore.cluster_name },
      restoreState: stateOf(restore),
    })),
  };
}

function stateOf({ phase }: Row): string {
  return STATES[phase] ?? phase;
}

function actorOf({ origin, requested_by: requestedBy }: Row): Schemas['v1ClusterFeatureActor'] {
  return origin === 'schedule' ? { actorType: 'schedule' } : { actorType: 'user', uid: requestedBy ?? '' };
}
