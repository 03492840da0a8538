/** A real Kubernetes control plane on this machine, without containers. */
import { join } from 'node:path';

import { type Logger, silentLogger } from '#core/log';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import type { ToolName } from '#cli/toolchain/tools';

import { type EtcdAccess, type PortName, layOut } from './control-plane-layout.ts';
import type { Guard } from './guard.ts';
import { Service } from './service.ts';

export interface ControlPlaneOptions {
  /** Everything is kept here: certificates, the data of etcd, logs, the kubeconfig. */
  readonly dir: string;
  /** Ports to use instead of those remembered in `dir`. */
  readonly ports?: Partial<Readonly<Record<PortName, number>>>;
  /** Owners and namespaces are collected, Deployments get Pods. Default: yes. */
  readonly controllerManager?: boolean;
  /** Pods are bound to nodes. Default: yes. */
  readonly scheduler?: boolean;
  /** Pods on kwok's nodes count as running, so that Deployments become available. Default: yes. */
  readonly kwok?: boolean;
  /** Whether what was accepted survives a crash of the machine; tests go faster without. Default: yes. */
  readonly durable?: boolean;
  /** Name of the context in the kubeconfig. Default: `palette`. */
  readonly name?: string;
  readonly signal: AbortSignal;
  readonly log?: Logger;
  readonly onProgress?: (line: string) => void;
  /** Started again when they end by themselves. Default: no. */
  readonly keepRunning?: boolean;
  readonly guard?: Guard;
  readonly onChange?: () => void;
}

export interface ControlPlane {
  /** File with an administrator's credentials. */
  readonly kubeconfig: string;
  /** https://127.0.0.1:port */
  readonly server: string;
  readonly caFile: string;
  /** An administrator's client certificate. */
  readonly adminCertFile: string;
  readonly adminKeyFile: string;
  readonly etcd: EtcdAccess;
  readonly services: readonly Service[];
  readonly service: (name: ToolName) => Service;
  /** Numbers of the running processes, by name. */
  readonly pids: () => Readonly<Record<string, number>>;
  readonly stop: () => Promise<void>;
}

const READY_MS = 90_000;
const GRACE_MS = 10_000;

/**
 * Starts etcd and kube-apiserver, then the controllers that were asked for, and waits until all
 * are ready; about four seconds.
 *
 * @throws CliError when a server cannot be had or does not become ready; nothing is left running then.
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { signal, log = silentLogger } = options;
  const layout = await layOut(options);
  const wanted = (['kube-controller-manager', 'kube-scheduler', 'kwok'] as const).filter(
    (name) =>
      ({
        'kube-controller-manager': options.controllerManager,
        'kube-scheduler': options.scheduler,
        kwok: options.kwok,
      })[name] ?? true,
  );
  const services = new Map<string, Service>();
  for (const name of ['etcd', 'kube-apiserver', ...wanted] as const) {
    const command = await ensureTool(name, {
      signal,
      log,
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    });
    services.set(
      name,
      new Service(
        {
          name,
          command,
          logFile: join(options.dir, 'logs', `${name}.log`),
          readyWithinMs: READY_MS,
          graceMs: GRACE_MS,
          ...layout.specs[name],
        },
        {
          log,
          keepRunning: options.keepRunning ?? false,
          ...(options.guard === undefined ? {} : { guard: options.guard }),
          ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
        },
      ),
    );
  }
  const service = (name: string): Service => {
    const found = services.get(name);
    if (found === undefined) throw new Error(`this control plane has no ${name}`);
    return found;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(wanted.map(async (name) => service(name).stop()));
    await service('kube-apiserver').stop();
    await service('etcd').stop();
  };
  try {
    await startAll([service('etcd'), service('kube-apiserver')], signal);
    await startAll(wanted.map(service), signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    kubeconfig: layout.kubeconfig,
    server: layout.server,
    caFile: layout.authority.certFile,
    adminCertFile: layout.admin.certFile,
    adminKeyFile: layout.admin.keyFile,
    etcd: layout.etcd,
    services: [...services.values()],
    service,
    pids: () =>
      Object.fromEntries(
        [...services.values()].flatMap((one) => {
          const pid = one.pid();
          return pid === undefined ? [] : [[one.name, pid] as const];
        }),
      ),
    stop,
  };
}

/** All of them at once; when one fails the others' end is awaited before it is told. */
async function startAll(services: readonly Service[], signal: AbortSignal): Promise<void> {
  const results = await Promise.allSettled(services.map(async (service) => service.start({ signal })));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
