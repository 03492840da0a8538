/** Settings of a cluster as the state holds them. Only those are read that the configuration gives. */
import { isNotFound, type PaletteClient, type Schemas, type Scope } from '#openapi/client/index';

import type { Planned, State } from './model.ts';

interface Target {
  readonly client: PaletteClient;
  readonly scope: Scope;
  readonly signal: AbortSignal;
}

export async function readSettings(
  state: State,
  cluster: Schemas['v1SpectroCluster'],
  { client, scope, signal }: Target,
): Promise<Partial<Planned>> {
  const at = { path: { uid: state.id }, scope, signal };
  const given = (key: 'namespaces' | 'clusterRbacBinding' | 'backupPolicy' | 'scanPolicy'): boolean =>
    (state[key] ?? []).length > 0;
  const [namespaces, rbacs, backup, scan] = await Promise.all([
    given('namespaces') ? client.get('/v1/spectroclusters/{uid}/config/namespaces', at) : undefined,
    given('clusterRbacBinding') ? client.get('/v1/spectroclusters/{uid}/config/rbacs', at) : undefined,
    given('backupPolicy') ? unlessAbsent(client.get('/v1/spectroclusters/{uid}/features/backup', at)) : undefined,
    given('scanPolicy') ? unlessAbsent(client.get('/v1/spectroclusters/{uid}/features/complianceScan', at)) : undefined,
  ]);
  const config = cluster.spec?.clusterConfig;
  return {
    ...(namespaces === undefined ? {} : { namespaces: fromNamespaces(namespaces.items, state.namespaces ?? []) }),
    ...(rbacs === undefined ? {} : { clusterRbacBinding: fromRbacs(rbacs.items, state.clusterRbacBinding ?? []) }),
    ...(given('backupPolicy') ? { backupPolicy: fromBackup(backup?.spec?.config, state.backupPolicy?.[0]) } : {}),
    ...(given('scanPolicy') ? { scanPolicy: fromScan(scan?.spec?.driverSpec) } : {}),
    ...((state.hostConfig ?? []).length === 0 ? {} : { hostConfig: fromHost(config?.hostClusterConfig) }),
    clusterTimezone: config?.timezone ?? '',
  };
}

async function unlessAbsent<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

type Namespaces = NonNullable<Planned['namespaces']>;

function fromNamespaces(found: readonly Schemas['v1ClusterNamespaceResource'][], prior: Namespaces): Namespaces {
  const namespaces = found.map(({ metadata, spec }) => {
    const name = metadata?.name ?? '';
    const allocation = spec?.resourceAllocation;
    const before = prior.find((candidate) => candidate.name === name)?.resourceAllocation ?? {};
    return {
      name,
      resourceAllocation: {
        ...quota('cpu_cores', allocation?.cpuCores, before),
        ...quota('memory_MiB', allocation?.memoryMiB, before),
      },
    };
  });
  return inOrderOf(prior, namespaces, ({ name }) => name);
}

/** A number as the configuration writes it: `2.0` stays when the API says 2, and what it leaves out stays out. */
function quota(
  key: string,
  found: number | undefined,
  before: Readonly<Record<string, string>>,
): Record<string, string> {
  const text = before[key];
  if (text !== undefined && Number(text) === (found ?? 0)) return { [key]: text };
  return text === undefined && (found ?? 0) === 0 && Object.keys(before).length > 0
    ? {}
    : { [key]: String(found ?? 0) };
}

type Bindings = NonNullable<Planned['clusterRbacBinding']>;

function fromRbacs(found: readonly Schemas['v1ClusterRbac'][], prior: Bindings): Bindings {
  const bindings = found.flatMap(({ spec }) =>
    (spec?.bindings ?? []).flatMap(({ type, namespace, role, subjects }) =>
      type === undefined
        ? []
        : [
            {
              type,
              namespace: namespace ?? '',
              ...(role === undefined ? {} : { role: { kind: role.kind ?? '', name: role.name ?? '' } }),
              subjects: (subjects ?? []).flatMap((subject) =>
                subject.type === undefined
                  ? []
                  : [{ type: subject.type, name: subject.name ?? '', namespace: subject.namespace ?? '' }],
              ),
            },
          ],
    ),
  );
  return inOrderOf(prior, bindings, ({ type, namespace, role }) =>
    JSON.stringify([type, namespace ?? '', role?.['kind'], role?.['name']]),
  );
}

/** The API keeps things in an order of its own, which means nothing: those known before come first, as they were. */
function inOrderOf<T>(prior: readonly T[], found: readonly T[], key: (item: T) => string): T[] {
  const keys = prior.map(key);
  const position = (item: T): number => (keys.indexOf(key(item)) + keys.length + 1) % (keys.length + 1);
  return [...found].sort((a, b) => position(a) - position(b));
}

const RESOURCE_MODES = { Always: 'always', Never: 'never', Auto: 'auto' } as const;

type Backup = NonNullable<Planned['backupPolicy']>[number];

function fromBackup(found: Schemas['v1ClusterBackupConfig'] | undefined, prior: Backup | undefined): Backup[] {
  if (found === undefined) return [];
  const mode = found.includeClusterResourceMode;
  return [
    {
      prefix: found.backupPrefix ?? '',
      backupLocationId: found.backupLocationUid ?? '',
      schedule: found.schedule?.scheduledRunTime ?? '',
      expiryInHour: found.durationInHours ?? 0,
      includeDisks: found.includeAllDisks ?? true,
      includeClusterResources:
        prior?.includeClusterResourcesMode === undefined
          ? (found.includeClusterResources ?? true)
          : prior.includeClusterResources,
      includeClusterResourcesMode:
        prior?.includeClusterResourcesMode === undefined || mode === undefined
          ? prior?.includeClusterResourcesMode
          : RESOURCE_MODES[mode],
      namespaces: found.namespaces ?? [],
      includeAllClusters: prior?.includeAllClusters,
      clusterUids: prior?.clusterUids,
    },
  ];
}

function fromScan(
  drivers: Readonly<Record<string, Schemas['v1ComplianceScanDriverSpec']>> | undefined,
): NonNullable<Planned['scanPolicy']> {
  const schedule = (driver: string): string => drivers?.[driver]?.config?.schedule?.scheduledRunTime ?? '';
  const policy = {
    configurationScanSchedule: schedule('kube-bench'),
    penetrationScanSchedule: schedule('kube-hunter'),
    conformanceScanSchedule: schedule('sonobuoy'),
  };
  return Object.values(policy).every((text) => text === '') ? [] : [policy];
}

function fromHost(found: Schemas['v1HostClusterConfig'] | undefined): NonNullable<Planned['hostConfig']> {
  if (found?.isHostCluster !== true) return [];
  const { type, config } = found.clusterEndpoint ?? {};
  return [
    {
      hostEndpointType: type ?? 'Ingress',
      ingressHost: config?.ingressConfig?.host,
      externalTrafficPolicy: config?.loadBalancerConfig?.externalTrafficPolicy,
      loadBalancerSourceRanges: config?.loadBalancerConfig?.loadBalancerSourceRanges?.join(','),
    },
  ];
}
