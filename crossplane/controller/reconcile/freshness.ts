import type { KubeClient } from '#kubernetes/client';
import { refOf } from '#kubernetes/object';

import type { ManagedObject } from '../contracts.ts';

export interface Freshness {
  /** The object, read anew when the one at hand is older than what was written last; undefined when it has gone. */
  freshest(object: ManagedObject, options: { readonly signal: AbortSignal }): Promise<ManagedObject | undefined>;
  /** This is how it was written last. */
  wrote(object: ManagedObject): void;
  /** It has gone for good. */
  forget(object: ManagedObject): void;
}

const MAX_REMEMBERED = 50_000;

/** Remembers how objects were written last: a cache tells of one's own writes a moment later. */
export function createFreshness(kube: Pick<KubeClient, 'get'>): Freshness {
  const written = new Map<string, bigint>();
  return {
    async freshest(object, { signal }) {
      const last = written.get(object.metadata.uid ?? '');
      const version = versionOf(object);
      if (last === undefined || version === undefined || version >= last) return object;
      const found = await kube.get(refOf(object), { signal });
      // as: the object of this name and kind is one; another one of the name has a look of its own coming
      return found?.metadata.uid === object.metadata.uid ? (found as ManagedObject | undefined) : undefined;
    },
    wrote(object) {
      const { uid } = object.metadata;
      const version = versionOf(object);
      if (uid === undefined || version === undefined) return;
      written.delete(uid);
      written.set(uid, version);
      const oldest = written.keys().next();
      if (written.size > MAX_REMEMBERED && oldest.done !== true) written.delete(oldest.value);
    },
    forget: ({ metadata }) => {
      written.delete(metadata.uid ?? '');
    },
  };
}

/** Resource versions of one object may be compared since Kubernetes says so; they are numbers. */
function versionOf({ metadata }: ManagedObject): bigint | undefined {
  const { resourceVersion } = metadata;
  return resourceVersion !== undefined && /^\d+$/.test(resourceVersion) ? BigInt(resourceVersion) : undefined;
}
