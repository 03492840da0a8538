/** Whether a node is well, with what belongs on it: the Pods of its DaemonSets, and those that its kubelet runs by itself. */
import type { KubeClient } from '#kubernetes/client';
import { conditionsOf, isMap, textAt, valueAt, type KubeObject } from '#kubernetes/object';

import { isReady, nodeRef, POD } from './nodes.ts';
import { until } from './until.ts';

export interface WellTimes {
  /** Until the node is ready again, with what belongs on it, in milliseconds. */
  readonly readyMs: number;
  /** So long it has to stay so: kubelets tell with some delay of what is wrong. */
  readonly settleMs: number;
  readonly everyMs?: number | undefined;
}

/** Of what is noted as not ready before the work. */
const MOST_NOTED = 20;
const BETWEEN = ', ';

/** Undefined once the node is well and stays so; what is wrong with it when its time is over. @throws KubeError */
export async function untilWell(
  name: string,
  {
    client,
    signal,
    isWell = () => undefined,
    wrongBefore = '',
    ...times
  }: WellTimes & {
    readonly client: KubeClient;
    readonly signal: AbortSignal;
    /** What else must hold; says what does not. */
    readonly isWell?: ((node: KubeObject) => string | undefined) | undefined;
    /** What `wrongOn` said before the work: that does not count. */
    readonly wrongBefore?: string | undefined;
  },
): Promise<string | undefined> {
  const known = new Set(wrongBefore.split(BETWEEN));
  let why = '';
  let since: number | undefined;
  const well = await until(
    async (): Promise<true | undefined> => {
      const node = await client.get(nodeRef(name), { signal });
      if (node === undefined) why = 'it left the cluster';
      else if (!isReady(node)) why = notReady(node);
      else {
        const waiting = (await notReadyOn(name, { client, signal })).filter((one) => !known.has(one));
        why = isWell(node) ?? (waiting.length === 0 ? '' : `${waiting.slice(0, 3).join(', ')} not ready`);
      }
      since = why === '' ? (since ?? performance.now()) : undefined;
      return since !== undefined && performance.now() - since >= times.settleMs ? true : undefined;
    },
    { timeoutMs: times.readyMs + times.settleMs, everyMs: times.everyMs, signal },
  );
  return well === undefined ? why || 'it did not stay so' : undefined;
}

/** What belongs on the node and is not ready there, as a run notes it before its work. @throws KubeError */
export async function wrongOn(
  name: string,
  options: { readonly client: KubeClient; readonly signal: AbortSignal },
): Promise<string> {
  return (await notReadyOn(name, options)).slice(0, MOST_NOTED).join(BETWEEN);
}

/** For example `DaemonSet kube-system/cni`. @throws KubeError */
async function notReadyOn(
  name: string,
  { client, signal }: { readonly client: KubeClient; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  const { items } = await client.list(POD, { signal, fieldSelector: `spec.nodeName=${name}` });
  return items.flatMap((pod) => (isPodReady(pod) ? [] : (belonging(pod) ?? [])));
}

/** As what a Pod belongs on its node; undefined for one that could be on any. */
function belonging({ metadata }: KubeObject): string | undefined {
  if (Object.hasOwn(metadata.annotations ?? {}, 'kubernetes.io/config.mirror'))
    return `Pod ${metadata.namespace}/${metadata.name}`;
  const owner = (metadata.ownerReferences ?? []).filter(isMap).find(({ controller }) => controller === true);
  return owner?.['kind'] === 'DaemonSet' ? `DaemonSet ${metadata.namespace}/${textAt(owner, 'name')}` : undefined;
}

function notReady(node: KubeObject): string {
  const condition = conditionsOf(node).find(({ type }) => type === 'Ready');
  return condition === undefined ? 'it is not ready' : `it is not ready: ${textAt(condition, 'message')}`;
}

function isPodReady(pod: KubeObject): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return true;
  const phase = valueAt(pod, 'status', 'phase');
  return phase === 'Succeeded' || conditionsOf(pod).some(({ type, status }) => type === 'Ready' && status === 'True');
}
