/**
 * Remembers what was written last to each managed resource: a watch tells of it a moment later, and a look at what is
 * older would take the own last step for somebody else's, or take it again.
 */
import type { KubeClient } from '#kubernetes/client';
import type { KubeObject } from '#kubernetes/object';

import { keyOf, type ObjectKey } from './object-key.ts';

export interface OwnWrites {
  /** The client, with its writes remembered. */
  readonly kube: KubeClient;
  /** Whether the object is older than what was written to it. */
  isOutdated(key: ObjectKey, object: KubeObject): boolean;
  forget(key: ObjectKey): void;
}

/** `concerns` tells which objects are remembered. */
export function rememberWrites(kube: KubeClient, concerns: (key: ObjectKey) => boolean): OwnWrites {
  const versions = new Map<ObjectKey, string>();
  const remember = (written: KubeObject): KubeObject => {
    const key = keyOf(written);
    const { resourceVersion } = written.metadata;
    if (resourceVersion !== undefined && concerns(key)) versions.set(key, resourceVersion);
    return written;
  };
  return {
    kube: {
      ...kube,
      apply: async (object, options) => {
        const written = await kube.apply(object, options);
        return options.dryRun === true ? written : remember(written);
      },
      replace: async (...request) => remember(await kube.replace(...request)),
      mergePatch: async (...request) => remember(await kube.mergePatch(...request)),
    },
    isOutdated: (key, object) => {
      const written = versions.get(key);
      if (written === undefined) return false;
      if (!isBefore(object.metadata.resourceVersion, written)) {
        versions.delete(key);
        return false;
      }
      return true;
    },
    forget: (key) => void versions.delete(key),
  };
}

/**
 * Resource versions of one kind can be compared as numbers.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
function isBefore(version: string | undefined, other: string): boolean {
  if (version === undefined || !/^\d+$/.test(version) || !/^\d+$/.test(other)) return version !== other;
  return BigInt(version) < BigInt(other);
}
