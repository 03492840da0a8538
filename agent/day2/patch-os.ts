/** Brings the operating system of nodes up to date, one node at a time. */
import { KubeError } from '#kubernetes/error';
import type { KubeObject } from '#kubernetes/object';

import { ActionFailed, type ActionContext, type ActionHandler } from './action.ts';
import { imageOf, type ActionImages } from './images.ts';
import { jobName, removeJobs } from './job.ts';
import { bootId, isControlPlane, isCordoned, isReady, listNodes, nodeRef, refusePlayed } from './nodes.ts';
import { runOnHost } from './on-host.ts';
import { PATCH_SCRIPT, readPatch, REBOOT_SCRIPT } from './patch-script.ts';
import { until } from './until.ts';
import { leftOutText, NODE_TIMES, NodeWorkFailed, walkNodes, type NodeTimes } from './walk-nodes.ts';

/** On a node: when its operating system was last patched. */
export const PATCHED_ANNOTATION = 'palette-iac.dev/os-patched-at';

const PATCH_SECONDS = 3_600;
const REBOOT_SECONDS = 60;
const MOST_NAMED = 100;

export interface PatchOptions {
  readonly images: ActionImages;
  readonly times?: NodeTimes;
}

export function createPatchOs({ images, times = NODE_TIMES }: PatchOptions): ActionHandler<'patch-os'> {
  return async ({ rebootIfRequired, unpatchedOnly }, context) => {
    const image = imageOf(images, 'host');
    const names = await targetsOf(context, unpatchedOnly ?? false);
    /** By node: what the patch asked for, `rebooted` once it was carried out. */
    const restarts = new Map<string, string>();
    for (const name of names) {
      const noted = context.notes[restartKey(name)];
      if (noted !== undefined) restarts.set(name, noted);
    }
    const noteRestart = async (name: string, what: 'rebooted' | 'wanted'): Promise<void> => {
      await context.note(restartKey(name), what);
      restarts.set(name, what);
    };
    const leftOut = await walkNodes(
      {
        verb: 'patches',
        nodes: names,
        work: async (name) => {
          const needsRestart = await patch(name, context, { image, times });
          if (needsRestart && rebootIfRequired) await reboot(name, context, { image, times });
          if (needsRestart) await noteRestart(name, rebootIfRequired ? 'rebooted' : 'wanted');
          await markPatched(name, context);
        },
      },
      context,
      times,
    );
    await removeJobs(context.runId, { ...context, signal: context.ending });
    const count = (what: string): number => [...restarts.values()].filter((one) => one === what).length;
    const waiting = [...restarts].filter(([, what]) => what === 'wanted').map(([name]) => name);
    const left = waiting.length === 0 ? '' : `; these need a restart: ${waiting.slice(0, MOST_NAMED).join(', ')}`;
    const patched = names.length - leftOut.length;
    return {
      message:
        names.length === 0
          ? 'no node is there that was not patched'
          : `${patched} nodes are patched, ${count('rebooted')} were restarted${left}${leftOutText(leftOut)}`,
      result: {
        patched,
        rebooted: count('rebooted'),
        needRestart: waiting.slice(0, MOST_NAMED),
        leftOut: leftOut.slice(0, MOST_NAMED),
      },
    };
  };
}

export function wasPatched({ metadata }: KubeObject): boolean {
  return Object.hasOwn(metadata.annotations ?? {}, PATCHED_ANNOTATION);
}

/**
 * Whether a node that never was patched is to be: one that is closed was closed by somebody, or by a patch that failed on
 * it, and those behind it do not wait for that.
 */
export function isUnpatched(node: KubeObject): boolean {
  return !wasPatched(node) && isReady(node) && !isCordoned(node);
}

/** Which nodes, in which order: asked once, so that a restart of the agent goes on with the same. Workers go first. */
async function targetsOf(context: ActionContext, unpatchedOnly: boolean): Promise<readonly string[]> {
  const noted = context.notes['nodes'];
  if (noted !== undefined) return noted === '' ? [] : noted.split(' ');
  const nodes = await listNodes(context.client, context);
  if (nodes.length === 0) throw new ActionFailed('this cluster has no nodes');
  refusePlayed(nodes);
  const chosen = nodes.filter((node) => !unpatchedOnly || isUnpatched(node));
  const names = [...chosen.filter((node) => !isControlPlane(node)), ...chosen.filter(isControlPlane)].map(
    ({ metadata }) => metadata.name,
  );
  await context.note('nodes', names.join(' '));
  return names;
}

function restartKey(name: string): string {
  return `restart/${name}`;
}

interface OnHost {
  readonly image: string;
  readonly times: NodeTimes;
}

/** Whether the node has to be started again. @throws NodeWorkFailed */
async function patch(name: string, context: ActionContext, { image, times }: OnHost): Promise<boolean> {
  const end = await runOnHost(
    {
      name: jobName('patch', context.runId, name),
      node: name,
      script: PATCH_SCRIPT,
      timeoutSeconds: PATCH_SECONDS,
    },
    context,
    { image, everyMs: times.everyMs },
  );
  if (end.kind === 'failed') throw new NodeWorkFailed(name, `could not be patched: ${end.message}`);
  const needsRestart = readPatch(end.output);
  if (needsRestart === undefined)
    throw new NodeWorkFailed(name, 'does not say what came of its patch: it may have run in part');
  return needsRestart;
}

async function markPatched(name: string, { client, now, ending }: ActionContext): Promise<void> {
  const annotations = { [PATCHED_ANNOTATION]: now().toISOString() };
  await client.mergePatch(nodeRef(name), { metadata: { annotations } }, { signal: ending });
}

/** @throws NodeWorkFailed when it does not come back */
async function reboot(name: string, context: ActionContext, { image, times }: OnHost): Promise<void> {
  const { client, ending: signal } = context;
  const key = `boot/${name}`;
  let before = context.notes[key];
  if (before === undefined) {
    const found = await client.get(nodeRef(name), { signal });
    before = found === undefined ? '' : bootId(found);
    await context.note(key, before);
  }
  const isNew = async (): Promise<true | undefined> => {
    try {
      const found = await client.get(nodeRef(name), { signal });
      return found !== undefined && bootId(found) !== before ? true : undefined;
    } catch (error) {
      // The machine may be the one with the API server.
      if (error instanceof KubeError) return undefined;
      throw error;
    }
  };
  if ((await isNew()) === true) return;
  const end = await runOnHost(
    {
      name: jobName('reboot', context.runId, name),
      node: name,
      script: REBOOT_SCRIPT,
      timeoutSeconds: REBOOT_SECONDS,
    },
    context,
    { image, everyMs: times.everyMs },
  );
  // The machine may have gone before the Job could tell that it ended.
  if (end.kind === 'failed') context.log.warn({ node: name, reason: end.message }, 'the order to restart ended oddly');
  if ((await until(isNew, { timeoutMs: times.readyMs, everyMs: times.everyMs, signal })) === undefined)
    throw new NodeWorkFailed(
      name,
      `did not come back from its restart in ${Math.round(times.readyMs / 1000)} s${end.kind === 'failed' ? ` (the order to restart: ${end.message})` : ''}`,
    );
}
