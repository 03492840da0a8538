/** Which hooks of a layer are due, and running them at the right moments of a pass. */
import { canonicalDigest } from '#protocol/canonical';

import { runHooks, type HookContext } from './run-hooks.ts';
import { hookOf, type Hook, type HookEvent } from './hook.ts';
import type { LayerState } from './layer-state.ts';
import type { Release, Releases } from './releases.ts';
import type { DesiredObject } from './stamp.ts';

export interface StepContext extends HookContext {
  readonly releases: Releases;
  /** All of this document was applied by a former run. */
  readonly alreadyApplied: boolean;
}

/** Everything the layer brings, as one digest: when it changes, that is an upgrade. */
export function releaseDigest(
  objects: readonly Pick<DesiredObject, 'key' | 'digest'>[],
  hooks: readonly Hook[],
): string {
  return canonicalDigest({
    objects: objects.map(({ key, digest }) => `${key} ${digest}`).sort(),
    hooks: hooks.map(({ object }) => canonicalDigest(object)).sort(),
  });
}

export type StepAhead =
  /** The hooks before the objects have run for this content, and those after it perhaps. */
  { readonly kind: 'open' } | { readonly kind: 'due'; readonly action: Release['action'] };

/** What the content of a layer is to the release that is recorded. @param wasThere Whether objects of it were applied already. */
export function stepAhead(
  known: Release | undefined,
  { digest, wasThere }: { readonly digest: string; readonly wasThere: boolean },
): StepAhead {
  if (!known) return { kind: 'due', action: wasThere ? 'upgrade' : 'install' };
  // It comes back: the hooks before removal may have undone what its installation did.
  if (known.step === 'removing') return { kind: 'due', action: 'install' };
  if (known.digest === digest && known.step !== 'begun') return { kind: 'open' };
  // What has not got through its first hooks goes on as what it was.
  const isBegun = known.step === 'begun' || known.step === 'pre';
  return { kind: 'due', action: isBegun ? known.action : 'upgrade' };
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
  const step = stepAhead(known, { digest, wasThere });
  if (step.kind === 'open') return;
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
  const { action } = step;
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
  await runHooks(event, hooks, context, { inWhatIsGone: 'skip' });
}
