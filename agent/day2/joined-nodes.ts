/** Nodes that joined the cluster and were never patched: found by looking now and then, and cheaply where there are none. */
import type { CallOptions, KubeClient } from '#kubernetes/client';

import { nodeRef, NODE } from './nodes.ts';
import { isUnpatched, wasPatched } from './patch-os.ts';

/** Not more often, in milliseconds: clusters have thousands of nodes. */
const EVERY_MS = 60_000;
/** A patch takes many minutes: those after it come with the next one. */
const MOST = 100;

/** Gives the uids of nodes that may be patched now; those of the last look in between. */
export function createJoinedNodes(
  client: KubeClient,
  { everyMs = EVERY_MS }: { readonly everyMs?: number } = {},
): (options: CallOptions) => Promise<readonly string[]> {
  let looked = Number.NEGATIVE_INFINITY;
  let found: readonly string[] = [];
  return async ({ signal }) => {
    if (performance.now() - looked < everyMs) return found;
    const { items } = await client.list(NODE, { signal, metadataOnly: true });
    const candidates = items.filter((node) => !wasPatched(node)).slice(0, MOST);
    const nodes = await Promise.all(
      candidates.map(async ({ metadata: { name } }) => client.get(nodeRef(name), { signal })),
    );
    found = nodes.flatMap((node) => (node !== undefined && isUnpatched(node) ? [node.metadata.uid ?? ''] : []));
    looked = performance.now();
    return found;
  };
}
