/** The controller of managed resources as a process beside a real API server, and what it needs there. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePorts } from '#cli/local/ports';
import { httpProbe } from '#cli/local/probe';
import { Service } from '#cli/local/service';
import { mainFile, packageRoot } from '#cli/package-root';
import { silentLogger } from '#core/log';
import { CLUSTER_GROUP, CREDENTIALS_KEYS, NAMESPACED_GROUP, VERSION } from '#crossplane/schema/groups';
import type { KubeObject } from '#kubernetes/object';

import { kubectl } from './cluster.ts';

interface Cluster {
  readonly kubeconfig: string;
}

const READY_MS = 60_000;
const GRACE_MS = 30_000;

/** Applies objects as a user does. @throws Error with kubectl's own words */
export async function applyObjects(cluster: Cluster, objects: readonly KubeObject[]): Promise<string> {
  return kubectl(cluster, ['apply', '-f', '-'], { input: documents(objects) });
}

export function documents(objects: readonly KubeObject[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

/** Makes the API server know every managed resource and provider configuration. */
export async function installManagedResources(cluster: Cluster): Promise<void> {
  const folder = join(packageRoot, 'crossplane/package/crds');
  await kubectl(cluster, ['apply', '--server-side', '-f', folder]);
  await kubectl(cluster, ['wait', '--for=condition=Established', '--timeout=60s', '-f', folder]);
}

/** Where the API is, and as whom one speaks to it. */
export interface Access {
  readonly host: string;
  readonly apiKey: string;
  readonly ca: string;
}

export interface ConfigOptions {
  /** Namespace of the Secret. */
  readonly namespace: string;
  readonly name?: string;
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** A Secret with credentials, and the provider configurations of both groups that name it. */
export function providerConfigs(
  access: Access,
  { namespace, name = 'default', spec = { project: 'Default' } }: ConfigOptions,
): KubeObject[] {
  const credentials = { source: 'Secret', secretRef: { name, namespace } };
  return [
    credentialsSecret(access, { namespace, name }),
    {
      apiVersion: `${NAMESPACED_GROUP}/${VERSION}`,
      kind: 'ClusterProviderConfig',
      metadata: { name },
      spec: { credentials, ...spec },
    },
    {
      apiVersion: `${CLUSTER_GROUP}/${VERSION}`,
      kind: 'ProviderConfig',
      metadata: { name },
      spec: { credentials, ...spec },
    },
  ];
}

export function credentialsSecret(
  { host, apiKey, ca }: Access,
  { namespace, name = 'default' }: Pick<ConfigOptions, 'namespace' | 'name'>,
): KubeObject {
  const { apiKey: keyOfKey, host: keyOfHost, ca: keyOfCa } = CREDENTIALS_KEYS;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    stringData: { [keyOfKey]: apiKey, [keyOfHost]: host, [keyOfCa]: ca },
  };
}

export interface RunningController {
  /** To kill it, and to start it again. */
  readonly service: Service;
  /** A figure of its metrics: the sum over all series of that name whose labels contain the text. */
  metric(name: string, labels?: string): Promise<number>;
  /** All that it wrote. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the built `palette crossplane controller` and waits until it is ready. */
export async function startController(
  cluster: Cluster,
  {
    args = ['--no-leader-election'],
    env = {},
  }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<RunningController> {
  const dir = await mkdtemp(join(tmpdir(), 'palette-controller-'));
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(dir, 'controller.log');
  const service = new Service(
    {
      name: 'controller',
      command: process.execPath,
      args: [
        mainFile,
        'crossplane',
        'controller',
        `--kubeconfig=${cluster.kubeconfig}`,
        `--metrics=127.0.0.1:${port}`,
        ...args,
      ],
      env,
      logFile,
      probe: httpProbe({ url: `${url}/readyz` }),
      readyWithinMs: READY_MS,
      graceMs: GRACE_MS,
    },
    { log: silentLogger, keepRunning: false },
  );
  await service.start({ signal: AbortSignal.timeout(READY_MS) });
  return {
    service,
    metric: async (name, labels = '') => sumOf(await (await fetch(`${url}/metrics`)).text(), name, labels),
    log: async () => readFile(logFile, 'utf8'),
    stop: async () => {
      await service.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function sumOf(text: string, name: string, labels: string): number {
  return text
    .split('\n')
    .filter((line) => (line.startsWith(`${name} `) || line.startsWith(`${name}{`)) && line.includes(labels))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
