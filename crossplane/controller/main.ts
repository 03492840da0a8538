/** The managed-resource controller: keeps what Kubernetes objects ask for true behind the management plane's API. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

import type { Logger } from '#core/log';
import { startStatusServer } from '#core/status-server';
import { createKubeClient } from '#kubernetes/client';
import { accessFromKubeconfig, accessFromServiceAccount } from '#kubernetes/kubeconfig';
import { acquireLease, LeaseLostError, type Leadership } from '#kubernetes/lease';

import { ControllerConfig, type ControllerConfigInput } from './config.ts';
import type { Reconciler, ReconcilerDependencies } from './contracts.ts';
import { createMetrics } from './metrics.ts';
import { createReconciler as createOwnReconciler } from './reconcile/reconciler.ts';
import { lead } from './runtime/lead.ts';
import { sharedController } from './runtime/signals.ts';

/** Where a replica is in its life. One that stands by is ready: it would take over at any time. */
type ControllerState = 'starting' | 'standing by' | 'reading the cluster' | 'leading' | 'stopping';

const READY: ReadonlySet<ControllerState> = new Set(['standing by', 'leading']);

export interface RunControllerOptions {
  readonly log: Logger;
  /** Stops the controller: reconciles that run come to their end, the lease is given back, then it returns. */
  readonly signal: AbortSignal;
  /** Told once /metrics, /healthz and /readyz can be asked. */
  readonly onListening?: (address: { readonly host: string; readonly port: number }) => void;
  /** How a managed resource is brought a step further. Default: through the resource definitions. */
  readonly createReconciler?: (dependencies: ReconcilerDependencies) => Reconciler;
}

/** Whom its writes count as, and who reports its events. */
export const FIELD_MANAGER = 'palette-controller';

/**
 * Runs the controller until the signal is aborted.
 *
 * Of several replicas one works; the others stand by and answer /readyz. A leader that loses its Lease stops at once and
 * throws, so that the process ends and begins anew as one that stands by: nothing it remembers can be trusted any more.
 *
 * @throws LeaseLostError when leadership is lost; Error when the configuration is wrong or the address is taken
 */
export async function runController(
  input: ControllerConfigInput,
  { log, signal: outer, onListening, createReconciler = createOwnReconciler }: RunControllerOptions,
): Promise<void> {
  const config = ControllerConfig.parse(input);
  const ended = sharedController();
  const end = (): void => ended.abort(outer.reason);
  outer.addEventListener('abort', end, { once: true });
  if (outer.aborted) end();
  const { signal } = ended;
  const access =
    config.kubeconfig === undefined ? await accessFromServiceAccount() : await accessFromKubeconfig(config.kubeconfig);
  const kube = createKubeClient(access, { fieldManager: FIELD_MANAGER });
  const metrics = createMetrics();
  let state: ControllerState = 'starting';
  const server = await startStatusServer({
    ...config.metrics,
    registry: metrics.registry,
    health: () => ({ ok: true, state }),
    readiness: () => ({ ok: READY.has(state), state }),
  });
  log.info({ server: access.server.href, metricsPort: server.port }, 'controller started');
  onListening?.({ host: config.metrics.host, port: server.port });
  let leadership: Leadership | undefined;
  try {
    state = 'standing by';
    leadership = await becomeLeader(config, { kube, log, signal });
    metrics.leader.set(1);
    state = 'reading the cluster';
    const onLeading = (): void => {
      state = 'leading';
    };
    const { lost } = leadership;
    await lead({ config, kube, createReconciler, metrics, log, component: FIELD_MANAGER, signal, lost, onLeading });
  } catch (error) {
    if (!signal.aborted || error instanceof LeaseLostError) throw error;
  } finally {
    state = 'stopping';
    metrics.leader.set(0);
    await leadership?.release();
    await server.close();
    kube.close();
    outer.removeEventListener('abort', end);
  }
  log.info({}, 'controller stopped');
}

/** Waits for leadership; whoever needs none has it, and cannot lose it. */
async function becomeLeader(
  { leaderElection, namespace }: ControllerConfig,
  {
    kube,
    log,
    signal,
  }: Pick<RunControllerOptions, 'log' | 'signal'> & { readonly kube: ReturnType<typeof createKubeClient> },
): Promise<Leadership> {
  if (leaderElection === false) return { lost: new AbortController().signal, release: async () => undefined };
  return acquireLease(
    {
      ...leaderElection,
      client: kube,
      log,
      namespace: leaderElection.namespace ?? namespace,
      identity: leaderElection.identity ?? `${hostname()}_${randomUUID()}`,
    },
    { signal },
  );
}
