/** When a cluster is scanned. */
import type { components } from '#openapi/generated/types';
import { conflict, notFound } from '#plane/api/error';
import type { Scope, SomeHandlers } from '#plane/api/handler';
import { newUid } from '#plane/store/uid';

import { clusterMetadata, requireCluster, type Cluster } from '../clusters/cluster.ts';
import { schedulesByDriver } from '../scans/schedules.ts';
import { changeFeature } from './change.ts';
import { checkCron } from './schedule.ts';

type Schemas = components['schemas'];

export const scanHandlers = {
  v1ClusterFeatureComplianceScanGet: async ({ path }, { db, scope }) => {
    const cluster = await db.transaction(async (tx) => requireCluster(tx, scope, path.uid), { readOnly: true });
    const scan = cluster.settings.complianceScan;
    if (!scan) throw notFound('compliance scan configuration of cluster', path.uid);
    return {
      status: 200,
      body: {
        metadata: metadata(cluster, scan.uid, scope),
        spec: { clusterUid: cluster.uid, driverSpec: driverSpec(scan.config) },
      },
    };
  },
  v1ClusterFeatureComplianceScanCreate: async ({ path, body }, context) => {
    const uid = newUid();
    const config = checked(body);
    await changeFeature(context, path.uid, ({ name, settings }) => {
      if (settings.complianceScan)
        throw conflict(
          'ComplianceScanExists',
          `cluster ${name} has a compliance scan configuration already; update it`,
        );
      return { complianceScan: { uid, config } };
    });
    return { status: 201, body: { uid } };
  },
  v1ClusterFeatureComplianceScanUpdate: async ({ path, body }, context) => {
    const config = checked(body);
    return changeFeature(context, path.uid, ({ settings }) => ({
      complianceScan: { uid: settings.complianceScan?.uid ?? newUid(), config },
    }));
  },
} satisfies SomeHandlers;

/** @throws PlaneError 422 for a schedule that is none */
function checked(
  config: Schemas['v1ClusterComplianceScheduleConfig'] | undefined,
): Schemas['v1ClusterComplianceScheduleConfig'] {
  for (const [driver, cron] of schedulesByDriver(config)) checkCron(cron, `${driver}: schedule.scheduledRunTime`);
  return config ?? {};
}

function metadata(cluster: Cluster, uid: string, scope: Scope): Schemas['v1ObjectMeta'] {
  const { name = '', annotations = {} } = clusterMetadata(cluster, scope.tenantUid);
  return { uid, name, annotations };
}

/** The schedules as reads answer them: by driver, the names in another case than in writes. */
function driverSpec(
  config: Schemas['v1ClusterComplianceScheduleConfig'],
): Record<string, Schemas['v1ComplianceScanDriverSpec']> {
  const schedules = {
    'kube-bench': config.kubeBench?.schedule,
    'kube-hunter': config.kubeHunter?.schedule,
    sonobuoy: config.sonobuoy?.schedule,
  };
  return Object.fromEntries(
    Object.entries(schedules).flatMap(([driver, schedule]) =>
      schedule === undefined ? [] : [[driver, { config: { schedule }, isClusterConfig: true }]],
    ),
  );
}
