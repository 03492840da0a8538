/** Which hooks of a layer are due, and running them at the right moments of a pass. */
import { isNotFound } from '#kubernetes/error';
import { canonicalDigest } from '#protocol/canonical';

import { runHooks, type HookContext } from './run-hooks.ts';
import { hookOf, type Hook, type HookEvent } from './hook.ts';
import type { LayerState } from './layer-state.ts';
import type { Release, Releases } from './releases.ts';
import type { Entry } from './table.ts';

export interface StepContext extends HookContext {
  readonly releases: Releases;
  /** All of this document was applied by a former run. */
  readonly alreadyApplied: boolean;
}

/** Everything the layer brings, as one digest: when it changes, that is an upgrade. */
export function releaseDigest(entries: readonly Entry[], hooks: readonly Hook[]): string {
  return canonicalDigest({
    objects: entries.map(({ key, desired }) => `${key} ${desired.digest}`).sort(),
    hooks: hooks.map(({ object }) => canonicalDigest(object)).sort(),
  });
}

/**
 * Opens the layer's release when something of it changed, and runs the hooks before its objects.
 *
 * @param wasThere Whether objects of the layer are in the cluster already.
 * @throws HookFailed, KubeError
 */
export async function beforeObjects(
  { layer, hooks }: LayerState,
  { digest, wasThere }: { readonly digest: string; readonly wasThere: boolean },
  context: StepContext,
): Promise<void> {
  const { releases, signal } = context;
  const known = releases.of(layer.name);
  if (hooks.length === 0 && !known) return;
  if (known?.digest === digest && known.step !== 'begun') return;
  const onDelete = hooks
    .filter(({ events }) => events.has('pre-delete') || events.has('post-delete'))
    .map(({ object }) => object);
  const fresh = (step: Release['step'], action: Release['action']): Release => ({
    layer: layer.name,
    digest,
    action,
    step,
    onDelete,
  });
  if (!known && context.alreadyApplied) {
    await releases.save(fresh('test', 'install'), { signal });
    return;
  }
  const action = known
    ? known.step === 'begun' || known.step === 'pre'
      ? known.action
      : 'upgrade'
    : wasThere
      ? 'upgrade'
      : 'install';
  await releases.save(fresh('begun', action), { signal });
  await runHooks(`pre-${action}`, hooks, context);
  await releases.save(fresh('pre', action), { signal });
}

/** Runs the hooks after the layer's objects, then its tests where they are asked for. @throws HookFailed, KubeError */
export async function afterObjects({ layer, hooks, runTests }: LayerState, context: StepContext): Promise<void> {
  const { releases, signal } = context;
  const release = releases.of(layer.name);
  if (release?.step === 'pre') {
    await runHooks(`post-${release.action}`, hooks, context);
    await releases.save({ ...release, step: 'post' }, { signal });
  }
  const after = releases.of(layer.name);
  if (runTests && after?.step === 'post') {
    await runHooks('test', hooks, context);
    await releases.save({ ...after, step: 'test' }, { signal });
  }
}

/** Whether hooks are to run after the layer's objects. */
export function areHooksDue({ layer, hooks, runTests }: LayerState, releases: Releases): boolean {
  const step = releases.of(layer.name)?.step;
  const has = (event: string): boolean => hooks.some(({ events }) => events.has(event));
  return step === 'pre' || (step === 'post' && runTests && has('test'));
}

/** Runs the hooks of layers that are gone from the document. @throws HookFailed, KubeError */
export async function ofRemoval(
  event: Extract<HookEvent, 'pre-delete' | 'post-delete'>,
  { onDelete }: Release,
  context: HookContext,
): Promise<void> {
  // They outlive the layer only for as long as they run.
  const hooks = onDelete
    .map(hookOf)
    .map((hook) => ({ ...hook, deletes: new Set([...hook.deletes, 'hook-succeeded' as const]) }));
  try {
    await runHooks(event, hooks, context);
  } catch (error) {
    // Its namespace, or its kind, is gone: there is nothing left to tidy up in it.
    if (isNotFound(error)) return;
    throw error;
  }
}
