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
  expires_at: Date | null;
}

const COLUMNS = `a.run_id, a.type, a.origin, a.schedule_id, a.spec, a.requested_by, a.phase, a.step, a.percent, a.message, a.result,
  a.created_at, a.started_at, a.ended_at, k.expires_at`;
const FROM = 'cluster_actions a LEFT JOIN cluster_commands k ON k.id = a.run_id';

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
  now: Date,
): Promise<Schemas['ClusterAction'][]> {
  const rows = await tx.query<RunRow>(
    `SELECT ${COLUMNS} FROM ${FROM} WHERE a.cluster_uid = $1
       AND ($2::text[] IS NULL OR a.type = ANY ($2::text[])) AND ($3::text[] IS NULL OR a.phase = ANY ($3::text[]))
       AND ($4::timestamptz IS NULL OR a.created_at < $4)
     ORDER BY a.created_at DESC, a.run_id LIMIT $5`,
    [clusterUid, types ?? null, phases ?? null, before ?? null, limit],
  );
  return rows.map((row) => toAction(row, now));
}

/** One run with what it brought. @throws PlaneError 404 */
export async function requireRun(
  tx: Transaction,
  clusterUid: string,
  runId: string,
  now: Date,
): Promise<Schemas['ClusterAction']> {
  const [row] = isRunId(runId)
    ? await tx.query<RunRow>(`SELECT ${COLUMNS} FROM ${FROM} WHERE a.cluster_uid = $1 AND a.run_id = $2`, [
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
    ...toAction(row, now),
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

function toAction(row: RunRow, now: Date): Schemas['ClusterAction'] {
  // Nobody tells of a command that no agent ever fetched.
  const expired = row.phase === 'queued' && row.expires_at !== null && row.expires_at <= now;
  const message = expired ? `no agent took it on by ${row.expires_at?.toISOString() ?? ''}` : row.message;
  return {
    uid: row.run_id,
    type: row.type,
    origin: row.origin,
    phase: expired ? 'expired' : row.phase,
    step: row.step,
    message,
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
