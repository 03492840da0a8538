/** Which profiles a cluster is to run, and whether it gives them the values they take. */
import { valueAt } from '#kubernetes/object';
import type { Scope } from '#openapi/client/index';
import { listed } from '#resources/definitions/shared/projects';
import { isNewerVersion } from '#resources/definitions/shared/version';

import type { Composite } from './composite.ts';
import type { PaletteClusterSpec } from './composites.ts';
import type { Asked } from './connect.ts';
import type { ListedProfile, Lookups } from './lookups.ts';
import { every, resolved, wrong, type Outcome, type Problem } from './outcome.ts';
import { fieldPath } from './parse.ts';
import type { Required, Selector } from './required.ts';

type WantedProfile = NonNullable<PaletteClusterSpec['profiles']>[number];

export interface ResolvedProfile extends ListedProfile {
  readonly variables: Readonly<Record<string, string>> | undefined;
}

/** Who answers; absent: offline, where identifiers are words that no API knows. */
export interface ProfileSource {
  readonly lookups: Lookups;
  readonly scope: Scope;
}

/** Asks for the PaletteClusterProfiles that a cluster refers to. Nothing is resolved before all are there. */
export function askForProfiles(composite: Composite, wanted: readonly WantedProfile[], required: Required): void {
  for (const { ref } of wanted) if (ref !== undefined) ask(composite, ref.name, required);
}

function ask(composite: Composite, name: string, required: Required): ReturnType<Required['ask']> {
  return required.ask(`profile-${name}`, selectorOf(composite, name));
}

/** By claim when it came by claim: people who write claims do not know the composites behind. */
function selectorOf({ kind, object, claim }: Composite, name: string): Selector {
  const { apiVersion } = object;
  if (kind.scope === 'LegacyCluster' && claim === undefined)
    return { apiVersion, kind: 'XPaletteClusterProfile', name };
  const namespace = claim?.namespace ?? object.metadata.namespace;
  return { apiVersion, kind: 'PaletteClusterProfile', name, namespace };
}

export async function resolveProfiles(
  composite: Composite,
  wanted: readonly WantedProfile[],
  required: Required,
  source: ProfileSource | undefined,
): Promise<Outcome<readonly ResolvedProfile[]> | Asked> {
  const found: (Outcome<ListedProfile> | Asked)[] = [];
  for (const [index, { name, version, ref }] of wanted.entries()) {
    const path = fieldPath('spec.profiles', [index]);
    if (ref !== undefined) found.push(byReference(composite, ref.name, path, required, source === undefined));
    else if (name === undefined) found.push(wrong('InvalidSpec', path, 'give either name or ref'));
    else if (source === undefined) found.push(resolved(offline(name, version)));
    else found.push(await byName(name, version, path, source));
  }
  const outcomes = found.filter((outcome) => outcome.kind !== 'asked');
  if (outcomes.length < found.length) return { kind: 'asked' };
  const profiles = every(outcomes);
  if (profiles.kind !== 'resolved') return profiles;

  const checked = await Promise.all(
    profiles.value.map(async (profile, index): Promise<Outcome<ResolvedProfile>> => {
      const path = fieldPath('spec.profiles', [index]);
      if (profiles.value.findIndex(({ name }) => name === profile.name) < index) {
        return wrong('InvalidSpec', path, `profile "${profile.name}" is there already: a cluster runs it once`);
      }
      const values = wanted[index]?.variables;
      if (source === undefined) return resolved({ ...profile, variables: values });
      return checkValues(profile, values, path, source);
    }),
  );
  return every(checked);
}

function offline(name: string, version: string | undefined): ListedProfile {
  return { name, version: version ?? 'newest', uid: `offline:${name}:${version ?? 'newest'}` };
}

function byReference(
  composite: Composite,
  name: string,
  path: string,
  required: Required,
  isOffline: boolean,
): Outcome<ListedProfile> | Asked {
  const answer = ask(composite, name, required);
  if (answer.kind === 'asked') return answer;
  const at = `${path}.ref.name`;
  if (answer.kind === 'absent') {
    return isOffline
      ? resolved(offline(name, undefined))
      : wrong('WaitingForProfile', at, `there is no PaletteClusterProfile "${name}" yet`);
  }
  const read = (key: string): string | undefined => {
    const value = valueAt(answer.object, 'status', key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [uid, version, called] = [read('profileUid'), read('version'), read('name')];
  if (uid !== undefined) return resolved({ name: called ?? name, version: version ?? '', uid });
  return isOffline
    ? resolved(offline(name, undefined))
    : wrong('WaitingForProfile', at, `PaletteClusterProfile "${name}" has no profile yet; its conditions say why`);
}

async function byName(
  name: string,
  version: string | undefined,
  path: string,
  { lookups, scope }: ProfileSource,
): Promise<Outcome<ListedProfile>> {
  const hit = pick(await lookups.profiles(scope), name, version);
  if (hit !== undefined) return resolved(hit);
  const all = await lookups.profiles(scope, { again: true });
  const late = pick(all, name, version);
  if (late !== undefined) return resolved(late);
  const versions = all.filter((profile) => profile.name === name).map((profile) => profile.version);
  return versions.length === 0
    ? wrong(
        'NotFound',
        `${path}.name`,
        `there is no cluster profile "${name}"; profiles in reach: ${listed([...new Set(all.map((profile) => profile.name))])}`,
      )
    : wrong(
        'NotFound',
        `${path}.version`,
        `cluster profile "${name}" has no version "${version}"; it has ${listed(versions)}`,
      );
}

/** The profile of that version; without one, the newest. */
function pick(all: readonly ListedProfile[], name: string, version: string | undefined): ListedProfile | undefined {
  const named = all.filter(
    (profile) => profile.name === name && (version === undefined || profile.version === version),
  );
  return named.reduce<ListedProfile | undefined>(
    (newest, profile) => (newest === undefined || isNewerVersion(profile.version, newest.version) ? profile : newest),
    undefined,
  );
}

async function checkValues(
  profile: ListedProfile,
  values: Readonly<Record<string, string>> | undefined,
  path: string,
  { lookups, scope }: ProfileSource,
): Promise<Outcome<ResolvedProfile>> {
  const found = await lookups.checkValues(scope, profile.uid, values ?? {});
  if (found === undefined) {
    return wrong('NotFound', path, `cluster profile "${profile.name}" (${profile.uid}) has been deleted`);
  }
  const problems: Problem[] = found.map(({ variable, message }) => ({
    reason: 'InvalidVariables',
    path: fieldPath(`${path}.variables`, [variable]),
    message: `${message} (cluster profile "${profile.name}" ${profile.version})`,
  }));
  return problems.length > 0 ? { kind: 'wrong', problems } : resolved({ ...profile, variables: values });
}
