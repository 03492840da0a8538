/** The objects that a candidate would bring, in the order in which they would be applied. */
import type { DesiredLayer } from '#protocol/desired-state';
import { layerContext } from '#protocol/layer-context';
import type { ContentDigest } from '#protocol/identifiers';
import type { PreviewRefusal, PreviewRequest } from '#protocol/preview';

import type { ResourceType } from '#kubernetes/discovery';
import { isTransient } from '#kubernetes/error';
import { expandPatterns } from '../enforce/namespace-patterns.ts';
import { waves, stages } from '../enforce/plan.ts';
import { prepare, type Capabilities, type RenderLayer } from '../enforce/render.ts';
import { rulesOf } from '../enforce/rules.ts';
import type { DesiredObject } from '../enforce/stamp.ts';
import type { HookedLayer } from './hooks.ts';

export interface CandidateContext {
  readonly applySet: string;
  readonly capabilities: Capabilities;
  readonly render: RenderLayer;
  readonly pack: (digest: ContentDigest, options: { readonly signal: AbortSignal }) => Promise<Uint8Array>;
  /** As `namespacesFor` of enforcement. */
  readonly namespacesFor: (layer: DesiredLayer) => Promise<readonly string[] | undefined>;
  readonly typeOf: (object: {
    readonly apiVersion: string;
    readonly kind: string;
  }) => Promise<ResourceType | undefined>;
}

export interface Candidate {
  readonly objects: readonly DesiredObject[];
  readonly refused: readonly PreviewRefusal[];
  /** With the hooks that each brings: they run at their time and stay until then. */
  readonly layers: readonly HookedLayer[];
  /** Layers that cannot be rendered: what is there of them stays. */
  readonly unknownLayers: ReadonlySet<string>;
}

/** @throws Error when a pack cannot be fetched now or the API server does not answer */
export async function renderCandidate(
  { layers, context, policy }: PreviewRequest['candidate'],
  { render, pack, capabilities, typeOf, namespacesFor, applySet }: CandidateContext,
  { signal }: { readonly signal: AbortSignal },
): Promise<Candidate> {
  const claims = new Map<string, string>();
  const objects: DesiredObject[] = [];
  const hooked: HookedLayer[] = [];
  const refused: PreviewRefusal[] = [];
  const unknownLayers = new Set<string>();
  for (const layer of waves(layers).flat()) {
    const archive = layer.content === undefined ? undefined : await pack(layer.content, { signal });
    try {
      const macros = layerContext(context, layer);
      const rendered = await render(layer, archive, macros, { ...capabilities, signal });
      const namespaces = await namespacesFor(layer);
      const rendering = namespaces ? { ...rendered, objects: expandPatterns(rendered.objects, namespaces) } : rendered;
      const prepared = await prepare(layer, rendering, {
        applySet,
        typeOf,
        claims,
        rules: rulesOf(policy, layer.enforcement),
      });
      objects.push(...stages(prepared.objects).flat());
      const { objects: own, hooks } = prepared;
      hooked.push({ name: layer.name, objects: own, hooks, runTests: rendering.runTests ?? false });
      for (const { field, message, ...object } of prepared.refused)
        refused.push({ layer: layer.name, object, ...(field === undefined ? {} : { field }), message });
    } catch (error) {
      signal.throwIfAborted();
      if (isTransient(error)) throw error;
      unknownLayers.add(layer.name);
      refused.push({ layer: layer.name, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { objects, layers: hooked, refused, unknownLayers };
}
