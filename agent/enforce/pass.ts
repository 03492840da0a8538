/**
 * One walk from the cluster as it is to the document in force: wave after wave, then removal of
 * what is no longer wanted. Walking again when nothing changed writes nothing.
 */
import { groupKind } from '#kubernetes/object';
import { AGENT_VERSION } from '../version.ts';
import { applyLayer, type LayerContext } from './apply-layer.ts';
import { inParallel } from './in-parallel.ts';
import type { KeyedLock } from './keyed-lock.ts';
import { isSettled, type LayerState } from './layer-state.ts';
import { waves, type Wave } from './plan.ts';
import { prune, type PruneResult } from './prune.ts';

export interface PassContext extends Omit<LayerContext, 'alreadyApplied' | 'claims'> {
  readonly states: ReadonlyMap<string, LayerState>;
  /** Resolves at the next change of any object's readiness, or when the signal is aborted. */
  readonly nextChange: (options: { readonly signal: AbortSignal }) => Promise<void>;
  /** How long a wave may take to become ready before the next one starts, in milliseconds. */
  readonly readyPatienceMs: number;
  readonly prunePatienceMs: number;
  readonly onDelete: () => void;
  /** Held while an object is written or removed. */
  readonly lock: KeyedLock;
}

export interface PassResult {
  readonly pruned: PruneResult;
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
  const mark = `${policy.digest}@${AGENT_VERSION}`;
  const claims = new Map<string, string>();
  const alreadyApplied = inventory.appliedDocument() === mark;
  table.keepLayers(new Set(layers.map((layer) => layer.name)));
  for (const wave of waves(layers)) {
    const wanted = statesOf(wave, states);
    await inParallel(wanted, LAYERS_AT_ONCE, async (state) =>
      applyLayer(state, { ...context, claims, alreadyApplied }),
    );
    await untilSettled(wanted, context);
  }
  const unknownLayers = new Set(
    [...states.values()].filter((state) => state.failure !== undefined).map((state) => state.layer.name),
  );
  const desired = new Set([...table.entries()].filter((entry) => !entry.foreign).map((entry) => entry.key));
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
  const failing = [...states.values()].some((state) => state.failure !== undefined || state.refused.length > 0);
  const problems = [...table.entries()].some((entry) => entry.problem !== undefined);
  const entries = [...table.entries()];
  const kinds = new Set([
    ...entries.map(({ desired }) => groupKind(desired.ref)),
    ...pruned.members.map(groupKind),
    ...pruned.remaining.map(({ ref }) => groupKind(ref)),
  ]);
  await inventory.settle(kinds, (failing || problems) && !alreadyApplied ? undefined : mark, { signal });
  const types = await Promise.all(
    entries.map(async ({ desired }) => client.discovery.resourceType(desired.ref, { signal })),
  );
  watchers.retain(types.filter((type) => type !== undefined));
  return { pruned, unfinished: failing || problems || pruned.remaining.length > 0 };
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
