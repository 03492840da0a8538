/**
 * One walk from the cluster as it is to the document in force: wave after wave, then removal of
 * what is no longer wanted. Walking again when nothing changed writes nothing.
 */
import { traced } from '#core/tracing/trace';
import { groupKind, objectKey, refOf } from '#kubernetes/object';
import { AGENT_VERSION } from '../version.ts';
import { applyLayer, finishLayer, type LayerContext } from './apply-layer.ts';
import { inParallel } from './in-parallel.ts';
import type { KeyedLock } from './keyed-lock.ts';
import { isSettled, type LayerState } from './layer-state.ts';
import { waves, type Wave } from './plan.ts';
import { prune } from './prune.ts';
import type { Releases } from './releases.ts';
import { afterRemoval, beforeRemoval, removalsOf, type Removal } from './removals.ts';

export interface PassContext extends Omit<LayerContext, 'alreadyApplied' | 'claims' | 'steps'> {
  readonly releases: Releases;
  readonly states: ReadonlyMap<string, LayerState>;
  /** Resolves at the next change of any object's readiness, or when the signal is aborted. */
  readonly nextChange: (options: { readonly signal: AbortSignal }) => Promise<void>;
  /** How long a wave may take to become ready before the next one starts, in milliseconds. */
  readonly readyPatienceMs: number;
  readonly prunePatienceMs: number;
  readonly onDelete: () => void;
  /** Called for each write of a hook. */
  readonly onWrite: () => void;
  /** Held while an object is written or removed. */
  readonly lock: KeyedLock;
}

export interface PassResult {
  readonly removals: readonly Removal[];
  /** Some layer or object could not be applied, or something does not go away: try again later. */
  readonly unfinished: boolean;
}

/** Layers of one wave are worked on so many at once: rendering starts a process each. */
const LAYERS_AT_ONCE = 2;

/** @throws KubeError when the API server does not answer, or the signal's reason */
export async function runPass(context: PassContext): Promise<PassResult> {
  const { policy, table, inventory, watchers, states, client, signal } = context;
  const { document } = policy;
  const layers = document.lifecycle === 'deleting' ? [] : document.layers;
  // Another version of the agent may render the same document differently, which is not drift.
  const mark = `${policy.digest}${policy.local === undefined ? '' : `+${policy.local}`}@${AGENT_VERSION}`;
  const claims = new Map<string, string>();
  const hooks = {
    client,
    releases: context.releases,
    patienceMs: context.readyPatienceMs,
    onWrite: context.onWrite,
    log: context.log,
    signal,
  };
  const alreadyApplied = inventory.appliedDocument() === mark;
  table.keepLayers(new Set(layers.map((layer) => layer.name)));
  for (const wave of waves(layers)) {
    const wanted = statesOf(wave, states);
    const layerContext = { ...context, claims, alreadyApplied, steps: { ...hooks, alreadyApplied } };
    await inParallel(wanted, LAYERS_AT_ONCE, async (state) => {
      const attributes = { 'palette.layer': state.layer.name, 'palette.layer.version': state.layer.version };
      await traced('apply layer', { attributes }, async () => applyLayer(state, layerContext));
    });
    await untilSettled(wanted, context);
    await inParallel(wanted, LAYERS_AT_ONCE, async (state) => finishLayer(state, layerContext));
  }
  const gone = context.releases.all().filter(({ layer }) => !states.has(layer));
  const removing = { ...hooks, inventory };
  const held = await beforeRemoval(gone, removing);
  const unknownLayers = new Set([
    ...[...states.values()]
      .filter((state) => state.failure !== undefined || state.hookFailure?.before)
      .map((state) => state.layer.name),
    ...held.keys(),
  ]);
  const desired = new Set([
    ...[...table.entries()].filter((entry) => !entry.foreign).map((entry) => entry.key),
    ...[...states.values()].flatMap((state) => state.hooks.map(({ object }) => objectKey(refOf(object)))),
  ]);
  const pruned = await prune({
    client,
    inventory,
    desired,
    unknownLayers,
    log: context.log,
    signal,
    patienceMs: context.prunePatienceMs,
    onDelete: context.onDelete,
    lock: context.lock,
  });
  const left = await afterRemoval(
    gone.filter(({ layer }) => !held.has(layer)),
    pruned,
    removing,
  );
  const removals = removalsOf([...held, ...left], pruned);
  const failing = [...states.values()].some(
    (state) => state.failure !== undefined || state.hookFailure !== undefined || state.refused.length > 0,
  );
  const problems = [...table.entries()].some((entry) => entry.problem !== undefined);
  const entries = [...table.entries()];
  const kinds = new Set([
    ...entries.map(({ desired }) => groupKind(desired.ref)),
    ...pruned.members.map(groupKind),
    ...pruned.remaining.map(({ target }) => groupKind(target.ref)),
    ...pruned.unknown,
    // Hooks of removal that failed, of layers that have not gone.
    ...context.releases
      .all()
      .filter(({ layer }) => !states.has(layer))
      .flatMap(({ onDelete }) => onDelete.map(groupKind)),
  ]);
  const isWhole = !failing && !problems && held.size === 0 && left.size === 0;
  await inventory.settle(kinds, isWhole || alreadyApplied ? mark : undefined, { signal });
  const types = await Promise.all(
    entries.map(async ({ desired }) => client.discovery.resourceType(desired.ref, { signal })),
  );
  watchers.retain(types.filter((type) => type !== undefined));
  return { removals, unfinished: failing || problems || removals.length > 0 };
}

function statesOf(wave: Wave, states: ReadonlyMap<string, LayerState>): readonly LayerState[] {
  return wave.map((layer) => states.get(layer.name)).filter((state) => state !== undefined);
}

/** Waits for a wave to be ready or beyond help; once in a revision and not for ever. */
async function untilSettled(wave: readonly LayerState[], context: PassContext): Promise<void> {
  const { table, signal, now } = context;
  const patience = AbortSignal.timeout(context.readyPatienceMs);
  const either = AbortSignal.any([signal, patience]);
  for (;;) {
    for (const state of wave) {
      if (!state.waited && isSettled(state, table.ofLayer(state.layer.name), table)) {
        state.waited = true;
        state.endedAt = now().toISOString();
      }
    }
    if (wave.every((state) => state.waited)) return;
    await context.nextChange({ signal: either }).catch(() => undefined);
    signal.throwIfAborted();
    if (patience.aborted) for (const state of wave) state.waited = true;
  }
}
