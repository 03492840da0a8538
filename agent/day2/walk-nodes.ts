/**
 * Works on nodes one at a time: cordon, drain, work, wait until it is well, uncordon. It stops at the first that fails.
 * Where it is is noted before each step, so a restart of the agent, which may be the walk's own doing, changes nothing.
 */
import { conditionsOf, isMap, mapAt, textAt, valueAt, type KubeObject } from '#kubernetes/object';

import { ActionFailed, Cancelled, type ActionContext } from './action.ts';
import { drain, setCordon } from './drain.ts';
import { isCordoned, isReady, listNodes, nodeRef } from './nodes.ts';
import { until } from './until.ts';

export interface NodeTimes {
  /** Until everything that has to go has gone, in milliseconds. */
  readonly drainMs: number;
  /** Until the node is ready again, with what belongs on it. */
  readonly readyMs: number;
  readonly everyMs?: number | undefined;
}

export const NODE_TIMES: NodeTimes = { drainMs: 15 * 60_000, readyMs: 20 * 60_000 };

export interface NodeWork {
  /** For people: `patches`. */
  readonly verb: string;
  readonly nodes: readonly string[];
  /** Changes the node. Called again when the agent was restarted during it. @throws ActionFailed */
  readonly work: (node: string) => Promise<void>;
  /** What else must hold before the next node's turn; says what does not. Default: nothing. */
  readonly isWell?: (node: KubeObject) => string | undefined;
}

const POD = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, verbs: [] };
const UNDO_MS = 15_000;

/** Keys of notes by node: `cordoned` (by us), `found-cordoned`, `worked`, `done`. */
type Stage = 'cordoned' | 'worked' | 'done';

/** @throws ActionFailed that names the node and says in which state it is left */
export async function walkNodes(
  { verb, nodes, work, isWell = () => undefined }: NodeWork,
  context: ActionContext,
  times: NodeTimes,
): Promise<void> {
  const { client, signal, progress } = context;
  for (const [index, name] of nodes.entries()) {
    const at = (index / nodes.length) * 100;
    const share = 100 / nodes.length;
    const noted = context.notes[`node/${name}`];
    if (noted === 'done') continue;
    let stage: Stage = noted === 'worked' ? 'worked' : 'cordoned';
    // Of a former try: one that is cancelled at once must open the node, too.
    let wasCordoned = context.notes[cordonKey(name)] !== 'made';
    try {
      const node = await client.get(nodeRef(name), { signal });
      // A node that left the cluster meanwhile needs nothing.
      if (node === undefined) continue;
      wasCordoned = await rememberCordon(node, context);
      if (stage === 'cordoned') {
        progress(`node ${name}: drains it`, at);
        await setCordon(client, name, true, { signal });
        await drain(name, {
          client,
          namespace: context.namespace,
          elsewhere: await hasElsewhere(name, context),
          timeoutMs: times.drainMs,
          everyMs: times.everyMs,
          signal,
        });
        progress(`node ${name}: ${verb} it`, at + share / 3);
        await work(name);
        await context.note(`node/${name}`, 'worked');
        stage = 'worked';
      }
      progress(`node ${name}: waits until it is well`, at + (share * 2) / 3);
      await waitUntilWell(name, isWell, context, times);
      if (!wasCordoned) await setCordon(client, name, false, { signal });
      await context.note(`node/${name}`, 'done');
    } catch (error) {
      await leave(name, { error, wasCordoned, stage }, context);
      throw error;
    }
  }
}

const CORDON_PREFIX = 'cordon/';

function cordonKey(node: string): string {
  return `${CORDON_PREFIX}${node}`;
}

/** Whether the node was cordoned before the walk came to it: then it stays so. */
async function rememberCordon(node: KubeObject, { notes, note }: ActionContext): Promise<boolean> {
  const key = cordonKey(node.metadata.name);
  const known = notes[key];
  if (known !== undefined) return known === 'found';
  const found = isCordoned(node);
  await note(key, found ? 'found' : 'made');
  return found;
}

async function hasElsewhere(name: string, { client, signal }: ActionContext): Promise<boolean> {
  const nodes = await listNodes(client, { signal });
  return nodes.some((node) => node.metadata.name !== name && isReady(node) && !isCordoned(node));
}

/**
 * A node that nothing was done to takes Pods again. One that was worked on and is not known to be well does not: what is
 * wrong with it would spread.
 */
async function leave(
  name: string,
  { error, wasCordoned, stage }: { readonly error: unknown; readonly wasCordoned: boolean; readonly stage: Stage },
  context: ActionContext,
): Promise<void> {
  const over = error instanceof ActionFailed || context.signal.reason instanceof Cancelled;
  if (!over || wasCordoned || stage !== 'cordoned' || error instanceof NodeWorkFailed) return;
  await reopen(name, context);
}

/** Also when the run is over, so for a time of its own. */
async function reopen(name: string, { client, log }: ActionContext): Promise<void> {
  try {
    await setCordon(client, name, false, { signal: AbortSignal.timeout(UNDO_MS) });
  } catch (failure) {
    log.warn({ err: failure, node: name }, 'a node stays cordoned');
  }
}

/**
 * Opens the nodes that a run closed and did nothing to yet: for one that is cancelled between two tries, before it comes to
 * its nodes again.
 */
export async function openUntouched(context: ActionContext): Promise<void> {
  const { notes } = context;
  for (const [key, value] of Object.entries(notes)) {
    const name = key.startsWith(CORDON_PREFIX) ? key.slice(CORDON_PREFIX.length) : undefined;
    if (name === undefined || value !== 'made' || notes[`node/${name}`] !== undefined) continue;
    await reopen(name, context);
  }
}

/** The work on a node failed half way: the node stays cordoned. */
export class NodeWorkFailed extends ActionFailed {}

async function waitUntilWell(
  name: string,
  isWell: (node: KubeObject) => string | undefined,
  { client, signal }: ActionContext,
  { readyMs, everyMs }: NodeTimes,
): Promise<void> {
  let why = '';
  const well = await until(
    async (): Promise<true | undefined> => {
      const node = await client.get(nodeRef(name), { signal });
      if (node === undefined) why = 'it left the cluster';
      else if (!isReady(node)) why = notReady(node);
      else {
        const { items } = await client.list(POD, { signal, fieldSelector: `spec.nodeName=${name}` });
        const waiting = items.find((pod) => isOfDaemonSet(pod) && !isPodReady(pod));
        why =
          isWell(node) ??
          (waiting === undefined ? '' : `Pod ${waiting.metadata.namespace}/${waiting.metadata.name} is not ready`);
        if (why === '') return true;
      }
      return undefined;
    },
    { timeoutMs: readyMs, everyMs, signal },
  );
  if (well === undefined)
    throw new NodeWorkFailed(
      `node ${name} is not well after ${Math.round(readyMs / 1000)} s: ${why}; it stays cordoned, and no other node was touched`,
    );
}

function notReady(node: KubeObject): string {
  const condition = conditionsOf(node).find(({ type }) => type === 'Ready');
  return condition === undefined ? 'it is not ready' : `it is not ready: ${textAt(condition, 'message')}`;
}

function isOfDaemonSet({ metadata }: KubeObject): boolean {
  return (metadata.ownerReferences ?? [])
    .filter(isMap)
    .some(({ kind, controller }) => kind === 'DaemonSet' && controller === true);
}

function isPodReady(pod: KubeObject): boolean {
  if (Object.hasOwn(mapAt(pod, 'metadata'), 'deletionTimestamp')) return true;
  const phase = valueAt(pod, 'status', 'phase');
  return phase === 'Succeeded' || conditionsOf(pod).some(({ type, status }) => type === 'Ready' && status === 'True');
}
