/** A Kubernetes API server in memory: what the reconciler asks of one, with conflicts, finalizers and a place to die at. */
import type { KubeClient } from '#kubernetes/client';
import { KubeError } from '#kubernetes/error';
import { isMap, objectKey, refOf, type JsonMap, type KubeObject, type ObjectRef } from '#kubernetes/object';

import { sameJson } from '../merge-diff.ts';

/** Called at every request: before its effect and after it, when only the answer is missing. Throws to end the process there. */
export type Step = (what: string, when: 'before' | 'after') => void;

export interface FakeKube {
  readonly client: KubeClient;
  readonly objects: Map<string, KubeObject>;
  /** Requests that changed something: `patch Project web`. */
  readonly writes: string[];
  put(object: KubeObject): KubeObject;
  get(ref: ObjectRef): KubeObject | undefined;
  /** What a user's merge patch does. */
  change(ref: ObjectRef, patch: JsonMap): KubeObject;
  /** What `kubectl delete` does: it goes at once, or waits for its finalizers. */
  remove(ref: ObjectRef): void;
}

export function createFakeKube({ step = () => undefined }: { readonly step?: Step } = {}): FakeKube {
  const objects = new Map<string, KubeObject>();
  const writes: string[] = [];
  let version = 0;

  const store = (object: KubeObject): KubeObject => {
    const key = objectKey(refOf(object));
    const before = objects.get(key);
    const isSpecNew = before === undefined || !sameJson(before['spec'], object['spec']);
    const metadata = {
      ...object.metadata,
      uid: before?.metadata.uid ?? object.metadata.uid ?? `uid-${object.metadata.name}`,
      generation: (before?.metadata.generation ?? 0) + (isSpecNew ? 1 : 0),
      resourceVersion: String(++version),
    };
    const stored = { ...object, metadata };
    if (metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0) objects.delete(key);
    else objects.set(key, stored);
    return stored;
  };
  const found = (ref: ObjectRef): KubeObject => {
    const object = objects.get(objectKey(ref));
    if (object === undefined) throw new KubeError('not found', { status: 404, reason: 'NotFound' });
    return object;
  };
  const patched = (ref: ObjectRef, patch: JsonMap): KubeObject => {
    const object = found(ref);
    const { resourceVersion, uid } = isMap(patch['metadata']) ? patch['metadata'] : {};
    if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion)
      throw new KubeError('somebody wrote it', { status: 409, reason: 'Conflict' });
    if (uid !== undefined && uid !== object.metadata.uid)
      throw new KubeError('another object', { status: 409, reason: 'Conflict' });
    // as: a merge patch of an object gives one
    return store(merge(object, patch) as KubeObject);
  };
  const write = <T>(what: string, effect: () => T): T => {
    step(what, 'before');
    const result = effect();
    writes.push(what);
    step(what, 'after');
    return result;
  };
  const client: Pick<KubeClient, 'get' | 'apply' | 'mergePatch'> = {
    get: async (ref) => {
      step(`get ${ref.kind} ${ref.name}`, 'before');
      return objects.get(objectKey(ref));
    },
    apply: async (object) =>
      write(`apply ${object.kind} ${object.metadata.name}`, () =>
        // as: merging objects gives one
        store(merge(objects.get(objectKey(refOf(object))) ?? {}, object) as KubeObject),
      ),
    mergePatch: async (ref, patch, { subresource }) =>
      write(`patch ${subresource ?? 'object'} ${ref.kind} ${ref.name}`, () => patched(ref, patch)),
  };
  return {
    // as: a reconciler uses no other requests
    client: client as KubeClient,
    objects,
    writes,
    put: store,
    get: (ref) => objects.get(objectKey(ref)),
    change: patched,
    remove: (ref) => {
      const object = found(ref);
      store({ ...object, metadata: { ...object.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } });
    },
  };
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const result: Record<string, unknown> = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}
