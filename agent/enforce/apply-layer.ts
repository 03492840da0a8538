/** Renders one layer and applies its objects, stage by stage. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';
import { layerContext } from '#protocol/layer-context';

import type { Watchers } from '../drift/watchers.ts';
import type { KubeClient } from '#kubernetes/client';
import type { ResourceType } from '#kubernetes/discovery';
import { KubeError, isAway, isTransient } from '#kubernetes/error';
import { groupKind, objectKey, refOf } from '#kubernetes/object';
import { judgeBy, type Judge } from './health-rules.ts';
import { inParallel } from './in-parallel.ts';
import type { Inventory } from './inventory.ts';
import type { LayerState } from './layer-state.ts';
import { expandPatterns, namespacesFor } from './namespace-patterns.ts';
import { isFoundation, stages } from './plan.ts';
import { afterObjects, areHooksDue, beforeObjects, releaseDigest, type StepContext } from './release-steps.ts';
import { HookFailed } from './run-hooks.ts';
import { prepare, renderingInput, type Capabilities, type RenderLayer } from './render.ts';
import { rulesOf } from './rules.ts';
import type { DesiredObject } from './stamp.ts';
import type { Entry, ObjectTable } from './table.ts';
import type { PolicyInForce } from './policy-in-force.ts';

export interface LayerContext {
  readonly client: KubeClient;
  readonly table: ObjectTable;
  readonly watchers: Watchers;
  readonly inventory: Inventory;
  readonly render: RenderLayer;
  readonly capabilities: Capabilities;
  readonly policy: PolicyInForce;
  readonly claims: Map<string, string>;
  /** All of this document was applied by a former run: what differs now was changed by others. */
  readonly alreadyApplied: boolean;
  /** A write that has begun is not cut off by a newer document: whether it arrived would not be known. */
  readonly converge: (entry: Entry) => Promise<unknown>;
  readonly steps: StepContext;
  readonly log: Logger;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** Objects of one stage are written so many at once. */
const CONCURRENCY = 8;
const DEFINITION_PATIENCE_MS = 30_000;

/**
 * Brings one layer's objects to the cluster. What goes wrong with the layer or one of its
 * objects is kept in its state; the rest of it goes on.
 *
 * @throws KubeError only when the API server does not answer.
 */
export async function applyLayer(state: LayerState, context: LayerContext): Promise<void> {
  state.progress = state.progress === 'applied' ? 'applied' : 'applying';
  const ready = await renderLayer(state, context);
  if (!ready) return;
  const entries = context.table.ofLayer(state.layer.name);
  await context.inventory.addKinds(
    [...entries.map(({ desired }) => groupKind(desired.ref)), ...state.hooks.map(({ object }) => groupKind(object))],
    context,
  );
  const wasThere = state.hooks.length > 0 && (await isThere(entries, context));
  const isFirst = ([one]: readonly DesiredObject[]): boolean => one !== undefined && isFoundation(one.object);
  const all = stages(entries.map(({ desired }) => desired));
  for (const stage of all.filter(isFirst)) await applyStage(stage, context);
  const digest = releaseDigest(
    entries.map(({ desired }) => desired),
    state.hooks,
  );
  const failure = await hookFailure(async () => beforeObjects(state, { digest, wasThere }, context.steps), context);
  state.hookFailure = failure === undefined ? undefined : { before: true, message: failure };
  if (failure !== undefined) return;
  state.hooksDue = areHooksDue(state, context.steps.releases);
  for (const stage of all.filter((candidate) => !isFirst(candidate))) await applyStage(stage, context);
  state.progress = 'applied';
}

/** Runs the hooks that come after the layer's objects, when those could be applied. @throws KubeError as `applyLayer` */
export async function finishLayer(state: LayerState, context: LayerContext): Promise<void> {
  if (!state.hooksDue || state.failure !== undefined || state.hookFailure?.before) return;
  const failure = await hookFailure(async () => afterObjects(state, context.steps), context);
  state.hookFailure = failure === undefined ? undefined : { before: false, message: failure };
  state.hooksDue = areHooksDue(state, context.steps.releases);
}

/** What went wrong with a hook, if anything did. */
async function hookFailure(run: () => Promise<void>, { log, signal }: LayerContext): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    const isHooks = error instanceof HookFailed || (error instanceof KubeError && !isAway(error));
    if (!isHooks) throw error;
    log.warn({ err: error }, 'hook failed');
    return error.message;
  }
}

/** Whether any of the layer's objects is in the cluster already. */
async function isThere(entries: readonly Entry[], { client, watchers, table, signal }: LayerContext): Promise<boolean> {
  const types = await Promise.all(
    entries.map(async ({ desired }) => client.discovery.resourceType(desired.ref, { signal })),
  );
  const known = types.flatMap((type) => (type ? [[`${type.apiVersion}/${type.kind}`, type] as const] : []));
  await watchers.ensure([...new Map(known).values()], { signal });
  return entries.some(({ key }) => table.live(key) !== undefined);
}

/** Whether the layer's objects are known, now or from before. */
async function renderLayer(state: LayerState, context: LayerContext): Promise<boolean> {
  const { layer } = state;
  const { policy, capabilities, signal, table, client, inventory } = context;
  const macros = layerContext(policy.document.context, layer);
  const rules = rulesOf(policy.document.policy, layer.enforcement);
  const namespaces = await namespacesFor(layer, client, { signal });
  const input = renderingInput(layer, macros, capabilities, { ...rules, ...(namespaces ? { namespaces } : {}) });
  if (state.rendered === input) {
    for (const entry of table.ofLayer(layer.name)) context.claims.set(entry.key, layer.name);
    for (const { object } of state.hooks) context.claims.set(objectKey(refOf(object)), layer.name);
    return true;
  }
  try {
    const archive = layer.content === undefined ? undefined : await policy.pack(layer.content, { signal });
    const rendered = await context.render(layer, archive, macros, { ...capabilities, signal });
    const rendering = namespaces ? { ...rendered, objects: expandPatterns(rendered.objects, namespaces) } : rendered;
    const typeOf = async (object: {
      readonly apiVersion: string;
      readonly kind: string;
    }): Promise<ResourceType | undefined> => client.discovery.resourceType(object, { signal });
    const prepared = await prepare(layer, rendering, {
      applySet: inventory.applySet,
      typeOf,
      claims: context.claims,
      rules,
    });
    const judge = judgeBy(rendering.health ?? []);
    const { defaultNamespace } = rendering;
    state.refused = prepared.refused;
    state.hooks = prepared.hooks;
    state.runTests = rendering.runTests ?? false;
    state.checks = (rendering.readinessChecks ?? []).map((check) => ({ ...check, defaultNamespace }));
    state.gate = state.checks.length === 0 ? undefined : 'its readiness checks are to be looked at';
    table.setLayer(layer.name, prepared.objects, judge);
    if (judge) await judgeAnew(table.ofLayer(layer.name), judge, context);
    if (context.alreadyApplied)
      for (const entry of table.ofLayer(layer.name)) entry.appliedDigest ??= entry.desired.digest;
    // A layer with refused objects is looked at again: the other one may have let go of them.
    state.rendered = prepared.refused.length === 0 ? input : undefined;
    state.failure = undefined;
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (isTransient(error)) throw error;
    state.failure = error instanceof Error ? error.message : String(error);
    state.rendered = undefined;
    context.log.warn({ err: error, layer: layer.name }, 'layer cannot be rendered');
    return false;
  }
}

/** Objects that were seen before the rule for them was known are looked at once more. */
async function judgeAnew(
  entries: readonly Entry[],
  judge: Judge,
  { table, client, signal }: LayerContext,
): Promise<void> {
  const there = entries.filter(({ key, desired }) => table.live(key) && judge(desired.object) !== undefined);
  await inParallel(there, CONCURRENCY, async ({ desired }) => {
    const live = await client.get(desired.ref, { signal });
    if (live) table.observe(live);
  });
}

async function applyStage(stage: readonly DesiredObject[], context: LayerContext): Promise<void> {
  const { client, table, watchers, signal } = context;
  const types = await Promise.all(stage.map(async ({ ref }) => client.discovery.resourceType(ref, { signal })));
  const known = new Map(types.flatMap((type) => (type ? [[`${type.apiVersion}/${type.kind}`, type] as const] : [])));
  await watchers.ensure([...known.values()], { signal });
  const results = await inParallel(stage, CONCURRENCY, async ({ key, digest }) => {
    signal.throwIfAborted();
    const entry = table.entry(key);
    // A newer document may have come in between.
    if (entry?.desired.digest !== digest) return undefined;
    try {
      await context.converge(entry);
      return undefined;
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      context.log.warn(
        { err: error, layer: entry.desired.layer, object: entry.desired.ref },
        'object cannot be applied',
      );
      return isAway(error) ? error : undefined;
    }
  });
  const away = results.find((error) => error !== undefined);
  if (away) throw away;
  if (stage.some(({ ref }) => ref.kind === 'CustomResourceDefinition')) await untilEstablished(stage, context);
}

/** A kind can be used only after the API server serves it; discovery is asked anew then. */
async function untilEstablished(
  stage: readonly DesiredObject[],
  { table, client, signal }: LayerContext,
): Promise<void> {
  const until = performance.now() + DEFINITION_PATIENCE_MS;
  const open = (): boolean =>
    stage.some(({ key }) => {
      const entry = table.entry(key);
      return entry !== undefined && !entry.problem && table.readinessOf(entry).kind === 'in progress';
    });
  while (open() && performance.now() < until) await delay(20, { signal });
  client.discovery.invalidate();
}
