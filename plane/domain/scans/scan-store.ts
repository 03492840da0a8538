/** Scans as they are stored: runs of actions, with what they found as an artifact. */
import { notFound } from '#plane/api/error';
import type { Transaction } from '#plane/store/database';
import { ScanDriver } from '#protocol/actions';
import { SCAN_REPORT, ScanReport, type ScanReportOf } from '#protocol/scan-report';

import { isRunId } from '../actions/run-store.ts';

export interface Scan {
  readonly uid: string;
  readonly driver: ScanDriver;
  readonly requestUid: string;
  readonly origin: 'command' | 'schedule';
  readonly requestedBy: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly phase: string;
  readonly message: string;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
}

interface ScanRow {
  run_id: string;
  driver: string | null;
  request_uid: string | null;
  origin: 'command' | 'schedule';
  requested_by: string | null;
  spec: Record<string, unknown> | null;
  phase: string;
  message: string;
  created_at: Date;
  started_at: Date | null;
  ended_at: Date | null;
}

/** Runs of schedules have no spec here; their schedule is named by the driver. */
const DRIVER = `coalesce(a.spec->>'driver', a.result->>'driver', substring(a.schedule_id FROM '^scan-(.*)$'))`;
const COLUMNS = `a.run_id, ${DRIVER} AS driver, a.request_uid, a.origin, a.requested_by, a.spec, a.phase, a.message,
  a.created_at, a.started_at, a.ended_at`;
/** Newer ones of each driver; older ones are found among the actions. */
const MOST_OF_A_DRIVER = 20;
/** Of reports that are read at once, newest first: they are the agent's work, and this plane's memory. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Newest first, the newest of each driver. */
export async function listScans(tx: Transaction, clusterUid: string): Promise<readonly Scan[]> {
  const rows = await tx.query<ScanRow>(
    `SELECT * FROM (
       SELECT ${COLUMNS}, row_number() OVER (PARTITION BY ${DRIVER} ORDER BY a.created_at DESC, a.run_id) AS place
       FROM cluster_actions a WHERE a.cluster_uid = $1 AND a.type = 'scan'
     ) AS scans WHERE place <= $2 ORDER BY created_at DESC, run_id`,
    [clusterUid, MOST_OF_A_DRIVER],
  );
  return rows.flatMap((row) => toScan(row) ?? []);
}

/** @throws PlaneError 404 for a scan that the cluster does not have, or one by another tool */
export async function requireScan(
  tx: Transaction,
  clusterUid: string,
  uid: string,
  { driver, lock = '' }: { readonly driver?: ScanDriver; readonly lock?: '' | 'FOR UPDATE' },
): Promise<Scan> {
  const [row] = isRunId(uid)
    ? await tx.query<ScanRow>(
        `SELECT ${COLUMNS} FROM cluster_actions a WHERE a.cluster_uid = $1 AND a.run_id = $2 AND a.type = 'scan' ${lock}`,
        [clusterUid, uid],
      )
    : [];
  const scan = row && toScan(row);
  if (!scan || (driver !== undefined && scan.driver !== driver)) throw notFound('scan', uid);
  return scan;
}

function toScan(row: ScanRow): Scan | undefined {
  const driver = ScanDriver.safeParse(row.driver).data;
  if (driver === undefined) return undefined;
  return {
    uid: row.run_id,
    driver,
    requestUid: row.request_uid ?? row.run_id,
    origin: row.origin,
    requestedBy: row.requested_by ?? '',
    spec: row.spec ?? {},
    phase: row.phase,
    message: row.message,
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
  };
}

/**
 * What scans found, by run; runs that brought no report, or one of another form, are left out, and of many large ones the
 * oldest. What an agent sends is read as carefully as what a user does.
 */
export async function loadReports(
  tx: Transaction,
  runIds: readonly string[],
  mostBytes = MOST_BYTES,
): Promise<ReadonlyMap<string, ScanReport>> {
  if (runIds.length === 0) return new Map();
  const rows = await tx.query<{ run_id: string; bytes: Uint8Array }>(
    `SELECT c.run_id, c.bytes FROM action_artifact_chunks c JOIN (
       SELECT run_id, sum(size) OVER (ORDER BY created_at DESC, run_id) AS total, row_number() OVER (ORDER BY created_at DESC, run_id) AS place
       FROM action_artifacts WHERE name = $1 AND run_id = ANY ($2::uuid[])
     ) AS f ON f.run_id = c.run_id AND (f.total <= $3 OR f.place = 1)
     WHERE c.name = $1 ORDER BY c.run_id, c.position`,
    [SCAN_REPORT, [...runIds], mostBytes],
  );
  const parts = new Map<string, Uint8Array[]>();
  for (const { run_id: runId, bytes } of rows) parts.set(runId, [...(parts.get(runId) ?? []), bytes]);
  return new Map(
    [...parts].flatMap(([runId, bytes]) => {
      const report = parseReport(Buffer.concat(bytes).toString('utf8'));
      return report === undefined ? [] : [[runId, report] as const];
    }),
  );
}

/** The report of one scan, if it is of this driver. */
export async function loadReport<D extends ScanReport['driver']>(
  tx: Transaction,
  runId: string,
  driver: D,
): Promise<ScanReportOf<D> | undefined> {
  const report = (await loadReports(tx, [runId])).get(runId);
  return report !== undefined && isOf(report, driver) ? report : undefined;
}

export function isOf<D extends ScanReport['driver']>(report: ScanReport, driver: D): report is ScanReportOf<D> {
  return report.driver === driver;
}

function parseReport(text: string): ScanReport | undefined {
  try {
    return ScanReport.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The newest look at certificates, of a scan or after they were renewed. */
export async function loadCertificates(
  tx: Transaction,
  clusterUid: string,
): Promise<ScanReportOf<'certificates'> | undefined> {
  const rows = await tx.query<{ run_id: string }>(
    `SELECT a.run_id FROM cluster_actions a JOIN action_artifacts f ON f.run_id = a.run_id AND f.name = $2
     WHERE a.cluster_uid = $1 AND (a.type = 'renew-certificates' OR (a.type = 'scan' AND ${DRIVER} = 'certificates'))
     ORDER BY f.created_at DESC LIMIT 1`,
    [clusterUid, SCAN_REPORT],
  );
  const [row] = rows;
  return row && loadReport(tx, row.run_id, 'certificates');
}
