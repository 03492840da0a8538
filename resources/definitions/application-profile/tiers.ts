/** Tiers of an application as the API takes and tells them. */
import type { PaletteClient, Schemas, Scope } from '#openapi/client/index';
import { AttributeError, type PlannedValues } from '#resources/engine/index';

import { listed } from '../shared/projects.ts';
import { listRegistries } from '../shared/registries.ts';
import type { applicationProfileSchema } from './schema.ts';

export type Tiers = PlannedValues<typeof applicationProfileSchema>['pack'];
export type Tier = Tiers[number];
type TierType = Schemas['v1AppTierType'];

/** What reads of a secret show in its place. */
const MASK = '********';

/** What a tier is made of; what says nothing about it says it by its other keys. */
export function tierType({ type, manifest, sourceAppTier, registryUid, registryName }: Tier): TierType {
  if (type !== 'spectro') return type;
  if ((manifest ?? []).length > 0) return 'manifest';
  if ((registryUid ?? '') !== '' || (registryName ?? '') !== '') return 'helm';
  return (sourceAppTier ?? '') === '' ? 'container' : 'operator-instance';
}

/**
 * Tiers as the API takes them.
 *
 * @throws AttributeError at the registry that there is not
 */
export async function toTiers(
  tiers: Tiers,
  prior: Tiers | undefined,
  client: PaletteClient,
  scope: Scope,
): Promise<Schemas['v1AppTierEntity'][]> {
  const entities: Schemas['v1AppTierEntity'][] = [];
  for (const [index, tier] of tiers.entries()) entities.push(await toTier(tier, index, prior, client, scope));
  return entities;
}

async function toTier(
  tier: Tier,
  index: number,
  prior: Tiers | undefined,
  client: PaletteClient,
  scope: Scope,
): Promise<Schemas['v1AppTierEntity']> {
  const known = prior?.find(({ name }) => name === tier.name)?.manifest ?? [];
  return {
    name: tier.name,
    type: tierType(tier),
    version: tier.tag ?? '',
    installOrder: tier.installOrder,
    registryUid: await registryOf(tier, index, client, scope),
    sourceAppTierUid: tier.sourceAppTier ?? '',
    values: (tier.values ?? '').trim(),
    properties: Object.entries(tier.properties ?? {}).map(([name, value]) => ({ name, value })),
    manifests: (tier.manifest ?? []).map(({ name, content }) => {
      const uid = known.find((manifest) => manifest.name === name)?.uid ?? '';
      return { name, content: content.trim(), ...(uid === '' ? {} : { uid }) };
    }),
  };
}

async function registryOf(
  { registryUid, registryName }: Tier,
  index: number,
  client: PaletteClient,
  scope: Scope,
): Promise<string> {
  if ((registryName ?? '') === '') return registryUid ?? '';
  const registries = await listRegistries(client, scope);
  const found = registries.find(({ name }) => name === registryName);
  if (found !== undefined) return found.uid;
  throw new AttributeError(
    ['pack', index, 'registryName'],
    `There is no registry "${registryName ?? ''}"`,
    `Registries in reach: ${listed(registries.map(({ name }) => name))}.`,
  );
}

/** What the API tells of a tier, with the content of its manifests. */
export interface ReadTier {
  readonly tier: Schemas['v1AppTier'];
  readonly manifests: readonly Schemas['v1Manifest'][];
}

/** Tiers as the state holds them, written in the form that the configuration used. */
export async function fromTiers(
  found: readonly ReadTier[],
  prior: Tiers | undefined,
  client: PaletteClient,
  scope: Scope,
): Promise<Tiers> {
  const named = prior?.some(({ registryName }) => (registryName ?? '') !== '') === true;
  const registries = named ? await listRegistries(client, scope) : [];
  return found.map(({ tier: { metadata, spec }, manifests }) => {
    const before = prior?.find(({ name }) => name === metadata?.name);
    const type = spec?.type ?? 'manifest';
    return {
      name: metadata?.name ?? '',
      type: before?.type === 'spectro' && tierType(before) === type ? 'spectro' : type,
      registryUid:
        before === undefined || before.registryUid !== undefined
          ? orLeftOut(spec?.registryUid, before?.registryUid)
          : undefined,
      registryName:
        before?.registryName === undefined
          ? undefined
          : (registries.find(({ uid }) => uid === spec?.registryUid)?.name ?? before.registryName),
      sourceAppTier: orLeftOut(spec?.sourceAppTierUid, before?.sourceAppTier),
      tag: orLeftOut(spec?.version, before?.tag),
      installOrder: spec?.installOrder ?? 0,
      properties: readProperties(spec?.properties ?? [], before?.properties),
      values: spec?.values,
      uid: metadata?.uid,
      manifest: manifests.map((manifest) => ({
        name: manifest.metadata?.name ?? '',
        content: manifest.spec?.published?.content ?? '',
        uid: manifest.metadata?.uid,
      })),
    };
  });
}

/** The API tells what was left out as an empty text. */
function orLeftOut(found: string | undefined, before: string | undefined): string | undefined {
  return (found ?? '') === '' ? before && '' : found;
}

function readProperties(
  found: readonly Schemas['v1AppTierProperty'][],
  before: Tier['properties'],
): Tier['properties'] {
  if (found.length === 0) return before === undefined ? undefined : {};
  return Object.fromEntries(
    found.map(({ name = '', value = '' }) => [name, value === MASK ? (before?.[name] ?? value) : value]),
  );
}
