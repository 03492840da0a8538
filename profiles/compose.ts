/**
 * From profiles, values, macros and variables to the document an agent enforces. Pure: equal
 * input in any order gives an equal document, so a change of the input can be told from none.
 */
import { packOutputs, type OutputLayer } from '#packs/pack-outputs';
import type { DayTwo } from '#protocol/actions';
import type { DesiredLayer, DesiredState, DriftPolicy, Enforcement } from '#protocol/desired-state';
import { ClusterUid, ContentDigest, ProjectUid, TenantUid } from '#protocol/identifiers';

import { clusterLayer, type ClusterResources } from './cluster-layer.ts';
import type { Layer, Variable } from './document.ts';
import {
  documentPolicy,
  enforcementOfTags,
  enforcementOfValues,
  mergeEnforcement,
  type EnforcementFound,
} from './enforcement.ts';
import { localVariables } from './local-variables.ts';

/** What one cluster has in place of a profile's pack. */
export interface PackOverride {
  readonly name: string;
  readonly values?: string | undefined;
  readonly manifests?: readonly { readonly name: string; readonly content: string }[] | undefined;
}

/** A layer of a profile, with its pack resolved. */
export interface StackPack {
  readonly name: string;
  readonly layer: Layer;
  /** Of the pack; empty for manifests alone. */
  readonly version: string;
  /** Of the archive; absent for manifests alone. */
  readonly digest?: string | undefined;
  readonly values: string;
  readonly manifests: readonly { readonly name: string; readonly content: string }[];
}

export interface AttachedProfile {
  readonly uid: string;
  readonly name: string;
  readonly version: string;
  readonly type: string;
  /** Its tags, some of which say how its layers are enforced. Default: none. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Of `profileDigest`; absent where it is not known. */
  readonly digest?: string | undefined;
  readonly packs: readonly StackPack[];
  readonly overrides: readonly PackOverride[];
  readonly definitions: readonly Variable[];
  /** Values this cluster gives; what is missing takes its default. */
  readonly values: Readonly<Record<string, string>>;
}

export interface ComposeInput {
  readonly tenantUid: string;
  readonly project: { readonly uid: string; readonly name: string };
  readonly cluster: {
    readonly uid: string;
    readonly name: string;
    readonly cloudType: string;
    readonly kubernetesVersion: string;
    /** Its tags, some of which say how everything is enforced. Default: none. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
  };
  /** What the cluster's own settings bring. Default: nothing. */
  readonly resources?: ClusterResources | undefined;
  readonly lifecycle: 'active' | 'deleting';
  readonly drift: DriftPolicy;
  readonly resyncSeconds: number;
  readonly profiles: readonly AttachedProfile[];
  /** System macros by dotted path, over those that follow from the rest. Default: none. */
  readonly system?: Readonly<Record<string, string>>;
  /** Project over tenant over system, merged. */
  readonly macros: Readonly<Record<string, string>>;
  /** The priority that values ask for, if they do. */
  readonly installPriority: (values: string) => number | undefined;
  /** The priority that a pack's own values ask for, by its digest: it counts where a layer's values ask for none. */
  readonly packPriorities: ReadonlyMap<string, number>;
  /** Packs' own values by digest, as far as they are read by other layers (`{{.spectro.pack.…}}`) or say how the pack is enforced. Default: none. */
  readonly packValues?: ReadonlyMap<string, string>;
  /** What the agent does besides enforcing; a cluster on its way out does nothing of it. Default: nothing. */
  readonly dayTwo?: DayTwo | undefined;
}

/** The document without what changes at each issue. */
export type DesiredContent = Omit<DesiredState, 'revision' | 'issuedAt' | 'trace'>;

/** Input that no document can be made of; the message is for the user who changed it. */
export class ComposeError extends Error {
  override readonly name = 'ComposeError';
}

/** Infrastructure goes before every add-on, whatever priority that asks for. */
const LAYER_PRIORITY: Readonly<Record<Exclude<Layer, 'addon'>, number>> = {
  kernel: -1_000_005,
  os: -1_000_004,
  k8s: -1_000_003,
  cni: -1_000_002,
  csi: -1_000_001,
};
const ADDON_PRIORITY_BOUND = 1_000_000;

/**
 * Makes the document's content.
 *
 * @throws ComposeError when two profiles bring a pack of one name, a required variable has no value, or tags or values
 *   say something of enforcement that cannot be read.
 */
export function compose(input: ComposeInput): DesiredContent {
  const active = input.lifecycle === 'active';
  const profiles = [...input.profiles].sort((a, b) => compare(a.uid, b.uid));
  const values = active ? profiles.map((profile) => ({ profile, values: variableValues(profile) })) : [];
  const shared = sharedVariables(values.map((entry) => entry.values));
  const layers = values.flatMap((entry) => profileLayers(entry.profile, differing(entry.values, shared), input));
  refuseDuplicates(layers);
  const own = active && input.resources ? clusterLayer(input.resources) : undefined;
  const sensitive = active ? sensitiveVariables(profiles) : [];
  const local = active ? localVariables(input.cluster.labels, profiles) : [];
  const context = {
    system: active ? { ...systemMacros(input), ...input.system } : {},
    macros: active ? { ...input.macros } : {},
    variables: Object.fromEntries([...shared].sort(([a], [b]) => compare(a, b))),
  };
  const ordered = layers.sort((a, b) => a.installPriority - b.installPriority || compare(a.name, b.name));
  return {
    apiVersion: 'palette-iac.dev/v1',
    kind: 'DesiredState',
    tenantUid: TenantUid.parse(input.tenantUid),
    projectUid: ProjectUid.parse(input.project.uid),
    clusterUid: ClusterUid.parse(input.cluster.uid),
    lifecycle: input.lifecycle,
    policy: {
      ...documentPolicy(input.drift, found(enforcementOfTags(input.cluster.labels), `cluster ${input.cluster.name}`)),
      resyncSeconds: input.resyncSeconds,
    },
    context: {
      ...context,
      packs: packOutputs(
        ordered.map((layer) => asOutput(layer, input)),
        context,
      ),
    },
    ...(sensitive.length === 0 ? {} : { sensitive }),
    layers: own ? [own, ...ordered] : ordered,
    ...(local.length === 0 ? {} : { localVariables: [...local] }),
    ...(active && input.dayTwo !== undefined ? { dayTwo: input.dayTwo } : {}),
  };
}

function asOutput(
  { name, values, manifests, variables, content }: DesiredLayer,
  { packValues }: ComposeInput,
): OutputLayer {
  return {
    name,
    values,
    packValues: packValues?.get(content ?? ''),
    texts: manifests.map((manifest) => manifest.content),
    variables,
  };
}

function systemMacros({ tenantUid, project, cluster, profiles }: ComposeInput): Record<string, string> {
  const infra = [...profiles]
    .sort((a, b) => compare(a.uid, b.uid))
    .find((profile) => profile.type === 'infra' || profile.type === 'cluster');
  return {
    'tenant.uid': tenantUid,
    'project.uid': project.uid,
    'project.name': project.name,
    'cluster.uid': cluster.uid,
    'cluster.name': cluster.name,
    'cloud.type': cluster.cloudType,
    'kubernetes.version': cluster.kubernetesVersion.replace(/^v/, ''),
    ...(infra === undefined
      ? {}
      : {
          'clusterprofile.infra.uid': infra.uid,
          'clusterprofile.infra.name': infra.name,
          'clusterprofile.infra.version': infra.version,
        }),
  };
}

function profileLayers(
  profile: AttachedProfile,
  variables: Readonly<Record<string, string>>,
  { installPriority, packPriorities, packValues, drift }: ComposeInput,
): DesiredLayer[] {
  const title = `profile ${profile.name} ${profile.version}`;
  const ofProfile = found(enforcementOfTags(profile.labels), title);
  return profile.packs.map((pack) => {
    const override = profile.overrides.find((candidate) => candidate.name === pack.name);
    const ofPack = packPriorities.get(pack.digest ?? '') ?? 0;
    const values = (override?.values?.trim() ? override.values : pack.values).trim();
    const fromPack = found(
      enforcementOfValues(values, packValues?.get(pack.digest ?? '')),
      `${title}, pack ${pack.name}`,
    );
    const enforcement = drift === 'heal' ? mergeEnforcement(ofProfile, fromPack) : undefined;
    return {
      name: pack.name,
      profile: {
        uid: profile.uid,
        name: profile.name,
        version: profile.version,
        ...(profile.digest === undefined ? {} : { digest: ContentDigest.parse(profile.digest) }),
      },
      layer: pack.layer,
      version: pack.version,
      ...(pack.digest === undefined ? {} : { content: ContentDigest.parse(pack.digest) }),
      values,
      manifests: mergeManifests(pack.manifests, override?.manifests ?? []),
      installPriority: pack.layer === 'addon' ? bounded(installPriority(values) ?? ofPack) : LAYER_PRIORITY[pack.layer],
      ...(Object.keys(variables).length === 0 ? {} : { variables }),
      ...(enforcement === undefined ? {} : { enforcement }),
    };
  });
}

/** @throws ComposeError when it cannot be read */
function found(parsed: EnforcementFound, where: string): Enforcement | undefined {
  if (parsed.kind === 'invalid') throw new ComposeError(`${where}: ${parsed.message}`);
  return parsed.enforcement;
}

function sensitiveVariables(profiles: readonly AttachedProfile[]): string[] {
  const names = profiles.flatMap(({ definitions }) =>
    definitions.flatMap(({ name, isSensitive }) => (isSensitive ? [name] : [])),
  );
  return [...new Set(names)].sort(compare);
}

function bounded(priority: number): number {
  return Math.max(-ADDON_PRIORITY_BOUND, Math.min(ADDON_PRIORITY_BOUND, Math.trunc(priority)));
}

/** The profile's manifests in its order, with the cluster's content in place of theirs, and what is the cluster's alone. */
function mergeManifests(
  base: readonly { readonly name: string; readonly content: string }[],
  overrides: readonly { readonly name: string; readonly content: string }[],
): { name: string; content: string }[] {
  const byName = new Map(base.map(({ name, content }) => [name, content]));
  for (const { name, content } of overrides) byName.set(name, content);
  return [...byName].map(([name, content]) => ({ name, content }));
}

/** What each variable of a profile stands for on this cluster. @throws ComposeError naming the first without a value. */
function variableValues(profile: AttachedProfile): Map<string, string> {
  const values = new Map<string, string>();
  for (const definition of profile.definitions) {
    const given = Object.hasOwn(profile.values, definition.name) ? profile.values[definition.name] : undefined;
    const value = given ?? definition.defaultValue;
    if (value === undefined || value === '') {
      if (definition.required) {
        throw new ComposeError(
          `profile ${profile.name} ${profile.version}: variable ${definition.name} is required and has no value`,
        );
      }
      values.set(definition.name, '');
    } else {
      values.set(definition.name, value);
    }
  }
  return values;
}

/** Variables on which every profile that defines them agrees. */
function sharedVariables(all: readonly ReadonlyMap<string, string>[]): Map<string, string> {
  const shared = new Map<string, string>();
  const torn = new Set<string>();
  for (const [name, value] of all.flatMap((values) => [...values])) {
    if (shared.has(name) && shared.get(name) !== value) torn.add(name);
    shared.set(name, value);
  }
  for (const name of torn) shared.delete(name);
  return shared;
}

function differing(values: ReadonlyMap<string, string>, shared: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...values].filter(([name]) => !shared.has(name)).sort(([a], [b]) => compare(a, b)));
}

function refuseDuplicates(layers: readonly DesiredLayer[]): void {
  const seen = new Map<string, DesiredLayer>();
  for (const layer of layers) {
    const other = seen.get(layer.name);
    if (other) {
      throw new ComposeError(
        `pack ${layer.name} comes with profile ${other.profile.name} ${other.profile.version} and with profile ${layer.profile.name} ${layer.profile.version}; a cluster can have it once`,
      );
    }
    seen.set(layer.name, layer);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
