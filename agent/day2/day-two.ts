/** What the agent of one membership does once or in time: its runs, what they send, and the diagnostics they may collect. */
import type { Logger } from '#core/log';
import type { KubeClient } from '#kubernetes/client';
import type { ClusterUid } from '#protocol/identifiers';

import type { PlaneClient } from '../channel/rest.ts';
import type { AgentConfig } from '../config.ts';
import { agentParts } from '../diagnostics/agent-parts.ts';
import { collectDiagnostics, type DiagnosticsBundle, type DiagnosticsSources } from '../diagnostics/collect.ts';
import { knownSecrets } from '../diagnostics/known-secrets.ts';
import type { LogRing } from '../diagnostics/log-ring.ts';
import { isDiskFull } from '../disk-full.ts';
import type { Enforcer } from '../enforce/enforcer.ts';
import type { PolicyInForce } from '../enforce/policy-in-force.ts';
import { createActionTeller } from '../events/action-event.ts';
import type { AgentEvents } from '../events/events.ts';
import type { Identity } from '../identity/identity.ts';
import type { AgentMetrics } from '../metrics.ts';
import type { ReportQueue } from '../report/queue.ts';
import type { Reporter } from '../report/reporter.ts';
import { automaticUpgrade } from '../upgrade/automatic.ts';
import { holdingOf, type Upgrades } from '../upgrade/upgrades.ts';
import { AGENT_VERSION } from '../version.ts';
import type { ActionHandlers } from './action.ts';
import { createActionHandlers } from './handlers.ts';
import { createJoinedNodes } from './joined-nodes.ts';
import { createOutbox, outboxDirectory, type Outbox } from './outbox.ts';
import { createActionRunner, type ActionRunner } from './runner.ts';
import { createRunStore, type RunStore } from './store.ts';

interface CallOptions {
  readonly signal: AbortSignal;
}

interface CollectOptions extends CallOptions {
  readonly sinceHours: number;
}

export interface DayTwoOptions {
  readonly clusterUid: ClusterUid;
  readonly config: AgentConfig;
  readonly client: KubeClient;
  readonly identity: () => Identity;
  readonly plane: Pick<PlaneClient, 'pack' | 'upload'>;
  readonly policy: () => PolicyInForce | undefined;
  readonly enforcer: Pick<Enforcer, 'view'>;
  readonly reporter: Pick<Reporter, 'action' | 'status'>;
  readonly events: Pick<AgentEvents, 'emit'>;
  readonly queue: ReportQueue;
  readonly busConnected: () => boolean;
  readonly renewCredentials: (how: CallOptions) => Promise<void>;
  readonly upgrades: Upgrades;
  /** The newest lines of the agent's log. */
  readonly logs: LogRing;
  readonly metrics: AgentMetrics;
  /** How actions are carried out. Default: as the agent does it. */
  readonly handlers?: ActionHandlers | undefined;
  readonly now: () => Date;
  readonly log: Logger;
}

export interface DayTwo {
  readonly actions: ActionRunner;
  readonly runs: RunStore;
  readonly outbox: Outbox;
  /** @throws Error when the signal is aborted */
  collect(how: CollectOptions): Promise<DiagnosticsBundle>;
  /** Takes on the upgrade that a policy wants of this agent, when it wants one. */
  beginUpgrade(policy: PolicyInForce): void;
}

/** @param options.signal - ends what is still being sent */
export function createDayTwo(options: DayTwoOptions, { signal }: CallOptions): DayTwo {
  const { clusterUid, config, client, identity, plane, policy, enforcer, reporter, events, upgrades, now, log } =
    options;
  const diagnostics: DiagnosticsSources = {
    parts: agentParts({
      config,
      client,
      identity,
      view: () => enforcer.view(),
      status: () => reporter.status(),
      waiting: () => options.queue.peek(options.queue.length),
      busConnected: options.busConnected,
      metrics: options.metrics,
      more: { 'actions.json': () => actions.runs(), 'upgrades.json': upgrades.outline },
    }),
    logs: options.logs,
    secrets: () => knownSecrets(identity(), enforcer.view().policy?.document),
    now,
  };
  const collect = async (how: CollectOptions): Promise<DiagnosticsBundle> => collectDiagnostics(diagnostics, how);
  const outbox = createOutbox({
    dir: outboxDirectory(config, clusterUid),
    send: async (runId, artifact, how) => plane.upload(runId, artifact, how),
    log,
  });
  const runs = createRunStore(client, config.namespace, log);
  const tellAction = createActionTeller();
  const actions = createActionRunner({
    clusterUid,
    client,
    namespace: config.namespace,
    store: runs,
    joined: createJoinedNodes(client),
    handlers:
      options.handlers ??
      createActionHandlers({
        renewCredentials: options.renewCredentials,
        images: config.images,
        config,
        collect,
        upgrade: {
          host: upgrades.host,
          version: AGENT_VERSION,
          fetch: async (digest, how) => plane.pack(digest, how),
          releaseKeys: () => upgrades.releaseKeys ?? identity().credentials.releaseKeys ?? [],
          holding: () => holdingOf(enforcer.view()),
          confirmed: upgrades.confirmed,
        },
      }),
    document: () => policy()?.document,
    report: (news) => {
      reporter.action(news);
      const event = tellAction(news);
      if (event) events.emit(event);
    },
    upload: async (runId, artifact) =>
      outbox.put(runId, artifact).catch(async (error: unknown) => {
        if (!isDiskFull(error)) throw error;
        log.warn({ err: error, runId, name: artifact.name }, 'what a run brought cannot be kept: it is sent at once');
        await plane.upload(runId, artifact, { signal });
      }),
    now,
    log,
  });
  return {
    actions,
    runs,
    outbox,
    collect,
    beginUpgrade({ document }) {
      const upgrade = automaticUpgrade(document.dayTwo, {
        version: AGENT_VERSION,
        canUpgrade: upgrades.host.kind !== 'fixed',
        goneBackFrom: upgrades.goneBackFrom,
        runs: actions.runs(),
      });
      if (!upgrade) return;
      actions.takeOn(upgrade, { signal }).catch((error: unknown) => {
        if (!signal.aborted) log.warn({ err: error }, 'an upgrade of the agent cannot be begun now');
      });
    },
  };
}
