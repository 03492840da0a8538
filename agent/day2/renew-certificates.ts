/**
 * Renews certificates: the agent's own credentials, or those of the control plane. There by Cluster API, which replaces the
 * machines, or on the machines themselves with the tool of what runs there, one after the other.
 */
import { assertNever } from '#core/assert-never';
import { refOf, valueAt, type KubeObject } from '#kubernetes/object';
import { SCAN_REPORT } from '#protocol/scan-report';

import { ActionFailed, Cancelled, type ActionContext, type ActionHandler, type ActionOutcome } from './action.ts';
import { findOwnCluster, isControlPlaneMachine, rolloutAfter, type OwnCluster } from './cluster-api.ts';
import { imageOf, type ActionImages } from './images.ts';
import { jobName, removeJobs } from './job.ts';
import { MACHINE_TIMES, waitForMachines, type MachineTimes } from './machines.ts';
import { untilWell, wrongOn } from './node-well.ts';
import { distributionOf, isControlPlane, isReady, listNodes, refusePlayed } from './nodes.ts';
import { runOnHost } from './on-host.ts';
import { RENEW_SCRIPTS } from './renew-scripts.ts';
import { scanCertificates } from './scans/certificates.ts';
import { NODE_TIMES, type NodeTimes } from './walk-nodes.ts';

const RENEW_SECONDS = 900;

export interface RenewOptions {
  /** Takes new credentials of the agent's own. */
  readonly renewCredentials: (options: { readonly signal: AbortSignal }) => Promise<void>;
  readonly images: ActionImages;
  readonly machineTimes?: MachineTimes;
  readonly nodeTimes?: NodeTimes;
}

export function createRenewCertificates(options: RenewOptions): ActionHandler<'renew-certificates'> {
  return async ({ scope }, context) => {
    switch (scope) {
      case 'agent':
        await options.renewCredentials(context);
        return { message: 'the agent has new credentials', result: { scope } };
      case 'control-plane': {
        const own = await findOwnCluster(context.client, { signal: context.ending });
        const outcome =
          own?.controlPlane === undefined
            ? await renewOnNodes(context, options)
            : await rollControlPlane(
                { ...own, controlPlane: own.controlPlane },
                context,
                options.machineTimes ?? MACHINE_TIMES,
              );
        await lookAtCertificates(context, options);
        await removeJobs(context.runId, { ...context, signal: context.ending });
        return outcome;
      }
      default:
        return assertNever(scope);
    }
  };
}

/** Tells when the new ones expire; that they are new does not hang on it. */
async function lookAtCertificates(context: ActionContext, { images, nodeTimes }: RenewOptions): Promise<void> {
  try {
    context.progress('looks at the new certificates');
    const { report } = await scanCertificates({ ...context, images, everyMs: nodeTimes?.everyMs });
    await context.upload({
      name: SCAN_REPORT,
      contentType: 'application/json',
      bytes: Buffer.from(JSON.stringify(report)),
    });
  } catch (error) {
    context.ending.throwIfAborted();
    context.log.warn({ err: error }, 'the new certificates could not be looked at');
  }
}

/** New machines have new certificates; the old ones go one by one, as the control plane provider does it. */
async function rollControlPlane(
  { cluster, controlPlane }: OwnCluster & { readonly controlPlane: NonNullable<OwnCluster['controlPlane']> },
  context: ActionContext,
  times: MachineTimes,
): Promise<ActionOutcome> {
  const { client, signal } = context;
  let after = context.notes['rollout-after'];
  if (after === undefined) {
    // Whole seconds: that is what the API server stores, of machines and of this.
    after = `${context.now().toISOString().slice(0, 19)}Z`;
    await context.note('rollout-after', after);
  }
  const time = new Date(after);
  await client.mergePatch(refOf(controlPlane), rolloutAfter(controlPlane, time), { signal });
  const replicas = valueAt(controlPlane, 'spec', 'replicas');
  await waitForMachines(
    {
      cluster,
      step: 'new control plane machines',
      count: () => (typeof replicas === 'number' ? replicas : 1),
      concerns: isControlPlaneMachine,
      isDone: ({ metadata }) => new Date(metadata.creationTimestamp ?? 0) >= time,
      goesOn: 'Cluster API goes on to replace the machines',
    },
    context,
    times,
  );
  return {
    message: `the control plane of cluster ${cluster.metadata.name} runs on new machines with new certificates`,
    result: { scope: 'control-plane', by: 'cluster-api' },
  };
}

/** @throws ActionFailed where the control plane is out of reach, or at the first machine that fails */
async function renewOnNodes(
  context: ActionContext,
  { images, nodeTimes = NODE_TIMES }: RenewOptions,
): Promise<ActionOutcome> {
  const { client, ending: signal } = context;
  const image = imageOf(images, 'host');
  const nodes = (await listNodes(client, { signal })).filter(isControlPlane);
  if (nodes.length === 0)
    throw new ActionFailed(
      'no node of this cluster runs its control plane: whoever provides it renews its certificates',
    );
  refusePlayed(nodes);
  const away = nodes.find((node) => !isReady(node) && context.notes[beganKey(node)] === undefined);
  if (away !== undefined)
    throw new ActionFailed(
      `node ${away.metadata.name} is not ready: without it and the one whose servers are started again the control plane could lose its majority, so nothing was done`,
    );
  for (const [index, node] of nodes.entries()) {
    const { name } = node.metadata;
    if (context.notes[`renewed/${name}`] !== undefined) continue;
    // Between two nodes only: one that is half way through is brought to its end.
    let wrongBefore = context.notes[`wrong/${name}`];
    if (context.notes[beganKey(node)] === undefined) {
      if (context.signal.reason instanceof Cancelled) throw new Cancelled(`after ${index} of ${nodes.length} nodes`);
      wrongBefore = await wrongOn(name, { client, signal });
      await context.note(`wrong/${name}`, wrongBefore);
      await context.note(beganKey(node), context.now().toISOString());
    }
    context.progress(`renews certificates on node ${name}`, (index / nodes.length) * 100);
    const end = await runOnHost(
      {
        name: jobName('renew', context.runId, name),
        node: name,
        script: RENEW_SCRIPTS[distributionOf(node)],
        timeoutSeconds: RENEW_SECONDS,
      },
      context,
      { image, everyMs: nodeTimes.everyMs },
    );
    if (end.kind === 'failed')
      throw new ActionFailed(
        `the certificates of node ${name} could not be renewed: ${end.message}; no further node is touched`,
      );
    const why = await untilWell(name, { ...nodeTimes, client, wrongBefore, signal });
    if (why !== undefined)
      throw new ActionFailed(
        `node ${name} is not well after its certificates were renewed: ${why}; no further node is touched`,
      );
    await context.note(`renewed/${name}`, context.now().toISOString());
  }
  return {
    message: `the certificates of ${nodes.length} control plane nodes are renewed`,
    result: { scope: 'control-plane', by: 'nodes', nodes: nodes.length },
  };
}

function beganKey({ metadata }: KubeObject): string {
  return `began/${metadata.name}`;
}
