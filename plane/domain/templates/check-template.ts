/** Profiles of a template as they come in. */
import { validateVariable } from '#packs/index';
import type { components } from '#openapi/generated/types';
import { conflict, invalidRequest, PlaneError } from '#plane/api/error';
import type { Scope } from '#plane/api/handler';
import type { Transaction } from '#plane/store/database';
import type { Variable } from '#profiles/document';

import type { Profile } from '../profiles/profile.ts';
import { requireProfile, selectProfiles } from '../profiles/profile-store.ts';
import { MASK } from '../profiles/views.ts';
import type { TemplateProfile, TemplateVariable } from './template.ts';

type ProfileInput = components['schemas']['v1ClusterTemplateProfile'];
type VariableInput = components['schemas']['v1ClusterTemplateVariable'];

/**
 * Checks the profiles that a template is to give. What is sensitive and comes back masked stays as it was, and so do
 * the values of single clusters where the request says nothing about them, also when another version of a profile comes
 * in the place of the one before.
 *
 * @throws PlaneError 404 or 422 that names the profile and what is wrong with it
 */
export async function checkTemplateProfiles(
  tx: Transaction,
  scope: Scope,
  cloudType: string,
  inputs: readonly ProfileInput[],
  before: readonly TemplateProfile[],
): Promise<TemplateProfile[]> {
  const profiles: Profile[] = [];
  const checked: TemplateProfile[] = [];
  const gone = before.filter(({ profileUid }) => !inputs.some(({ uid }) => uid === profileUid));
  const former = await selectProfiles(tx, 'uid = ANY ($1::text[])', [gone.map(({ profileUid }) => profileUid)]);
  for (const [index, { uid = '', variables }] of inputs.entries()) {
    if (uid === '') throw invalidRequest(`profiles[${index}].uid: expected the identifier of a cluster profile`);
    const profile = await requireProfile(tx, scope, uid);
    refuseUnfit(profile, cloudType, profiles);
    profiles.push(profile);
    const knownUid = before.some(({ profileUid }) => profileUid === uid)
      ? uid
      : former.find(({ name }) => name === profile.name)?.uid;
    const known = before.find(({ profileUid }) => profileUid === knownUid)?.variables ?? [];
    checked.push({ profileUid: uid, variables: checkTemplateVariables(profile, variables ?? [], known) });
  }
  return checked;
}

function refuseUnfit(profile: Profile, cloudType: string, others: readonly Profile[]): void {
  const word = `cluster profile ${profile.name} ${profile.version}`;
  if (profile.published === undefined)
    throw new PlaneError(422, 'ClusterProfileNotPublished', `${word} is a draft; publish it first`);
  if (others.some(({ uid }) => uid === profile.uid)) throw invalidRequest(`profiles: ${word} stands there twice`);
  if (!fits(profile.cloudType, cloudType))
    throw new PlaneError(
      422,
      'CloudTypeMismatch',
      `${word} is made for the cloud ${profile.cloudType}, the template for ${cloudType}`,
    );
  for (const other of others) {
    if (profile.type !== 'add-on' && other.type !== 'add-on')
      throw invalidRequest(
        `profiles: ${other.name} ${other.version} and ${profile.name} ${profile.version} both hold infrastructure; a cluster has one such profile`,
      );
    const shared = profile.published.packs.find(({ name }) =>
      other.published?.packs.some((pack) => pack.name === name),
    );
    if (shared !== undefined)
      throw invalidRequest(
        `profiles: pack ${shared.name} comes with ${other.name} ${other.version} and with ${profile.name} ${profile.version}; a cluster can have it once`,
      );
  }
}

/** Whether what is made for one cloud runs in another; `all` is made for, and runs in, every one. */
export function fits(made: string, cloud: string): boolean {
  return made === 'all' || cloud === 'all' || made === cloud;
}

/**
 * Checks values that a template gives to the variables of a profile.
 *
 * @throws PlaneError 422 `InvalidVariable` that names the variable
 */
export function checkTemplateVariables(
  profile: Pick<Profile, 'name' | 'version' | 'variables'>,
  inputs: readonly VariableInput[],
  before: readonly TemplateVariable[],
): TemplateVariable[] {
  const checked: TemplateVariable[] = [];
  for (const { name = '', value: given, assignStrategy = 'all', clusters } of inputs) {
    const definition = definitionOf(profile, name);
    if (checked.some((variable) => variable.name === name)) throw invalid(name, 'it stands there twice');
    const known = before.find((variable) => variable.name === name);
    const value = definition.isSensitive && given === MASK ? known?.value : given;
    if (value !== undefined && value !== '') refuseWrong(definition, value);
    const own =
      assignStrategy === 'all'
        ? []
        : clusters === undefined
          ? (known?.clusters ?? [])
          : checkClusters(definition, clusters, known);
    checked.push({ name, ...(value === undefined ? {} : { value }), assignStrategy, clusters: own });
  }
  // What clusters say for themselves is not the template's to forget.
  const kept = before.filter(
    ({ name, clusters }) =>
      clusters.length > 0 &&
      !checked.some((variable) => variable.name === name) &&
      profile.variables.some((definition) => definition.name === name),
  );
  return [...checked, ...kept.map(({ name, clusters }) => ({ name, assignStrategy: 'cluster' as const, clusters }))];
}

function checkClusters(
  definition: Variable,
  clusters: readonly components['schemas']['v1ClusterVariableValue'][],
  known: TemplateVariable | undefined,
): TemplateVariable['clusters'] {
  return clusters.flatMap(({ uid = '', value = '' }) => {
    const kept = known?.clusters.find((cluster) => cluster.uid === uid)?.value;
    const own = definition.isSensitive && value === MASK ? (kept ?? '') : value;
    if (own === '') return [];
    refuseWrong(definition, own);
    return [{ uid, value: own }];
  });
}

/**
 * The variables of a template's profile with values for single clusters. A variable that is assigned to all takes a
 * value that all of the template's clusters are given.
 *
 * @param attached clusters that follow the template
 * @throws PlaneError 422 that names the variable or the cluster
 */
export function withMappings(
  profile: Pick<Profile, 'name' | 'version' | 'variables'>,
  before: readonly TemplateVariable[],
  mappings: readonly components['schemas']['v1ClusterTemplateVariableClusterMapping'][],
  attached: readonly string[],
): TemplateVariable[] {
  let variables = [...before];
  for (const { name, clusters } of mappings) {
    const definition = definitionOf(profile, name);
    const known = variables.find((variable) => variable.name === name);
    const values = checkClusters(definition, clusters ?? [], known);
    const stranger = values.find(({ uid }) => !attached.includes(uid));
    if (stranger !== undefined) throw invalid(name, `cluster '${stranger.uid}' does not follow the template`);
    const changed: TemplateVariable =
      known?.assignStrategy === 'all'
        ? { ...known, ...valueOfAll(name, values, attached) }
        : {
            ...(known ?? { name, assignStrategy: 'cluster' }),
            clusters: [
              ...(known?.clusters ?? []).filter(({ uid }) => !(clusters ?? []).some((cluster) => cluster.uid === uid)),
              ...values,
            ],
          };
    variables = [...variables.filter((variable) => variable.name !== name), changed];
  }
  return variables;
}

function valueOfAll(
  name: string,
  values: TemplateVariable['clusters'],
  attached: readonly string[],
): { value?: string } {
  const [first, ...others] = values;
  if (first === undefined) return {};
  if (others.some(({ value }) => value !== first.value) || values.length < attached.length)
    throw conflict(
      'InvalidVariable',
      `variable ${name}: the template gives one value to all clusters; give every cluster the same, or assign it by cluster`,
    );
  return { value: first.value };
}

function definitionOf(
  { name, version, variables }: Pick<Profile, 'name' | 'version' | 'variables'>,
  wanted: string,
): Variable {
  const definition = variables.find((variable) => variable.name === wanted);
  if (definition !== undefined) return definition;
  const known = variables.map((variable) => variable.name).join(', ');
  throw invalid(
    wanted,
    `cluster profile ${name} ${version} does not define it${known === '' ? ' (it defines none)' : `; it defines ${known}`}`,
  );
}

function refuseWrong(definition: Variable, value: string): void {
  const problem = validateVariable(definition, value);
  if (problem !== undefined) throw invalid(definition.name, problem);
}

function invalid(name: string, problem: string): PlaneError {
  return new PlaneError(422, 'InvalidVariable', `variable ${name}: ${problem}`, { variable: name });
}
