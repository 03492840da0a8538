/**
 * Brings Kubernetes to another version: by Cluster API where it manages the cluster, on the machines themselves otherwise.
 * The control plane goes first, one minor version at a time, and nothing goes back.
 */
import semver from 'semver';

import { refOf, textAt, valueAt, type KubeObject } from '#kubernetes/object';

import { ActionFailed, type ActionContext, type ActionHandler, type ActionOutcome } from './action.ts';
import {
  findOwnCluster,
  hasTopology,
  isControlPlaneMachine,
  isOfDeployment,
  machineVersion,
  type OwnCluster,
} from './cluster-api.ts';
import type { ActionImages } from './images.ts';
import { jobName, removeJobs } from './job.ts';
import { MACHINE_TIMES, waitForMachines, type MachineTimes } from './machines.ts';
import { isControlPlane, kubeletVersion, listNodes, refusePlayed } from './nodes.ts';
import { planUpgrade } from './upgrade-node.ts';
import { leftOutText, NODE_TIMES, NodeWorkFailed, walkNodes, type NodeTimes } from './walk-nodes.ts';

export interface UpgradeOptions {
  readonly images: ActionImages;
  readonly machineTimes?: MachineTimes;
  readonly nodeTimes?: NodeTimes;
}

export function createUpgradeKubernetes({
  images,
  machineTimes = MACHINE_TIMES,
  nodeTimes = NODE_TIMES,
}: UpgradeOptions): ActionHandler<'upgrade-kubernetes'> {
  return async (spec, context) => {
    const version = spec.version.startsWith('v') ? spec.version : `v${spec.version}`;
    // Also of a run that is cancelled: a node that is half way through is brought to its end.
    const own = await findOwnCluster(context.client, { signal: context.ending });
    const from = await refuse(version, own, context);
    return own === undefined
      ? upgradeNodes({ version, from }, context, images, nodeTimes)
      : upgradeMachines({ version, from }, own, context, machineTimes);
  };
}

interface Step {
  readonly version: string;
  readonly from: string;
}

/**
 * The version that it comes from.
 *
 * @throws ActionFailed for a version that Kubernetes cannot be brought to from the one it has
 */
async function refuse(version: string, own: OwnCluster | undefined, context: ActionContext): Promise<string> {
  // After a restart the control plane may have the version already.
  const noted = context.notes['from'];
  if (noted !== undefined) return noted;
  const running = textAt(await context.client.read('/version', { signal: context.ending }), 'gitVersion');
  const current = own?.controlPlane === undefined ? running : textAt(own.controlPlane, 'spec', 'version') || running;
  const from = semver.parse(current);
  const to = semver.parse(version);
  if (from === null || to === null)
    throw new ActionFailed(`${current} and ${version} are not both versions that can be compared`);
  if (semver.lt(to, from))
    throw new ActionFailed(`Kubernetes ${current} runs: it cannot be brought back to ${version}`);
  if (to.major !== from.major || to.minor > from.minor + 1)
    throw new ActionFailed(
      `from Kubernetes ${current} the next minor version is ${from.major}.${from.minor + 1}: ${version} would leave one out`,
    );
  await context.note('from', current);
  return current;
}

async function upgradeMachines(
  { version, from }: Step,
  { cluster, controlPlane, machineDeployments }: OwnCluster,
  context: ActionContext,
  times: MachineTimes,
): Promise<ActionOutcome> {
  const { client, signal } = context;
  const wait = async (step: string, owners: readonly KubeObject[]): Promise<void> =>
    waitForMachines(
      {
        cluster,
        step,
        // Asked anew each time: an autoscaler may have changed it meanwhile.
        count: async () => sizeOf(owners, context),
        concerns: (machine) => owners.some((owner) => isOfOwner(machine, owner)),
        isDone: (machine, node) => machineVersion(machine) === version && kubeletVersion(node) === version,
        goesOn: `Cluster API goes on to ${version}`,
      },
      context,
      times,
    );
  const everything = [...(controlPlane === undefined ? [] : [controlPlane]), ...machineDeployments];
  if (hasTopology(cluster)) {
    await client.mergePatch(refOf(cluster), { spec: { topology: { version } } }, { signal });
    await wait(`Kubernetes ${version}`, everything);
  } else {
    if (controlPlane === undefined)
      throw new ActionFailed(
        `cluster ${cluster.metadata.name} has neither a topology nor a control plane object whose version could be changed`,
      );
    await client.mergePatch(refOf(controlPlane), { spec: { version } }, { signal });
    await wait(`control plane: Kubernetes ${version}`, [controlPlane]);
    for (const deployment of machineDeployments) {
      await client.mergePatch(refOf(deployment), { spec: { template: { spec: { version } } } }, { signal });
      await wait(`${deployment.metadata.name}: Kubernetes ${version}`, [deployment]);
    }
  }
  return {
    message: `cluster ${cluster.metadata.name} runs Kubernetes ${version}`,
    result: { version, from, by: 'cluster-api' },
  };
}

function isOfOwner(machine: KubeObject, owner: KubeObject): boolean {
  return owner.kind === 'MachineDeployment'
    ? isOfDeployment(machine, owner.metadata.name)
    : isControlPlaneMachine(machine);
}

/** How many machines they are to have by now. @throws KubeError */
async function sizeOf(owners: readonly KubeObject[], { client, signal }: ActionContext): Promise<number> {
  let sum = 0;
  for (const owner of owners) {
    const replicas = valueAt(await client.get(refOf(owner), { signal }), 'spec', 'replicas');
    sum += typeof replicas === 'number' ? replicas : 1;
  }
  return sum;
}

async function upgradeNodes(
  { version, from }: Step,
  context: ActionContext,
  images: ActionImages,
  times: NodeTimes,
): Promise<ActionOutcome> {
  const nodes = await listNodes(context.client, { signal: context.ending });
  const controlPlane = nodes.filter(isControlPlane);
  if (controlPlane.length === 0)
    throw new ActionFailed(
      'no node of this cluster runs its control plane: whoever provides the cluster upgrades Kubernetes',
    );
  refusePlayed(nodes);
  const ordered = [...controlPlane, ...nodes.filter((node) => !isControlPlane(node))].filter(
    (node) => kubeletVersion(node) !== version || context.notes[`node/${node.metadata.name}`] !== undefined,
  );
  const byName = new Map(ordered.map((node) => [node.metadata.name, planUpgrade(node, version, images)]));
  const [first] = controlPlane;
  const names = [...byName.keys()];
  const leftOut = await walkNodes(
    {
      verb: 'upgrades',
      nodes: names,
      work: async (name) => {
        const end = await byName.get(name)?.(context, {
          isFirst: name === first?.metadata.name,
          jobName: jobName('upgrade', context.runId, name),
          everyMs: times.everyMs,
        });
        if (end?.kind === 'failed') throw new NodeWorkFailed(name, `could not be upgraded: ${end.message}`);
      },
      isWell: (node) =>
        kubeletVersion(node) === version ? undefined : `its kubelet is ${kubeletVersion(node) || 'unknown'} still`,
      // Others that come after it would be newer than the control plane.
      mayLeaveOut: (node) => !isControlPlane(node),
    },
    context,
    times,
  );
  await removeJobs(context.runId, { ...context, signal: context.ending });
  return {
    message:
      names.length === 0
        ? `all nodes run Kubernetes ${version} already`
        : `${names.length - leftOut.length} nodes run Kubernetes ${version} now${leftOutText(leftOut)}`,
    result: { version, from, by: 'nodes', nodes: names.length - leftOut.length },
  };
}
