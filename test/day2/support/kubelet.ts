/**
 * A kubelet of a few lines: one node, whose Pods are carried out by functions of the test. The API server reads their logs
 * from it over HTTPS, as from any other.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

import { ensureAuthority, ensureCertificate } from '#cli/local/pki';
import type { KubeClient } from '#kubernetes/client';
import { isMap, mapAt, refOf, textAt, valueAt, type KubeObject } from '#kubernetes/object';

import { kubectl } from '../../support/cluster.ts';

export interface Carried {
  readonly exitCode: number;
  readonly output: string;
  /** What it left in its termination message. */
  readonly lastWords?: string;
}

export interface ContainerCall {
  readonly node: string;
  readonly pod: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
}

/** Undefined: the container goes on for ever, and is ready. */
export type CarryOut = (call: ContainerCall) => Promise<Carried | undefined>;

export interface TestKubelet {
  readonly name: string;
  /** Version and boot are what the node tells from now on. */
  set(change: { readonly version?: string; readonly bootId?: string; readonly ready?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

const POD = { apiVersion: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, verbs: [] };

export async function startKubelet(options: {
  readonly client: KubeClient;
  readonly kubeconfig: string;
  readonly dir: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly version: string;
  readonly carryOut: CarryOut;
}): Promise<TestKubelet> {
  const { client, name, dir } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const state = { version: options.version, bootId: `${name}-boot-1`, ready: true };
  const logs = new Map<string, string>();
  const taken = new Set<string>();

  const authority = await ensureAuthority({ dir, name: 'kubelet-ca' });
  const pair = await ensureCertificate({
    dir,
    name: 'kubelet',
    authority,
    commonName: 'kubelet',
    names: ['127.0.0.1'],
    usages: ['server'],
  });
  const [cert, key] = await Promise.all([readFile(pair.certFile), readFile(pair.keyFile)]);
  const server = createServer({ cert, key }, (request, response) => {
    const [, what, namespace, pod] = (request.url ?? '').split(/[/?]/);
    const log = what === 'containerLogs' ? logs.get(`${namespace}/${pod}`) : undefined;
    response.writeHead(log === undefined ? 404 : 200, { 'content-type': 'text/plain' }).end(log ?? 'no such container');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  await client.apply(
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...options.labels },
      },
    },
    { signal },
  );
  const tell = async (): Promise<void> => {
    const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    await client.mergePatch(
      { apiVersion: 'v1', kind: 'Node', name },
      {
        status: {
          addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
          daemonEndpoints: { kubeletEndpoint: { Port: port } },
          capacity: { cpu: '8', memory: '16Gi', pods: '110' },
          allocatable: { cpu: '8', memory: '16Gi', pods: '110' },
          nodeInfo: {
            kubeletVersion: state.version,
            bootID: state.bootId,
            operatingSystem: 'linux',
            architecture: 'amd64',
          },
          conditions: [
            {
              type: 'Ready',
              status: state.ready ? 'True' : 'False',
              reason: 'Test',
              message: state.ready ? 'fine' : 'the disk is broken',
              lastHeartbeatTime: at,
              lastTransitionTime: at,
            },
          ],
        },
      },
      { signal, subresource: 'status' },
    );
  };
  await tell();

  const setStatus = async (pod: KubeObject, phase: string, containerState: object): Promise<void> => {
    await client.mergePatch(
      refOf(pod),
      {
        status: {
          phase,
          conditions: [{ type: 'Ready', status: phase === 'Running' ? 'True' : 'False' }],
          containerStatuses: containersOf(pod).map(({ name: container, image }) => ({
            name: container,
            image,
            imageID: image,
            ready: phase === 'Running',
            restartCount: 0,
            state: containerState,
          })),
        },
      },
      { signal, subresource: 'status' },
    );
  };

  const carry = async (pod: KubeObject): Promise<void> => {
    const [container] = containersOf(pod);
    if (container === undefined) return;
    const startedAt = new Date().toISOString();
    await setStatus(pod, 'Running', { running: { startedAt } });
    const done = await options.carryOut({
      node: name,
      pod: pod.metadata.name,
      image: container.image,
      command: container.command,
      args: container.args,
    });
    if (done === undefined) return;
    logs.set(`${pod.metadata.namespace}/${pod.metadata.name}`, done.output);
    await setStatus(pod, done.exitCode === 0 ? 'Succeeded' : 'Failed', {
      terminated: {
        exitCode: done.exitCode,
        reason: done.exitCode === 0 ? 'Completed' : 'Error',
        message: lastWordsOf(done, container.messagePolicy),
        startedAt,
        finishedAt: new Date().toISOString(),
      },
    });
  };

  const look = async (): Promise<void> => {
    const { items } = await client.list(POD, { signal, fieldSelector: `spec.nodeName=${name}` });
    for (const pod of items) {
      const { uid = '', namespace = '', deletionTimestamp } = pod.metadata;
      if (deletionTimestamp !== undefined)
        await kubectl(options, [
          'delete',
          'pod',
          '-n',
          namespace,
          pod.metadata.name,
          '--force',
          '--grace-period=0',
        ]).catch(() => undefined);
      else if (!taken.has(uid) && textAt(pod, 'status', 'phase') === 'Pending') {
        taken.add(uid);
        // A Pod that is removed meanwhile has no status to be told.
        void carry(pod).catch(() => undefined);
      }
    }
  };

  const looking = (async () => {
    let told = Date.now();
    while (!signal.aborted) {
      try {
        await look();
        if (Date.now() - told > 8_000) {
          await tell();
          told = Date.now();
        }
        await sleep(100, undefined, { signal });
      } catch {
        // The API server was away, or the test is over.
        if (!signal.aborted) await sleep(200);
      }
    }
  })();

  return {
    name,
    set: async (change) => {
      Object.assign(state, change);
      await tell();
    },
    stop: async () => {
      stopping.abort();
      await looking;
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function containersOf(pod: KubeObject): readonly {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly messagePolicy: string;
}[] {
  const containers = valueAt(mapAt(pod, 'spec'), 'containers');
  return (Array.isArray(containers) ? containers : []).filter(isMap).map((container) => ({
    name: textAt(container, 'name'),
    image: textAt(container, 'image'),
    command: textsAt(container, 'command'),
    args: textsAt(container, 'args'),
    messagePolicy: textAt(container, 'terminationMessagePolicy'),
  }));
}

/** As kubelets make it: of a container that failed and left no words, the end of its log, where the Pod asks for that. */
function lastWordsOf({ exitCode, output, lastWords = '' }: Carried, policy: string): string {
  if (lastWords !== '' || exitCode === 0 || policy !== 'FallbackToLogsOnError') return lastWords.slice(0, 4096);
  return output.slice(-2048);
}

function textsAt(value: unknown, key: string): readonly string[] {
  const found = valueAt(value, key);
  return (Array.isArray(found) ? found : []).filter((one) => typeof one === 'string');
}
