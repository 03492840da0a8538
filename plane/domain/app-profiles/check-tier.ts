/** Tiers as they come in: complete, and made of what is there. */
import { assertNever } from '#core/assert-never';
import { maskMacros } from '#packs/macros/resolve';
import { parseYaml } from '#packs/yaml';
import { invalidRequest, PlaneError } from '#plane/api/error';
import type { Transaction } from '#plane/store/database';
import { isUid, newUid } from '#plane/store/uid';

import { findPack } from '../packs/pack-store.ts';
import { listRegistries } from '../registries/registry-store.ts';
import { TierType, type Tier } from './app-profile.ts';

/** A tier as requests have it; what is left out stays as it was. */
export interface TierInput {
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly version?: string | undefined;
  readonly installOrder?: number | undefined;
  readonly registryUid?: string | undefined;
  readonly sourceAppTierUid?: string | undefined;
  readonly containerRegistryUid?: string | undefined;
  readonly values?: string | undefined;
  readonly properties?:
    | readonly { readonly name?: string | undefined; readonly value?: string | undefined }[]
    | null
    | undefined;
  readonly manifests?:
    | readonly {
        readonly name?: string | undefined;
        readonly content?: string | undefined;
        readonly uid?: string | undefined;
      }[]
    | null
    | undefined;
}

/** What reads of a secret property show in its place; sent back, it means "as it was". */
export const MASK = '********';

/** Whether a property of a service is a secret, by its name. */
export function isSecret(name: string): boolean {
  return /password|secret|token/i.test(name);
}

/**
 * A tier that is new, or changed from what it was.
 *
 * @throws PlaneError 422 that names the tier and what is missing
 */
export async function checkTier(
  tx: Transaction,
  input: TierInput,
  before: Tier | undefined,
  others: readonly Tier[],
  now: Date,
): Promise<Tier> {
  const name = (input.name || before?.name) ?? '';
  if (name.trim() === '') throw invalidRequest('appTiers: each tier needs a name');
  if (others.some((other) => other.name === name)) throw invalid(name, 'there are two tiers of this name');
  const type = TierType.safeParse(before?.type ?? input.type ?? 'manifest');
  if (!type.success)
    throw invalid(name, `the type '${input.type ?? ''}' is none; expected ${TierType.options.join(', ')}`);
  const tier: Tier = {
    uid: before?.uid ?? newUid(),
    name,
    type: type.data,
    version: input.version ?? before?.version ?? '',
    installOrder: input.installOrder ?? before?.installOrder ?? 0,
    registryUid: input.registryUid ?? before?.registryUid ?? '',
    sourceAppTierUid: input.sourceAppTierUid ?? before?.sourceAppTierUid ?? '',
    containerRegistryUid: input.containerRegistryUid ?? before?.containerRegistryUid ?? '',
    values: (input.values ?? before?.values ?? '').trim(),
    properties: input.properties == null ? (before?.properties ?? []) : checkProperties(name, input.properties, before),
    manifests: input.manifests == null ? (before?.manifests ?? []) : checkManifests(name, input.manifests, before),
    createdAt: before?.createdAt ?? now.toISOString(),
    modifiedAt: now.toISOString(),
  };
  await refuseIncomplete(tx, tier);
  return tier;
}

function checkProperties(
  tier: string,
  given: NonNullable<TierInput['properties']>,
  before: Tier | undefined,
): Tier['properties'] {
  const names = new Set<string>();
  return given.map(({ name = '', value = '' }) => {
    if (name === '') throw invalid(tier, 'a property has no name');
    if (names.has(name)) throw invalid(tier, `property ${name} stands there twice`);
    names.add(name);
    const known = before?.properties.find((property) => property.name === name)?.value ?? '';
    return { name, value: isSecret(name) && value === MASK ? known : value };
  });
}

function checkManifests(
  tier: string,
  given: NonNullable<TierInput['manifests']>,
  before: Tier | undefined,
): Tier['manifests'] {
  const manifests: Tier['manifests'] = [];
  for (const { name = '', content, uid = '' } of given) {
    if (name === '') throw invalid(tier, 'a manifest has no name');
    if (manifests.some((manifest) => manifest.name === name))
      throw invalid(tier, `manifest ${name} stands there twice`);
    const known = before?.manifests.find((manifest) => (uid === '' ? manifest.name === name : manifest.uid === uid));
    const text = content ?? known?.content;
    if (text === undefined) throw invalid(tier, `manifest ${name} has no content`);
    manifests.push({ uid: known?.uid ?? newUid(), name, content: text.trim() });
  }
  return manifests;
}

async function refuseIncomplete(tx: Transaction, tier: Tier): Promise<void> {
  refuseWrongValues(tier);
  switch (tier.type) {
    case 'manifest':
      if (tier.manifests.length === 0) throw invalid(tier.name, 'a tier of manifests needs one at least');
      return;
    case 'helm':
      if (tier.registryUid !== '') await refuseUnknownRegistry(tx, tier, tier.registryUid);
      else if (tier.sourceAppTierUid === '')
        throw invalid(tier.name, 'a tier of a chart needs registryUid, or sourceAppTierUid of its pack');
      await refuseUnknownSource(tx, tier);
      return;
    case 'operator-instance':
      if (tier.sourceAppTierUid === '')
        throw invalid(tier.name, 'a service needs sourceAppTierUid, the identifier of the pack that offers it');
      await refuseUnknownSource(tx, tier);
      return;
    case 'container':
      if (tier.values === '') throw invalid(tier.name, 'a container needs values that say which image it runs');
      if (tier.containerRegistryUid !== '') await refuseUnknownRegistry(tx, tier, tier.containerRegistryUid);
      return;
    default:
      assertNever(tier.type);
  }
}

function refuseWrongValues({ name, values }: Tier): void {
  const [problem] = parseYaml(maskMacros(values).masked).problems;
  if (problem === undefined) return;
  throw invalid(name, `its values are no YAML (line ${problem.line}, column ${problem.column}): ${problem.message}`);
}

async function refuseUnknownRegistry(tx: Transaction, tier: Tier, uid: string): Promise<void> {
  const registries = await listRegistries(tx);
  if (!registries.some((registry) => registry.uid === uid)) throw invalid(tier.name, `there is no registry '${uid}'`);
}

async function refuseUnknownSource(tx: Transaction, tier: Tier): Promise<void> {
  const uid = tier.sourceAppTierUid;
  if (uid === '') return;
  if (!isUid(uid) || (await findPack(tx, uid)) === undefined) throw invalid(tier.name, `there is no pack '${uid}'`);
}

function invalid(tier: string, problem: string): PlaneError {
  return new PlaneError(422, 'InvalidAppTier', `tier ${tier}: ${problem}`, { tier });
}
