/** The fleet's background work: the bus, the relay of pokes, the queue of reports, supervision. */
import { readFile } from 'node:fs/promises';

import type { Logger } from '#core/log';
import { agentUserJwt } from '#plane/bus/accounts';
import { ensureOperator } from '#plane/bus/operator';
import { tunnelUrl } from '#plane/bus/tunnel';
import { startTenantBuses, type TenantBuses } from '#plane/bus/tenant-buses';
import type { PlaneConfig } from '#plane/config';
import type { AgentAuthenticator } from '#plane/domain/auth/agent-authenticator';
import type { Secrets } from '#plane/domain/secrets/secrets';
import { sourceOpener, type SourceOptions } from '#plane/registry/open-source';
import type { Database } from '#plane/store/database';
import type { Bus } from '#protocol/bus';
import type { TenantUid } from '#protocol/identifiers';

import { openAlerts, type AlertOverrides } from './alerts/open-alerts.ts';
import { runDeliveries } from './alerts/deliver.ts';
import { watchHealth } from './alerts/watch-health.ts';
import { PLANE_VERSION } from '../version.ts';
import { superviseActions } from './actions/supervise.ts';
import { releaseKeys } from './agent-releases/release-store.ts';
import { createAgentAuthenticator } from './agents/authenticate.ts';
import { createChangesRoom } from './agents/changes.ts';
import { consumeReports } from './agents/consume-reports.ts';
import { ensureSigningKeys } from './desired-state/signing-keys.ts';
import { runRelay } from './events/relay.ts';
import { createWake } from './events/wake.ts';
import type { FleetServices } from './fleet-services.ts';
import { watchWindows } from './templates/reconcile-waiting.ts';
import { superviseHeartbeats } from './heartbeat/supervise.ts';
import { runSyncs } from './registries/sync.ts';

export type { FleetServices } from './fleet-services.ts';

/** Between replicas, in a tenant's account: there may be new events. Agents may not hear it. */
const EVENTS_SUBJECT = 'plane.events';

export interface FleetOptions {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly config: Pick<PlaneConfig, 'bus' | 'agentImage' | 'tls' | 'registries' | 'alerts'> &
    Partial<Pick<PlaneConfig, 'agents' | 'publicUrl'>>;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly now?: () => Date;
  /** What this plane takes its version to be. Default: that of the package. */
  readonly version?: string;
  /** How alerts are delivered, beyond what the configuration says; for tests. */
  readonly alerts?: AlertOverrides;
  /** How registries are spoken to, beyond what the configuration says; for tests. */
  readonly registries?: Partial<SourceOptions>;
}

const DEFAULT_ACCESS_SECONDS = 3_600;
/** Far above what charts and packs of one registry take, far below what fills a disk. */
const DEFAULT_QUOTA_BYTES = 10 * 1024 ** 3;

export interface Fleet {
  readonly services: FleetServices;
  readonly authenticateAgent: AgentAuthenticator;
  /** Whether the plane can reach the bus; true where it has none. */
  busReady(tenantUid: string): boolean;
  /** Ends background work and closes connections. Never throws. */
  stop(): Promise<void>;
}

/**
 * Starts the fleet's background work. A bus that is away does not keep the plane from starting:
 * agents poll meanwhile, and what is to be told waits in the outbox.
 */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { database, secrets, config, log, now = () => new Date(), version = PLANE_VERSION } = options;
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const signingKeys = await ensureSigningKeys(database, secrets);
  const eventWake = createWake();
  const relayWake = createWake();
  const registryWake = createWake();
  const alerts = await openAlerts(config.alerts, options.alerts);
  const registries = {
    open: sourceOpener({
      allowLoopback: config.registries?.allowLoopback ?? false,
      env: process.env,
      ...options.registries,
    }),
    quotaBytes: config.registries?.quotaBytes ?? DEFAULT_QUOTA_BYTES,
    wake: () => registryWake.wake(),
  };
  const running: Promise<void>[] = [];
  const background = (what: string, work: Promise<void>): void => {
    running.push(
      work.catch((error: unknown) => {
        if (!signal.aborted) log.error({ err: error, what }, 'background work of the fleet ended early');
      }),
    );
  };

  const followEvents = async (bus: Bus): Promise<void> => {
    const words = bus.subscribe(EVENTS_SUBJECT, { signal, bound: 1 })[Symbol.asyncIterator]();
    while (!(await words.next()).done) eventWake.wake();
  };
  const onTenant = (tenantUid: TenantUid, bus: Bus): void => {
    background(
      'reports',
      consumeReports({
        tenantUid,
        bus,
        database,
        services: { secrets, fleet: services },
        log: log.child({ tenantUid }),
        signal,
      }),
    );
    background('events', followEvents(bus));
  };

  const planeUrls = [...new Set([...(config.publicUrl ? [config.publicUrl] : []), ...(config.agents?.urls ?? [])])];
  const bus = config.bus && {
    operator: await ensureOperator(config.bus.operatorDir),
    servers: config.bus.servers,
    clientServers: config.bus.clientServers ?? config.bus.servers,
    ca: await optionalFile(config.bus.caFile),
  };
  /** The same bus from the plane's own port. */
  const tunnels = config.bus?.websocket === undefined ? [] : planeUrls.map(tunnelUrl);
  const buses: TenantBuses | undefined =
    bus && startTenantBuses({ database, secrets, ...bus, log, signal, onTenant, onConnected: () => relayWake.wake() });

  const changes = createChangesRoom({ database: database.asSystem(), wake: eventWake, now, log, signal });
  const services: FleetServices = {
    now,
    agents: {
      accessMs: (config.agents?.accessSeconds ?? DEFAULT_ACCESS_SECONDS) * 1_000,
      planeUrls,
      settings: config.agents?.settings ?? {},
    },
    changes,
    signingKeys,
    eventWake,
    changed: (tenantUid) => {
      eventWake.wake();
      relayWake.wake();
      tellReplicas(buses?.connected(tenantUid));
    },
    busAccess: async ({ tenantUid, clusterUid, busPublicKey, expiresAt }) => {
      if (!bus || !buses) return undefined;
      const jwt = await agentUserJwt(await buses.account(tenantUid), { clusterUid, busPublicKey }, expiresAt.getTime());
      return { servers: [...bus.clientServers, ...tunnels], jwt, ...(bus.ca === undefined ? {} : { ca: bus.ca }) };
    },
    registries,
    alerts,
    busRevoked: (tenantUid) => buses?.refresh(tenantUid),
    version,
    releaseKeys: async (tenantUid) => database.forTenant(tenantUid).transaction(releaseKeys, { readOnly: true }),
    agentImage: config.agentImage,
    planeCa: await optionalFile(config.tls.caFile),
  };

  if (buses) background('relay', runRelay({ database, buses, wake: relayWake, log, signal }));
  background('registries', runSyncs({ database, secrets, ...registries, wake: registryWake, log, signal, now }));
  background('heartbeats', superviseHeartbeats({ database, services: { fleet: services }, log, signal }));
  background(
    'alerts',
    runDeliveries({
      database,
      secrets,
      senders: alerts.senders,
      wake: alerts.deliveries,
      now,
      log,
      signal,
      ...options.alerts,
    }),
  );
  background(
    'health of clusters',
    watchHealth({
      database,
      services: { fleet: services },
      graceMs: alerts.graceMs,
      deliveries: alerts.deliveries,
      log,
      signal,
    }),
  );
  background('actions', superviseActions({ database, services: { secrets, fleet: services }, log, signal }));
  background('windows', watchWindows({ database, services: { secrets, fleet: services }, log, signal }));

  return {
    services,
    authenticateAgent: createAgentAuthenticator(database.asSystem(), now),
    busReady: (tenantUid) => buses === undefined || buses.connected(tenantUid) !== undefined,
    stop: async () => {
      stopping.abort();
      eventWake.wake();
      relayWake.wake();
      registryWake.wake();
      alerts.wake();
      await buses?.stop();
      await Promise.allSettled(running);
      alerts.close();
    },
  };
}

/** Other replicas look by themselves within a second; this only makes it sooner. */
function tellReplicas(bus: Bus | undefined): void {
  try {
    bus?.publish(EVENTS_SUBJECT, '');
  } catch {
    // The connection went between the question and the word.
  }
}

async function optionalFile(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : readFile(path, 'utf8');
}
