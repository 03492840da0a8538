/**
 * Goes through nodes one at a time: cordon, drain, work, wait until it is well, uncordon. It stops at the first that fails.
 * Where it is is noted before each step, so a restart of the agent, which may be the walk's own doing, changes nothing.
 */
import { isTransient } from '#kubernetes/error';
import type { KubeObject } from '#kubernetes/object';

import { ActionFailed, Cancelled, type ActionContext } from './action.ts';
import { drain, setCordon } from './drain.ts';
import { untilWell, wrongOn, type WellTimes } from './node-well.ts';
import { isControlPlane, isCordoned, isReady, listNodes, nodeRef, takesPodsOf } from './nodes.ts';

export interface NodeTimes extends WellTimes {
  /** Until everything that has to go has gone, in milliseconds. */
  readonly drainMs: number;
}

export const NODE_TIMES: NodeTimes = { drainMs: 15 * 60_000, readyMs: 20 * 60_000, settleMs: 40_000 };

/** What a run notes of each has to fit into one Secret. */
const MOST_NODES = 1_000;

export interface NodeWork {
  /** For people: `patches`. */
  readonly verb: string;
  readonly nodes: readonly string[];
  /**
   * Changes the node, and brings that to its end also when the run is cancelled. Called again when the agent was restarted
   * during it.
   *
   * @throws NodeWorkFailed when the node may have been changed, another ActionFailed when it was not
   */
  readonly work: (node: string) => Promise<void>;
  /** What else must hold before the next node's turn; says what does not. Default: nothing. */
  readonly isWell?: (node: KubeObject) => string | undefined;
  /** Whether the walk goes on without a node that is not ready; else it ends there. Default: it does. */
  readonly mayLeaveOut?: (node: KubeObject) => boolean;
}

/** The work on a node failed half way: the node stays cordoned. */
export class NodeWorkFailed extends ActionFailed {
  constructor(node: string, why: string, options: ErrorOptions = {}) {
    super(`node ${node} ${why}; it stays cordoned, and no further node is touched`, options);
  }
}

/**
 * Where the walk is with a node. `left out`: it was not ready when it was its turn. `begun`: from here on it is brought to
 * its end, whatever happens to the run.
 */
type Stage = 'left out' | 'begun' | 'worked' | 'done';
const STAGES: ReadonlySet<string> = new Set<Stage>(['left out', 'begun', 'worked', 'done']);

/** What is known of one node in the walk, over lives of the agent. */
interface Visit {
  readonly name: string;
  readonly context: ActionContext;
  recall(what: 'node' | 'cordon' | 'wrong'): string | undefined;
  note(what: 'node' | 'cordon' | 'wrong', value: string): Promise<void>;
}

/**
 * The nodes that were left out, since they were not ready when it was their turn.
 *
 * @throws ActionFailed that names the node and says in which state it is left; Cancelled that says how far it came
 */
export async function walkNodes(
  { verb, nodes, work, isWell, mayLeaveOut = () => true }: NodeWork,
  context: ActionContext,
  times: NodeTimes,
): Promise<readonly string[]> {
  const { client, ending, progress } = context;
  const leftOut: string[] = [];
  if (nodes.length > MOST_NODES)
    throw new ActionFailed(`${nodes.length} nodes are more than one action can go through: ${MOST_NODES} at most`);
  for (const [index, name] of nodes.entries()) {
    const tell = (step: string, part: number): void =>
      progress(`node ${name}: ${step}`, ((index + part) / nodes.length) * 100);
    const visit = visitOf(name, context);
    let stage = stageOf(visit.recall('node'));
    if (stage === undefined) {
      tell('drains it', 0);
      stage = await prepare(visit, mayLeaveOut, times).catch(async (error: unknown) => {
        await giveUp(visit, error);
        if (context.signal.reason instanceof Cancelled)
          throw new Cancelled(`after ${index} of ${nodes.length} nodes`, { cause: error });
        throw error;
      });
      await visit.note('node', stage);
    }
    if (stage === 'left out') leftOut.push(name);
    if (stage === 'left out' || stage === 'done') continue;
    if (stage === 'begun') {
      tell(`${verb} it`, 1 / 3);
      await carryThrough(visit, work);
      await visit.note('node', 'worked');
    }
    tell('waits until it is well', 2 / 3);
    const wrongBefore = visit.recall('wrong');
    const why = await untilWell(name, { ...times, client, isWell, wrongBefore, signal: ending });
    if (why !== undefined)
      throw new NodeWorkFailed(name, `is not well after ${Math.round(times.readyMs / 1000)} s: ${why}`);
    if (visit.recall('cordon') === 'made') await setCordon(client, name, false, { signal: ending });
    await visit.note('node', 'done');
  }
  if (leftOut.length > 0 && leftOut.length === nodes.length)
    throw new ActionFailed(`nothing was done: not ready are ${leftOut.join(', ')}`);
  return leftOut;
}

/** For a message: which nodes a walk left out. */
export function leftOutText(leftOut: readonly string[]): string {
  return leftOut.length === 0 ? '' : `; left out, since they are not ready: ${leftOut.join(', ')}`;
}

function visitOf(name: string, context: ActionContext): Visit {
  const known = new Map(Object.entries(context.notes));
  const keyOf = (what: string): string => `${what}/${name}`;
  return {
    name,
    context,
    recall: (what) => known.get(keyOf(what)),
    note: async (what, value) => {
      await context.note(keyOf(what), value);
      known.set(keyOf(what), value);
    },
  };
}

function stageOf(noted: string | undefined): Stage | undefined {
  return noted !== undefined && isStage(noted) ? noted : undefined;
}

function isStage(text: string): text is Stage {
  return STAGES.has(text);
}

/** Empties the node, unless there is nothing to be done to it. @throws ActionFailed where it may not be emptied now */
async function prepare(
  { name, context, recall, note }: Visit,
  mayLeaveOut: (node: KubeObject) => boolean,
  times: NodeTimes,
): Promise<Stage> {
  const { client, signal } = context;
  signal.throwIfAborted();
  const nodes = await listNodes(client, { signal });
  const node = nodes.find(({ metadata }) => metadata.name === name);
  // A node that left the cluster meanwhile needs nothing.
  if (node === undefined) return 'done';
  const others = nodes.filter((one) => one !== node);
  if (recall('cordon') === undefined) {
    if (!isReady(node)) {
      if (mayLeaveOut(node)) return 'left out';
      throw new ActionFailed(
        `node ${name} is not ready and cannot be left out: make it ready or remove it from the cluster, then ask again; it and those after it were not touched`,
      );
    }
    refuseLoneControlPlane(node, others);
    await note('wrong', await wrongOn(name, { client, signal }));
    await note('cordon', isCordoned(node) ? 'found' : 'made');
  }
  await setCordon(client, name, true, { signal });
  // Without such a node there is nowhere to go: Pods would only end, the agent's too, and budgets never allow it.
  if (others.some((other) => takesPodsOf(node, other)))
    await drain(name, {
      client,
      namespace: context.namespace,
      timeoutMs: times.drainMs,
      everyMs: times.everyMs,
      signal,
    });
  return 'begun';
}

/** @throws ActionFailed where the control plane would have to do without two of its nodes */
function refuseLoneControlPlane(node: KubeObject, others: readonly KubeObject[]): void {
  const away = isControlPlane(node) ? others.find((one) => isControlPlane(one) && !isReady(one)) : undefined;
  if (away !== undefined)
    throw new ActionFailed(
      `node ${node.metadata.name} is of the control plane, whose node ${away.metadata.name} is not ready: without both its members could lose their majority, so nothing was done to it`,
    );
}

/** @throws NodeWorkFailed for whatever may have left the node half way */
async function carryThrough(visit: Visit, work: NodeWork['work']): Promise<void> {
  const { name, context } = visit;
  try {
    await work(name);
  } catch (error) {
    if (error instanceof NodeWorkFailed || context.ending.aborted || isTransient(error)) throw error;
    if (error instanceof ActionFailed) {
      await reopen(visit);
      throw error;
    }
    throw new NodeWorkFailed(name, `failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Opens a node that nothing was done to, unless the same is tried again. */
async function giveUp(visit: Visit, error: unknown): Promise<void> {
  const { ending, signal } = visit.context;
  if (ending.aborted || (isTransient(error) && !signal.aborted)) return;
  await reopen(visit);
}

/** @throws KubeError: then the run is not over, and this is tried again */
async function reopen({ name, context, recall }: Visit): Promise<void> {
  if (recall('cordon') !== 'made') return;
  // A node that was removed needs no opening.
  if ((await context.client.get(nodeRef(name), { signal: context.ending })) === undefined) return;
  await setCordon(context.client, name, false, { signal: context.ending });
}
