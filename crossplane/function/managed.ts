/** The managed resources that are composed. */
import { stringify } from 'yaml';

import { kindsOf, type ManagedKind } from '../schema/kinds.ts';
import type { Composite } from './composite.ts';
import { nameOf } from './composite.ts';
import type { AnyClusterSpec, AnyProfileSpec } from './composites.ts';
import { configSelector } from './connect.ts';
import { appliedAnnotation } from './keep.ts';
import type { Input } from './input.ts';
import { layerType, type Layer } from './resolve-layers.ts';
import type { ResolvedProfile } from './resolve-profiles.ts';
import { ANNOTATIONS } from '../schema/groups.ts';

/** An object with what this function decides about it and nothing else: whatever was there before and is not, goes. */
export interface DesiredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly namespace?: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The kind of managed resource that a kind of composite becomes: in namespaces, or for claims in the cluster. */
export function managedKindOf({ kind }: Composite): ManagedKind {
  const [namespaced, cluster] = kindsOf(
    kind.of === 'cluster' ? 'spectrocloud_cluster_brownfield' : 'spectrocloud_cluster_profile',
  );
  return kind.scope === 'Namespaced' ? namespaced : cluster;
}

export function clusterObject(
  composite: Composite,
  spec: AnyClusterSpec,
  profiles: readonly ResolvedProfile[],
  input: Input,
): DesiredObject {
  const { cloud, description, timezone, applySetting, pauseAgentUpgrades, forceDelete } = spec;
  const { proxy } = cloud;
  return managedObject(composite, spec, input, {
    name: spec.name ?? nameOf(composite),
    cloudType: cloud.type,
    context: cloud.context,
    importMode: cloud.importMode,
    proxy: proxy?.url,
    noProxy: proxy?.noProxy,
    hostPath: proxy?.hostPath,
    containerMountPath: proxy?.containerMountPath,
    clusterProfile:
      profiles.length === 0 ? undefined : profiles.map(({ uid, variables }) => clean({ id: uid, variables })),
    description,
    tags: allTags(spec.tags, input),
    clusterTimezone: timezone,
    applySetting,
    pauseAgentUpgrades,
    forceDelete,
  });
}

export function profileObject(composite: Composite, spec: AnyProfileSpec, input: Input): DesiredObject {
  const { version, type, cloud, context, description, layers, variables = [] } = spec;
  return managedObject(composite, spec, input, {
    name: spec.name ?? nameOf(composite),
    version,
    type,
    cloud,
    context,
    description,
    tags: allTags(spec.tags, input),
    pack: layers.map(packOf),
    profileVariables:
      variables.length === 0
        ? undefined
        : {
            variable: variables.map(({ displayName, options, ...variable }) =>
              clean({
                ...variable,
                displayName: displayName ?? variable.name,
                options: options?.map(({ label, ...option }) => clean({ ...option, label: label ?? option.value })),
              }),
            ),
          },
  });
}

function packOf(layer: Layer): Readonly<Record<string, unknown>> {
  const { name, version, registry, values, valuesObject, manifests } = layer;
  return clean({
    name,
    type: layerType(layer),
    tag: version,
    registryName: registry,
    // Objects come over the wire without order: sorted, the text is the same each time.
    values: values ?? (valuesObject === undefined ? undefined : stringify(valuesObject, { sortMapEntries: true })),
    manifest: manifests,
  });
}

function allTags(own: readonly string[] | undefined, { tags }: Input): readonly string[] | undefined {
  const all = [...new Set([...(own ?? []), ...tags])];
  return all.length === 0 ? undefined : all;
}

function managedObject(
  composite: Composite,
  spec: AnyClusterSpec | AnyProfileSpec,
  input: Input,
  forProvider: Readonly<Record<string, unknown>>,
): DesiredObject {
  const { apiVersion, kind } = managedKindOf(composite);
  const config = configSelector(composite, spec.providerConfigRef, input);
  const { namespace } = composite.object.metadata;
  const externalName = externalNameOf(composite);
  return {
    apiVersion,
    kind,
    metadata: {
      ...(composite.kind.scope === 'Namespaced' && namespace !== undefined ? { namespace } : {}),
      ...(externalName === undefined ? {} : { annotations: { [ANNOTATIONS.externalName]: externalName } }),
    },
    spec: clean({
      providerConfigRef:
        composite.kind.scope === 'Namespaced' ? { kind: config.kind, name: config.name } : { name: config.name },
      managementPolicies: spec.managementPolicies,
      deletionPolicy: spec.deletionPolicy,
      writeConnectionSecretToRef: connectionSecretOf(composite, spec),
      forProvider: clean(forProvider),
    }),
  };
}

/**
 * Takes the composite's external name over, so that something that exists is imported. The managed resource may know
 * the object by a better name since: that one counts. It is never taken away again, also not from the composite: the
 * managed resource would forget what it stands for.
 */
function externalNameOf({ object, observed, kind }: Composite): string | undefined {
  const wanted = object.metadata.annotations?.[ANNOTATIONS.externalName];
  const before = observed.get(kind.of)?.object;
  if (wanted === undefined || wanted === '') {
    return before === undefined ? undefined : appliedAnnotation(before, ANNOTATIONS.externalName);
  }
  return before?.metadata.annotations?.[ANNOTATIONS.externalName] ?? wanted;
}

/**
 * In namespaces the managed resource writes the Secret that people read. Behind claims it writes one beside the
 * composite's, which Crossplane reads, and which the function hands on.
 */
function connectionSecretOf(
  { kind, object }: Composite,
  spec: AnyClusterSpec | AnyProfileSpec,
): Readonly<Record<string, unknown>> | undefined {
  if (kind.scope === 'Namespaced') {
    return spec.connectionSecretName === undefined ? undefined : { name: spec.connectionSecretName };
  }
  const ref = legacySecretRef(object['spec']);
  return ref === undefined ? undefined : { name: `${object.metadata.name}-${kind.of}`, namespace: ref };
}

function legacySecretRef(spec: unknown): string | undefined {
  if (typeof spec !== 'object' || spec === null || !('writeConnectionSecretToRef' in spec)) return undefined;
  const ref = spec.writeConnectionSecretToRef;
  if (typeof ref !== 'object' || ref === null || !('namespace' in ref)) return undefined;
  return typeof ref.namespace === 'string' ? ref.namespace : undefined;
}

/** Without what is not given: the API server has defaults of its own. */
function clean(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
