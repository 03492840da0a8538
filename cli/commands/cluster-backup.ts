import { basename } from 'node:path';

import { writeFileAtomic } from '#cli/atomic-file';
import { CliError, exitCodes } from '#cli/cli-error';
import { formatTable, write, writeJson } from '#cli/output';
import { isNotFound, type Schemas } from '#openapi/client/index';

import { at, ended, tellUid, type OperationOptions, type Place } from './cluster-operate.ts';
import { findCluster } from './cluster-read.ts';

interface What {
  readonly namespace?: readonly string[];
  readonly disks?: boolean;
}
export type BackupOptions = OperationOptions &
  What & {
    readonly location?: string;
    readonly prefix: string;
    readonly expiryHours: number;
    readonly list?: true;
    readonly delete?: string;
  };
export type RestoreOptions = OperationOptions & What & { readonly into?: string; readonly nodePorts?: true };
export type ActionsOptions = OperationOptions & {
  readonly type?: string;
  readonly cancel?: true;
  readonly artifact?: string;
  readonly out?: string;
};

type Backup = Schemas['v1ClusterBackupStatusMeta'];

export async function backup(name: string, options: BackupOptions): Promise<void> {
  if (!Number.isInteger(options.expiryHours) || options.expiryHours < 1)
    throw new CliError('--expiry-hours: must be a whole number of hours', { exitCode: exitCodes.usage });
  await at(name, options, async (place) => {
    if (options.list) return tellBackups(await backupsOf(place), options);
    if (options.delete !== undefined) return remove(place, options.delete, options);
    const { uid } = await place.client.post('/v1/spectroclusters/{uid}/features/backup/onDemand', {
      path: { uid: place.uid },
      body: {
        backupPrefix: options.prefix,
        backupLocationUid: await locationOf(place, options.location),
        durationInHours: options.expiryHours,
        includeAllDisks: options.disks !== false,
        includeClusterResourceMode: 'Auto',
        namespaces: [...(options.namespace ?? [])],
      },
      scope: place.scope,
    });
    await tell(place, uid, options);
  });
}

export async function restore(name: string, backupName: string, options: RestoreOptions): Promise<void> {
  await at(name, options, async (place) => {
    const found = await findBackup(place, backupName);
    const into =
      options.into === undefined ? place.uid : (await findCluster(place.client, place.scope, options.into)).uid;
    const { uid } = await place.client.post('/v1/spectroclusters/{uid}/features/restore/onDemand', {
      path: { uid: place.uid },
      body: {
        backupName,
        backupRequestUid: found.backupRequestUid ?? '',
        destinationClusterUid: into,
        includeNamespaces: [...(options.namespace ?? [])],
        includeClusterResourceMode: 'Auto',
        restorePVs: options.disks !== false,
        preserveNodePorts: options.nodePorts ?? false,
      },
      scope: place.scope,
    });
    await tell({ ...place, uid: into }, uid, options);
  });
}

export async function actions(name: string, action: string | undefined, options: ActionsOptions): Promise<void> {
  if (action === undefined && (options.cancel || options.artifact !== undefined))
    throw new CliError('say which action: palette cluster actions CLUSTER ACTION', { exitCode: exitCodes.usage });
  await at(name, options, async ({ client, scope, uid }) => {
    if (action === undefined) {
      const { items } = await client.get('/v1/spectroclusters/{uid}/actions', {
        path: { uid },
        query: options.type === undefined ? {} : { types: options.type },
        scope,
      });
      if (options.output === 'json') writeJson(items);
      else
        write(
          formatTable(
            ['at', 'type', 'by', 'phase', 'message', 'uid'],
            items.map((run) => [
              run.createdAt,
              run.type,
              run.requestedBy ?? run.scheduleId ?? '',
              run.phase,
              run.message || run.step,
              run.uid,
            ]),
            'no actions',
          ),
        );
      return;
    }
    const path = { uid, runUid: action };
    const known = await readAction({ client, scope, uid }, action);
    if (options.cancel) {
      await client.post('/v1/spectroclusters/{uid}/actions/{runUid}/cancel', { path, scope });
      const { phase } = await readAction({ client, scope, uid }, action);
      if (options.output === 'json') writeJson({ uid: action, phase });
      else write(phase === 'cancelled' ? `${known.type} is cancelled` : 'the agent is asked to end it');
    } else if (options.artifact === undefined) {
      if (options.output === 'json') writeJson(known);
      else tellAction(known);
    } else {
      const names = (known.artifacts ?? []).map((one) => one.name);
      if (!names.includes(options.artifact))
        throw new CliError(`the action brought no ${JSON.stringify(options.artifact)}`, {
          hint: names.length === 0 ? 'It brought nothing.' : `It brought: ${names.join(', ')}.`,
        });
      const bytes = await client.get('/v1/spectroclusters/{uid}/actions/{runUid}/artifacts/{name}', {
        path: { ...path, name: options.artifact },
        scope,
      });
      // The name was given by a cluster's agent: it is no way out of this folder.
      const file = options.out ?? basename(options.artifact);
      await writeFileAtomic(file, Buffer.from(bytes));
      write(`${file}: ${bytes.length} bytes`);
    }
  });
}

/** @throws CliError when the cluster has no such action */
async function readAction({ client, scope, uid }: Place, action: string): Promise<Schemas['ClusterAction']> {
  try {
    return await client.get('/v1/spectroclusters/{uid}/actions/{runUid}', { path: { uid, runUid: action }, scope });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new CliError(`the cluster has no action ${JSON.stringify(action)}`, {
      hint: 'Without an action, palette cluster actions lists them; the last column is what to give here.',
      cause: error,
    });
  }
}

function tellAction(run: Schemas['ClusterAction']): void {
  const { artifacts = [], result, spec, ...facts } = run;
  const lines = Object.entries({ ...facts, ...flat('spec', spec), ...flat('result', result) })
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${`${key}:`.padEnd(13)} ${String(value)}`);
  write(lines.join('\n'));
  if (artifacts.length > 0)
    write(
      formatTable(
        ['artifact', 'bytes', 'type'],
        artifacts.map((one) => [one.name, String(one.size), one.contentType]),
        '',
      ),
    );
}

function flat(key: string, value: unknown): Record<string, string> {
  return value === undefined ? {} : { [key]: JSON.stringify(value) };
}

async function tell(place: Place, uid: string, options: OperationOptions): Promise<void> {
  if (options.wait === false) return tellUid(uid, options);
  const run = await ended(place, uid);
  if (options.output === 'json') writeJson(run);
  else write(run.message);
}

async function remove(place: Place, backupName: string, options: OperationOptions): Promise<void> {
  const { backupRequestUid: requestUid = '' } = await findBackup(place, backupName);
  await place.client.delete('/v1/spectroclusters/{uid}/features/backup/{backupName}/request/{requestUid}', {
    path: { uid: place.uid, backupName, requestUid },
    scope: place.scope,
  });
  // Palette's operation does not say which action it began.
  const { items } = await place.client.get('/v1/spectroclusters/{uid}/actions', {
    path: { uid: place.uid },
    query: { types: 'delete-backup' },
    scope: place.scope,
  });
  const begun = items.find(({ spec }) => spec?.['backupName'] === backupName);
  if (begun === undefined) write(`the agent is asked to delete ${backupName}`);
  else await tell(place, begun.uid, options);
}

/** A cluster that was never backed up has none. */
async function backupsOf({ client, scope, uid }: Place): Promise<readonly Backup[]> {
  try {
    const { status } = await client.get('/v1/spectroclusters/{uid}/features/backup', { path: { uid }, scope });
    return status?.clusterBackupStatuses ?? [];
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

async function findBackup(place: Place, name: string): Promise<Backup> {
  const backups = await backupsOf(place);
  const found = backups.find(({ backupStatusMeta }) => backupStatusMeta?.[0]?.backupName === name);
  if (found !== undefined) return found;
  const names = backups.flatMap(({ backupStatusMeta }) => backupStatusMeta?.[0]?.backupName || []);
  throw new CliError(`there is no backup ${JSON.stringify(name)} of this cluster`, {
    hint: names.length === 0 ? 'It was never backed up.' : `There are: ${names.slice(0, 10).join(', ')}.`,
  });
}

/** The location that is named; else that of the cluster's schedule, or the default of the project or tenant. */
async function locationOf({ client, scope: given, uid }: Place, named: string | undefined): Promise<string> {
  // Where no project is named, the cluster's own locations count all the same.
  const { metadata } = await client.get('/v1/spectroclusters/{uid}', { path: { uid }, scope: given });
  const projectUid = metadata?.annotations?.['projectUid'];
  const scope = projectUid === undefined ? given : ({ kind: 'project', projectUid } as const);
  if (named === undefined) {
    const set = await client
      .get('/v1/spectroclusters/{uid}/features/backup', { path: { uid }, scope })
      .catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
    const known = set?.spec?.config?.backupLocationUid ?? '';
    if (known !== '') return known;
  }
  const { items } = await client.get('/v1/users/assets/locations', { scope });
  const found = items.find(({ metadata, spec }) =>
    named === undefined ? spec?.isDefault === true : metadata?.name === named || metadata?.uid === named,
  );
  if (found?.metadata?.uid !== undefined) return found.metadata.uid;
  const names = items.flatMap(({ metadata }) => metadata?.name ?? []);
  throw new CliError(
    named === undefined
      ? 'where is the backup to be kept? There is no default location'
      : `there is no backup location ${JSON.stringify(named)}`,
    { hint: names.length === 0 ? 'There are none; make one first.' : `Name one with --location: ${names.join(', ')}.` },
  );
}

function tellBackups(backups: readonly Backup[], options: OperationOptions): void {
  if (options.output === 'json') return writeJson(backups);
  write(
    formatTable(
      ['name', 'state', 'at', 'expires', 'location', 'message'],
      backups.map(({ backupStatusMeta, backupLocationConfig, state }) => {
        const [meta] = backupStatusMeta ?? [];
        const deleted = meta?.backupState?.deleteState;
        return [
          meta?.backupName ?? '',
          deleted === undefined ? (state ?? '') : `deletion ${deleted}`,
          meta?.backupState?.backupTime ?? '',
          meta?.expiryDate ?? '',
          backupLocationConfig?.name ?? backupLocationConfig?.uid ?? '',
          meta?.backupState?.msg ?? '',
        ];
      }),
      'no backups',
    ),
  );
}
