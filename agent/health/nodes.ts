/** Which nodes there are, and whether they are ready. */
import type { Logger } from '#core/log';
import type { NodeStatus } from '#protocol/report';

import type { KubeClient } from '#kubernetes/client';
import { conditionsOf, valueAt, type KubeObject } from '#kubernetes/object';
import { watchKind } from '#kubernetes/watch';

export interface NodeTracker {
  nodes(): readonly NodeStatus[];
  /** Follows until the signal is aborted. */
  run(): Promise<void>;
}

export function trackNodes(options: {
  readonly client: KubeClient;
  readonly log: Logger;
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}): NodeTracker {
  const known = new Map<string, NodeStatus>();
  const take = (node: KubeObject): void => void known.set(node.metadata.name, nodeStatus(node));
  return {
    nodes: () => [...known.values()].toSorted((left, right) => left.name.localeCompare(right.name)),
    run: async () => {
      const type = { apiVersion: 'v1', kind: 'Node', plural: 'nodes', namespaced: false, verbs: [] };
      for await (const event of watchKind(options.client, type, options)) {
        switch (event.kind) {
          case 'synced':
            known.clear();
            event.objects.forEach(take);
            break;
          case 'changed':
            take(event.object);
            break;
          case 'deleted':
            known.delete(event.object.metadata.name);
            break;
        }
        options.onChange();
      }
    },
  };
}

function nodeStatus(node: KubeObject): NodeStatus {
  const ready = conditionsOf(node).some((condition) => condition['type'] === 'Ready' && condition['status'] === 'True');
  const version = valueAt(node, 'status', 'nodeInfo', 'kubeletVersion');
  return { name: node.metadata.name, ready, kubeletVersion: typeof version === 'string' ? version : '' };
}
