import { canonicalJson } from '#protocol/canonical';

import type { HealthRule } from '../health.ts';
import type { ReadinessCheck } from '../readiness.ts';
import type { PackSettings } from '../values.ts';
import { RenderError } from './errors.ts';
import { describeObject, groupOf, type KubernetesObject } from './kubernetes-object.ts';
import { installRank, scopeFinder } from './kinds.ts';

/** An object with the file it came from. */
export interface SourcedObject {
  readonly object: KubernetesObject;
  readonly file: string;
}

/** A Helm hook that is no part of the installation: it belongs to an upgrade, a rollback, a removal, or is a test. */
export interface RenderedHook {
  readonly object: KubernetesObject;
  readonly events: readonly string[];
}

/** What one layer brings to a cluster. */
export interface RenderedLayer {
  /**
   * Everything to apply, in order of installation: CRDs and namespaces first, then hooks of
   * `pre-install`, all the rest by kind, hooks of `post-install`. Hooks keep their annotations.
   */
  readonly objects: readonly KubernetesObject[];
  /** Namespaces the pack asks for and does not bring itself; to be created if absent, not to be pruned with the pack. */
  readonly namespaces: readonly KubernetesObject[];
  /** For objects without a namespace whose kind is not known here: to be set when discovery says they need one. */
  readonly defaultNamespace: string;
  /** Hooks that are not applied. */
  readonly hooks: readonly RenderedHook[];
  /** What the pack waits for beyond its objects being there: `readinessCheck` of its values. */
  readonly readinessChecks: readonly ReadinessCheck[];
  /** How objects of some kinds tell that they are ready: `pack.health` of its values. */
  readonly health: readonly HealthRule[];
  /** Whether tests among the hooks are to be run. */
  readonly runTests: boolean;
}

/** Namespaces that are always there. */
const BUILT_IN: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);
const HOOK = 'helm.sh/hook';
const HOOK_WEIGHT = 'helm.sh/hook-weight';

/** @throws RenderError `InvalidContent` when two different objects have one identity. */
export function finishLayer(
  pack: string,
  sourced: readonly SourcedObject[],
  settings: PackSettings,
): Omit<RenderedLayer, 'readinessChecks' | 'health' | 'runTests'> {
  const defaultNamespace = settings.namespace ?? 'default';
  const scopeOf = scopeFinder(sourced.map(({ object }) => object));
  const placed = sourced.map(({ object, file }) => ({
    object: inNamespace(object, scopeOf(object), defaultNamespace),
    file,
  }));
  const unique = withoutDuplicates(pack, placed);

  const hooks: RenderedHook[] = [];
  const installed: KubernetesObject[] = [];
  for (const { object } of unique) {
    const events = hookEvents(object);
    if (events.length === 0 || events.some((event) => INSTALL_EVENTS.has(event))) installed.push(object);
    else hooks.push({ object, events });
  }

  const wanted = wantedNamespaces(settings);
  const brought = new Set(installed.filter(isNamespace).map(({ metadata }) => metadata.name));
  const labelled = installed.map((object) =>
    isNamespace(object)
      ? withAsked(
          object,
          wanted.find(({ metadata }) => metadata.name === object.metadata.name),
        )
      : object,
  );
  return {
    objects: labelled
      .map((object, index) => ({ object, index, key: orderKey(object) }))
      .sort((a, b) => compareKeys(a.key, b.key) || a.index - b.index)
      .map(({ object }) => object),
    namespaces: wanted.filter(({ metadata }) => !brought.has(metadata.name)),
    defaultNamespace,
    hooks,
  };
}

const INSTALL_EVENTS: ReadonlySet<string> = new Set(['pre-install', 'post-install', 'crd-install']);

function hookEvents(object: KubernetesObject): string[] {
  return (object.metadata.annotations?.[HOOK] ?? '')
    .split(',')
    .map((event) => event.trim())
    .filter((event) => event !== '');
}

function isNamespace({ apiVersion, kind }: KubernetesObject): boolean {
  return apiVersion === 'v1' && kind === 'Namespace';
}

function inNamespace(
  object: KubernetesObject,
  scope: 'namespaced' | 'cluster' | 'unknown',
  namespace: string,
): KubernetesObject {
  if (scope === 'namespaced' && object.metadata.namespace === undefined)
    return { ...object, metadata: { ...object.metadata, namespace } };
  if (scope === 'cluster' && object.metadata.namespace !== undefined) {
    const fields = Object.entries(object.metadata).filter(([field]) => field !== 'namespace');
    return { ...object, metadata: { ...Object.fromEntries(fields), name: object.metadata.name } };
  }
  return object;
}

/** Equal objects become one. A CRD of a chart's `crds/` gives way to the same CRD from its templates, as in Helm. */
function withoutDuplicates(pack: string, sourced: readonly SourcedObject[]): SourcedObject[] {
  const byIdentity = new Map<string, SourcedObject>();
  for (const next of sourced) {
    const { object } = next;
    const identity = [
      groupOf(object.apiVersion),
      object.kind,
      object.metadata.namespace ?? '',
      object.metadata.name,
    ].join('|');
    const before = byIdentity.get(identity);
    if (
      before &&
      object.kind !== 'CustomResourceDefinition' &&
      canonicalJson(before.object) !== canonicalJson(object)
    ) {
      throw new RenderError('InvalidContent', [
        {
          pack,
          file: next.file,
          message: `${describeObject(object)} is also in ${before.file}, with other content; a pack may bring each object once`,
        },
      ]);
    }
    byIdentity.set(identity, next);
  }
  return [...byIdentity.values()];
}

/** Phase, then the weight of a hook, then the kind. */
function orderKey(object: KubernetesObject): readonly number[] {
  const rank = installRank(object);
  if (object.kind === 'CustomResourceDefinition' || isNamespace(object)) return [0, 0, rank];
  const events = hookEvents(object);
  if (events.length === 0) return [2, 0, rank];
  const weight = Number.parseInt(object.metadata.annotations?.[HOOK_WEIGHT] ?? '0', 10) || 0;
  return [events.includes('post-install') && !events.includes('pre-install') ? 3 : 1, weight, rank];
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The namespaces that `pack:` asks for, with the labels and annotations it asks for. */
function wantedNamespaces(settings: PackSettings): KubernetesObject[] {
  const { namespaceLabels, namespaceAnnotations } = settings;
  const decorated = [...Object.keys(namespaceLabels), ...Object.keys(namespaceAnnotations)];
  const named = [settings.namespace, ...settings.additionalNamespaces].flatMap((name) =>
    name === undefined || BUILT_IN.has(name) ? [] : [name],
  );
  return [...new Set([...named, ...decorated])].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      ...(Object.hasOwn(namespaceLabels, name) ? { labels: namespaceLabels[name] } : {}),
      ...(Object.hasOwn(namespaceAnnotations, name) ? { annotations: namespaceAnnotations[name] } : {}),
    },
  }));
}

/** A namespace that the pack brings, with what `pack:` asks for added; its own labels win. */
function withAsked(object: KubernetesObject, asked: KubernetesObject | undefined): KubernetesObject {
  if (!asked) return object;
  const { labels, annotations } = asked.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      ...(labels === undefined ? {} : { labels: { ...labels, ...object.metadata.labels } }),
      ...(annotations === undefined ? {} : { annotations: { ...annotations, ...object.metadata.annotations } }),
    },
  };
}
