/**
 * Brings Kubernetes to another version: by Cluster API where it manages the cluster, on the machines themselves otherwise.
 * The control plane goes first, one minor version at a time, and nothing goes back.
 */
import semver from 'semver';

import { refOf, textAt, valueAt, type KubeObject } from '#kubernetes/object';

import { ActionFailed, Cancelled, type ActionContext, type ActionHandler, type ActionOutcome } from './action.ts';
import {
  findOwnCluster,
  hasTopology,
  isControlPlaneMachine,
  isOfDeployment,
  machineVersion,
  type OwnCluster,
} from './cluster-api.ts';
import type { ActionImages } from './images.ts';
import { removeJobs } from './job.ts';
import { MACHINE_TIMES, waitForMachines, type MachineTimes } from './machines.ts';
import { isControlPlane, kubeletVersion, listNodes } from './nodes.ts';
import { NODE_TIMES, NodeWorkFailed, openUntouched, walkNodes, type NodeTimes } from './walk-nodes.ts';
import { upgradeNode } from './upgrade-node.ts';

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
    try {
      const own = await findOwnCluster(context.client, context);
      const from = await refuse(version, own, context);
      return own === undefined
        ? await upgradeNodes({ version, from }, context, images, nodeTimes)
        : await upgradeMachines({ version, from }, own, context, machineTimes);
    } catch (error) {
      if (context.signal.reason instanceof Cancelled) await openUntouched(context);
      throw error;
    }
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
  const running = textAt(await context.client.read('/version', { signal: context.signal }), 'gitVersion');
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
  { cluster, controlPlane, machineDeployments, machines }: OwnCluster,
  context: ActionContext,
  times: MachineTimes,
): Promise<ActionOutcome> {
  const { client, signal } = context;
  const isDone = (machine: KubeObject, node: KubeObject): boolean =>
    machineVersion(machine) === version && kubeletVersion(node) === version;
  const outcome = {
    message: `cluster ${cluster.metadata.name} runs Kubernetes ${version}`,
    result: { version, from, by: 'cluster-api' },
  };
  if (hasTopology(cluster)) {
    await client.mergePatch(refOf(cluster), { spec: { topology: { version } } }, { signal });
    await waitForMachines(
      { cluster, step: `Kubernetes ${version}`, count: machines.length, concerns: () => true, isDone },
      context,
      times,
    );
    return outcome;
  }
  if (controlPlane === undefined)
    throw new ActionFailed(
      `cluster ${cluster.metadata.name} has neither a topology nor a control plane object whose version could be changed`,
    );
  await client.mergePatch(refOf(controlPlane), { spec: { version } }, { signal });
  await waitForMachines(
    {
      cluster,
      step: `control plane: Kubernetes ${version}`,
      count: replicasOf(controlPlane),
      concerns: isControlPlaneMachine,
      isDone,
    },
    context,
    times,
  );
  for (const deployment of machineDeployments) {
    const { name } = deployment.metadata;
    await client.mergePatch(refOf(deployment), { spec: { template: { spec: { version } } } }, { signal });
    await waitForMachines(
      {
        cluster,
        step: `${name}: Kubernetes ${version}`,
        count: replicasOf(deployment),
        concerns: (machine) => isOfDeployment(machine, name),
        isDone,
      },
      context,
      times,
    );
  }
  return outcome;
}

function replicasOf(object: KubeObject): number {
  const replicas = valueAt(object, 'spec', 'replicas');
  return typeof replicas === 'number' ? replicas : 1;
}

async function upgradeNodes(
  { version, from }: Step,
  context: ActionContext,
  images: ActionImages,
  times: NodeTimes,
): Promise<ActionOutcome> {
  const nodes = await listNodes(context.client, context);
  const controlPlane = nodes.filter(isControlPlane);
  if (controlPlane.length === 0)
    throw new ActionFailed(
      'no node of this cluster runs its control plane: whoever provides the cluster upgrades Kubernetes',
    );
  const ordered = [...controlPlane, ...nodes.filter((node) => !isControlPlane(node))].filter(
    (node) => kubeletVersion(node) !== version || context.notes[`node/${node.metadata.name}`] !== undefined,
  );
  const names = ordered.map(({ metadata }) => metadata.name);
  const byName = new Map(ordered.map((node) => [node.metadata.name, node]));
  const first = controlPlane[0]?.metadata.name;
  await walkNodes(
    {
      verb: 'upgrades',
      nodes: names,
      work: async (name) => {
        const node = byName.get(name);
        if (node === undefined) return;
        const end = await upgradeNode(
          {
            node,
            version,
            isFirst: name === first,
            jobName: `upgrade-${context.runId.slice(0, 8)}-${names.indexOf(name)}`,
          },
          context,
          { images, everyMs: times.everyMs },
        );
        if (end.kind === 'failed')
          throw new NodeWorkFailed(
            `node ${name} could not be upgraded: ${end.message}; it stays cordoned, and no other node was touched`,
          );
      },
      isWell: (node) =>
        kubeletVersion(node) === version ? undefined : `its kubelet is ${kubeletVersion(node) || 'unknown'} still`,
    },
    context,
    times,
  );
  await removeJobs(context.runId, context);
  return {
    message:
      names.length === 0
        ? `all nodes run Kubernetes ${version} already`
        : `${names.length} nodes run Kubernetes ${version} now`,
    result: { version, from, by: 'nodes', nodes: names.length },
  };
}
