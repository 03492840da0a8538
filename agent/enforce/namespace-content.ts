import type { KubeClient } from '#kubernetes/client';
import { refOf, type KubeObject, type ObjectRef } from '#kubernetes/object';
import { inParallel } from './in-parallel.ts';
import { PART_OF_LABEL } from './stamp.ts';

/** What the control plane writes of its own accord goes with the namespace. */
const CONTROL_PLANE = new Set([
  'kube-controller-manager',
  'kube-scheduler',
  'kube-apiserver',
  'kubelet',
  'kwok',
  'cloud-controller-manager',
]);
/** Traces, not content. */
const TRACES = new Set(['Event', 'Endpoints', 'EndpointSlice', 'Lease']);
const CONCURRENCY = 6;

/** One object in a namespace that neither the agent nor the control plane made, if there is any. */
export async function foreignContent(
  client: KubeClient,
  namespace: string,
  applySet: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<ObjectRef | undefined> {
  const types = (await client.discovery.allTypes({ signal })).filter(
    (type) => type.namespaced && type.verbs.includes('list') && type.verbs.includes('create') && !TRACES.has(type.kind),
  );
  const found = await inParallel(types, CONCURRENCY, async (type) => {
    const { items } = await client.list(type, { signal, namespace, metadataOnly: true });
    return items.filter((item) => isForeign(item, applySet)).map(refOf);
  });
  return found.flat()[0];
}

function isForeign({ metadata }: KubeObject, applySet: string): boolean {
  if (metadata.labels?.[PART_OF_LABEL] === applySet || metadata.deletionTimestamp !== undefined) return false;
  if ((metadata.ownerReferences ?? []).length > 0) return false;
  return (metadata.managedFields ?? []).some(({ manager = '' }) => !CONTROL_PLANE.has(manager));
}
