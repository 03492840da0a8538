/** From a layer of the document to the objects that should be in the cluster. */
import { canonicalDigest } from '#protocol/canonical';
import type { DesiredLayer, MacroContext } from '#protocol/desired-state';
import type { HealthRule, ReadinessCheck } from '#packs/index';
import type { ObjectProblem } from '#protocol/report';

import type { ResourceType } from '#kubernetes/discovery';
import { describeRef, objectKey, refOf, valueAt, type KubeObject } from '#kubernetes/object';
import { removalRank } from './plan.ts';
import { hookOf, isHook, type Hook } from './hook.ts';
import { rulesFor, type LayerRules } from './rules.ts';
import { desiredDigest, stamp, type DesiredObject } from './stamp.ts';

/** What the cluster can do, as charts ask for it. */
export interface Capabilities {
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
}

export interface Rendering {
  /** In the order of the pack. */
  readonly objects: readonly KubeObject[];
  /** Namespaces the objects need, beside those among the objects. */
  readonly namespaces: readonly KubeObject[];
  /** For namespaced objects that name none and whose kind the renderer does not know. */
  readonly defaultNamespace: string;
  /** Helm's hooks beside those among the objects. Default: none. */
  readonly hooks?: readonly { readonly object: KubeObject }[];
  /** Default: none. */
  readonly readinessChecks?: readonly ReadinessCheck[];
  /** Default: none. */
  readonly health?: readonly HealthRule[];
  /** Default: false. */
  readonly runTests?: boolean;
}

/** Renders one layer; `archive` is the pack's, absent for inline manifests alone. Deterministic. */
export type RenderLayer = (
  layer: DesiredLayer,
  archive: Uint8Array | undefined,
  context: MacroContext,
  options: Capabilities & { readonly signal: AbortSignal },
) => Promise<Rendering>;

/** Everything that what is rendered, and how it is enforced, depends on, as one digest. */
export function renderingInput(
  layer: DesiredLayer,
  context: MacroContext,
  capabilities: Capabilities,
  rules: LayerRules & { readonly namespaces?: readonly string[] },
): string {
  return canonicalDigest({ layer, context, capabilities, rules });
}

export interface Prepared {
  readonly objects: readonly DesiredObject[];
  readonly refused: readonly ObjectProblem[];
  readonly hooks: readonly Hook[];
}

export interface PrepareContext {
  readonly applySet: string;
  /** The type of a kind when the API server knows it now; a kind of the layer's own definition is not known yet. */
  readonly typeOf: (object: KubeObject) => Promise<ResourceType | undefined>;
  /** Which layer of this document brings an object already; filled here. */
  readonly claims: Map<string, string>;
  readonly rules: LayerRules;
}

/** Marks the rendered objects and gives each its place; what cannot be taken in is named. */
export async function prepare(layer: DesiredLayer, rendering: Rendering, context: PrepareContext): Promise<Prepared> {
  const objects: DesiredObject[] = [];
  const refused: ObjectProblem[] = [];
  const hooks: Hook[] = [];
  const later = (rendering.hooks ?? []).map(({ object }) => object);
  const own = scopesOfOwnDefinitions(rendering.objects);
  const explicit = new Set(rendering.objects.map((object) => objectKey(refOf(object))));
  const implicit = rendering.namespaces.filter((object) => !explicit.has(objectKey(refOf(object))));
  for (const [at, given] of [...implicit, ...rendering.objects, ...later].entries()) {
    const namespaced = (await context.typeOf(given))?.namespaced ?? own.get(given.kind);
    const object = inNamespace(given, namespaced, rendering.defaultNamespace);
    const ref = refOf(object);
    const key = objectKey(ref);
    const claimed = context.claims.get(key);
    if (claimed !== undefined) {
      // Two layers may share a namespace that neither wrote down.
      if (at >= implicit.length) refused.push({ ...ref, message: twice(describeRef(ref), layer.name, claimed) });
      continue;
    }
    context.claims.set(key, layer.name);
    const marked = stamp(object, { applySet: context.applySet, layer: layer.name, priority: removalRank(layer) });
    if (isHook(marked)) {
      hooks.push(hookOf(marked));
      continue;
    }
    const rules = rulesFor(marked, context.rules);
    objects.push({
      key,
      ref,
      layer: layer.name,
      priority: layer.installPriority,
      implicit: at < implicit.length,
      object: marked,
      rules,
      digest: desiredDigest(marked, rules),
    });
  }
  return { objects, refused, hooks };
}

function twice(object: string, layer: string, other: string): string {
  return layer === other
    ? `${object} stands twice in this layer`
    : `${object} is brought by layer ${other} already; remove it from one of the two`;
}

/** A namespaced object without a namespace goes to the layer's; a cluster-scoped one has none. */
function inNamespace(object: KubeObject, namespaced: boolean | undefined, otherwise: string): KubeObject {
  const { namespace, ...metadata } = object.metadata;
  if (namespaced === false) return { ...object, metadata };
  if (namespaced === true) return { ...object, metadata: { ...metadata, namespace: namespace ?? otherwise } };
  return object;
}

function scopesOfOwnDefinitions(objects: readonly KubeObject[]): ReadonlyMap<string, boolean> {
  const scopes = new Map<string, boolean>();
  for (const object of objects) {
    const kind = valueAt(object, 'spec', 'names', 'kind');
    if (object.kind === 'CustomResourceDefinition' && typeof kind === 'string') {
      scopes.set(kind, valueAt(object, 'spec', 'scope') === 'Namespaced');
    }
  }
  return scopes;
}
