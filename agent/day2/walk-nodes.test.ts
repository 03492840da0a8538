import { beforeEach, describe, expect, it } from '@jest/globals';

import { silentLogger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import { KubeError } from '#kubernetes/error';
import type { JsonMap, KubeObject } from '#kubernetes/object';

import { ActionFailed, Cancelled, type ActionContext } from './action.ts';
import { NodeWorkFailed, walkNodes, type NodeWork } from './walk-nodes.ts';

const TIMES = { drainMs: 50, readyMs: 100, settleMs: 20, everyMs: 5 };
const AWAY = new KubeError('the API server does not answer', { status: 0, reason: 'Unreachable' });
const REFUSED = new KubeError('nodes is forbidden', { status: 403, reason: 'Forbidden' });

interface FakeNode {
  ready: boolean;
  controlPlane?: boolean;
  cordoned?: boolean;
  /** Effects of its taints. */
  taints?: readonly string[];
}

/** Nodes and Pods in memory; what happens to them is told in its order. */
class Cluster {
  readonly nodes = new Map<string, FakeNode>();
  pods: KubeObject[] = [];
  history: string[] = [];
  notes: Record<string, string> = {};
  /** Of changes of nodes. */
  failure: Error | undefined;
  /** Called before each look at one node. */
  looked: (times: number) => void = () => undefined;
  private looks = 0;
  ending = new AbortController();
  cancel = new AbortController();

  readonly client = {
    get: async ({ name }: { readonly name: string }, { signal }: { readonly signal: AbortSignal }) => {
      signal.throwIfAborted();
      this.looked(++this.looks);
      return this.nodes.has(name) ? this.objectOf(name) : undefined;
    },
    list: async (
      { kind }: { readonly kind: string },
      { signal, fieldSelector = '' }: { readonly signal: AbortSignal; readonly fieldSelector?: string },
    ) => {
      signal.throwIfAborted();
      const items =
        kind === 'Node'
          ? [...this.nodes.keys()].map((name) => this.objectOf(name))
          : this.pods.filter(
              (pod) => fieldSelector === `spec.nodeName=${String((pod['spec'] as JsonMap)['nodeName'])}`,
            );
      return { items, resourceVersion: '1' };
    },
    mergePatch: async (
      { name }: { readonly name: string },
      { spec }: { readonly spec?: { readonly unschedulable: boolean | null } },
      { signal }: { readonly signal: AbortSignal },
    ) => {
      signal.throwIfAborted();
      if (this.failure) throw this.failure;
      const node = this.nodes.get(name);
      if (node === undefined || spec === undefined) throw new Error(`there is no node ${name}`);
      node.cordoned = spec.unschedulable === true;
      this.history.push(`${node.cordoned ? 'close' : 'open'} ${name}`);
      return this.objectOf(name);
    },
    evict: async (pod: KubeObject) => {
      this.history.push(`evict ${pod.metadata.name}`);
      this.pods = this.pods.filter((one) => one !== pod);
    },
  } as unknown as KubeClient; // nothing else is called

  objectOf(name: string): KubeObject {
    const { ready, controlPlane, cordoned, taints = [] } = this.nodes.get(name) ?? { ready: false };
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: controlPlane ? { 'node-role.kubernetes.io/control-plane': '' } : {} },
      spec: {
        ...(cordoned ? { unschedulable: true } : {}),
        taints: taints.map((effect) => ({ key: 'reserved', effect })),
      },
      status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', message: 'the disk is broken' }] },
    };
  }

  /** The same run in another life of the agent. */
  again(): void {
    this.ending = new AbortController();
    this.history = [];
  }

  async walk(work: NodeWork['work'], more: Partial<NodeWork> = {}): Promise<readonly string[]> {
    const context: Partial<ActionContext> = {
      client: this.client,
      namespace: 'agent',
      notes: { ...this.notes },
      note: async (key, value) => {
        this.notes[key] = value;
      },
      progress: () => undefined,
      log: silentLogger,
      signal: AbortSignal.any([this.ending.signal, this.cancel.signal]),
      ending: this.ending.signal,
    };
    const told: NodeWork['work'] = async (name) => {
      this.history.push(`work ${name}`);
      await work(name);
    };
    // What is left out is for other actions.
    return walkNodes({ verb: 'patches', nodes: ['a', 'b'], ...more, work: told }, context as ActionContext, TIMES);
  }
}

let cluster: Cluster;
beforeEach(() => {
  cluster = new Cluster();
  for (const name of ['a', 'b']) cluster.nodes.set(name, { ready: true });
});

const nothing = async (): Promise<void> => undefined;

function pod(name: string, node: string, { owner = 'ReplicaSet', ready = true } = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      ownerReferences: [{ kind: owner, name: owner.toLowerCase(), controller: true }],
    },
    spec: { nodeName: node },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

describe('a walk', () => {
  it('empties each node, works on it, and opens it', async () => {
    cluster.pods = [pod('web', 'a')];
    expect(await cluster.walk(nothing)).toEqual([]);
    expect(cluster.history).toEqual(['close a', 'evict web', 'work a', 'open a', 'close b', 'work b', 'open b']);
  });

  it('moves nothing where there is no other node to go to', async () => {
    cluster.nodes.delete('b');
    cluster.pods = [pod('web', 'a')];
    await cluster.walk(nothing, { nodes: ['a'] });
    expect(cluster.history).toEqual(['close a', 'work a', 'open a']);
  });

  it.each([
    { why: 'a taint keeps Pods away', taints: ['NoSchedule'] },
    { why: 'a taint throws Pods out', taints: ['PreferNoSchedule', 'NoExecute'] },
    { why: 'it takes none', cordoned: true },
  ])('moves nothing where the only other node is none to go to: $why', async ({ why: _, ...other }) => {
    cluster.nodes.set('b', { ready: true, ...other });
    cluster.pods = [pod('web', 'a')];
    await cluster.walk(nothing, { nodes: ['a'] });
    expect(cluster.history).toEqual(['close a', 'work a', 'open a']);
  });

  it('moves what tolerates the taints of its node to another one that has the same', async () => {
    for (const name of ['a', 'b']) cluster.nodes.set(name, { ready: true, taints: ['NoSchedule'] });
    cluster.pods = [pod('web', 'a')];
    await cluster.walk(nothing, { nodes: ['a'] });
    expect(cluster.history).toEqual(['close a', 'evict web', 'work a', 'open a']);
  });

  it('ends at a node that is not ready and may not be left out', async () => {
    cluster.nodes.set('a', { ready: false, controlPlane: true });
    const mayLeaveOut = ({ metadata }: KubeObject): boolean => metadata.name !== 'a';
    await expect(cluster.walk(nothing, { mayLeaveOut })).rejects.toThrow(
      'node a is not ready and cannot be left out: make it ready or remove it from the cluster',
    );
    expect(cluster.history).toEqual([]);
  });

  it('leaves out a node that is not ready, and says so', async () => {
    cluster.nodes.set('a', { ready: false });
    expect(await cluster.walk(nothing)).toEqual(['a']);
    expect(cluster.history).toEqual(['close b', 'work b', 'open b']);
  });

  it('begins with no more nodes than it can remember', async () => {
    const nodes = Array.from({ length: 1_001 }, (_, at) => `n-${at}`);
    await expect(cluster.walk(nothing, { nodes })).rejects.toThrow(
      '1001 nodes are more than one action can go through: 1000 at most',
    );
    expect(cluster.notes).toEqual({});
  });

  it('fails where no node is ready', async () => {
    for (const name of ['a', 'b']) cluster.nodes.set(name, { ready: false });
    await expect(cluster.walk(nothing)).rejects.toThrow('nothing was done: not ready are a, b');
  });

  it('takes no second node from a control plane', async () => {
    cluster.nodes.set('a', { ready: true, controlPlane: true });
    cluster.nodes.set('b', { ready: false, controlPlane: true });
    await expect(cluster.walk(nothing)).rejects.toThrow(
      'node a is of the control plane, whose node b is not ready: without both its members could lose their majority, so nothing was done to it',
    );
    expect(cluster.history).toEqual([]);
  });

  it('waits for what belongs on the node, but not for what was not ready before', async () => {
    const broken = pod('old', 'a', { owner: 'DaemonSet', ready: false });
    cluster.pods = [broken];
    await cluster.walk(nothing, { nodes: ['a'] });
    const fails = async (): Promise<void> => {
      cluster.pods = [pod('cni', 'b', { owner: 'DaemonSet', ready: false })];
    };
    await expect(cluster.walk(fails, { nodes: ['b'] })).rejects.toThrow(
      /^node b is not well after 0 s: DaemonSet shop\/daemonset not ready; it stays cordoned, and no further node is touched$/,
    );
    expect(cluster.nodes.get('b')?.cordoned).toBe(true);
  });

  it('does not believe a node that is well for a moment', async () => {
    // As kubelets do: they tell some time later.
    cluster.looked = (times) => {
      if (times === 2) cluster.nodes.set('a', { ready: false, cordoned: true });
    };
    await expect(cluster.walk(nothing)).rejects.toThrow('it is not ready: the disk is broken');
    expect(cluster.history).not.toContain('work b');
  });
});

describe('a walk that fails', () => {
  it.each([
    {
      why: 'the work fails half way',
      error: new NodeWorkFailed('a', 'broke'),
      says: /^node a broke; it stays/,
      open: false,
    },
    {
      why: 'a fault leaves open what was done',
      error: REFUSED,
      says: /^node a failed: nodes is forbidden; it stays/,
      open: false,
    },
    {
      why: 'the work says that it did nothing',
      error: new ActionFailed('no such version'),
      says: /^no such/,
      open: true,
    },
  ])('leaves the node closed or opens it: $why', async ({ error, says, open }) => {
    const failing = cluster.walk(async () => {
      throw error;
    });
    await expect(failing).rejects.toThrow(says);
    expect(cluster.nodes.get('a')?.cordoned).toBe(!open);
    expect(cluster.history).not.toContain('work b');
  });

  it('opens a node that it closed and may not empty', async () => {
    cluster.pods = [{ ...pod('bare', 'a'), metadata: { name: 'bare', namespace: 'shop' } }];
    await expect(cluster.walk(nothing)).rejects.toThrow('belongs to no controller');
    expect(cluster.history).toEqual(['close a', 'open a']);
  });

  it('leaves a node closed that was so before', async () => {
    cluster.nodes.set('a', { ready: true, cordoned: true });
    await cluster.walk(nothing);
    expect(cluster.history).toEqual(['close a', 'work a', 'close b', 'work b', 'open b']);
  });
});

describe('a walk that is interrupted', () => {
  it('goes on where it was', async () => {
    await expect(
      cluster.walk(async () => {
        throw AWAY;
      }),
    ).rejects.toBe(AWAY);
    cluster.again();
    await cluster.walk(nothing);
    expect(cluster.history).toEqual(['work a', 'open a', 'close b', 'work b', 'open b']);
  });

  it('brings a node to its end when it is cancelled during the work, and touches no other', async () => {
    const work = async (): Promise<void> => cluster.cancel.abort(new Cancelled());
    await expect(cluster.walk(work)).rejects.toThrow('after 1 of 2 nodes');
    expect(cluster.history).toEqual(['close a', 'work a', 'open a']);
  });

  it('brings a node to its end, too, when the cancel comes between two tries', async () => {
    await expect(
      cluster.walk(async () => {
        throw AWAY;
      }),
    ).rejects.toBe(AWAY);
    cluster.again();
    cluster.cancel.abort(new Cancelled());
    await expect(cluster.walk(nothing)).rejects.toThrow('after 1 of 2 nodes');
    expect(cluster.history).toEqual(['work a', 'open a']);
  });

  it('opens a node that it only closed, as soon as that can be done', async () => {
    Object.assign(cluster.notes, { 'cordon/a': 'made', 'wrong/a': '' });
    cluster.nodes.set('a', { ready: true, cordoned: true });
    cluster.cancel.abort(new Cancelled());
    cluster.failure = AWAY;
    // The run is not over then, and this comes again.
    await expect(cluster.walk(nothing)).rejects.toBe(AWAY);
    cluster.failure = undefined;
    await expect(cluster.walk(nothing)).rejects.toThrow('after 0 of 2 nodes');
    expect(cluster.history).toEqual(['open a']);
  });

  it('leaves everything to the next life where the agent stops', async () => {
    const stopped = new Error('the agent stops');
    const work = async (): Promise<void> => {
      cluster.ending.abort(stopped);
      throw stopped;
    };
    await expect(cluster.walk(work)).rejects.toBe(stopped);
    expect(cluster.history).toEqual(['close a', 'work a']);
    expect(cluster.notes).toMatchObject({ 'node/a': 'begun', 'cordon/a': 'made' });
  });
});
