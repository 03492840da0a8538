/** Changes that the API server does not make to an object that is there. */
import { sha256 } from '#core/digest';

import type { KubeClient } from '#kubernetes/client';
import { isTransient, KubeError } from '#kubernetes/error';
import { groupKind, withoutKeys, type KubeObject, type ObjectMeta } from '#kubernetes/object';

/** Deleting one of these takes data, or objects of others, along. */
const NEVER_REPLACED: ReadonlySet<string> = new Set([
  'Namespace',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition.apiextensions.k8s.io',
]);

/** Said of one very object. */
const PLACE: ReadonlySet<string> = new Set(['resourceVersion', 'name']);

/** Whether deleting the object loses nothing but the object. */
export function isReplaceable(object: KubeObject): boolean {
  return !NEVER_REPLACED.has(groupKind(object));
}

/**
 * Whether an object that was refused would be taken if it were made anew: then it is the change that is not allowed, not
 * the object. Asked by a dry run of the same object under a name that nothing has.
 *
 * @throws KubeError when the API server does not answer
 */
export async function isTakenAnew(
  object: KubeObject,
  client: Pick<KubeClient, 'apply'>,
  { signal }: { readonly signal: AbortSignal },
): Promise<boolean> {
  const name = `palette-probe-${sha256(object.metadata.name).slice(-8)}`;
  // as: what is left out is optional, and the name is put in again
  const metadata = { ...withoutKeys(object.metadata, PLACE), name } as ObjectMeta;
  try {
    await client.apply({ ...object, metadata }, { signal, dryRun: true });
    return true;
  } catch (error) {
    if (error instanceof KubeError && !isTransient(error)) return false;
    throw error;
  }
}
