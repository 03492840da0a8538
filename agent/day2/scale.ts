/** Gives a pool of machines another size, through Cluster API. */
import { retry } from '#core/retry';
import { KubeError } from '#kubernetes/error';
import {
  describeRef,
  isMap,
  refOf,
  textAt,
  valueAt,
  type JsonMap,
  type KubeObject,
  type ObjectRef,
} from '#kubernetes/object';

import { ActionFailed, type ActionContext, type ActionHandler } from './action.ts';
import { findOwnCluster, hasTopology, isControlPlaneMachine, isOfDeployment, topologyNameOf } from './cluster-api.ts';
import { MACHINE_TIMES, waitForMachines, type MachineTimes } from './machines.ts';

/** The name that the control plane has as a pool. */
const CONTROL_PLANE = 'control-plane';
const CONFLICTS = { attempts: 10, baseMs: 100, maxMs: 2_000 };
const AUTOSCALER = 'cluster.x-k8s.io/cluster-api-autoscaler-node-group-';

export function createScale({ times = MACHINE_TIMES }: { readonly times?: MachineTimes } = {}): ActionHandler<'scale'> {
  return async ({ pool, replicas }, context) => {
    const { client, signal } = context;
    const own = await findOwnCluster(client, context);
    if (own === undefined)
      throw new ActionFailed(
        'this cluster is not managed by a Cluster API of its own: its nodes are added by whoever provides them',
      );
    const { cluster } = own;
    const inTopology = hasTopology(cluster);
    const isControlPlane = pool === CONTROL_PLANE;
    const target = isControlPlane
      ? own.controlPlane
      : own.machineDeployments.find((one) => one.metadata.name === pool || topologyNameOf(one) === pool);
    if (target === undefined) {
      const names = own.machineDeployments.map((one) => topologyNameOf(one) ?? one.metadata.name);
      throw new ActionFailed(`there is no pool ${pool}; there are: ${[CONTROL_PLANE, ...names].join(', ')}`);
    }
    if (isControlPlane && replicas % 2 === 0)
      throw new ActionFailed(
        `a control plane of ${replicas} cannot agree by majority: give it an odd number of machines`,
      );
    refuseAgainstAutoscaler(target, pool, replicas);
    // The topology puts back what is changed below it.
    if (inTopology) await changeTopology(refOf(cluster), { target, isControlPlane, replicas }, context);
    else await client.mergePatch(refOf(target), { spec: { replicas } }, { signal });
    const { name } = target.metadata;
    await waitForMachines(
      {
        cluster,
        step: `pool ${pool}`,
        count: () => replicas,
        concerns: (machine) => (isControlPlane ? isControlPlaneMachine(machine) : isOfDeployment(machine, name)),
        isDone: () => true,
        goesOn: `Cluster API goes on to ${replicas} machines`,
      },
      context,
      times,
    );
    return { message: `pool ${pool} has ${replicas} machines, all ready`, result: { pool, replicas } };
  };
}

/** @throws ActionFailed for a size that an autoscaler would change again */
function refuseAgainstAutoscaler({ metadata }: KubeObject, pool: string, replicas: number): void {
  const min = metadata.annotations?.[`${AUTOSCALER}min-size`];
  const max = metadata.annotations?.[`${AUTOSCALER}max-size`];
  if (min === undefined || max === undefined) return;
  if (replicas < Number(min) || replicas > Number(max))
    throw new ActionFailed(
      `pool ${pool} is kept between ${min} and ${max} machines by the autoscaler; change those first`,
    );
}

interface Size {
  readonly target: KubeObject;
  readonly isControlPlane: boolean;
  readonly replicas: number;
}

/** Controllers write to the object all the time, if only its status: then it is read and changed anew. */
async function changeTopology(ref: ObjectRef, size: Size, { client, signal }: ActionContext): Promise<void> {
  await retry(
    async () => {
      const cluster = await client.get(ref, { signal });
      if (cluster === undefined) throw new ActionFailed(`${describeRef(ref)} is gone: somebody deleted it`);
      await client.mergePatch(ref, topologyPatch(cluster, size), { signal });
    },
    {
      ...CONFLICTS,
      signal,
      retryable: (error) => error instanceof KubeError && error.status === 409,
    },
  );
}

/** A list is replaced as a whole; the version makes sure that nobody changed it meanwhile. */
function topologyPatch(cluster: KubeObject, { target, isControlPlane, replicas }: Size): JsonMap {
  const metadata = { resourceVersion: cluster.metadata.resourceVersion };
  if (isControlPlane) return { metadata, spec: { topology: { controlPlane: { replicas } } } };
  const name = topologyNameOf(target);
  const listed = valueAt(cluster, 'spec', 'topology', 'workers', 'machineDeployments');
  const machineDeployments = (Array.isArray(listed) ? listed : [])
    .filter(isMap)
    .map((one) => (textAt(one, 'name') === name ? { ...one, replicas } : one));
  return { metadata, spec: { topology: { workers: { machineDeployments } } } };
}
