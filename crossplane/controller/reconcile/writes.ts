/** The few writes to a managed resource. */
import { backoffDelay, delay } from '#core/retry';
import { KubeError, isTransient } from '#kubernetes/error';
import { refOf, type JsonMap } from '#kubernetes/object';

import type { ManagedObject } from '../contracts.ts';
import { FINALIZER } from '../../schema/groups.ts';
import type { Pass } from './pass.ts';

/** Tries of a write that must not get lost; with their delays some two minutes. */
const ATTEMPTS = 24;

/**
 * Changes annotations and puts the finalizer on, at the version that this pass has seen: what the pass is about to do
 * rests on nobody having done anything meanwhile.
 *
 * @throws KubeError status 409 when somebody did
 */
export async function claim(pass: Pass, annotations: JsonMap): Promise<void> {
  const { metadata } = pass.object;
  const finalizers = metadata.finalizers ?? [];
  const held = finalizers.includes(FINALIZER);
  if (held && Object.entries(annotations).every(([name, value]) => (metadata.annotations?.[name] ?? null) === value))
    return;
  await patch(pass, {
    metadata: {
      resourceVersion: metadata.resourceVersion,
      annotations,
      ...(held ? {} : { finalizers: [...finalizers, FINALIZER] }),
    },
  });
}

/**
 * Writes annotations over whatever else changed, again and again until they are there: what they say exists nowhere
 * else.
 *
 * @throws KubeError when the API server stays away; the signal's reason
 */
export async function persist(pass: Pass, annotations: JsonMap): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await patch(pass, { metadata: { uid: pass.object.metadata.uid, annotations } });
      return;
    } catch (error) {
      if (attempt + 1 >= ATTEMPTS || !isTransient(error)) throw error;
      pass.log.warn({ err: error, attempt }, 'the external name is not written yet');
      await delay(backoffDelay(attempt, { baseMs: 200, maxMs: 5_000 }), { signal: pass.signal });
    }
  }
}

/** Lets the object go. */
export async function releaseFinalizer(pass: Pass): Promise<void> {
  const { metadata } = pass.object;
  const finalizers = metadata.finalizers ?? [];
  if (!finalizers.includes(FINALIZER)) return;
  try {
    await patch(pass, {
      metadata: {
        resourceVersion: metadata.resourceVersion,
        finalizers: finalizers.filter((finalizer) => finalizer !== FINALIZER),
      },
    });
  } catch (error) {
    if (!(error instanceof KubeError && error.status === 404)) throw error;
  }
}

/** Changes parameters that late initialisation fills in. */
export async function patchForProvider(pass: Pass, forProvider: JsonMap): Promise<void> {
  await patch(pass, {
    metadata: { resourceVersion: pass.object.metadata.resourceVersion },
    spec: { forProvider },
  });
}

async function patch(pass: Pass, change: JsonMap): Promise<void> {
  const written = await pass.deps.kube.mergePatch(refOf(pass.object), change, { signal: pass.signal });
  // as: the object that was patched is one
  pass.object = written as ManagedObject;
}
