/** One process of the management plane, from its configuration to its end. */
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Logger } from '#core/log';
import { createRenderer, type Renderer } from '#packs/index';
import { createApp } from '#plane/api/app';
import { createAuthenticator, type Authenticator } from '#plane/api/authenticate';
import { bindHandlers } from '#plane/api/bind';
import { loadContract } from '#plane/api/contract';
import { createFailureLimit } from '#plane/api/failure-limit';
import { handlers } from '#plane/api/handlers';
import { createMetrics } from '#plane/api/metrics';
import { serve } from '#plane/api/serve';
import { createTunnel, type TunnelOptions, type UpgradeHandler } from '#plane/bus/tunnel';
import { bootstrap } from '#plane/domain/auth/bootstrap';
import { createSessions } from '#plane/domain/auth/sessions';
import { startFleet } from '#plane/domain/fleet';
import { ensureMasterKey } from '#plane/domain/secrets/master-key';
import { createSecrets } from '#plane/domain/secrets/secrets';
import { openDatabase } from '#plane/store/open-database';

import type { PlaneConfig } from './config.ts';

export interface PlaneOptions {
  readonly log: Logger;
  /** Ends the plane: it lets running requests end, then closes everything. */
  readonly signal: AbortSignal;
}

export interface Plane {
  /** The port that it listens on, also where the configuration asks for any. */
  readonly port: number;
  /** Stops in order; may be called more than once. */
  stop(): Promise<void>;
}

/** How long running requests may take to end when the plane stops, in milliseconds. */
const DRAIN_MS = 10_000;

/** Runs a plane until the signal is aborted. @throws Error when it cannot start. */
export async function runPlane(config: PlaneConfig, options: PlaneOptions): Promise<void> {
  const plane = await startPlane(config, options);
  if (!options.signal.aborted)
    await new Promise((resolve) => options.signal.addEventListener('abort', resolve, { once: true }));
  await plane.stop();
}

/** Starts a plane; it serves when this resolves. @throws Error that says what keeps it from starting. */
export async function startPlane(config: PlaneConfig, { log, signal }: PlaneOptions): Promise<Plane> {
  const started = performance.now();
  const bindings = bindHandlers(loadContract(), handlers);
  const [cert, key] = await Promise.all([readFile(config.tls.certFile, 'utf8'), readFile(config.tls.keyFile, 'utf8')]);
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  await chmod(config.dataDir, 0o700);
  const masterKey = await ensureMasterKey(join(config.dataDir, 'master.key'));
  const secrets = createSecrets(masterKey);

  // What was opened is closed in the opposite order, also when a later step fails.
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).toReversed()) await close();
  };
  let stopped: Promise<void> | undefined;
  try {
    signal.throwIfAborted();
    const database = await openDatabase(config.database, { log });
    closers.push(async () => database.close());
    const { tenantUid } = await bootstrap({ database: database.asSystem(), config: config.bootstrap, log });
    // Not the caller's signal: requests that are let end still need the fleet.
    const fleet = await startFleet({ database, secrets, config, log, signal: new AbortController().signal });
    closers.push(async () => fleet.stop());

    const metrics = createMetrics();
    const sessions = createSessions(masterKey);
    const draining = new AbortController();
    const authenticator = createAuthenticator({
      database: database.asSystem(),
      sessions,
      agents: fleet.authenticateAgent,
      failures: createFailureLimit(),
      onRefused: metrics.refusedCredential,
    });
    const app = createApp({
      bindings,
      authenticator,
      database,
      services: {
        secrets,
        sessions,
        fleet: fleet.services,
        renderer: config.helm === undefined ? undefined : rendererOf(config.helm, config.dataDir, log),
        publicUrl: config.publicUrl,
      },
      metrics,
      log,
      stopping: draining.signal,
      unready: async (options) => [
        ...(draining.signal.aborted ? ['the plane stops'] : []),
        ...(await database.ping(options).then(
          () => [],
          () => ['the database does not answer'],
        )),
        ...(fleet.busReady(tenantUid) ? [] : ['the bus is out of reach; agents poll meanwhile']),
      ],
    });
    const server = await serve({
      app,
      host: config.listen.host,
      port: config.listen.port,
      tls: { cert, key },
      onUpgrade: await tunnelOf(config.bus, authenticator, log, draining.signal),
    });
    closers.push(async () => {
      const end = server.stop({ drainMs: DRAIN_MS });
      draining.abort(new Error('the plane stops'));
      fleet.services.changes.release();
      await end;
    });
    log.info(
      {
        port: server.port,
        url: config.publicUrl,
        database: database.kind,
        ms: Math.round(performance.now() - started),
      },
      'the plane serves',
    );
    return {
      port: server.port,
      stop: async () => {
        stopped ??= stop().then(() => log.info({}, 'the plane has stopped'));
        return stopped;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The way of agents to the bus from the plane's own port. */
async function tunnelOf(
  bus: PlaneConfig['bus'],
  { agent }: Authenticator,
  log: Logger,
  signal: AbortSignal,
): Promise<UpgradeHandler | undefined> {
  if (bus?.websocket === undefined) return undefined;
  const ca = bus.caFile === undefined ? undefined : await readFile(bus.caFile, 'utf8');
  const authenticate: TunnelOptions['authenticate'] = async (call) => (await agent(call)).principal;
  return createTunnel({ target: bus.websocket, ca, authenticate, log, signal });
}

/** How long one chart may take, in milliseconds: a request waits for it. */
const RENDER_MS = 30_000;

function rendererOf(helm: string, dataDir: string, log: Logger): Renderer {
  return createRenderer({ helm, workDir: join(dataDir, 'render'), timeoutMs: RENDER_MS, log });
}
