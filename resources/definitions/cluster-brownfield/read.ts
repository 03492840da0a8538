/** A cluster as the state holds it. */
import { isNotFound, type PaletteClient, type Schemas, type Scope } from '#openapi/client/index';

import { labelsToTags } from '../shared/labels.ts';
import { manifestUrlOf } from './import-cluster.ts';
import type { Attachment, Planned, State } from './model.ts';
import { readSettings } from './read-settings.ts';

export interface ReadTarget {
  readonly client: PaletteClient;
  readonly scope: Scope;
  readonly signal: AbortSignal;
  /** Whether every attached profile belongs to the resource, also those that others attached. */
  readonly allProfiles: boolean;
}

/** The state of the cluster; undefined when it is gone. What cannot be read back stays as it was. */
export async function readCluster(state: State, target: ReadTarget): Promise<State | undefined> {
  const { client, scope, signal } = target;
  const at = { path: { uid: state.id }, scope, signal };
  const withVariables = (state.clusterProfile ?? []).some(({ variables }) => Object.keys(variables ?? {}).length > 0);
  const [cluster, overview, variables] = await Promise.all([
    client.get('/v1/spectroclusters/{uid}', at),
    client.get('/v1/dashboard/spectroclusters/{uid}/overview', at).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    }),
    withVariables ? client.get('/v1/spectroclusters/{uid}/variables', at) : [],
  ]);
  if (cluster.status === undefined || cluster.status.state === 'Deleted') return undefined;
  const { metadata, spec, status } = cluster;
  const kubectlCommand = status.clusterImport?.importLink ?? '';
  const scopeName = metadata?.annotations?.['scope'];
  return {
    ...state,
    ...(await readSettings(state, cluster, target)),
    name: metadata?.name ?? state.name,
    context: scopeName === 'project' || scopeName === 'tenant' ? scopeName : state.context,
    cloudType: sameCloud(state.cloudType, spec?.cloudType),
    importMode:
      spec?.clusterType === 'AlloyMonitor' ? 'read_only' : state.importMode === 'read_only' ? 'full' : state.importMode,
    description: metadata?.annotations?.['description'] ?? '',
    tags: labelsToTags(metadata?.labels),
    clusterProfile: readAttachments(
      state.clusterProfile ?? [],
      spec?.clusterProfileTemplates ?? [],
      variables,
      target.allProfiles,
    ),
    kubectlCommand,
    manifestUrl: manifestUrlOf(kubectlCommand),
    status: status.state ?? '',
    healthStatus: overview?.status?.health?.state ?? 'Unknown',
    cloudConfigId: spec?.cloudConfigRef?.uid ?? '',
    locationConfig: readLocation(status.location),
  };
}

/** A cloud that has no import of its own was imported as `generic`. */
function sameCloud(prior: string, found: string | undefined): string {
  return found === undefined || found === 'generic' ? prior : found;
}

/**
 * The attached profiles that belong to the resource: another resource may attach more to the same cluster.
 *
 * @param variables their values; undefined where the API does not tell them, and they stay as they were
 */
export function readAttachments(
  prior: readonly Attachment[],
  templates: readonly Schemas['v1ClusterProfileTemplate'][],
  variables: readonly Schemas['v1SpectroClusterVariables'][] | undefined,
  all: boolean,
): Attachment[] {
  const kept = prior.flatMap((attachment) => {
    const template = templates.find(({ uid }) => uid === attachment.id);
    if (template === undefined) return [];
    const values = variables?.find(({ profileUid }) => profileUid === attachment.id)?.variables ?? [];
    return [
      {
        ...attachment,
        variables: variables === undefined ? attachment.variables : readValues(attachment.variables, values),
        pack: readPacks(attachment.pack, template),
      },
    ];
  });
  if (!all) return kept;
  const others = templates.flatMap(({ uid }) =>
    uid === undefined || kept.some(({ id }) => id === uid) ? [] : [{ id: uid }],
  );
  return [...kept, ...others];
}

/** The values of the variables that the configuration gives; secrets are not read back. */
function readValues(
  prior: Attachment['variables'],
  found: readonly Schemas['v1SpectroClusterVariableResponse'][],
): Attachment['variables'] {
  if (prior === undefined) return undefined;
  const read = Object.entries(prior).flatMap(([name, before]) => {
    const variable = found.find((candidate) => candidate.name === name);
    if (variable?.isSensitive === true) return [[name, before] as const];
    const value = variable?.value ?? '';
    return value === '' && before !== '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(read);
}

function readPacks(prior: Attachment['pack'], { packs = [] }: Schemas['v1ClusterProfileTemplate']): Attachment['pack'] {
  return prior?.map((pack) => {
    const found = packs.find(({ name }) => name === pack.name);
    if (found === undefined) return pack;
    return {
      ...pack,
      uid: found.packUid ?? pack.uid ?? '',
      values: (pack.values ?? '') === '' ? pack.values : (found.values ?? pack.values),
      manifest: pack.manifest?.map((manifest) => ({
        ...manifest,
        uid: found.manifests?.find(({ name }) => name === manifest.name)?.uid ?? manifest.uid ?? '',
      })),
    };
  });
}

function readLocation(location: Schemas['v1ClusterLocation'] | undefined): NonNullable<Planned['locationConfig']> {
  if (location === undefined || Object.keys(location).length === 0) return [];
  return [
    {
      countryCode: location.countryCode ?? '',
      countryName: location.countryName ?? '',
      regionCode: location.regionCode ?? '',
      regionName: location.regionName ?? '',
      latitude: location.geoLoc?.latitude ?? 0,
      longitude: location.geoLoc?.longitude ?? 0,
    },
  ];
}
