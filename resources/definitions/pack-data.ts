import * as z from 'zod';

import type { PaletteClient, Schemas, Scope } from '#openapi/client/index';
import {
  AttributeError,
  computed,
  dataSource,
  optionalComputed,
  tf,
  UNKNOWN,
  type PlannedValues,
} from '#resources/engine/index';

import { registryPackName } from './shared/pack-lookup.ts';
import { listed } from './shared/projects.ts';
import { isNewerVersion } from './shared/version.ts';

type PackSummary = Schemas['v1PackSummary'];

const names = (): z.ZodOptional<z.ZodArray<z.ZodString>> => tf(z.array(z.string()).optional(), { set: true });

export const packDataSchema = z.object({
  id: optionalComputed(z.string(), { conflictsWith: ['filters', 'cloud', 'name', 'version', 'registryUid'] }).describe(
    'Identifier of a version of a pack.',
  ),
  name: optionalComputed(z.string()).describe('Name of the pack. `mine--nginx` looks for `nginx`.'),
  version: optionalComputed(z.string()).describe('Version of the pack; the newest one when left out.'),
  registryUid: optionalComputed(z.string()).describe('Identifier of the registry to look in.'),
  cloud: optionalComputed(z.array(z.string()), { set: true }).describe(
    'Clouds that the pack must be made for; those it is made for.',
  ),
  type: optionalComputed(z.string()).describe(
    'Kind of pack. `manifest` and `oci`, and `helm` of a private registry, are not looked up: what is given is given back.',
  ),
  filters: tf(z.string().optional(), { conflictsWith: ['id', 'cloud', 'name', 'version', 'registryUid'] }).describe(
    'What to look for, in the words of the API: `spec.name=nginx AND spec.version=1.2.3`.',
  ),
  advanceFilters: z
    .array(
      z.object({
        packType: names().describe('Kinds of packs: `spectro`, `helm`, `manifest`, `oci`.'),
        addonType: names().describe('Kinds of add-ons, for example `load balancer` or `monitoring`.'),
        packLayer: names().describe('Layers: `kernel`, `os`, `k8s`, `cni`, `csi`, `addon`.'),
        environment: names().describe('Clouds that the pack is made for.'),
        isFips: z.boolean().default(false).describe('Whether only packs that comply with FIPS are wanted.'),
        packSource: names().describe('Where packs come from, for example `spectrocloud` or `community`.'),
      }),
    )
    .max(1)
    .optional()
    .describe('What else must hold for the pack.'),
  values: computed(z.string()).describe('Default values of the pack, as YAML.'),
});

type Config = PlannedValues<typeof packDataSchema>;

export const packData = dataSource({
  type: 'spectrocloud_pack',
  description: 'Finds one version of a pack in the registries.',
  schema: packDataSchema,

  validate: ({ config }) => {
    const { advanceFilters, id, cloud, filters } = config;
    if (advanceFilters === undefined || advanceFilters === UNKNOWN || advanceFilters.length === 0) return [];
    const others = Object.entries({ id, cloud, filters }).filter(([, value]) => value !== undefined);
    return others.map(([key]) => ({
      path: [key],
      summary: `${key} and advance_filters exclude each other`,
      detail: 'Advanced filters narrow a search by name, version and registry: remove one of the two.',
    }));
  },

  async read({ config }, { client, scopeOf, signal }) {
    const scope = scopeOf('project');
    if (await isTakenAsGiven(config, client, scope, signal)) return { ...config, id: config.id ?? '' };

    const found = await findPacks(config, client, scope, signal);
    const [pack, other] = config.version === undefined ? newestOfEach(found) : found;
    const [key, asked] = question(config);
    if (pack === undefined)
      throw new AttributeError([key], `No pack matches ${asked}`, await whatThereIs(config, client, scope, signal));
    if (other !== undefined) {
      throw new AttributeError(
        [key],
        `More than one pack matches ${asked}`,
        `Found ${listed(found.map(({ spec }) => `${spec?.name} ${spec?.version} in registry ${spec?.registryUid}`))}. Narrow it down with version and registry_uid.`,
      );
    }
    return {
      ...config,
      id: pack.metadata?.uid ?? '',
      // The name as it was asked for: a configuration and its answer must agree.
      name: config.name ?? pack.spec?.name ?? '',
      version: pack.spec?.version ?? '',
      registryUid: pack.spec?.registryUid ?? config.registryUid ?? '',
      cloud: config.cloud ?? pack.spec?.cloudTypes ?? [],
      type: config.type ?? pack.spec?.type ?? '',
      values: pack.spec?.values ?? '',
    };
  },
});

/** Manifests and private registries cannot be searched: what the configuration says is taken for true. */
async function isTakenAsGiven(
  config: Config,
  client: PaletteClient,
  scope: Scope,
  signal: AbortSignal,
): Promise<boolean> {
  if (config.type === 'manifest') return true;
  if (config.registryUid === undefined) return false;
  if (config.type === 'oci') return true;
  if (config.type !== 'helm') return false;
  const { spec } = await client.get('/v1/registries/helm/{uid}', { path: { uid: config.registryUid }, scope, signal });
  return spec?.isPrivate === true;
}

/** Every version that matches; advanced filters narrow the names first. */
async function findPacks(
  config: Config,
  client: PaletteClient,
  scope: Scope,
  signal: AbortSignal,
): Promise<PackSummary[]> {
  const filters = toFilters(config);
  const wanted = config.advanceFilters?.[0];
  const searched = wanted === undefined ? undefined : await searchNames(config, client, scope, signal);
  const list = async (extra: readonly string[]): Promise<PackSummary[]> => {
    const items: PackSummary[] = [];
    for (let continued: string | undefined; ;) {
      const page = await client.get('/v1/packs', {
        query: {
          filters: [...filters, ...extra].join('AND'),
          limit: 200,
          ...(continued === undefined ? {} : { continue: continued }),
        },
        scope,
        signal,
      });
      items.push(...page.items);
      continued = page.listmeta?.continue;
      if (continued === undefined || continued === '')
        return items.filter(({ spec }) => config.registryUid === undefined || spec?.registryUid === config.registryUid);
    }
  };
  if (searched === undefined) return list([]);
  return (await Promise.all(searched.map(async (name) => list([`spec.name=${name}`])))).flat();
}

function toFilters(config: Config): string[] {
  if (config.filters !== undefined) return [config.filters];
  if (config.id !== undefined) return [`metadata.uid=${config.id}`];
  const clouds = config.cloud ?? [];
  return [
    ...(config.name === undefined ? [] : [`spec.name=${registryPackName(config.name)}`]),
    ...(config.version === undefined ? [] : [`spec.version=${config.version}`]),
    ...(config.registryUid === undefined ? [] : [`spec.registryUid=${config.registryUid}`]),
    ...(clouds.length === 0 ? [] : [`spec.cloudTypes_in_${[...new Set([...clouds, 'all'])].join(',')}`]),
  ];
}

/** Names of the packs for which the advanced filters hold. */
async function searchNames(
  config: Config,
  client: PaletteClient,
  scope: Scope,
  signal: AbortSignal,
): Promise<string[]> {
  const wanted = config.advanceFilters?.[0];
  const { items } = await client.post('/v1/packs/search', {
    body: {
      filter: {
        ...(config.name === undefined ? {} : { name: { eq: registryPackName(config.name) } }),
        ...(config.registryUid === undefined ? {} : { registryUid: [config.registryUid] }),
        ...(wanted?.addonType ? { addOnType: wanted.addonType } : {}),
        ...(wanted?.environment ? { environment: wanted.environment } : {}),
        ...(wanted?.packSource ? { source: wanted.packSource } : {}),
        // as: the API refuses, with its own message, a kind or a layer that it does not know
        ...(wanted?.packType ? { type: wanted.packType as Schemas['v1PackType'][] } : {}),
        ...(wanted?.packLayer ? { layer: wanted.packLayer as Schemas['v1PackLayer'][] } : {}),
        ...(wanted?.isFips === true ? { isFips: true } : {}),
      },
    },
    repeatable: true,
    scope,
    signal,
  });
  return [...new Set(items.flatMap(({ spec }) => spec?.name ?? []))];
}

/** The newest version of each pack in each registry, by semantic versions where they are such. */
export function newestOfEach(packs: readonly PackSummary[]): PackSummary[] {
  const newest = new Map<string, PackSummary>();
  for (const pack of packs) {
    const key = JSON.stringify([pack.spec?.registryUid, pack.spec?.name]);
    const known = newest.get(key);
    if (known === undefined || isNewerVersion(pack.spec?.version ?? '', known.spec?.version ?? ''))
      newest.set(key, pack);
  }
  return [...newest.values()];
}

/** The attribute that asks, and the question in words. */
function question({ filters, id, name, version, registryUid }: Config): [key: string, asked: string] {
  if (filters !== undefined) return ['filters', `the filters "${filters}"`];
  if (id !== undefined) return ['id', `the id "${id}"`];
  const parts = [name === undefined ? 'any name' : `the name "${name}"`];
  if (version !== undefined) parts.push(`the version "${version}"`);
  if (registryUid !== undefined) parts.push(`the registry "${registryUid}"`);
  return [name !== undefined && version !== undefined ? 'version' : 'name', parts.join(' and ')];
}

/** Helps with a version that does not exist: the versions that do. */
async function whatThereIs(config: Config, client: PaletteClient, scope: Scope, signal: AbortSignal): Promise<string> {
  if (config.name === undefined || config.version === undefined)
    return 'Check the name, or push the pack to a registry first.';
  const others = await findPacks({ ...config, version: undefined }, client, scope, signal);
  if (others.length === 0)
    return `There is no pack of the name "${registryPackName(config.name)}" in any registry in reach.`;
  return `Versions of the pack: ${listed(others.flatMap(({ spec }) => spec?.version ?? []))}.`;
}
