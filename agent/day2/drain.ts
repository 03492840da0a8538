/** Moves what runs on a node elsewhere, as far as disruption budgets allow. */
import { KubeError } from '#kubernetes/error';
import { describeRef, isMap, refOf, valueAt, type KubeObject } from '#kubernetes/object';
import type { KubeClient } from '#kubernetes/client';

import { ActionFailed } from './action.ts';
import { jobNamespace } from './job.ts';
import { nodeRef, POD } from './nodes.ts';
import { until } from './until.ts';

/** On a Pod: `skip` leaves it where it is, `evict` says that it may be lost. */
const DRAIN_ANNOTATION = 'palette-iac.dev/drain';

export interface DrainOptions {
  readonly client: KubeClient;
  /** The agent's own. */
  readonly namespace: string;
  readonly timeoutMs: number;
  readonly everyMs?: number | undefined;
  readonly signal: AbortSignal;
}

/** Nothing new is placed on the node from now on, or again. @throws KubeError */
export async function setCordon(
  client: KubeClient,
  node: string,
  cordoned: boolean,
  options: { readonly signal: AbortSignal },
): Promise<void> {
  await client.mergePatch(nodeRef(node), { spec: { unschedulable: cordoned ? true : null } }, options);
}

/**
 * Evicts the node's Pods and waits until they are gone. Those of DaemonSets, static ones and those that have ended stay.
 *
 * @throws ActionFailed that names a Pod nobody would make anew, or one that did not go in time and why
 */
export async function drain(node: string, options: DrainOptions): Promise<void> {
  const { client, signal } = options;
  const unmanaged = (await podsToMove(node, options)).find(
    (pod) => !isManaged(pod) && pod.metadata.annotations?.[DRAIN_ANNOTATION] !== 'evict',
  );
  if (unmanaged !== undefined)
    throw new ActionFailed(
      `node ${node}: ${describeRef(refOf(unmanaged))} belongs to no controller and would be lost; delete it, or annotate it with ${DRAIN_ANNOTATION}=evict (or =skip to leave it there)`,
    );
  let last = '';
  const gone = await until(async (): Promise<true | undefined> => {
    const pods = await podsToMove(node, options);
    if (pods.length === 0) return true;
    for (const pod of agentLast(pods, options.namespace)) {
      if (pod.metadata.deletionTimestamp !== undefined) {
        last = `${describeRef(refOf(pod))} is ending still`;
        continue;
      }
      try {
        await client.evict(pod, { signal });
      } catch (error) {
        // A budget does not allow it now, or something else stands in the way: others that may go are not held up by it.
        if (!(error instanceof KubeError) || error.status === 0) throw error;
        last = `${describeRef(refOf(pod))}: ${error.message}`;
      }
    }
    return undefined;
  }, options);
  if (gone === undefined)
    throw new ActionFailed(`node ${node} could not be drained in ${Math.round(options.timeoutMs / 1000)} s: ${last}`);
}

async function podsToMove(node: string, { client, namespace, signal }: DrainOptions): Promise<readonly KubeObject[]> {
  const { items } = await client.list(POD, { signal, fieldSelector: `spec.nodeName=${node}` });
  return items.filter((pod) => {
    const { annotations = {} } = pod.metadata;
    const phase = valueAt(pod, 'status', 'phase');
    if (phase === 'Succeeded' || phase === 'Failed') return false;
    if (Object.hasOwn(annotations, 'kubernetes.io/config.mirror')) return false;
    if (annotations[DRAIN_ANNOTATION] === 'skip') return false;
    if (pod.metadata.namespace === jobNamespace(namespace)) return false;
    return controllerKind(pod) !== 'DaemonSet';
  });
}

function agentLast(pods: readonly KubeObject[], namespace: string): readonly KubeObject[] {
  const isAgent = (pod: KubeObject): number => (pod.metadata.namespace === namespace ? 1 : 0);
  return pods.toSorted((left, right) => isAgent(left) - isAgent(right));
}

function controllerKind({ metadata }: KubeObject): string | undefined {
  const owner = (metadata.ownerReferences ?? []).filter(isMap).find(({ controller }) => controller === true);
  return typeof owner?.['kind'] === 'string' ? owner['kind'] : undefined;
}

function isManaged(pod: KubeObject): boolean {
  return controllerKind(pod) !== undefined;
}
