/** Settings of a cluster beside its profiles: each is one operation of the API, called when it changes. */
import type { PaletteClient, Schemas, Scope } from '#openapi/client/index';
import { AttributeError } from '#resources/engine/index';

import type { Planned } from './model.ts';

interface Target {
  readonly uid: string;
  readonly client: PaletteClient;
  readonly scope: Scope;
  readonly signal: AbortSignal;
}

/**
 * Brings the settings of a cluster from what they were to what they are to be.
 *
 * @param prior what was; for a new cluster only what differs from the API's own defaults is sent
 */
export async function applySettings(
  planned: Planned,
  prior: Partial<Planned>,
  { uid, client, scope, signal }: Target,
): Promise<void> {
  const at = { path: { uid }, scope, signal };
  const changed = (key: keyof Planned): boolean => !same(planned[key], prior[key]);

  if (changed('namespaces'))
    await client.put('/v1/spectroclusters/{uid}/config/namespaces', {
      ...at,
      body: { namespaces: toNamespaces(planned.namespaces) },
    });
  if (changed('clusterRbacBinding'))
    await client.put('/v1/spectroclusters/{uid}/config/rbacs', {
      ...at,
      body: { rbacs: toRbacs(planned.clusterRbacBinding) },
    });
  if (changed('backupPolicy')) {
    const before = prior.backupPolicy?.[0];
    const policy = planned.backupPolicy?.[0];
    // A policy cannot be deleted: without a schedule it does nothing.
    const body = policy === undefined ? { ...toBackup(before), schedule: { scheduledRunTime: '' } } : toBackup(policy);
    if (before === undefined) await client.post('/v1/spectroclusters/{uid}/features/backup', { ...at, body });
    else await client.put('/v1/spectroclusters/{uid}/features/backup', { ...at, body });
  }
  if (changed('scanPolicy')) {
    const body = toScan(planned.scanPolicy?.[0]);
    if (prior.scanPolicy?.[0] === undefined)
      await client.post('/v1/spectroclusters/{uid}/features/complianceScan', { ...at, body });
    else await client.put('/v1/spectroclusters/{uid}/features/complianceScan', { ...at, body });
  }
  if (changed('hostConfig')) {
    await client.patch('/v1/spectroclusters/{uid}/clusterConfig/hostCluster', {
      ...at,
      body: { hostClusterConfig: toHost(planned.hostConfig?.[0]) },
    });
  }
  if (planned.clusterTimezone !== (prior.clusterTimezone ?? '')) {
    await client.patch('/v1/spectroclusters/{uid}/clusterConfig/timezone', {
      ...at,
      body: { timezone: planned.clusterTimezone },
    });
  }
  if (planned.pauseAgentUpgrades !== (prior.pauseAgentUpgrades ?? 'unlock')) {
    await client.post('/v1/spectroclusters/{uid}/upgrade/settings', {
      ...at,
      body: { spectroComponents: planned.pauseAgentUpgrades },
    });
  }
  if (changed('renewK8sCertificatesNow') && planned.renewK8sCertificatesNow) {
    await client.patch('/v1/spectroclusters/{uid}/k8certificates/renew', at);
  }
  if (planned.reviewRepaveState !== (prior.reviewRepaveState ?? '') && planned.reviewRepaveState === 'Approved') {
    const { status } = await client.get('/v1/spectroclusters/{uid}/repave/status', at);
    if (status?.state === 'Pending') await client.patch('/v1/spectroclusters/{uid}/repave/approve', at);
  }
}

/** What is configured and what is not there are compared as they are sent. */
function same(a: unknown, b: unknown): boolean {
  const plain = (value: unknown): unknown =>
    value === undefined || (Array.isArray(value) && value.length === 0) ? null : value;
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b));
}

function toNamespaces(namespaces: Planned['namespaces']): Schemas['v1ClusterNamespaceResourceInputEntity'][] {
  return (namespaces ?? []).map(({ name, resourceAllocation }, index) => ({
    metadata: { name },
    spec: {
      isRegex: /^\/.*\/$/.test(name),
      resourceAllocation: {
        cpuCores: quota(resourceAllocation, 'cpu_cores', index),
        memoryMiB: quota(resourceAllocation, 'memory_MiB', index),
      },
    },
  }));
}

function quota(allocation: Readonly<Record<string, string>>, key: string, index: number): number {
  const text = allocation[key] ?? '';
  const value = Number(text === '' ? '0' : text);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new AttributeError(
    ['namespaces', index, 'resourceAllocation'],
    `Quota ${key} is no number`,
    `Expected a number such as "2", found "${text}".`,
  );
}

function toRbacs(bindings: Planned['clusterRbacBinding']): Schemas['v1ClusterRbacInputEntity'][] {
  const all = (bindings ?? []).map(({ type, namespace, role, subjects }, index): Schemas['v1ClusterRbacBinding'] => ({
    type,
    namespace: namespace ?? '',
    ...(role === undefined ? {} : { role: toRole(role, index) }),
    subjects: (subjects ?? []).map((subject) => ({
      type: subject.type,
      name: subject.name,
      namespace: subject.namespace ?? '',
    })),
  }));
  // The API keeps bindings of one kind together.
  return (['ClusterRoleBinding', 'RoleBinding'] as const).flatMap((kind) => {
    const ofKind = all.filter(({ type }) => type === kind);
    return ofKind.length === 0 ? [] : [{ spec: { bindings: ofKind } }];
  });
}

function toRole(role: Readonly<Record<string, string>>, index: number): Schemas['v1ClusterRoleRef'] {
  const kind = role['kind'];
  const name = role['name'] ?? '';
  if (kind === 'Role' || kind === 'ClusterRole') return { kind, name };
  throw new AttributeError(
    ['clusterRbacBinding', index, 'role'],
    'The kind of the role is wrong',
    `Expected kind to be "Role" or "ClusterRole", found "${kind ?? ''}".`,
  );
}

const RESOURCE_MODES = { always: 'Always', never: 'Never', auto: 'Auto' } as const;

function toBackup(policy: NonNullable<Planned['backupPolicy']>[number] | undefined): Schemas['v1ClusterBackupConfig'] {
  if (policy === undefined) return {};
  const mode = policy.includeClusterResourcesMode;
  return {
    backupPrefix: policy.prefix,
    backupLocationUid: policy.backupLocationId,
    schedule: { scheduledRunTime: policy.schedule },
    durationInHours: policy.expiryInHour,
    includeAllDisks: policy.includeDisks,
    ...(mode === undefined
      ? { includeClusterResources: policy.includeClusterResources }
      : { includeClusterResourceMode: RESOURCE_MODES[mode] }),
    namespaces: policy.namespaces ?? [],
  };
}

function toScan(
  policy: NonNullable<Planned['scanPolicy']>[number] | undefined,
): Schemas['v1ClusterComplianceScheduleConfig'] {
  const at = (schedule: string | undefined): { schedule: { scheduledRunTime: string } } => ({
    schedule: { scheduledRunTime: schedule ?? '' },
  });
  return {
    kubeBench: at(policy?.configurationScanSchedule),
    kubeHunter: at(policy?.penetrationScanSchedule),
    sonobuoy: at(policy?.conformanceScanSchedule),
  };
}

function toHost(config: NonNullable<Planned['hostConfig']>[number] | undefined): Schemas['v1HostClusterConfig'] {
  if (config === undefined) return { isHostCluster: false };
  const ranges = (config.loadBalancerSourceRanges ?? '').split(',').filter((range) => range !== '');
  return {
    isHostCluster: true,
    clusterEndpoint: {
      type: config.hostEndpointType,
      config:
        config.hostEndpointType === 'Ingress'
          ? { ingressConfig: { host: config.ingressHost ?? '' } }
          : {
              loadBalancerConfig: {
                externalTrafficPolicy: config.externalTrafficPolicy ?? '',
                loadBalancerSourceRanges: ranges,
              },
            },
    },
  };
}
