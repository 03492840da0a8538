/** Scans in the API's shape. */
import { assertNever } from '#core/assert-never';
import type { components } from '#openapi/generated/types';
import { ScanSpec } from '#protocol/actions';
import type { BenchReport, HunterReport, ScanReportOf, SonobuoyReport, SyftImage } from '#protocol/scan-report';

import type { Scan } from './scan-store.ts';

type Schemas = components['schemas'];

/** `list`: the counts alone; `one`: each finding. */
export type Detail = 'list' | 'one';

export interface ViewOptions {
  readonly clusterUid: string;
  readonly detail: Detail;
  /** Only the report of this name. */
  readonly reportId?: string | undefined;
}

export function benchView(
  scan: Scan,
  report: ScanReportOf<'kube-bench'> | undefined,
  options: ViewOptions,
): Schemas['v1ClusterScanLogKubeBench'] {
  return frame(scan, options, {
    reports: reportsOf(report?.reports, options, (one: BenchReport) => ({
      ...one,
      time: report?.at ?? '',
      logs: options.detail === 'one' ? one.logs : [],
    })),
  });
}

export function hunterView(
  scan: Scan,
  report: ScanReportOf<'kube-hunter'> | undefined,
  options: ViewOptions,
): Schemas['v1ClusterScanLogKubeHunter'] {
  return frame(scan, options, {
    reports: reportsOf(report?.reports, options, ({ logs, ...vulnerabilites }: HunterReport) => ({
      time: report?.at ?? '',
      vulnerabilites,
      logs: options.detail === 'one' ? logs : [],
    })),
  });
}

export function sonobuoyView(
  scan: Scan,
  report: ScanReportOf<'sonobuoy'> | undefined,
  options: ViewOptions,
): Schemas['v1ClusterScanLogSonobuoy'] {
  return frame(scan, options, {
    reports: reportsOf(report?.reports, options, (one: SonobuoyReport) => ({
      ...one,
      logs: options.detail === 'one' ? one.logs : [],
    })),
  });
}

export function syftView(
  scan: Scan,
  report: ScanReportOf<'syft'> | undefined,
  options: ViewOptions,
): Schemas['v1ClusterScanLogSyft'] {
  const { namespaces: [namespace] = [], labelSelector, podName, format } = ScanSpec.partial().parse(scan.spec);
  return frame(scan, options, {
    scanContext: {
      scope: podName ? 'pod' : labelSelector ? 'label-selector' : namespace ? 'namespace' : 'cluster',
      format: report?.format ?? format ?? 'cyclonedx-json',
      ...(namespace === undefined ? {} : { namespace }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(podName === undefined ? {} : { podName }),
    },
    reports: (report?.images ?? []).map((image: SyftImage) => ({
      image: image.image,
      imageContexts: image.contexts,
      isSBOMExist: image.artifact !== undefined,
      state: image.state,
      time: report?.at ?? '',
      dependencies: options.detail === 'one' ? image.dependencies : [],
      // syft lists what an image is made of; what of it is vulnerable is another tool's matter.
      vulnerabilities: [],
      vulnerabilitySummary: { critical: 0, high: 0, medium: 0, low: 0, negligible: 0, unknown: 0 },
    })),
  });
}

/** What scans by every tool have in common. */
function frame<Status>(
  scan: Scan,
  { clusterUid }: ViewOptions,
  status: Status,
): {
  readonly metadata: Schemas['v1ObjectMeta'];
  readonly spec: Schemas['v1ClusterComplianceScanLogSpec'];
  readonly status: Status &
    Required<Pick<Schemas['v1ClusterKubeBenchLogStatus'], 'actor' | 'message' | 'requestUid' | 'scanTime' | 'state'>>;
} {
  return {
    metadata: { uid: scan.uid, name: scan.driver, creationTimestamp: scan.createdAt.toISOString() },
    spec: { clusterUid, driverType: scan.driver },
    status: {
      ...status,
      actor: { actorType: scan.origin === 'command' ? 'user' : 'schedule', uid: scan.requestedBy },
      message: scan.message,
      requestUid: scan.requestUid,
      scanTime: {
        ...(scan.startedAt === undefined ? {} : { startTime: scan.startedAt.toISOString() }),
        ...(scan.endedAt === undefined ? {} : { endTime: scan.endedAt.toISOString() }),
      },
      state: stateOf(scan.phase),
    },
  };
}

function stateOf(phase: string): string {
  if (phase === 'queued') return 'Initiated';
  if (phase === 'waiting' || phase === 'running') return 'InProgress';
  return phase === 'done' ? 'Completed' : 'Failed';
}

function reportsOf<Given, Shown>(
  reports: Readonly<Record<string, Given>> | undefined,
  { reportId }: ViewOptions,
  show: (report: Given) => Shown,
): Record<string, Shown> {
  return Object.fromEntries(
    Object.entries(reports ?? {})
      .filter(([name]) => reportId === undefined || reportId === '' || name === reportId)
      .map(([name, report]) => [name, show(report)]),
  );
}

type AnyReport = ScanReportOf<'kube-bench' | 'kube-hunter' | 'sonobuoy' | 'syft' | 'certificates'>;

/** A line for each finding, as spreadsheets read it. */
export function csvOf(report: AnyReport): string {
  const rows = rowsOf(report);
  return `${rows.map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

function rowsOf(report: AnyReport): readonly (readonly string[])[] {
  switch (report.driver) {
    case 'kube-bench':
      return [
        ['report', 'check', 'state', 'description', 'expected', 'value', 'remediation'],
        ...Object.values(report.reports).flatMap(({ name, logs }) =>
          logs.map((log) => [name, log.testId, log.state, log.description, log.expected, log.value, log.remediation]),
        ),
      ];
    case 'kube-hunter':
      return [
        ['id', 'severity', 'vulnerability', 'description', 'evidence', 'reference'],
        ...Object.values(report.reports).flatMap(({ logs }) =>
          logs.map((log) => [
            log.testId,
            log.severity,
            log.vulnerability,
            log.description,
            log.evidence,
            log.reference,
          ]),
        ),
      ];
    case 'sonobuoy':
      return [
        ['plugin', 'node', 'state', 'test'],
        ...Object.values(report.reports).flatMap(({ plugin, node, logs }) =>
          logs.map((log) => [plugin, node, log.state, log.description]),
        ),
      ];
    case 'syft':
      return [
        ['image', 'package', 'type', 'version'],
        ...report.images.flatMap(({ image, dependencies }) =>
          dependencies.map(({ name, type, version }) => [image, name, type, version]),
        ),
      ];
    case 'certificates':
      return [
        ['machine', 'authority', 'certificate', 'expires'],
        ...report.machines.flatMap(({ name: machine, authorities }) =>
          authorities.flatMap(({ name, expiresAt, certificates }) => [
            [machine, name, '', expiresAt],
            ...certificates.map((one) => [machine, name, one.name, one.expiresAt]),
          ]),
        ),
      ];
    default:
      return assertNever(report);
  }
}

/** What would be a formula to a spreadsheet is made text: what a scan found was written by others. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
