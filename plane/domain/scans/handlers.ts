/** Scans on demand, and what scans found. */
import type { components } from '#openapi/generated/types';
import { conflict, invalidRequest, notFound } from '#plane/api/error';
import type { SomeHandlers, UserContext } from '#plane/api/handler';
import { newUid } from '#plane/store/uid';
import type { ScanDriver, ScanSpec } from '#protocol/actions';
import { SCAN_REPORT, type ScanReportOf } from '#protocol/scan-report';

import { readArtifact } from '../actions/artifacts.ts';
import { issueAction } from '../actions/issue.ts';
import { requireCluster } from '../clusters/cluster.ts';
import { isOf, listScans, loadReport, loadReports, requireScan, type Scan } from './scan-store.ts';
import { benchView, csvOf, hunterView, sonobuoyView, syftView, type ViewOptions } from './scan-views.ts';

type Schemas = components['schemas'];

/** As the API writes drivers in paths. */
const DRIVERS = { kubeBench: 'kube-bench', kubeHunter: 'kube-hunter', sonobuoy: 'sonobuoy', syft: 'syft' } as const;

export const scanLogHandlers = {
  v1ClusterFeatureComplianceScanOnDemandCreate: async ({ path, body }, { db, scope, services, principal }) => {
    const specs = specsOf(body ?? {});
    const uid = newUid();
    await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid, 'FOR UPDATE');
      for (const spec of specs) {
        const runId = await issueAction(
          tx,
          services,
          cluster,
          { type: 'scan', spec },
          { tenantUid: scope.tenantUid, requestedBy: principal.email },
        );
        await tx.execute('UPDATE cluster_actions SET request_uid = $2 WHERE run_id = $1', [runId, uid]);
      }
    });
    return { status: 201, body: { uid } };
  },

  v1ClusterFeatureComplianceScanLogsGet: async ({ path }, { db, scope }) => {
    const { scans, reports } = await db.transaction(
      async (tx) => {
        const cluster = await requireCluster(tx, scope, path.uid);
        const found = await listScans(tx, cluster.uid);
        return {
          scans: found,
          reports: await loadReports(
            tx,
            found.map(({ uid }) => uid),
          ),
        };
      },
      { readOnly: true },
    );
    const options: ViewOptions = { clusterUid: path.uid, detail: 'list' };
    const of = <D extends ScanDriver, V>(
      driver: D,
      view: (scan: Scan, report: ScanReportOf<D> | undefined, options: ViewOptions) => V,
    ): V[] =>
      scans
        .filter((scan) => scan.driver === driver)
        .map((scan) => {
          const report = reports.get(scan.uid);
          return view(scan, report !== undefined && isOf(report, driver) ? report : undefined, options);
        });
    return {
      status: 200,
      body: {
        kubeBenchLogs: of('kube-bench', benchView),
        kubeHunterLogs: of('kube-hunter', hunterView),
        sonobuoyLogs: of('sonobuoy', sonobuoyView),
        syftLogs: of('syft', syftView),
      },
    };
  },

  v1ClusterFeatureComplianceScanLogDelete: async ({ path }, { db, scope }) => {
    await db.transaction(async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid);
      const scan = await requireScan(tx, cluster.uid, path.logUid, { lock: 'FOR UPDATE' });
      if (['queued', 'waiting', 'running'].includes(scan.phase))
        throw conflict('ScanUnderWay', `the scan by ${scan.driver} is under way; cancel it first`);
      await tx.execute('DELETE FROM cluster_actions WHERE run_id = $1', [scan.uid]);
    });
    return { status: 204 };
  },

  v1ClusterFeatureKubeBenchLogGet: async ({ path, query }, context) => {
    const { scan, report } = await load(context, path, 'kube-bench');
    return { status: 200, body: benchView(scan, report, { ...one(path), reportId: query.reportId }) };
  },
  v1ClusterFeatureKubeHunterLogGet: async ({ path, query }, context) => {
    const { scan, report } = await load(context, path, 'kube-hunter');
    return { status: 200, body: hunterView(scan, report, { ...one(path), reportId: query.reportId }) };
  },
  v1ClusterFeatureSonobuoyLogGet: async ({ path, query }, context) => {
    const { scan, report } = await load(context, path, 'sonobuoy');
    return { status: 200, body: sonobuoyView(scan, report, { ...one(path), reportId: query.reportId }) };
  },
  v1ClusterFeatureSyftLogGet: async ({ path }, context) => {
    const { scan, report } = await load(context, path, 'syft');
    return { status: 200, body: syftView(scan, report, one(path)) };
  },

  v1SyftScanLogImageSBOMGet: async ({ path, query }, context) => {
    const { scan, report } = await load(context, path, 'syft');
    const artifact = report?.images.find(({ image }) => image === query.image)?.artifact;
    if (artifact === undefined) throw notFound('bill of materials of image', query.image);
    return {
      status: 200,
      headers: download('sbom.json'),
      body: readArtifact(context.db, { runId: scan.uid, name: artifact }, context.signal),
    };
  },

  v1ClusterFeatureDriverLogDownload: async ({ path, query }, context) => {
    const { scan, report } = await load(context, path, DRIVERS[path.driver]);
    if (report === undefined) throw notFound('report of scan', path.logUid);
    switch (query.fileFormat ?? 'json') {
      case 'json':
        return {
          status: 200,
          headers: download(`${scan.driver}.json`),
          body: readArtifact(context.db, { runId: scan.uid, name: SCAN_REPORT }, context.signal),
        };
      case 'csv':
        return { status: 200, headers: download(`${scan.driver}.csv`), body: csvOf(report) };
      default:
        throw invalidRequest(`fileFormat: there is no '${query.fileFormat}'; expected json or csv`);
    }
  },
} satisfies SomeHandlers;

function one(path: { readonly uid: string }): ViewOptions {
  return { clusterUid: path.uid, detail: 'one' };
}

async function load<D extends ScanDriver>(
  { db, scope }: UserContext,
  path: { readonly uid: string; readonly logUid: string },
  driver: D,
): Promise<{ readonly scan: Scan; readonly report: ScanReportOf<D> | undefined }> {
  return db.transaction(
    async (tx) => {
      const cluster = await requireCluster(tx, scope, path.uid);
      const scan = await requireScan(tx, cluster.uid, path.logUid, { driver });
      return { scan, report: await loadReport(tx, scan.uid, driver) };
    },
    { readOnly: true },
  );
}

/** What an agent brought is never shown by a browser as a page of this plane. */
function download(name: string): Record<string, string> {
  return { 'content-disposition': `attachment; filename="${name}"`, 'x-content-type-options': 'nosniff' };
}

/** @throws PlaneError 422 when no scan is asked for, or syft's scope lacks what it needs */
function specsOf(body: Schemas['v1ClusterComplianceOnDemandConfig']): readonly ScanSpec[] {
  const { kubeBench, kubeHunter, sonobuoy, syft } = body;
  const specs: ScanSpec[] = [
    ...(kubeBench?.runScan ? [{ driver: 'kube-bench' as const, namespaces: [] }] : []),
    ...(kubeHunter?.runScan ? [{ driver: 'kube-hunter' as const, namespaces: [] }] : []),
    ...(sonobuoy?.runScan ? [{ driver: 'sonobuoy' as const, namespaces: [] }] : []),
    ...(syft?.runScan ? [syftSpec(syft.config ?? {})] : []),
  ];
  if (specs.length === 0)
    throw invalidRequest('runScan: no scan is asked for; set it of kubeBench, kubeHunter, sonobuoy or syft');
  return specs;
}

function syftSpec(config: Schemas['v1ClusterComplianceScanSyftDriverConfig']): ScanSpec {
  const { scope = 'cluster', namespace = '', labelSelector = '', podName = '', format } = config;
  const needed = {
    cluster: [],
    namespace: [['namespace', namespace]],
    'label-selector': [['labelSelector', labelSelector]],
    pod: [
      ['namespace', namespace],
      ['podName', podName],
    ],
  }[scope];
  for (const [field, value] of needed)
    if (value === '') throw invalidRequest(`syft.config.${field}: needed for the scope ${scope}`);
  return {
    driver: 'syft',
    namespaces: scope === 'cluster' || namespace === '' ? [] : [namespace],
    ...(format === undefined ? {} : { format }),
    ...(scope === 'label-selector' ? { labelSelector } : {}),
    ...(scope === 'pod' ? { podName } : {}),
  };
}
