import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';

import { delay } from '#core/retry';
import type { UpgradeHandler } from '#plane/bus/tunnel';

export interface ServeOptions {
  readonly app: Hono;
  readonly host: string;
  readonly port: number;
  /** PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string };
  /** Takes over connections whose request asks for an upgrade; absent: they are closed. */
  readonly onUpgrade?: UpgradeHandler | undefined;
}

export interface Server {
  /** The port that it listens on, also where 0 was asked for. */
  readonly port: number;
  /** Takes no more connections, lets running requests end for `drainMs` milliseconds at most, then cuts them off. */
  stop(options: { readonly drainMs: number }): Promise<void>;
}

/** Longest time to send a whole request, in milliseconds: a pack of 100 MiB over a slow line. */
const REQUEST_TIMEOUT_MS = 300_000;
const HEADERS_TIMEOUT_MS = 15_000;
/** Longer than clients and proxies keep an idle connection, so that these close it and no request meets a closed one. */
const KEEP_ALIVE_MS = 75_000;
/** Between looks for idle connections while the plane stops, in milliseconds. */
const SWEEP_MS = 50;

/** Starts listening with HTTPS. @throws Error that names the address when it cannot. */
export async function serve({ app, host, port, tls, onUpgrade }: ServeOptions): Promise<Server> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    createServer,
    serverOptions: {
      ...tls,
      minVersion: 'TLSv1.2',
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
  }) as ReturnType<typeof createServer>; // the adaptor returns what `createServer` made
  if (onUpgrade) server.on('upgrade', onUpgrade);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`cannot listen on ${host}:${port}: ${error.message}`, { cause: error })),
    );
    server.listen(port, host, resolve);
  });
  return {
    // A listening TCP server has an address with a port.
    port: (server.address() as AddressInfo).port,
    stop: async ({ drainMs }) => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      // A connection turns idle when its request ends, so one look is not enough.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      const given = new AbortController();
      await Promise.race([closed, delay(drainMs, { signal: given.signal }).catch(() => undefined)]);
      given.abort();
      clearInterval(sweep);
      server.closeAllConnections();
      await closed;
    },
  };
}
