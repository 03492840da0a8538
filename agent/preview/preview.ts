/** Answers what a candidate would change in this cluster. Reads and dry runs only. */
import { maskTexts } from '#profiles/diff/mask';
import type { ContentDigest } from '#protocol/identifiers';
import type { PreviewChange, PreviewRefusal, PreviewRequest, PreviewResult } from '#protocol/preview';
import type { DesiredState } from '#protocol/desired-state';

import type { KubeClient } from '#kubernetes/client';
import { groupKind, mapAt, objectKey, refOf, valueAt, type GroupKind } from '#kubernetes/object';
import { isContainer } from '../enforce/content-that-stays.ts';
import { inParallel } from '../enforce/in-parallel.ts';
import { createInventory } from '../enforce/inventory.ts';
import { namespacesFor } from '../enforce/namespace-patterns.ts';
import { fateOf } from '../enforce/prune.ts';
import { planPrune, type PruneInput } from '../enforce/prune-plan.ts';
import { createReleases } from '../enforce/releases.ts';
import type { Capabilities, RenderLayer } from '../enforce/render.ts';
import type { DesiredObject } from '../enforce/stamp.ts';
import { boundedResult } from './bounded.ts';
import { renderCandidate, type Candidate } from './candidate.ts';
import { hooksToRun } from './hooks.ts';
import { lookAt } from './look.ts';

export interface PreviewContext {
  readonly client: KubeClient;
  /** The agent's own. */
  readonly namespace: string;
  readonly render: RenderLayer;
  readonly capabilities: (options: { readonly signal: AbortSignal }) => Promise<Capabilities>;
  readonly pack: (digest: ContentDigest, options: { readonly signal: AbortSignal }) => Promise<Uint8Array>;
  /** What is in force now. */
  readonly inForce: () => DesiredState | undefined;
  /** Whether this very object is applied and as it was applied: then nothing needs to be asked. */
  readonly isInPlace: (object: Pick<DesiredObject, 'key' | 'digest'>) => boolean;
}

/** Objects are looked at so many at once: fewer than when applying, which goes first. */
const CONCURRENCY = 4;

/** @throws Error when a pack cannot be fetched, or the API server does not answer */
export async function previewCandidate(
  request: PreviewRequest,
  context: PreviewContext,
  { signal }: { readonly signal: AbortSignal },
): Promise<PreviewResult> {
  const { client, namespace } = context;
  const inForce = context.inForce();
  const inventory = createInventory(client, namespace);
  await inventory.load({ signal });
  const { applySet } = inventory;
  const mask = maskTexts(sensitiveTexts(request, inForce));
  const typeOf: Parameters<typeof renderCandidate>[1]['typeOf'] = async (object) =>
    client.discovery.resourceType(object, { signal });
  const candidate = await renderCandidate(
    request.candidate,
    {
      ...context,
      applySet,
      capabilities: await context.capabilities({ signal }),
      typeOf,
      namespacesFor: async (layer) => namespacesFor(layer, client, { signal }),
    },
    { signal },
  );
  const kinds = kindsOf(candidate);
  const keys = new Set([
    ...candidate.objects.map(({ key }) => key),
    ...candidate.layers.flatMap(({ hooks }) => hooks.map(({ object }) => objectKey(refOf(object)))),
  ]);
  const outlooks = await inParallel(candidate.objects, CONCURRENCY, async (desired) =>
    context.isInPlace(desired)
      ? ({ kind: 'unchanged' } as const)
      : lookAt(
          desired,
          {
            client,
            applySet,
            namespace,
            mask,
            served: async (ref) => (await typeOf(ref)) !== undefined,
            comesWithIt: (ref) => kinds.has(groupKind(ref)),
            bringsNamespace: (name) => keys.has(objectKey({ apiVersion: 'v1', kind: 'Namespace', name })),
          },
          { signal },
        ),
  );
  const changes: PreviewChange[] = [];
  const refused: PreviewRefusal[] = candidate.refused.map((refusal) => ({
    ...refusal,
    message: String(mask(refusal.message)).slice(0, 2_000),
  }));
  for (const outlook of outlooks) {
    if (outlook.kind === 'change') changes.push(outlook.change);
    else if (outlook.kind === 'refused') refused.push(outlook.refusal);
  }
  const members = (await inventory.members({ signal })).objects;
  changes.push(...(await removals(candidate, keys, { members, applySet }, context, { signal })));
  const releases = createReleases(client, namespace);
  await releases.load({ signal });
  const applied = new Set(members.map((member) => objectKey(refOf(member))));
  return boundedResult({
    revision: inForce?.revision ?? 0,
    changes,
    refused,
    hooks: hooksToRun({ ...candidate, releases: releases.all(), applied }),
    unchanged: outlooks.filter(({ kind }) => kind === 'unchanged').length,
  });
}

/** What would be pruned, in the order of removal. */
async function removals(
  { unknownLayers }: Candidate,
  desired: ReadonlySet<string>,
  { members, applySet }: Pick<PruneInput, 'members' | 'applySet'>,
  { client }: PreviewContext,
  { signal }: { readonly signal: AbortSignal },
): Promise<PreviewChange[]> {
  const targets = planPrune({ members, applySet, desired, unknownLayers }).flat();
  const going = new Set(targets.flatMap(({ uid, adopted }) => (adopted ? [] : [uid])));
  if (targets.some(({ ref }) => isContainer(ref))) client.discovery.invalidate();
  const found = await inParallel(targets, CONCURRENCY, async (target): Promise<PreviewChange[]> => {
    const fate = await fateOf(target, { client, applySet, going }, { signal });
    const { ref: object, layer } = target;
    return fate.kind === 'goes' ? [{ kind: 'removed', layer, object, fields: [], restarts: false }] : [];
  });
  return found.flat();
}

/** Kinds that the candidate's own definitions bring. */
function kindsOf({ objects }: Candidate): ReadonlySet<GroupKind> {
  return new Set(
    objects.flatMap(({ object }) => {
      const kind = valueAt(object, 'spec', 'names', 'kind');
      const group = mapAt(object, 'spec')['group'];
      return object.kind === 'CustomResourceDefinition' && typeof kind === 'string' && typeof group === 'string'
        ? [`${kind}.${group}`]
        : [];
    }),
  );
}

/** Values of sensitive variables, as they would be and as they are. */
function sensitiveTexts({ sensitive, candidate }: PreviewRequest, inForce: DesiredState | undefined): string[] {
  const hidden = new Set(sensitive);
  return [candidate, ...(inForce ? [inForce] : [])]
    .flatMap(({ context, layers }) => [context.variables, ...layers.map(({ variables }) => variables ?? {})])
    .flatMap((variables) => Object.entries(variables))
    .filter(([name]) => hidden.has(name))
    .map(([, value]) => value);
}
