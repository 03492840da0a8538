/** The composition function as a process: serves calls until it is told to stop. */
import { aborted } from '#core/aborted';
import type { Logger } from '#core/log';
import { startStatusServer } from '#core/status-server';

import type { FunctionConfig } from './config.ts';
import { createKnownSecrets } from './connect.ts';
import { createConnections } from './connections.ts';
import { createHandler } from './handler.ts';
import { createFunctionMetrics } from './metrics.ts';
import { startFunctionServer } from './server.ts';

export interface RunningFunction {
  readonly port: number;
  readonly metricsPort: number;
}

export interface FunctionOptions {
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Called when calls are served. */
  readonly onReady?: (running: RunningFunction) => void;
}

/**
 * Runs until the signal is aborted; then takes no new calls, reports that it is not healthy, and ends when those that run
 * have ended.
 *
 * @throws Error when a certificate is missing, or an address cannot be listened on
 */
export async function runFunction(config: FunctionConfig, { log, signal, onReady }: FunctionOptions): Promise<void> {
  const now = Date.now;
  const connections = createConnections({ log, now, random: Math.random });
  const metrics = createFunctionMetrics(() => connections.size);
  const handle = createHandler({ connections, secrets: createKnownSecrets(), now, metrics, log });
  const { listen, tlsServerCertsDir } = config;
  const state = { ok: false };
  const statusServer = await startStatusServer({
    ...config.metrics,
    registry: metrics.registry,
    health: () => ({ ok: true }),
    readiness: () => state,
  });
  try {
    const server = await startFunctionServer({ ...listen, tlsServerCertsDir, handle, log });
    state.ok = true;
    const running = { port: server.port, metricsPort: statusServer.port };
    log.info({ ...running, host: listen.host, tls: tlsServerCertsDir !== undefined }, 'the function serves calls');
    onReady?.(running);
    await aborted(signal);
    state.ok = false;
    log.info({}, 'the function ends when its calls have ended');
    await server.drain(config.drainMs);
  } finally {
    connections.close();
    await statusServer.close();
  }
}
