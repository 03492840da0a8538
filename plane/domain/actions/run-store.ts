/** Runs as they are stored, and as the API tells of them. */
import type { components } from '#openapi/generated/types';
import { notFound } from '#plane/api/error';
import type { Transaction } from '#plane/store/database';

type Schemas = components['schemas'];

interface RunRow {
  run_id: string;
  type: string;
  origin: 'command' | 'schedule';
  schedule_id: string | null;
  spec: Record<string, unknown> | null;
  requested_by: string | null;
  phase: 'queued' | 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'expired';
  step: string;
  percent: number | null;
  message: string;
  result: Record<string, unknown> | null;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
}

const COLUMNS = `run_id, type, origin, schedule_id, spec, requested_by, phase, step, percent, message, result, created_at,
  started_at, ended_at`;
export const ENDED: ReadonlySet<string> = new Set(['done', 'failed', 'cancelled', 'expired']);

export interface RunFilter {
  readonly types?: readonly string[] | undefined;
  readonly phases?: readonly string[] | undefined;
  readonly before?: Date | undefined;
  readonly limit: number;
}

/** Newest first. */
export async function listRuns(
  tx: Transaction,
  clusterUid: string,
  { types, phases, before, limit }: RunFilter,
): Promise<Schemas['ClusterAction'][]> {
  const rows = await tx.query<RunRow>(
    `SELECT ${COLUMNS} FROM cluster_actions WHERE cluster_uid = $1
       AND ($2::text[] IS NULL OR type = ANY ($2::text[])) AND ($3::text[] IS NULL OR phase = ANY ($3::text[]))
       AND ($4::timestamptz IS NULL OR created_at < $4)
     ORDER BY created_at DESC, run_id LIMIT $5`,
    [clusterUid, types ?? null, phases ?? null, before ?? null, limit],
  );
  return rows.map(toAction);
}

/** One run with what it brought. @throws PlaneError 404 */
export async function requireRun(
  tx: Transaction,
  clusterUid: string,
  runId: string,
): Promise<Schemas['ClusterAction']> {
  const [row] = isRunId(runId)
    ? await tx.query<RunRow>(`SELECT ${COLUMNS} FROM cluster_actions WHERE cluster_uid = $1 AND run_id = $2`, [
        clusterUid,
        runId,
      ])
    : [];
  if (!row) throw notFound('action', runId);
  const artifacts = await tx.query<{
    name: string;
    content_type: string;
    digest: string;
    size: number;
    created_at: Date;
  }>('SELECT name, content_type, digest, size, created_at FROM action_artifacts WHERE run_id = $1 ORDER BY name', [
    runId,
  ]);
  return {
    ...toAction(row),
    artifacts: artifacts.map(({ name, content_type: contentType, digest, size, created_at: createdAt }) => ({
      name,
      contentType,
      digest,
      size,
      createdAt: createdAt.toISOString(),
    })),
  };
}

export function isRunId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

function toAction(row: RunRow): Schemas['ClusterAction'] {
  return {
    uid: row.run_id,
    type: row.type,
    origin: row.origin,
    phase: row.phase,
    step: row.step,
    message: row.message,
    createdAt: row.created_at.toISOString(),
    ...(row.schedule_id === null ? {} : { scheduleId: row.schedule_id }),
    ...(row.spec === null ? {} : { spec: row.spec }),
    ...(row.requested_by === null ? {} : { requestedBy: row.requested_by }),
    ...(row.percent === null ? {} : { percent: row.percent }),
    ...(row.result === null ? {} : { result: row.result }),
    ...(row.started_at === null ? {} : { startedAt: row.started_at.toISOString() }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at.toISOString() }),
  };
}
