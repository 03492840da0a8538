/** What a cluster's agent does again and again without being asked: shown, and set. */
import { CliError, exitCodes } from '#cli/cli-error';
import { formatTable, write, writeJson } from '#cli/output';
import { ApiError, type PaletteClient, type Schemas, type Scope } from '#openapi/client/index';

import { findCluster, withClient } from './cluster-read.ts';
import type { ApiOptions, OutputOptions } from './options.ts';

export interface ScheduleOptions extends ApiOptions, OutputOptions {
  readonly project?: string;
  readonly timezone?: string;
  /** `driver=cron` each; without a schedule after the sign it is taken away. */
  readonly scan?: readonly string[];
  /** Empty: it is taken away. */
  readonly patch?: string;
  readonly patchAfter?: string;
  readonly patchOnBoot?: boolean;
  readonly reboot?: boolean;
}

type ScanConfig = Schemas['v1ClusterComplianceScheduleConfig'];
type PatchConfig = Schemas['v1OsPatchConfig'];
interface Place {
  readonly client: PaletteClient;
  readonly scope: Scope;
  readonly path: { readonly uid: string };
}

/** As users write drivers, and as the API does. */
const DRIVERS = { 'kube-bench': 'kubeBench', 'kube-hunter': 'kubeHunter', sonobuoy: 'sonobuoy' } as const;
type Driver = keyof typeof DRIVERS;

/** @throws CliError, ApiError */
export async function schedule(name: string, options: ScheduleOptions): Promise<void> {
  // What is wrong is known before anything is changed.
  const scans = (options.scan ?? []).map(parseScan);
  const patches = patchChanges(options);
  await withClient(options, async (client, scope) => {
    const { uid } = await findCluster(client, scope, name);
    const place: Place = { client, scope, path: { uid } };
    if (options.timezone !== undefined)
      await client.patch('/v1/spectroclusters/{uid}/clusterConfig/timezone', {
        ...place,
        body: { timezone: options.timezone },
      });
    if (scans.length > 0) await setScans(place, scans);
    if (Object.keys(patches).length > 0) await setPatches(place, patches);
    await show(place, options);
  });
}

/** @throws CliError for what is not written `driver=cron` */
function parseScan(text: string): { readonly driver: Driver; readonly cron: string } {
  const [, driver = '', cron = ''] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  if (!isDriver(driver))
    throw new CliError(`--scan ${text}: expected driver=cron, with a driver of: ${Object.keys(DRIVERS).join(', ')}`, {
      exitCode: exitCodes.usage,
      hint: "For example --scan 'kube-bench=0 1 * * *'; --scan kube-bench= takes it away",
    });
  return { driver, cron: cron.trim() };
}

function isDriver(text: string): text is Driver {
  return Object.hasOwn(DRIVERS, text);
}

async function setScans(
  place: Place,
  scans: readonly { readonly driver: Driver; readonly cron: string }[],
): Promise<void> {
  const before = await readScans(place);
  const schedules = { ...before, ...Object.fromEntries(scans.map(({ driver, cron }) => [driver, cron])) };
  const body: ScanConfig = Object.fromEntries(
    Object.entries(schedules).flatMap(([driver, cron]) =>
      isDriver(driver) && cron !== '' ? [[DRIVERS[driver], { schedule: { scheduledRunTime: cron } }]] : [],
    ),
  );
  const { client, ...at } = place;
  if (before === undefined) await client.post('/v1/spectroclusters/{uid}/features/complianceScan', { ...at, body });
  else await client.put('/v1/spectroclusters/{uid}/features/complianceScan', { ...at, body });
}

/** By driver; undefined where nothing was ever set. */
async function readScans({ client, ...at }: Place): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const { spec } = await client.get('/v1/spectroclusters/{uid}/features/complianceScan', at);
    return Object.fromEntries(
      Object.entries(spec?.driverSpec ?? {}).flatMap(([driver, { config }]) => {
        const cron = config?.schedule?.scheduledRunTime ?? '';
        return cron === '' ? [] : [[driver, cron]];
      }),
    );
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

function patchChanges({ patch, patchAfter, patchOnBoot, reboot }: ScheduleOptions): PatchConfig {
  return {
    ...(patch === undefined ? {} : { schedule: patch }),
    ...(patchAfter === undefined ? {} : { onDemandPatchAfter: timeOf(patchAfter) }),
    ...(patchOnBoot === undefined ? {} : { patchOnBoot }),
    ...(reboot === undefined ? {} : { rebootIfRequired: reboot }),
  };
}

async function setPatches({ client, ...at }: Place, changes: PatchConfig): Promise<void> {
  const { spec } = await client.get('/v1/spectroclusters/{uid}', at);
  const before = spec?.clusterConfig?.machineManagementConfig?.osPatchConfig ?? {};
  await client.patch('/v1/spectroclusters/{uid}/clusterConfig/osPatch', {
    ...at,
    body: { osPatchConfig: { ...before, ...changes } },
  });
}

/** The API's word for no time is the zero time. @throws CliError */
function timeOf(text: string): string {
  if (text === '') return '0001-01-01T00:00:00.000Z';
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new CliError(`--patch-after ${text}: not a time such as 2026-03-01T02:00:00Z`, { exitCode: exitCodes.usage });
  return time.toISOString();
}

async function show(place: Place, { output }: OutputOptions): Promise<void> {
  const { client, ...at } = place;
  const { spec } = await client.get('/v1/spectroclusters/{uid}', at);
  const { timezone = '', machineManagementConfig } = spec?.clusterConfig ?? {};
  const patches = machineManagementConfig?.osPatchConfig ?? {};
  const scans = (await readScans(place)) ?? {};
  if (output === 'json') {
    writeJson({ timezone, scans, patches });
    return;
  }
  const after = new Date(patches.onDemandPatchAfter ?? 0).getTime() > 0 ? patches.onDemandPatchAfter : undefined;
  const rows = [
    ...Object.entries(scans).map(([driver, cron]) => [`scan by ${driver}`, cron]),
    ...(patches.schedule ? [['patches', patches.schedule]] : []),
    ...(after === undefined ? [] : [['patches, once', after]]),
    ...(patches.patchOnBoot ? [['patches', 'for each node that joins']] : []),
  ];
  write(formatTable(['what', 'when'], rows, 'nothing is scheduled'));
  write(
    `in the time zone ${timezone || 'UTC'}; ${patches.rebootIfRequired ? 'nodes are' : 'no node is'} restarted by a patch`,
  );
}
