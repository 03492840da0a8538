/** Removes what is no longer desired, group by group, waiting for each to be gone. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';

import type { KubeClient } from '#kubernetes/client';
import { describeRef, objectKey, type KubeObject } from '#kubernetes/object';
import { releaseNamespace } from './adopt-namespace.ts';
import { inParallel } from './in-parallel.ts';
import type { Inventory } from './inventory.ts';
import type { KeyedLock } from './keyed-lock.ts';
import { foreignContent } from './namespace-content.ts';
import { planPrune, type PruneInput, type PruneTarget } from './prune-plan.ts';

export interface PruneOptions {
  readonly client: KubeClient;
  readonly inventory: Inventory;
  readonly desired: PruneInput['desired'];
  readonly unknownLayers: PruneInput['unknownLayers'];
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** A group that is not gone by then, in milliseconds, is not waited for: a finalizer may hold it for ever. */
  readonly patienceMs: number;
  readonly onDelete: () => void;
  /** Held while an object is removed: a heal that is under way ends first. */
  readonly lock: KeyedLock;
}

/** What a removal came to. `remaining`: objects that are asked to go but are still there. */
export interface PruneResult {
  readonly removed: number;
  readonly remaining: readonly PruneTarget[];
  /** Members that stay: desired, protected or of a layer that is not known now. */
  readonly members: readonly KubeObject[];
}

const CONCURRENCY = 8;

/** @throws KubeError when the API server refuses a deletion or does not answer. */
export async function prune(options: PruneOptions): Promise<PruneResult> {
  const { client, inventory, log, signal } = options;
  const members = await inventory.members({ signal });
  const groups = planPrune({
    members,
    applySet: inventory.applySet,
    desired: options.desired,
    unknownLayers: options.unknownLayers,
  });
  const going = new Set(groups.flat().map((target) => target.uid));
  const remaining: PruneTarget[] = [];
  for (const group of groups) {
    const deleted = await inParallel(group, CONCURRENCY, async (target) => {
      if (target.ref.kind === 'Namespace' && target.ref.apiVersion === 'v1' && (await keepNamespace(target, options)))
        return [];
      log.info({ object: describeRef(target.ref), layer: target.layer }, 'removing what is no longer desired');
      options.onDelete();
      await options.lock(objectKey(target.ref), async () => client.delete(target.ref, { signal, uid: target.uid }));
      return [target];
    });
    remaining.push(...(await untilGone(deleted.flat(), options)));
    if (group.some(({ ref }) => ref.kind === 'CustomResourceDefinition')) client.discovery.invalidate();
  }
  return {
    removed: going.size - remaining.length,
    remaining,
    members: members.filter(({ metadata }) => metadata.uid === undefined || !going.has(metadata.uid)),
  };
}

/** Waits for objects to be gone; gives those that are not in time. */
async function untilGone(
  targets: readonly PruneTarget[],
  { client, signal, patienceMs }: PruneOptions,
): Promise<readonly PruneTarget[]> {
  let left = targets;
  const until = performance.now() + patienceMs;
  for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, 1_000)) {
    const found = await inParallel(left, CONCURRENCY, async (target) => {
      const current = await client.get(target.ref, { signal });
      return current?.metadata.uid === target.uid ? [target] : [];
    });
    left = found.flat();
    if (left.length === 0 || performance.now() >= until) return left;
    await delay(waitMs, { signal });
  }
}

/**
 * A namespace takes everything in it along. One with content of others, and one that was there before the agent, is let
 * go instead: it stays, without the agent's marks.
 */
async function keepNamespace(
  { ref, adopted }: PruneTarget,
  { client, inventory, log, signal }: PruneOptions,
): Promise<boolean> {
  const foreign = adopted ? undefined : await foreignContent(client, ref.name, inventory.applySet, { signal });
  if (!adopted && !foreign) return false;
  const why = foreign ? `it holds ${describeRef(foreign)}` : 'it was there before';
  log.warn({ namespace: ref.name, why }, "namespace is kept: it is not the agent's alone");
  await releaseNamespace(ref.name, client, { signal });
  return true;
}
