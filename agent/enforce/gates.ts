/** What packs wait for beyond their own objects: `readinessCheck` of their values, looked at again and again. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';
import { evaluateReadiness } from '#packs/index';

import type { KubeClient } from '#kubernetes/client';
import { isTransient, KubeError } from '#kubernetes/error';
import { describeRef, type ObjectRef } from '#kubernetes/object';
import { inParallel } from './in-parallel.ts';
import type { LayerState } from './layer-state.ts';

type Check = LayerState['checks'][number];

export interface GateOptions {
  readonly client: Pick<KubeClient, 'get' | 'discovery'>;
  readonly states: () => Iterable<LayerState>;
  readonly onChange: () => void;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** While something is waited for, and afterwards: the objects may be anybody's, so that there is no watch on them. */
const WAITING_MS = 1_000;
const READY_MS = 15_000;
const CONCURRENCY = 4;

/** Looks at the checks of all layers and keeps each layer's `gate`, until the signal is aborted. */
export async function runGates(options: GateOptions): Promise<void> {
  const { signal, log } = options;
  const lookedAt = new WeakMap<LayerState, number>();
  while (!signal.aborted) {
    const now = performance.now();
    const due = [...options.states()].filter(
      (state) =>
        state.checks.length > 0 &&
        now - (lookedAt.get(state) ?? Number.NEGATIVE_INFINITY) >= (state.gate === undefined ? READY_MS : WAITING_MS),
    );
    await inParallel(due, CONCURRENCY, async (state) => {
      const gate = await lookAt(state.checks, options).catch((error: unknown) => {
        signal.throwIfAborted();
        // An API server that is away tells nothing about the pack.
        if (isTransient(error)) return state.gate;
        log.warn({ err: error, layer: state.layer.name }, 'readiness check cannot be looked at');
        return error instanceof Error ? error.message : String(error);
      });
      lookedAt.set(state, performance.now());
      if (gate === state.gate) return;
      state.gate = gate;
      options.onChange();
    });
    await delay(WAITING_MS / 2, { signal }).catch(() => undefined);
  }
}

/** What is still waited for; undefined when all checks are met. */
async function lookAt(checks: readonly Check[], options: GateOptions): Promise<string | undefined> {
  for (const check of checks) {
    const ref = await refOf(check, options);
    const object = await options.client.get(ref, options).catch((error: unknown) => {
      // The kind is not there yet.
      if (error instanceof KubeError && error.status === 404) return undefined;
      throw error;
    });
    const result = evaluateReadiness(check, object);
    if (result.kind === 'ready') continue;
    if (object === undefined) return `waits for ${describeRef(ref)}`;
    return `waits for ${describeRef(ref)}: ${result.path} is ${JSON.stringify(result.found)}, expected ${JSON.stringify(result.expected)}`;
  }
  return undefined;
}

async function refOf(check: Check, { client, signal }: GateOptions): Promise<ObjectRef> {
  const { group, version, kind, name, namespace } = check;
  const ref = { apiVersion: group === '' ? version : `${group}/${version}`, kind, name };
  const type = await client.discovery.resourceType(ref, { signal });
  return type?.namespaced === false ? ref : { ...ref, namespace: namespace ?? check.defaultNamespace };
}
