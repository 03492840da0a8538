/** Runs Helm's hooks one after the other, each to its end, as Helm does. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';

import type { KubeClient } from '#kubernetes/client';
import { isNotFound } from '#kubernetes/error';
import { conditionsOf, describeRef, groupKind, refOf, valueAt, type KubeObject } from '#kubernetes/object';
import { hooksFor, type Completion, type Hook, type HookEvent } from './hook.ts';

export interface HookContext {
  readonly client: Pick<KubeClient, 'get' | 'apply' | 'delete'>;
  /** How long one hook may take, in milliseconds. */
  readonly patienceMs: number;
  readonly onWrite: () => void;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** A hook that failed, or did not end in time. */
export class HookFailed extends Error {
  override readonly name = 'HookFailed';
}

/**
 * @param inWhatIsGone A hook whose namespace, or kind, is gone: it fails, or has nothing left to do.
 * @throws HookFailed, KubeError
 */
export async function runHooks(
  event: HookEvent,
  hooks: readonly Hook[],
  context: HookContext,
  { inWhatIsGone }: { readonly inWhatIsGone: 'fail' | 'skip' } = { inWhatIsGone: 'fail' },
): Promise<void> {
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (inWhatIsGone === 'fail' || !isNotFound(error)) throw error;
    }
  };
  const due = hooksFor(event, hooks);
  for (const hook of due) await attempt(async () => runHook(event, hook, context));
  // What others of the event may need goes when all of them have ended.
  for (const hook of due.toReversed())
    if (hook.deletes.has('hook-succeeded')) await attempt(async () => remove(hook.object, context));
}

async function runHook(event: HookEvent, hook: Hook, context: HookContext): Promise<void> {
  const { client, log, signal } = context;
  const ref = refOf(hook.object);
  if (hook.deletes.has('before-hook-creation')) await makeRoom(hook.object, context);
  log.info({ object: describeRef(ref), event }, 'running a hook');
  context.onWrite();
  await client.apply(hook.object, { signal });
  const until = performance.now() + context.patienceMs;
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 1_000)) {
    const state = completion(await client.get(ref, { signal }));
    if (state.kind === 'succeeded') return;
    const late = performance.now() >= until;
    if (state.kind === 'failed' || late) {
      if (hook.deletes.has('hook-failed')) await remove(hook.object, context);
      const why =
        state.kind === 'failed' ? state.message : `it has not ended in ${Math.round(context.patienceMs / 1000)} s`;
      throw new HookFailed(`hook ${event} ${describeRef(ref)} failed: ${why}`);
    }
    await delay(waitMs, { signal });
  }
}

/** Jobs and Pods are waited for, anything else is as good as done; one that was removed in between has ended. */
export function completion(object: KubeObject | undefined): Completion {
  if (object === undefined) return { kind: 'succeeded' };
  switch (groupKind(object)) {
    case 'Job.batch': {
      const conditions = conditionsOf(object).filter(({ status }) => status === 'True');
      const failure = conditions.find(({ type }) => type === 'Failed');
      if (failure) return { kind: 'failed', message: textOf(failure['message'] ?? failure['reason']) };
      return conditions.some(({ type }) => type === 'Complete') ? { kind: 'succeeded' } : { kind: 'running' };
    }
    case 'Pod': {
      const phase = valueAt(object, 'status', 'phase');
      if (phase === 'Failed')
        return { kind: 'failed', message: textOf(valueAt(object, 'status', 'message')) || 'the pod failed' };
      return phase === 'Succeeded' ? { kind: 'succeeded' } : { kind: 'running' };
    }
    default:
      return { kind: 'succeeded' };
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

async function remove(object: KubeObject, { client, signal }: HookContext): Promise<void> {
  const ref = refOf(object);
  const found = await client.get(ref, { signal });
  if (found) await client.delete(ref, { signal, uid: found.metadata.uid });
}

/** Deletes what a former run left, and waits for it to be gone. */
async function makeRoom(object: KubeObject, context: HookContext): Promise<void> {
  const ref = refOf(object);
  const until = performance.now() + context.patienceMs;
  for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, 1_000)) {
    const found = await context.client.get(ref, context);
    if (!found) return;
    if (found.metadata.deletionTimestamp === undefined)
      await context.client.delete(ref, { signal: context.signal, uid: found.metadata.uid });
    else if (performance.now() >= until)
      throw new HookFailed(`${describeRef(ref)}, left by a former hook, does not go away`);
    await delay(waitMs, { signal: context.signal });
  }
}
