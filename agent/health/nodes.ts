/** Which nodes there are, and whether they are well. */
import type { Logger } from '#core/log';
import type { NodeStatus } from '#protocol/report';

import type { KubeClient } from '#kubernetes/client';
import { conditionsOf, valueAt, type KubeObject } from '#kubernetes/object';
import { watchKind } from '#kubernetes/watch';

export interface NodeHealth extends NodeStatus {
  /** What presses on a node that is ready all the same: types of its conditions, such as `DiskPressure`. */
  readonly pressures: readonly string[];
  /** Why it is not ready, as the node says. */
  readonly why: string;
  /** No pod is placed on it. */
  readonly cordoned: boolean;
}

export interface NodeTracker {
  nodes(): readonly NodeHealth[];
  /** Whether the nodes were listed yet: before, none are known and nothing follows from it. */
  readonly listed: boolean;
  /** Follows until the signal is aborted. */
  run(): Promise<void>;
}

export function trackNodes(options: {
  readonly client: KubeClient;
  readonly log: Logger;
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}): NodeTracker {
  const known = new Map<string, NodeHealth>();
  const take = (node: KubeObject): void => void known.set(node.metadata.name, nodeHealth(node));
  let listed = false;
  return {
    nodes: () => [...known.values()].toSorted((left, right) => left.name.localeCompare(right.name)),
    get listed() {
      return listed;
    },
    run: async () => {
      const type = { apiVersion: 'v1', kind: 'Node', plural: 'nodes', namespaced: false, verbs: [] };
      for await (const event of watchKind(options.client, type, options)) {
        switch (event.kind) {
          case 'synced':
            known.clear();
            event.objects.forEach(take);
            listed = true;
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

/** Conditions of a node which are bad when they are true. */
const PRESSURES: ReadonlySet<unknown> = new Set([
  'MemoryPressure',
  'DiskPressure',
  'PIDPressure',
  'NetworkUnavailable',
]);

export function nodeHealth(node: KubeObject): NodeHealth {
  const conditions = conditionsOf(node);
  const ready = conditions.find((condition) => condition['type'] === 'Ready');
  const version = valueAt(node, 'status', 'nodeInfo', 'kubeletVersion');
  return {
    name: node.metadata.name,
    ready: ready?.['status'] === 'True',
    kubeletVersion: typeof version === 'string' ? version : '',
    pressures: conditions
      .filter((condition) => PRESSURES.has(condition['type']) && condition['status'] === 'True')
      .map((condition) => String(condition['type']))
      .toSorted(),
    why: ready === undefined ? 'it has not said anything yet' : textOf(ready['message'] ?? ready['reason']),
    cordoned: valueAt(node, 'spec', 'unschedulable') === true,
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
