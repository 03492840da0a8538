/** Work on nodes themselves: patches, upgrades and certificates, one node at a time, on a real API server. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { Cancelled } from '#agent/day2/action';
import { ActionImages } from '#agent/day2/images';
import { createPatchOs, PATCHED_ANNOTATION } from '#agent/day2/patch-os';
import { createRenewCertificates } from '#agent/day2/renew-certificates';
import { createUpgradeKubernetes } from '#agent/day2/upgrade-kubernetes';
import type { ControlPlane } from '#cli/local/control-plane';
import { createKubeClient, type KubeClient } from '#kubernetes/client';
import { accessFromKubeconfig } from '#kubernetes/kubeconfig';

import { kubectl, startCluster } from '../support/cluster.ts';
import { testContext, type TestContext } from './support/context.ts';
import { startKubelet, type Carried, type ContainerCall, type TestKubelet } from './support/kubelet.ts';

const run = promisify(execFile);
const NAMESPACE = 'palette-nodes';
const images = ActionImages.parse({});
const times = { drainMs: 3_000, readyMs: 4_000, settleMs: 200, everyMs: 50 };
const patch = createPatchOs({ images, times });

let cluster: ControlPlane;
let client: KubeClient;
let dir: string;
let kubelets: Map<string, TestKubelet>;
/** What happened, in its order. */
let history: string[] = [];
/** Nodes whose packages ask for a restart. */
let needRestart: Set<string>;
let broken: Set<string>;
let boots = 1;
/** What happens while a script runs on a node. */
let meanwhile: (node: string) => Promise<void>;

/** Scripts run for real, in a machine whose commands only say that they were called. */
async function carryOut(call: ContainerCall): Promise<Carried | undefined> {
  if (call.image.startsWith(images.k3sUpgrade)) {
    history.push(`${call.node}: ${call.image} ${call.args.join(' ')}`);
    await kubelets.get(call.node)?.set({ version: 'v1.34.2+k3s1' });
    return { exitCode: 0, output: '' };
  }
  if (call.image !== images.host) return undefined;
  await meanwhile(call.node);
  const root = join(dir, call.node);
  await mkdir(root, { recursive: true });
  const log = join(root, 'calls');
  const words = join(root, 'termination-log');
  const flag = join(root, 'reboot-required');
  await (needRestart.has(call.node) ? writeFile(flag, '') : rm(flag, { force: true }));
  await Promise.all([writeFile(log, ''), writeFile(words, '')]);
  const [shell = '', ...args] = call.command.map((part) =>
    part.replaceAll('/dev/termination-log', words).replaceAll('/var/run/reboot-required', flag),
  );
  let carried: Carried;
  try {
    const { stdout } = await run(shell, args, {
      env: {
        PATH: `${join(dir, 'bin')}:/usr/bin:/bin`,
        CALLS: log,
        BROKEN: broken.has(call.node) ? 'yes' : '',
      },
    });
    carried = { exitCode: 0, output: stdout };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    carried = { exitCode: 1, output: `${stdout}${stderr}` };
  }
  carried = { ...carried, lastWords: await readFile(words, 'utf8') };
  const called = (await readFile(log, 'utf8'))
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  history.push(...called.map((line) => `${call.node}: ${line}`));
  const upgraded = called.find((line) => line.startsWith('apt-get') && line.includes('kubelet='));
  if (upgraded) await kubelets.get(call.node)?.set({ version: 'v1.34.2' });
  if (called.some((line) => line.startsWith('systemd-run') && line.endsWith('systemctl reboot')))
    await kubelets.get(call.node)?.set({ bootId: `${call.node}-boot-${++boots}` });
  return carried;
}

const FAKES = ['apt-get', 'apt-mark', 'dpkg', 'kubeadm', 'systemctl', 'systemd-run', 'crictl'];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'palette-nodes-'));
  await mkdir(join(dir, 'bin'));
  for (const name of FAKES) {
    const file = join(dir, 'bin', name);
    await writeFile(
      file,
      `#!/bin/sh\necho "${name} $*" >> "$CALLS"\nif [ -n "$BROKEN" ] && [ "${name}" != apt-mark ] && [ "${name}" != dpkg ]; then echo "disk full" >&2; exit 1; fi\n`,
    );
    await chmod(file, 0o755);
  }
  // A machine of its own needs no entering.
  const nsenter = join(dir, 'bin', 'nsenter');
  await writeFile(nsenter, '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n');
  await chmod(nsenter, 0o755);
  cluster = await startCluster({ kwok: false });
  client = createKubeClient(await accessFromKubeconfig(cluster.kubeconfig), { fieldManager: 'test' });
  kubelets = new Map();
  for (const name of ['a-control', 'b-worker', 'c-worker'])
    kubelets.set(
      name,
      await startKubelet({
        client,
        kubeconfig: cluster.kubeconfig,
        dir,
        name,
        labels: name.startsWith('a-') ? { 'node-role.kubernetes.io/control-plane': '' } : {},
        version: 'v1.34.1',
        carryOut,
      }),
    );
}, 20 * 60_000);

beforeEach(() => {
  history = [];
  needRestart = new Set();
  broken = new Set();
  meanwhile = async () => undefined;
});

afterAll(async () => {
  for (const kubelet of kubelets?.values() ?? []) await kubelet.stop();
  client?.close();
  await cluster?.stop();
  if (dir !== undefined) await rm(dir, { recursive: true, force: true });
});

function context(): TestContext {
  return testContext(client, { namespace: NAMESPACE });
}

async function cordoned(): Promise<string[]> {
  const text = await kubectl(cluster, [
    'get',
    'nodes',
    '-o',
    'jsonpath={range .items[?(@.spec.unschedulable==true)]}{.metadata.name} {end}',
  ]);
  return text
    .trim()
    .split(' ')
    .filter((name) => name !== '');
}

async function apply(...objects: readonly object[]): Promise<void> {
  await kubectl(cluster, ['apply', '-f', '-'], {
    input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
  });
}

function deployment(name: string, replicas: number): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'app', image: 'registry.example/app:1' }] },
      },
    },
  };
}

async function readyPods(name: string): Promise<{ readonly name: string; readonly node: string }[]> {
  const text = await kubectl(cluster, [
    'get',
    'pods',
    '-l',
    `app=${name}`,
    '--field-selector=status.phase=Running',
    '-o',
    'jsonpath={range .items[*]}{.metadata.name}={.spec.nodeName} {end}',
  ]);
  return text
    .trim()
    .split(' ')
    .filter((part) => part !== '')
    .map((part) => ({ name: part.split('=')[0] ?? '', node: part.split('=')[1] ?? '' }));
}

describe('a patch of the operating system', () => {
  it('goes from node to node, workers first, restarts those that need it, and leaves all of them open', async () => {
    needRestart.add('b-worker');
    const given = context();
    const { message, result } = await patch({ rebootIfRequired: true }, given);
    expect(message).toBe('3 nodes are patched, 1 were restarted');
    expect(result).toEqual({ patched: 3, rebooted: 1, needRestart: [], leftOut: [] });
    const order = [...new Set(history.filter((line) => line.includes('upgrade')).map((line) => line.split(':')[0]))];
    expect(order).toEqual(['b-worker', 'c-worker', 'a-control']);
    expect(history).toContain('b-worker: apt-mark hold kubelet');
    const told = await kubectl(cluster, ['get', 'nodes', '-o', 'jsonpath={.items[*].status.nodeInfo.bootID}']);
    expect(told.split(' ')).toEqual([
      'a-control-boot-1',
      expect.not.stringMatching(/^b-worker-boot-1$/),
      'c-worker-boot-1',
    ]);
    expect(await cordoned()).toEqual([]);
  });

  it('patches only nodes that never were when that is asked, and says which wait for a restart', async () => {
    await kubectl(cluster, ['annotate', 'node', 'c-worker', `${PATCHED_ANNOTATION}-`]);
    needRestart.add('c-worker');
    const { message } = await patch({ rebootIfRequired: false, unpatchedOnly: true }, context());
    expect(message).toBe('1 nodes are patched, 0 were restarted; these need a restart: c-worker');
    expect((await patch({ rebootIfRequired: false, unpatchedOnly: true }, context())).message).toBe(
      'no node is there that was not patched',
    );
  });

  it('moves what runs elsewhere, as fast as its disruption budget allows', async () => {
    await apply(deployment('web', 4), {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web', namespace: 'default' },
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } },
    });
    await eventually(async () => (await readyPods('web')).length === 4);
    const before = new Set((await readyPods('web')).map(({ name }) => name));
    let fewest = 4;
    const watching = setInterval(() => {
      void readyPods('web').then((pods) => {
        fewest = Math.min(fewest, pods.length);
      });
    }, 100);
    try {
      await createPatchOs({ images, times: { ...times, drainMs: 30_000 } })({ rebootIfRequired: false }, context());
    } finally {
      clearInterval(watching);
    }
    await eventually(async () => (await readyPods('web')).length === 4);
    expect((await readyPods('web')).filter(({ name }) => before.has(name))).toEqual([]);
    expect(fewest).toBeGreaterThanOrEqual(2);
    await kubectl(cluster, ['delete', 'deployment/web', 'pdb/web']);
    await eventually(async () => (await readyPods('web')).length === 0);
  });

  it('stops where a budget allows nothing, touches nothing there and opens the node again', async () => {
    await apply(deployment('db', 3), {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'db', namespace: 'default' },
      spec: { maxUnavailable: 0, selector: { matchLabels: { app: 'db' } } },
    });
    await eventually(async () => (await readyPods('db')).length === 3);
    const before = await readyPods('db');
    try {
      await expect(patch({ rebootIfRequired: false }, context())).rejects.toThrow(
        /could not be drained in 3 s: Pod default\/db-.*disruption budget/,
      );
      expect(await readyPods('db')).toEqual(before);
      expect(await cordoned()).toEqual([]);
      const [first] = before;
      const patched = new Set(history.map((line) => line.split(':')[0]));
      expect(before.every(({ node }) => !patched.has(node)) || first === undefined).toBe(true);
    } finally {
      await kubectl(cluster, ['delete', 'deployment/db', 'pdb/db']);
      await eventually(async () => (await readyPods('db')).length === 0);
    }
  });

  it('loses no Pod that nobody would make again', async () => {
    await apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'bare', namespace: 'default' },
      spec: {
        nodeName: 'b-worker',
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'app', image: 'registry.example/app:1' }],
      },
    });
    await eventually(
      async () => (await kubectl(cluster, ['get', 'pod', 'bare', '-o', 'jsonpath={.status.phase}'])) === 'Running',
    );
    await expect(patch({ rebootIfRequired: false }, context())).rejects.toThrow(
      /Pod default\/bare belongs to no controller and would be lost/,
    );
    expect(history).toEqual([]);
    await kubectl(cluster, ['annotate', 'pod', 'bare', 'palette-iac.dev/drain=skip']);
    await patch({ rebootIfRequired: false }, context());
    expect(await kubectl(cluster, ['get', 'pod', 'bare', '-o', 'jsonpath={.status.phase}'])).toBe('Running');
    await kubectl(cluster, ['delete', 'pod', 'bare']);
  });

  it('stops at the first node that fails, which stays closed, and touches no other', async () => {
    broken.add('b-worker');
    await expect(patch({ rebootIfRequired: false }, context())).rejects.toThrow(
      /^node b-worker could not be patched: it ended with exit code 1: .*disk full.*; it stays cordoned, and no further node is touched$/s,
    );
    expect(await cordoned()).toEqual(['b-worker']);
    expect(new Set(history.map((line) => line.split(':')[0]))).toEqual(new Set(['b-worker']));
    // A node that was closed before stays so when all goes well.
    broken.clear();
    await patch({ rebootIfRequired: false }, context());
    expect(await cordoned()).toEqual(['b-worker']);
    await kubectl(cluster, ['uncordon', 'b-worker']);
  });

  it('opens the node that it is at when it is cancelled before the work began', async () => {
    await apply(deployment('slow', 3), {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'slow', namespace: 'default' },
      spec: { maxUnavailable: 0, selector: { matchLabels: { app: 'slow' } } },
    });
    await eventually(async () => (await readyPods('slow')).length === 3);
    try {
      const given = context();
      const begun = createPatchOs({ images, times: { ...times, drainMs: 60_000 } })({ rebootIfRequired: false }, given);
      await eventually(async () => (await cordoned()).length === 1);
      given.stop.abort(new Cancelled());
      await expect(begun).rejects.toThrow('after 0 of 3 nodes');
      expect(await cordoned()).toEqual([]);
    } finally {
      await kubectl(cluster, ['delete', 'deployment/slow', 'pdb/slow']);
    }
  });

  it('brings the node to its end that it is at when it is cancelled during the work', async () => {
    needRestart.add('b-worker');
    const given = context();
    meanwhile = async () => given.stop.abort(new Cancelled());
    await expect(patch({ rebootIfRequired: true }, given)).rejects.toThrow('after 1 of 3 nodes');
    expect(new Set(history.map((line) => line.split(':')[0]))).toEqual(new Set(['b-worker']));
    expect(history.at(-1)).toContain('systemctl reboot');
    expect(await cordoned()).toEqual([]);
  });
});

describe('an upgrade of Kubernetes on nodes', () => {
  it('upgrades with kubeadm, the control plane first, and waits for the kubelet of each', async () => {
    const upgrade = createUpgradeKubernetes({ images, nodeTimes: times });
    const { message } = await upgrade({ version: 'v1.34.2' }, context());
    expect(message).toBe('3 nodes run Kubernetes v1.34.2 now');
    expect(history.filter((line) => line.includes(': kubeadm '))).toEqual([
      'a-control: kubeadm upgrade apply -y v1.34.2',
      'b-worker: kubeadm upgrade node',
      'c-worker: kubeadm upgrade node',
    ]);
    expect(history.filter((line) => line.startsWith('a-control: apt-get') && line.includes('install'))).toEqual([
      expect.stringContaining('kubeadm=1.34.2-*'),
      expect.stringContaining('kubelet=1.34.2-* kubectl=1.34.2-*'),
    ]);
    expect((await upgrade({ version: 'v1.34.2' }, context())).message).toBe('all nodes run Kubernetes v1.34.2 already');
    await expect(upgrade({ version: 'v1.36.0' }, context())).rejects.toThrow('would leave one out');
    await expect(upgrade({ version: 'v1.33.9' }, context())).rejects.toThrow('cannot be brought back');
  });

  it('brings k3s to a version of its own with its own image', async () => {
    for (const kubelet of kubelets.values()) await kubelet.set({ version: 'v1.34.1+k3s1' });
    const upgrade = createUpgradeKubernetes({ images, nodeTimes: times });
    await expect(upgrade({ version: 'v1.34.2' }, context())).rejects.toThrow(
      'its versions are written such as v1.34.2+k3s1',
    );
    expect(history).toEqual([]);
    await upgrade({ version: 'v1.34.2+k3s1' }, context());
    expect(history).toEqual(
      ['a-control', 'b-worker', 'c-worker'].map((node) => `${node}: ${images.k3sUpgrade}:v1.34.2-k3s1 upgrade`),
    );
  });
});

describe('new certificates of the control plane', () => {
  it('are made on its nodes by what runs there', async () => {
    for (const kubelet of kubelets.values()) await kubelet.set({ version: 'v1.34.2' });
    const renew = createRenewCertificates({ images, nodeTimes: times, renewCredentials: async () => undefined });
    const { message } = await renew({ scope: 'control-plane' }, context());
    expect(message).toBe('the certificates of 1 control plane nodes are renewed');
    expect(history).toContain('a-control: kubeadm certs renew all');
    expect(history.some((line) => !line.startsWith('a-control'))).toBe(false);
  });
});

async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 50_000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error('did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
