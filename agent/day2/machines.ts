/** Waits until Cluster API has brought a cluster's machines to where they are to be. */
import type { KubeObject } from '#kubernetes/object';

import { ActionFailed, Cancelled, type ActionContext } from './action.ts';
import { machinesOf, nodeNameOf } from './cluster-api.ts';
import { isReady, listNodes } from './nodes.ts';
import { until } from './until.ts';

export interface MachineTimes {
  /** Without any change for so long it is said to be stuck, in milliseconds. */
  readonly stuckMs: number;
  readonly everyMs?: number | undefined;
}

export const MACHINE_TIMES: MachineTimes = { stuckMs: 45 * 60_000, everyMs: 5_000 };

export interface Rollout {
  readonly cluster: KubeObject;
  /** Which of the cluster's machines it is about. */
  readonly concerns: (machine: KubeObject) => boolean;
  /** Whether a machine is as it is to be, given its node. */
  readonly isDone: (machine: KubeObject, node: KubeObject) => boolean;
  /** How many there are to be, as of now. */
  readonly count: () => number | Promise<number>;
  /** For people: `control plane: new certificates`. */
  readonly step: string;
  /** What nobody stops any more by a cancel, for its message. */
  readonly goesOn: string;
}

/**
 * Returns when there are as many machines as there are to be, each as it is to be with a node that is ready, and none on
 * its way out.
 *
 * @throws ActionFailed when nothing changed for too long, with how far it came; Cancelled that says what goes on all the same
 */
export async function waitForMachines(
  { cluster, concerns, isDone, count: countNow, step, goesOn }: Rollout,
  context: ActionContext,
  { stuckMs, everyMs }: MachineTimes,
): Promise<void> {
  const { client, signal } = context;
  let seen = '';
  let since = performance.now();
  const wait = until(
    async (): Promise<true | undefined> => {
      const count = await countNow();
      const machines = (await machinesOf(client, cluster, { signal })).filter(concerns);
      const nodes = new Map((await listNodes(client, { signal })).map((node) => [node.metadata.name, node]));
      const done = machines.filter((machine) => {
        const node = nodes.get(nodeNameOf(machine) ?? '');
        return (
          machine.metadata.deletionTimestamp === undefined &&
          node !== undefined &&
          isReady(node) &&
          isDone(machine, node)
        );
      });
      context.progress(`${step}: ${done.length} of ${count} machines`, count === 0 ? 100 : (done.length / count) * 100);
      if (done.length === count && machines.length === count) return true;
      const now = machines
        .map(({ metadata }) => `${metadata.uid}/${metadata.deletionTimestamp ?? ''}`)
        .toSorted()
        .concat(String(done.length))
        .join(' ');
      if (now !== seen) {
        seen = now;
        since = performance.now();
      }
      if (performance.now() - since > stuckMs)
        throw new ActionFailed(
          `${step}: stuck at ${done.length} of ${count} machines for ${Math.round(stuckMs / 60_000)} minutes; look at the Machines of cluster ${cluster.metadata.name}`,
        );
      return undefined;
    },
    { timeoutMs: Number.POSITIVE_INFINITY, everyMs, signal },
  );
  await wait.catch((error: unknown) => {
    throw signal.reason instanceof Cancelled ? new Cancelled(goesOn, { cause: error }) : error;
  });
}
