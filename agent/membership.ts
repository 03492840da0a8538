/** One registered life of the agent: everything that runs between joining and leaving. */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';
import type { DesiredStateRefused } from '#protocol/signature';

import { createBusLink, type BusLink } from './channel/bus.ts';
import { createChangesFollower } from './channel/changes.ts';
import { runCommands } from './channel/commands.ts';
import type { PlaneConnector } from './channel/plane-connector.ts';
import { runSync } from './channel/sync.ts';
import type { AgentConfig } from './config.ts';
import type { ActionHandlers } from './day2/action.ts';
import { createDayTwo } from './day2/day-two.ts';
import { removeTraces } from './day2/remove-traces.ts';
import { keepLocations } from './day2/velero/keep-locations.ts';
import { removeOtherLocations } from './day2/velero/location.ts';
import type { LogRing } from './diagnostics/log-ring.ts';
import { createEnforcer } from './enforce/enforcer.ts';
import { driftEvent } from './events/drift-event.ts';
import type { PolicyInForce } from './enforce/policy-in-force.ts';
import type { RenderLayer } from './enforce/render.ts';
import { createAgentEvents } from './events/events.ts';
import { createKeyedLock } from './enforce/keyed-lock.ts';
import { runHeartbeat } from './health/heartbeat.ts';
import { createClusterHealth } from './health/cluster-health.ts';
import { planeConnection } from './health/conditions.ts';
import { FIELD_MANAGER } from './field-manager.ts';
import { createAccess } from './identity/access.ts';
import type { Identity, IdentityStore } from './identity/identity.ts';
import type { LocalVariables } from './local/variables.ts';
import type { AgentView } from './local/view.ts';
import type { Invitations } from './identity/invitations.ts';
import { joinPlane } from './identity/joining.ts';
import { runRenewal } from './identity/renewal.ts';
import type { KubeClient } from '#kubernetes/client';
import { createEventRecorder } from '#kubernetes/event-recorder';
import { createMemoryTrimmer } from './memory.ts';
import type { AgentMetrics } from './metrics.ts';
import type { PlaneClock } from './policy/clock.ts';
import { createPolicyKeeper } from './policy/desired.ts';
import { removeHandovers, runHandovers } from './policy/handover.ts';
import { restorePolicy } from './policy/restore.ts';
import { createPolicyStore } from './policy/store.ts';
import { previewCandidate } from './preview/preview.ts';
import { createPreviewer } from './preview/previewer.ts';
import { createReportJournal } from './report/journal.ts';
import { createReportQueue } from './report/queue.ts';
import { createReporter, type Reporter } from './report/reporter.ts';
import { flushOnce, runSender, type ReportChannel, type SenderOptions } from './report/sender.ts';
import { joinSignals } from './signals.ts';
import { AGENT_VERSION } from './version.ts';
import type { Upgrades } from './upgrade/upgrades.ts';
import { untilWorking } from './upgrade/working.ts';
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
  readonly connect: PlaneConnector;
  readonly render: RenderLayer;
  /** How actions are carried out. Default: as the agent does it. */
  readonly actions?: ActionHandlers | undefined;
  readonly metrics: AgentMetrics;
  readonly log: Logger;
  /** The newest lines of that log. */
  readonly logs: LogRing;
  /** What people at the cluster may see, and what they set. */
  readonly view: AgentView;
  readonly variables: LocalVariables;
  /** The plane's time. */
  readonly now: () => Date;
  readonly clock: Pick<PlaneClock, 'notBefore' | 'skewMs'>;
  readonly upgrades: Upgrades;
}

/** Reports are given so long to go out when the agent stops, in milliseconds. */
const LAST_WORDS_MS = 2_000;
/** Outcomes of commands that are told again after a restart; the reports of more than these were sent long since. */
const TOLD_AGAIN = 16;

/** Lives until the signal is aborted or the membership ends. */
export async function runMembership(
  first: Identity,
  context: MembershipContext,
  { signal: outer }: { readonly signal: AbortSignal },
): Promise<MembershipEnd> {
  const { config, client, identities, invitations, connect, variables, view, metrics, log, now } = context;
  let identity = first;
  const { clusterUid } = identity;
  const ending = new AbortController();
  const signal = joinSignals(outer, ending.signal);
  const target = {
    ...identity,
    planeUrls: () => identity.credentials.planeUrls ?? [],
    accessToken: () => identity.credentials.accessToken,
  };
  const network = connect.network(target, () => [identity.credentials.bus?.ca]);
  const plane = connect.connect(target, network);
  const oneAtATime = createKeyedLock();
  const saveIdentity = async (change: Partial<Identity>, how: { readonly signal: AbortSignal }): Promise<void> => {
    identity = { ...identity, ...change };
    // One after the other: what is written last is what is known last.
    await oneAtATime('identity', async () => identities.save(identity, how));
  };

  const fetchNow = createWake();
  const commandsNow = createWake();
  const reportsNow = createWake();
  const locationsNow = createWake();
  const queue = createReportQueue({ onDrop: () => metrics.reportsDropped.inc() });
  metrics.queue('reports', () => queue.length);
  const journal = createReportJournal({ client, namespace: config.namespace, clusterUid, queue, log });
  const reporting: { reporter?: Reporter } = {};
  const touch = (): void => reporting.reporter?.touch();

  const keeper = createPolicyKeeper({
    store: createPolicyStore(client, config.namespace),
    fetchPack: async (digest, how) => plane.pack(digest, how),
    log,
  });
  const memory = createMemoryTrimmer();
  const recorder = createEventRecorder({ client, component: FIELD_MANAGER, signal, log });
  const events = createAgentEvents({
    recorder,
    namespace: config.namespace,
    report: (event) => reporting.reporter?.event(event),
    metrics,
    now,
  });
  const enforcer = createEnforcer({
    client,
    namespace: config.namespace,
    render: context.render,
    metrics,
    log,
    now,
    readyPatienceMs: config.readyPatienceMs,
    prunePatienceMs: config.prunePatienceMs,
    onDrift: (news) => {
      reporting.reporter?.drift(news);
      events.emit(driftEvent(news));
    },
    onPass: () => memory.trim(),
    onChange: touch,
    signal,
  });
  const health = createClusterHealth({
    client,
    view: () => enforcer.view(),
    plane: () => planeConnection(bus.connected(), metrics.planeReachable.value),
    events,
    metrics,
    log,
    now,
    onChange: touch,
    signal,
  });
  const reporter = createReporter({
    clusterUid,
    status: () => health.status(),
    queue,
    wake: reportsNow,
    onReport: view.take,
    now,
  });
  reporting.reporter = reporter;
  /** Waits that were begun with a bus are long. Spread over one interval: all agents of a bus lose it at once. */
  const pollSoon = async (): Promise<void> => {
    await delay(Math.random() * identity.credentials.pollSeconds * 1000, { signal }).catch(() => undefined);
    fetchNow.notify();
    commandsNow.notify();
  };
  const changes = createChangesFollower({
    plane,
    busConnected: () => bus.connected(),
    digest: () => keeper.inForce()?.digest,
    cursor: () => identity.commandCursor,
    fetchNow,
    commandsNow,
    onChannel: (channel) => {
      metrics.heardBy(channel);
      if (channel === 'poll') void pollSoon();
    },
    log,
  });
  const bus: BusLink = createBusLink({
    identity: () => identity,
    network,
    onPoke: (poke) => (poke === 'commands' ? commandsNow : fetchNow).notify(),
    onConnected: () => {
      fetchNow.notify();
      commandsNow.notify();
      reportsNow.notify();
      changes.busChanged();
    },
    onDisconnected: () => changes.busChanged(),
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

  const previewer = createPreviewer({
    plane,
    trust: () => ({ clusterUid, trustedKeys: identity.credentials.trustedKeys }),
    preview: async (request, how) =>
      previewCandidate(
        { ...request, candidate: variables.localiseDocument(request.candidate) },
        {
          client,
          namespace: config.namespace,
          render: context.render,
          capabilities: async (options) => enforcer.capabilities(options),
          // What is in force already is at hand; the rest is fetched, used, and not kept.
          pack: async (digest, options) => (keeper.inForce()?.pack ?? plane.pack)(digest, options),
          inForce: () => enforcer.view().policy?.document,
          isInPlace: (object) => enforcer.isInPlace(object),
        },
        how,
      ),
    answer: (previewId, result) => reporter.preview(previewId, result),
    report: (news) => reporter.command(news),
    now,
    log,
  });

  const onRefused = ({ reason, message }: DesiredStateRefused): void => {
    metrics.refusals.inc({ reason });
    reporter.refusal({ reason, message });
    events.emit({ reason: 'DesiredStateRefused', message: `${reason}: ${message}` });
  };
  await variables.load(clusterUid, { signal });
  events.emit({ reason: 'AgentStarted', message: `agent ${AGENT_VERSION} started` });
  const restored = await restorePolicy(keeper, clusterUid, { log, onRefused, signal });
  if (restored) {
    context.clock.notBefore(new Date(restored.document.issuedAt));
    enforcer.setPolicy(variables.localise(restored));
  }
  await journal.restore({ signal });
  // What happened while the plane was away is to be seen here after a restart too.
  for (const report of queue.peek(queue.length)) view.take(report);

  const { actions, runs, outbox, collect, beginUpgrade } = createDayTwo(
    {
      clusterUid,
      config,
      client,
      identity: () => identity,
      plane,
      policy: () => keeper.inForce(),
      enforcer,
      reporter,
      events,
      queue,
      busConnected: () => bus.connected(),
      renewCredentials: async (how) => renew(how),
      upgrades: context.upgrades,
      logs: context.logs,
      metrics,
      handlers: context.actions,
      now,
      log,
    },
    { signal },
  );
  const setPolicy = (policy: PolicyInForce): void => {
    enforcer.setPolicy(variables.localise(policy));
    actions.wake();
    locationsNow.notify();
    beginUpgrade(policy);
  };
  const reapply = (): void => {
    const policy = keeper.inForce();
    if (policy) setPolicy(policy);
  };
  const detach = view.attach({
    clusterUid,
    clusterName: () => identity.credentials.clusterName,
    planeUrl: () => identity.planeUrl,
    trustedKeys: () => identity.credentials.trustedKeys,
    document: () => enforcer.view().policy,
    status: () => reporter.status(),
    busConnected: () => bus.connected(),
    reachPlane: async (how) => void (await plane.commands(identity.commandCursor, { signal: how })),
    planeReachable: () => metrics.planeReachable.value === 1,
    resync: async (how) => enforcer.resync(how),
    actions: () => actions.runs(),
    reapply,
    collect,
  });

  const tasks: readonly (readonly [string, () => Promise<void>])[] = [
    ['enforcer', async () => enforcer.run()],
    ['health', async () => health.run()],
    ['events', async () => events.run({ signal })],
    ['actions', async () => actions.run({ signal })],
    ['outbox', async () => outbox.run({ signal })],
    [
      'backup locations',
      async () =>
        keepLocations({ client, document: () => keeper.inForce()?.document, wake: locationsNow, log }, { signal }),
    ],
    ['bus', async () => bus.run()],
    ['changes', async () => changes.run({ signal })],
    ['reporter', async () => reporter.run({ signal })],
    ['sender', async () => runSender(sending, { signal })],
    [
      'upgrade',
      async () => {
        const works = async (how: { readonly signal: AbortSignal }): Promise<void> =>
          untilWorking(() => enforcer.view(), restored !== undefined, how);
        await context.upgrades.confirm(works, { signal });
        if (restored) beginUpgrade(restored);
      },
    ],
    ['report journal', async () => journal.run({ signal })],
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
            metrics,
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
            isTold: () => changes.channel() !== 'poll',
            onPolicy: setPolicy,
            onRefused,
            recover,
            onRevoked: async () => leave(),
            metrics,
            log,
          },
          { signal },
        ),
    ],
    [
      'handovers',
      async () =>
        runHandovers(
          {
            client,
            namespace: config.namespace,
            keeper,
            identity: () => identity,
            onPolicy: setPolicy,
            onRefused,
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
            saveCursor: async (commandCursor, outcome, how) => {
              const outcomes = [...(identity.outcomes ?? []), ...(outcome ? [outcome] : [])].slice(-TOLD_AGAIN);
              await saveIdentity({ commandCursor, outcomes }, how);
            },
            outcomes: () => identity.outcomes ?? [],
            resync: async (how) => enforcer.resync(how),
            preview: (command, how) => previewer.start(command, how),
            takeOn: async ({ id, action }, how) => actions.takeOn({ runId: id, action }, how),
            cancel: async (runId, how) => actions.cancel(runId, how),
            report: (news) => reporter.command(news),
            wake: commandsNow,
            intervalMs: () => identity.credentials.pollSeconds * 1000 * (changes.channel() === 'poll' ? 1 : 5),
            now,
            log,
          },
          { signal },
        ),
    ],
    [
      'renewal',
      async () =>
        runRenewal({ expiresAt: () => new Date(identity.credentials.expiresAt), renew, now, log }, { signal }),
    ],
    ['invitations', async () => moving()],
  ];

  let end: MembershipEnd = { kind: 'stopped' };

  const { renew, recover } = createAccess({
    plane,
    identity: () => identity,
    save: async (credentials, how) => saveIdentity({ credentials }, how),
    bus: () => bus,
    alone: async (work) => oneAtATime('credentials', work),
    log,
  });

  /** A new import manifest was applied: join again with it, the old life goes on until that works. */
  const moving = async (): Promise<void> => {
    const next = await joinPlane({ client, store: identities, connect, invitations, log }, { signal });
    end = { kind: 'moved', identity: next };
    ending.abort(new Error('the agent joins anew'));
  };

  /** After a deleted cluster was cleaned, nothing keeps the agent here. */
  const leave = async (): Promise<'go on' | 'ask soon' | 'stop'> => {
    const { policy, cleaned } = enforcer.view();
    if (policy?.document.lifecycle !== 'deleting') return 'go on';
    if (!cleaned) return 'ask soon';
    await removeHandovers(client, config.namespace, { signal });
    await keeper.remove({ signal });
    await journal.remove({ signal });
    await enforcer.forget({ signal });
    await runs.removeAll({ signal });
    await removeTraces(client, config.namespace, { signal });
    await removeOtherLocations(() => [], { client, signal });
    await variables.remove({ signal });
    await identities.remove({ signal });
    log.info({ clusterUid }, 'the cluster was deleted and cleaned; waiting for a new invitation');
    end = { kind: 'left' };
    ending.abort(new Error('the membership is over'));
    return 'stop';
  };

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
          throw error;
        }
      }),
    );
  } finally {
    detach();
    if (end.kind === 'stopped') {
      reporter.flush();
      events.flush();
      await flushOnce({ ...sending, channel: () => rest }, { signal: AbortSignal.timeout(LAST_WORDS_MS) }).catch(
        (error: unknown) => {
          log.debug({ err: error }, 'last reports were not sent');
        },
      );
      await journal.flush({ signal: AbortSignal.timeout(LAST_WORDS_MS) }).catch((error: unknown) => {
        log.warn({ err: error, reports: queue.length }, 'reports that wait were not kept');
      });
    }
    metrics.busConnected.set(0);
    plane.close();
  }
  return end;
}
