/** The cluster agent: joins a management plane and keeps its cluster at the desired state. */

import * as path from 'node:path';

import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';

import { AgentConfig, type AgentConfigInput } from './config.ts';
import type { ActionHandlers } from './day2/action.ts';
import { createLogRing, type LogRing } from './diagnostics/log-ring.ts';
import type { RenderLayer } from './enforce/render.ts';
import { createIdentityStore, tokenDigest, type Identity, type IdentityStore } from './identity/identity.ts';
import { followInvitations, type Invitations } from './identity/invitations.ts';
import { joinPlane } from './identity/joining.ts';
import { createKubeClient, type KubeClient } from '#kubernetes/client';
import { accessFromKubeconfig, accessFromServiceAccount } from '#kubernetes/kubeconfig';
import { agentNetworks } from './channel/network.ts';
import { planeConnector } from './channel/plane-connector.ts';
import { runMembership } from './membership.ts';
import { createPlaneClock } from './policy/clock.ts';
import { createMetrics, type AgentMetrics } from './metrics.ts';
import { packRenderer } from './enforce/pack-renderer.ts';
import { startStatusServer } from '#core/status-server';
import { FIELD_MANAGER } from './field-manager.ts';
import type { LocalApiOptions } from './local/server.ts';
import { createLocalVariables, type LocalVariables } from './local/variables.ts';
import { createAgentView, type AgentView } from './local/view.ts';
import { asLeader } from './leader.ts';
import { joinSignals } from './signals.ts';
import type { LauncherLink } from './upgrade/launcher-link.ts';
import { openUpgrades, type Upgrades } from './upgrade/upgrades.ts';
import { AGENT_VERSION } from './version.ts';

export interface RunAgentOptions {
  readonly log: Logger;
  /** Stops the agent: reports go out, then it returns. */
  readonly signal: AbortSignal;
  /** Told once /metrics and /healthz can be asked. */
  readonly onListening?: (address: { readonly host: string; readonly port: number }) => void;
  /** Told once the local API can be asked, with the SHA-256 of its certificate. */
  readonly onLocalApi?: LocalApiOptions['onListening'];
  /** What the local API shows in browsers. Default: the page that was built. */
  readonly localPage?: LocalApiOptions['page'];
  /** Where proxies and further authorities are named, unless the bootstrap secret names them. Default: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How layers become objects. Default: the pack engine. */
  readonly render?: RenderLayer;
  /** How actions are carried out. Default: as the agent does it. */
  readonly actions?: ActionHandlers;
  /** The launcher that started this process, and where it has its versions. */
  readonly launcher?: { readonly dir: string; readonly link: LauncherLink } | undefined;
  /** What the agent takes the time to be. Default: the machine's clock. */
  readonly now?: () => Date;
}

const AWAY = { baseMs: 250, maxMs: 10_000 };

/**
 * Runs the agent until the signal is aborted. It waits for an invitation (the Secret
 * `palette-agent-bootstrap`, brought by the import manifest), registers once, and from then on
 * needs nobody to keep the last known policy in force.
 *
 * @throws Error when the configuration is wrong, or a part of the agent fails for good.
 */
export async function runAgent(input: AgentConfigInput, options: RunAgentOptions): Promise<void> {
  const { log: given, signal: outer, onListening, render, actions, now = () => new Date() } = options;
  const ending = new AbortController();
  const signal = joinSignals(outer, ending.signal);
  const config = AgentConfig.parse(input);
  const logs = createLogRing({
    dir: config.stateDir === undefined ? undefined : path.join(config.stateDir, 'logs', config.namespace),
    now,
  });
  const log = logs.tee(given);
  const access =
    config.kubeconfig === undefined ? await accessFromServiceAccount() : await accessFromKubeconfig(config.kubeconfig);
  const client = createKubeClient(access, { fieldManager: FIELD_MANAGER });
  const upgrades = await openUpgrades(config, { client, launcher: options.launcher, log });
  const metrics = createMetrics();
  const health: AgentHealth = { state: 'starting' };
  const server = await startStatusServer({
    ...config.metrics,
    registry: metrics.registry,
    health: () => ({ ok: true, version: AGENT_VERSION, ...health }),
  });
  log.info({ version: AGENT_VERSION, server: access.server.href, metricsPort: server.port }, 'agent started');
  onListening?.({ host: config.metrics.host, port: server.port });
  const invitations = followInvitations({ client, namespace: config.namespace, log, signal });
  const following = invitations.run();
  const view = createAgentView({ now });
  const variables = createLocalVariables(client, config.namespace, log);
  const serving = serveLocally({ config, client, view, variables, logs, log, now }, options, signal);
  try {
    const context = {
      config,
      client,
      metrics,
      log,
      logs,
      view,
      variables,
      now,
      invitations,
      env: options.env ?? process.env,
      render: render ?? packRenderer(config, log),
      actions,
      upgrades,
    };
    if (!(await mayStart(upgrades, log, signal)))
      throw new Error('this version never came to work: the one before it was asked for again');
    const work = async (how: { readonly signal: AbortSignal }): Promise<void> => live(context, health, how);
    if (!(config.leaderElection ?? config.kubeconfig === undefined)) await work({ signal });
    else {
      const onChange = (role: 'leader' | 'standby'): void => {
        metrics.leader.set(role === 'leader' ? 1 : 0);
        if (role === 'leader') return;
        health.state = 'standing by';
        view.standby();
      };
      const { namespace, replica: identity, lease: times } = config;
      await asLeader({ client, namespace, identity, times, onChange, log }, work, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    // A part that failed ends the others as well: what is left of an agent would keep its successor from its ports.
    ending.abort(new Error('the agent ends'));
    await server.close();
    await serving;
    client.close();
    await following;
  }
  log.info({}, 'agent stopped');
}

/** The local API, loaded only where it is wanted. It ends by the signal, and never ends the agent. */
async function serveLocally(
  {
    config,
    ...rest
  }: Omit<LocalApiOptions, 'config' | 'namespace' | 'stateDir' | 'signal'> & { readonly config: AgentConfig },
  { onLocalApi, localPage }: RunAgentOptions,
  signal: AbortSignal,
): Promise<void> {
  if (!config.local) return;
  const { runLocalApi } = await import('./local/server.ts');
  const { namespace, stateDir, local } = config;
  await runLocalApi({ ...rest, config: local, namespace, stateDir, onListening: onLocalApi, page: localPage, signal });
}

/** An API server that does not answer now keeps no version from starting. */
async function mayStart(upgrades: Upgrades, log: Logger, signal: AbortSignal): Promise<boolean> {
  try {
    return await upgrades.mayStart({ signal });
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ err: error }, 'whether an upgrade is under way cannot be told now');
    return true;
  }
}

interface AgentHealth {
  state: 'starting' | 'standing by' | 'waiting for an invitation' | 'member';
  clusterUid?: string;
}

interface LifeContext {
  readonly upgrades: Upgrades;
  readonly view: AgentView;
  readonly variables: LocalVariables;
  readonly logs: LogRing;
  readonly config: AgentConfig;
  readonly client: KubeClient;
  readonly metrics: AgentMetrics;
  readonly log: Logger;
  readonly invitations: Invitations;
  readonly render: RenderLayer;
  readonly actions?: ActionHandlers | undefined;
  readonly now: () => Date;
  readonly env: Readonly<Record<string, string | undefined>>;
}

async function live(
  context: LifeContext,
  health: AgentHealth,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const { config, client, log, invitations } = context;
  const identities = createIdentityStore(client, config.namespace);
  const clock = createPlaneClock({ now: context.now, log });
  const open = await agentNetworks({ planeCaFile: config.planeCaFile, env: context.env, log });
  const connect = planeConnector({ open, invitation: () => invitations.newest(), onDate: clock.observe });
  let identity = await storedIdentity(identities, log, { signal });
  while (!signal.aborted) {
    health.state = 'waiting for an invitation';
    if (!identity) {
      context.view.waiting();
      // There is nothing to do, and this version does it.
      await context.upgrades.confirm(async () => undefined, { signal });
    }
    identity ??= await joinPlane({ client, store: identities, connect, invitations, log }, { signal });
    health.state = 'member';
    health.clusterUid = identity.clusterUid;
    forgetSpentToken(identity, identities, invitations, log, { signal });
    const end = await runMembership(identity, { ...context, identities, connect, now: clock.now, clock }, { signal });
    identity = end.kind === 'moved' ? end.identity : undefined;
    delete health.clusterUid;
  }
}

/** The identity of a former run. The API server may still be starting: waits for it. */
async function storedIdentity(
  identities: IdentityStore,
  log: Logger,
  { signal }: { readonly signal: AbortSignal },
): Promise<Identity | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await identities.load({ signal });
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ err: error, attempt }, 'own credentials cannot be read now, trying again');
      await delay(backoffDelay(attempt, AWAY), { signal });
    }
  }
}

/** A spent token is worth nothing, but it need not lie about. */
function forgetSpentToken(
  identity: Identity,
  identities: IdentityStore,
  invitations: Invitations,
  log: Logger,
  options: { readonly signal: AbortSignal },
): void {
  const invitation = invitations.open();
  if (!invitation || tokenDigest(invitation.token) !== identity.tokenDigest) return;
  invitations.decline(invitation);
  identities.removeToken(options).catch((error: unknown) => {
    if (!options.signal.aborted) log.warn({ err: error }, 'spent registration token cannot be removed');
  });
}
