/** One registered life of the agent: everything that runs between joining and leaving. */
import { readFile } from 'node:fs/promises';

import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import { DesiredStateRefused } from '#protocol/signature';

import { createBusLink } from './channel/bus.ts';
import { runCommands } from './channel/commands.ts';
import { createPlaneClient, type PlaneClient } from './channel/rest.ts';
import { runSync } from './channel/sync.ts';
import type { AgentConfig } from './config.ts';
import { createEnforcer, type Enforcer } from './enforce/enforcer.ts';
import type { RenderLayer } from './enforce/render.ts';
import { runHeartbeat } from './health/heartbeat.ts';
import { trackNodes } from './health/nodes.ts';
import { statusOf } from './health/status.ts';
import type { Identity, IdentityStore } from './identity/identity.ts';
import type { Invitations } from './identity/invitations.ts';
import { busPublicKey, register } from './identity/registration.ts';
import type { KubeClient } from './kube/client.ts';
import type { AgentMetrics } from './metrics.ts';
import { createPolicyKeeper } from './policy/desired.ts';
import { createPolicyStore } from './policy/store.ts';
import { createReportQueue } from './report/queue.ts';
import { createReporter, type Reporter } from './report/reporter.ts';
import { flushOnce, runSender, type ReportChannel, type SenderOptions } from './report/sender.ts';
import { joinSignals } from './signals.ts';
import { AGENT_VERSION } from './version.ts';
import { createWake } from './wake.ts';

export type MembershipEnd =
  /** The cluster was deleted: everything is removed, the agent waits for a new invitation. */
  | { readonly kind: 'left' }
  /** A new invitation was taken. */
  | { readonly kind: 'moved'; readonly identity: Identity }
  | { readonly kind: 'stopped' };

export interface MembershipContext {
  readonly config: AgentConfig;
  readonly client: KubeClient;
  readonly identities: IdentityStore;
  readonly invitations: Invitations;
  readonly render: RenderLayer;
  readonly metrics: AgentMetrics;
  readonly log: Logger;
  readonly now: () => Date;
}

/** Reports are given so long to go out when the agent stops, in milliseconds. */
const LAST_WORDS_MS = 2_000;
/** Credentials are renewed when this part of their life is over. */
const RENEW_AT = 2 / 3;
const RENEW_BACKOFF = { baseMs: 2_000, maxMs: 300_000 };
const RESTORE_BACKOFF = { baseMs: 250, maxMs: 10_000 };

/** Connects to a plane; a CA that the operator names goes before the one the manifest brought. */
export async function planeConnector(
  config: AgentConfig,
): Promise<
  (target: {
    readonly planeUrl: string;
    readonly ca?: string | undefined;
    readonly accessToken?: () => string | undefined;
  }) => PlaneClient
> {
  const named = config.planeCaFile === undefined ? undefined : await readFile(config.planeCaFile, 'utf8');
  return ({ planeUrl, ca, accessToken = () => undefined }) =>
    createPlaneClient({ url: planeUrl, ca: named ?? ca, accessToken });
}

/** Lives until the signal is aborted or the membership ends. */
export async function runMembership(
  first: Identity,
  context: MembershipContext,
  { signal: outer }: { readonly signal: AbortSignal },
): Promise<MembershipEnd> {
  const { config, client, identities, metrics, log, now } = context;
  let identity = first;
  const { clusterUid } = identity;
  const ending = new AbortController();
  const signal = joinSignals(outer, ending.signal);
  const connect = await planeConnector(config);
  const plane = connect({ ...identity, accessToken: () => identity.credentials.accessToken });
  const saveIdentity = async (change: Partial<Identity>, how: { readonly signal: AbortSignal }): Promise<void> => {
    identity = { ...identity, ...change };
    await identities.save(identity, how);
  };

  const fetchNow = createWake();
  const commandsNow = createWake();
  const reportsNow = createWake();
  const queue = createReportQueue({ onDrop: () => metrics.reportsDropped.inc() });
  metrics.queue('reports', () => queue.length);
  const reporting: { reporter?: Reporter } = {};
  const touch = (): void => reporting.reporter?.touch();

  const keeper = createPolicyKeeper({
    store: createPolicyStore(client, config.namespace),
    fetchPack: async (digest, how) => plane.pack(digest, how),
    log,
  });
  const nodes = trackNodes({ client, log, onChange: touch, signal });
  const enforcer = createEnforcer({
    client,
    namespace: config.namespace,
    render: context.render,
    metrics,
    log,
    now,
    readyPatienceMs: config.readyPatienceMs,
    prunePatienceMs: config.prunePatienceMs,
    onDrift: (news) => reporting.reporter?.drift(news),
    onChange: touch,
    signal,
  });
  const reporter = createReporter({
    clusterUid,
    status: () => statusOf(enforcer.view(), nodes.nodes()),
    queue,
    wake: reportsNow,
    now,
  });
  reporting.reporter = reporter;
  const bus = createBusLink({
    identity: () => identity,
    onPoke: (poke) => (poke === 'commands' ? commandsNow : fetchNow).notify(),
    onConnected: () => {
      fetchNow.notify();
      commandsNow.notify();
      reportsNow.notify();
    },
    metrics,
    log,
    signal,
  });
  const rest: ReportChannel = {
    name: 'rest',
    send: async (reports, how) => plane.report(reports, undefined, how),
    heartbeat: async (heartbeat, how) => plane.report([], heartbeat, how),
  };
  const sending: SenderOptions = {
    queue,
    wake: reportsNow,
    channel: () => bus.channel() ?? rest,
    fallback: () => rest,
    metrics,
    log,
  };

  await restorePolicy(keeper, enforcer, reporter, identity, { log, signal });

  const tasks: readonly (readonly [string, () => Promise<void>])[] = [
    ['enforcer', async () => enforcer.run()],
    ['nodes', async () => nodes.run()],
    ['bus', async () => bus.run()],
    ['reporter', async () => reporter.run({ signal })],
    ['sender', async () => runSender(sending, { signal })],
    [
      'heartbeat',
      async () =>
        runHeartbeat(
          {
            seconds: () => identity.credentials.heartbeatSeconds,
            make: () => ({
              clusterUid,
              sentAt: now().toISOString(),
              agentVersion: AGENT_VERSION,
              revision: keeper.inForce()?.document.revision ?? 0,
            }),
            channels: () => [bus.channel(), rest].filter((channel) => channel !== undefined),
            log,
          },
          { signal },
        ),
    ],
    [
      'sync',
      async () =>
        runSync(
          {
            plane,
            keeper,
            identity: () => identity,
            wake: fetchNow,
            busConnected: () => bus.connected(),
            onPolicy: (policy) => enforcer.setPolicy(policy),
            onRefused: ({ reason, message }) => {
              metrics.refusals.inc({ reason });
              reporter.refusal({ reason, message });
            },
            onRevoked: async () => leave(),
            metrics,
            log,
          },
          { signal },
        ),
    ],
    [
      'commands',
      async () =>
        runCommands(
          {
            plane,
            cursor: () => identity.commandCursor,
            saveCursor: async (commandCursor, how) => saveIdentity({ commandCursor }, how),
            resync: async (how) => enforcer.resync(how),
            report: (news) => reporter.command(news),
            wake: commandsNow,
            intervalMs: () => identity.credentials.pollSeconds * 1000 * (bus.connected() ? 5 : 1),
            now,
            log,
          },
          { signal },
        ),
    ],
    ['renewal', async () => renewing()],
    ['invitations', async () => moving()],
  ];

  let end: MembershipEnd = { kind: 'stopped' };

  const renewing = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted;) {
      const left = Date.parse(identity.credentials.expiresAt) - now().getTime();
      const waitMs = failures > 0 ? backoffDelay(failures - 1, RENEW_BACKOFF) : renewalDelay(left);
      await delay(Math.min(waitMs, 2 ** 31 - 1), { signal });
      try {
        const credentials = await plane.renew(busPublicKey(identity.seed), { signal });
        await saveIdentity({ credentials }, { signal });
        await bus
          .renew()
          .catch((error: unknown) =>
            log.debug({ err: error }, 'bus takes the renewed credentials at its next connection'),
          );
        failures = 0;
        log.info({ expiresAt: credentials.expiresAt }, 'credentials renewed');
      } catch (error) {
        signal.throwIfAborted();
        failures++;
        log.warn({ err: error, attempt: failures }, 'credentials cannot be renewed now');
      }
    }
  };

  /** A new import manifest was applied: join again with it, the old life goes on until that works. */
  const moving = async (): Promise<void> => {
    while (!signal.aborted) {
      const invitation = context.invitations.open();
      if (!invitation) {
        await context.invitations.changed.next({ signal });
        continue;
      }
      const result = await register(invitation, { client, store: identities, connect, log }, { signal });
      if (result.kind === 'registered') {
        end = { kind: 'moved', identity: result.identity };
        ending.abort(new Error('the agent joins anew'));
        return;
      }
      log.error({ reason: result.message }, 'the new registration token was not taken; the agent stays what it is');
      context.invitations.decline(invitation);
    }
  };

  /** After a deleted cluster was cleaned, nothing keeps the agent here. */
  const leave = async (): Promise<'go on' | 'stop'> => {
    const { policy, cleaned } = enforcer.view();
    if (policy?.document.lifecycle !== 'deleting' || !cleaned) return 'go on';
    await keeper.remove({ signal });
    await enforcer.forget({ signal });
    await identities.remove({ signal });
    log.info({ clusterUid }, 'the cluster was deleted and cleaned; waiting for a new invitation');
    end = { kind: 'left' };
    ending.abort(new Error('the membership is over'));
    return 'stop';
  };

  const stop = new AbortController();
  try {
    await Promise.all(
      tasks.map(async ([name, run]) => {
        try {
          await run();
        } catch (error) {
          if (signal.aborted) return;
          log.error({ err: error, task: name }, 'a part of the agent failed');
          // The supervisor starts the agent anew; going on without this part would look healthy.
          ending.abort(error);
          stop.abort();
          throw error;
        }
      }),
    );
  } finally {
    if (end.kind === 'stopped') {
      reporter.flush();
      await flushOnce({ ...sending, channel: () => rest }, { signal: AbortSignal.timeout(LAST_WORDS_MS) }).catch(
        (error: unknown) => {
          log.debug({ err: error }, 'last reports were not sent');
        },
      );
    }
    metrics.busConnected.set(0);
    plane.close();
  }
  return end;
}

function renewalDelay(leftMs: number): number {
  // The date of issue is not told: two thirds of what is left now, and at least a second.
  return Math.max(1_000, leftMs * RENEW_AT);
}

/** Puts the last known policy in force, without any plane. */
async function restorePolicy(
  keeper: ReturnType<typeof createPolicyKeeper>,
  enforcer: Enforcer,
  reporter: Reporter,
  { clusterUid }: Identity,
  { log, signal }: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      const policy = await keeper.restore(clusterUid, { signal });
      if (policy) {
        log.info({ revision: policy.document.revision, digest: policy.digest }, 'last known policy in force');
        enforcer.setPolicy(policy);
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof DesiredStateRefused) {
        log.error({ err: error, reason: error.reason }, 'stored policy refused: waiting for the management plane');
        reporter.refusal({ reason: error.reason, message: `stored policy: ${error.message}` });
        return;
      }
      if (attempt >= 5) {
        log.error({ err: error }, 'stored policy cannot be read: waiting for the management plane');
        return;
      }
      await delay(backoffDelay(attempt, RESTORE_BACKOFF), { signal });
    }
  }
}
