/** Hooks around the removal of layers that are gone from the document, and what is told of it while it lasts. */
import type { ObjectProblem } from '#protocol/report';

import { isAway } from '#kubernetes/error';
import { groupKind } from '#kubernetes/object';
import type { Inventory } from './inventory.ts';
import { MAX_PROBLEMS, type LayerView, type ViewedLayer } from './layer-state.ts';
import type { PruneResult } from './prune.ts';
import { ofRemoval } from './release-steps.ts';
import type { Release, Releases } from './releases.ts';
import type { HookContext } from './run-hooks.ts';

export interface RemovalContext extends HookContext {
  readonly releases: Pick<Releases, 'reload' | 'refOf' | 'save' | 'remove'>;
  readonly inventory: Pick<Inventory, 'addKinds'>;
}

/** What of a layer is to go and has not gone. */
export interface Removal {
  readonly layer: string;
  /** Something said no: a hook, or the API server. */
  readonly failed: boolean;
  readonly message: string;
  readonly problems: readonly ObjectProblem[];
}

/**
 * Runs the hooks before removal, once for each layer: later what they need may be gone already. Gives the layers whose
 * hooks failed, whose objects stay, with what was wrong.
 */
export async function beforeRemoval(
  gone: readonly Release[],
  context: RemovalContext,
): Promise<ReadonlyMap<string, string>> {
  const held = new Map<string, string>();
  for (const { layer } of gone) {
    // Somebody who deletes the record wants the layer gone without its hooks.
    const release = await context.releases.reload(layer, context);
    if (!release || release.step === 'removing') continue;
    const failure = await removalHooks('pre-delete', release, context);
    if (failure === undefined) await context.releases.save({ ...release, step: 'removing' }, context);
    else held.set(layer, `${failure}. ${wayOut(layer, context)}`);
  }
  return held;
}

/** Ends the releases of layers whose objects are gone; gives what is left to do of the others. */
export async function afterRemoval(
  gone: readonly Release[],
  { remaining, unknown }: Pick<PruneResult, 'remaining' | 'unknown'>,
  context: RemovalContext,
): Promise<ReadonlyMap<string, string>> {
  const left = new Map<string, string>();
  // Any layer may have objects of a kind that cannot be looked for now.
  if (unknown.length > 0) return left;
  for (const { layer } of gone) {
    if (remaining.some(({ target }) => target.layer === layer)) continue;
    const release = await context.releases.reload(layer, context);
    const failure = release && (await removalHooks('post-delete', release, context));
    if (failure === undefined) await context.releases.remove(layer, context);
    else left.set(layer, `${failure}. ${wayOut(layer, context)}`);
  }
  return left;
}

/** One of each layer with something left: what its hooks said, and its objects. */
export function removalsOf(
  hooks: Iterable<readonly [layer: string, failure: string]>,
  { remaining, unknown }: Pick<PruneResult, 'remaining' | 'unknown'>,
): readonly Removal[] {
  const failures = new Map(hooks);
  const layers = new Set([...failures.keys(), ...remaining.map(({ target }) => target.layer)]);
  const ofLayers = [...layers].map((layer): Removal => {
    const objects = remaining.filter(({ target }) => target.layer === layer);
    const failure = failures.get(layer);
    return {
      layer,
      failed: failure !== undefined || objects.some(({ refused }) => refused),
      message: failure ?? describe(objects),
      problems: objects
        .toSorted((left, right) => Number(right.refused) - Number(left.refused))
        .map(({ problem }) => problem),
    };
  });
  const ofKinds = unknown.map((kind): Removal => ({
    layer: kind,
    failed: false,
    message: `objects of the kind ${kind} cannot be looked for: the server of its API does not answer`,
    problems: [],
  }));
  return [...ofLayers, ...ofKinds];
}

function describe(objects: PruneResult['remaining']): string {
  const refused = objects.filter((object) => object.refused).length;
  if (refused > 0) return `${refused} of ${objects.length} objects cannot be removed`;
  return objects.length === 1 ? 'an object is being removed' : `${objects.length} objects are being removed`;
}

/** Layers as they are told: what is left of a removal counts as a fault of its layer, also of one that is gone. */
export function withRemovals(
  layers: readonly ViewedLayer[],
  removals: readonly Removal[],
  { since }: { readonly since: string },
): readonly ViewedLayer[] {
  const stay = layers.map((view): ViewedLayer => {
    const removal = removals.find(({ layer }) => layer === view.state.layer.name);
    if (!removal) return view;
    const condition = removal.failed ? 'Error' : 'NotReady';
    const isWorse = SEVERITY.indexOf(condition) > SEVERITY.indexOf(view.condition);
    const problems = isWorse ? [...removal.problems, ...view.problems] : [...view.problems, ...removal.problems];
    return {
      ...view,
      ...(isWorse ? { condition, message: removal.message } : {}),
      problems: problems.slice(0, MAX_PROBLEMS),
    };
  });
  const gone = removals
    .filter(({ layer }) => !layers.some(({ state }) => state.layer.name === layer))
    .map(({ layer, failed, message, problems }): ViewedLayer => ({
      state: {
        layer: { name: layer, version: '', profile: { uid: '', name: '', version: '' } },
        startedAt: since,
        endedAt: undefined,
      },
      condition: failed ? 'Error' : 'NotReady',
      message,
      objects: problems.length,
      problems: problems.slice(0, MAX_PROBLEMS),
    }));
  return [...stay, ...gone];
}

const SEVERITY: readonly LayerView['condition'][] = ['Ready', 'NotReady', 'Applying', 'Pending', 'Error'];

/** What went wrong, if anything did. */
async function removalHooks(
  event: 'pre-delete' | 'post-delete',
  release: Release,
  context: RemovalContext,
): Promise<string | undefined> {
  // A hook that fails stays until it runs again; it is found by its kind when nothing else of the layer is left.
  await context.inventory.addKinds(release.onDelete.map(groupKind), context);
  try {
    await ofRemoval(event, release, context);
    return undefined;
  } catch (error) {
    context.signal.throwIfAborted();
    if (isAway(error)) throw error;
    context.log.warn({ err: error, layer: release.layer }, 'hook of removal failed');
    return error instanceof Error ? error.message : String(error);
  }
}

function wayOut(layer: string, { releases }: RemovalContext): string {
  const { namespace, name } = releases.refOf(layer);
  return `It is tried again; to go on without it, delete the Secret ${namespace}/${name}`;
}
