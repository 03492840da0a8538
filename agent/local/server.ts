/** The local API: an HTTPS server beside the agent's work. What fails here fails here alone. */
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import type { KubeClient } from '#kubernetes/client';

import type { LogRing } from '../diagnostics/log-ring.ts';
import { createAttempts } from './attempts.ts';
import { createAuditLog } from './audit.ts';
import { createAuditStore } from './audit-store.ts';
import type { LocalConfig } from './config.ts';
import { builtPage, type Page } from './page.ts';
import { createServe, type Serve } from './serve.ts';
import type { LocalServices } from './services.ts';
import { createSessions } from './sessions.ts';
import { fingerprint, localCertificate, type TlsPair } from './tls.ts';
import { bundleTrust } from './upload.ts';
import { createUsers } from './users.ts';
import type { LocalVariables } from './variables.ts';
import type { AgentView } from './view.ts';

export interface LocalApiOptions {
  readonly config: LocalConfig;
  readonly client: KubeClient;
  readonly namespace: string;
  /** The agent's own folder, where it has one. */
  readonly stateDir: string | undefined;
  readonly view: AgentView;
  readonly variables: LocalVariables;
  readonly logs: Pick<LogRing, 'lines'>;
  readonly log: Logger;
  readonly now: () => Date;
  /** Told once it can be asked, with the SHA-256 of its certificate. */
  readonly onListening?:
    | ((address: { readonly host: string; readonly port: number; readonly fingerprint: string }) => void)
    | undefined;
  /** Default: as it was built. */
  readonly page?: (() => Promise<Page>) | undefined;
  readonly signal: AbortSignal;
}

const AWAY = { baseMs: 500, maxMs: 30_000 };
const CERTIFICATE_LOOK_MS = 60_000;
const MAX_CONNECTIONS = 256;
const HEADERS_MS = 10_000;
const IDLE_MS = 60_000;
const LAST_WORDS_MS = 3_000;

/** Serves until the signal is aborted. What stands against it (a port that is taken, an API server that is away) is tried again. */
export async function runLocalApi(options: LocalApiOptions): Promise<void> {
  const { log, signal } = options;
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      await serveOnce(options);
      return;
    } catch (error) {
      if (signal.aborted) return;
      log.warn({ err: error, attempt }, 'the local API cannot be served now, trying again');
      await delay(backoffDelay(attempt, AWAY), { signal }).catch(() => undefined);
    }
  }
}

async function serveOnce(options: LocalApiOptions): Promise<void> {
  const { config, client, namespace, log, now, signal } = options;
  const users = createUsers(client, namespace, log);
  const ownDir = config.audit.dir ?? (options.stateDir && join(options.stateDir, 'audit', namespace));
  // A pod's folder goes with the pod.
  const kept = ownDir === undefined ? createAuditStore({ client, namespace, log }) : undefined;
  const audit = createAuditLog({
    dir: ownDir ?? join(tmpdir(), 'palette-agent', 'audit', namespace),
    kept,
    settings: config.audit,
    hostId: () => options.view.membership()?.clusterUid ?? '',
    log,
    now,
  });
  const services: LocalServices = {
    config,
    client,
    namespace,
    view: options.view,
    users,
    sessions: createSessions(Date.now),
    attempts: createAttempts(config.login, () => performance.now()),
    audit,
    variables: options.variables,
    bundleTrust: async () => bundleTrust(config.bundleKeyFiles),
    logs: options.logs,
    log,
    now,
    signal,
    note: (actor, news) =>
      audit.note({ actor, actorType: 'user', resourceId: '', resourceName: '', contentMsg: '', ...news }),
  };
  const tls = { client, namespace, config, now };
  let pair = await localCertificate(tls, { signal });
  // The first administrator can be looked up before anybody tries to sign in.
  await users.all({ signal });
  await audit.begin({ signal });
  let page: Promise<Page> | undefined;
  const load = async (): Promise<Page> => {
    page ??= (options.page ?? builtPage)();
    return page.catch((error: unknown) => {
      page = undefined;
      throw error;
    });
  };
  const server = listenWith(pair, createServe(services, load), log);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const address = server.address();
  const port = address === null || typeof address === 'string' ? config.port : address.port;
  log.info({ host: config.host, port, fingerprint: fingerprint(pair.cert) }, 'local API can be asked');
  options.onListening?.({ host: config.host, port, fingerprint: fingerprint(pair.cert) });
  const keeping = kept?.run({ signal });
  try {
    while (!signal.aborted) {
      await delay(CERTIFICATE_LOOK_MS, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      const next = await localCertificate(tls, { signal }).catch((error: unknown) => {
        if (!signal.aborted)
          log.warn({ err: error }, 'certificate of the local API cannot be read, the former one stays');
        return pair;
      });
      if (next.cert === pair.cert) continue;
      pair = next;
      server.setSecureContext(pair);
    }
  } finally {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await audit.flush();
    await keeping;
    await kept?.flush({ signal: AbortSignal.timeout(LAST_WORDS_MS) }).catch((error: unknown) => {
      log.warn({ err: error }, 'the last audit entries were not kept in the cluster');
    });
  }
}

/** Ends a request whose body does not come. One that comes, however long, may; and so may what is done once it is here. */
export function limitSilence(request: IncomingMessage, ms: number): void {
  request.setTimeout(ms, () => void request.destroy());
  request.once('end', () => request.setTimeout(0));
}

function listenWith(pair: TlsPair, serve: Serve, log: Logger): Server {
  const server = createServer(
    { ...pair, minVersion: 'TLSv1.2', requestTimeout: 0, headersTimeout: HEADERS_MS },
    (request, response) => {
      limitSilence(request, IDLE_MS);
      serve(request, response).catch((error: unknown) => {
        log.error({ err: error }, 'request to the local API broke off');
        response.destroy();
      });
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.keepAliveTimeout = 15_000;
  server.on('tlsClientError', () => undefined);
  return server;
}
