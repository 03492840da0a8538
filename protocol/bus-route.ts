/** The way to one of several bus servers: over TCP or as a WebSocket, directly or through a proxy. */
import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';

import { z } from 'zod';

import { dial, secure, type DialOptions } from '#core/network/dial';
import { createEndpoints, type Endpoints } from '#core/network/endpoints';
import { proxyOf, type ProxySettings } from '#core/network/proxy';
import { backoffDelay } from '#core/retry';

export interface BusNetwork {
  /** How proxies lead to the servers; asked for at each connection. */
  readonly proxies: () => ProxySettings;
  /** Trust in the servers' certificates; asked for at each connection. */
  readonly context: () => SecureContext;
  /** Headers of the request that opens a WebSocket, for example a token. */
  readonly headers?: ((url: URL) => Readonly<Record<string, string>>) | undefined;
}

/** A connection to a server that has introduced itself, with TLS where it must be. */
interface BusStream {
  /** As it was listed. */
  readonly server: string;
  /** A socket, or a WebSocket's stream; paused. */
  readonly stream: Duplex;
  /** The server's first line, as it came. */
  readonly introduction: Uint8Array;
  readonly encrypted: boolean;
}

export interface BusRoute {
  readonly endpoints: Endpoints;
  /** Connects to the server that is worth trying first, or to the next when that takes long. @throws Error of the last one */
  open(options: { readonly signal: AbortSignal }): Promise<BusStream>;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'nats:': 4222, 'tls:': 4222, 'ws:': 80, 'wss:': 443 };
/** A server that takes longer is given up. */
const DIAL_MS = 5_000;
/** The next server is tried beside one that takes longer: a firewall that swallows packets must not cost the whole time. */
const HEAD_START_MS = 750;
/** The server introduces itself with one line, its certificates' names and addresses among it. */
const MOST_INFO_BYTES = 256 * 1024;
/** Far above the largest message of the bus. */
const MAX_FRAME_BYTES = 8 * 1024 * 1024;

/** Who answers a WebSocket with these does not change its mind at once, and may count each try. */
const REFUSALS: readonly number[] = [401, 429];
const REFUSED = { baseMs: 2_000, maxMs: 60_000 };

const ServerInfo = z.object({ tls_required: z.boolean().optional(), tls_available: z.boolean().optional() });

/** A server answered a request for a WebSocket otherwise. */
class NoWebSocket extends Error {
  override readonly name = 'NoWebSocket';
  readonly status: number | undefined;
  constructor({ host, pathname }: URL, status: number | undefined) {
    super(`no WebSocket at ${host}${pathname}: status ${status ?? 'unknown'}`);
    this.status = status;
  }
}

/** @param now monotonic milliseconds */
export function createBusRoute(
  servers: readonly string[],
  network: BusNetwork,
  now: () => number = () => performance.now(),
): BusRoute {
  const endpoints = createEndpoints(servers);
  const refusals = new Map<string, { readonly inARow: number; readonly until: number }>();
  const openUnlessRefused: typeof openServer = async (server, ...rest) => {
    const { inARow, until } = refusals.get(server) ?? { inARow: 0, until: -Infinity };
    if (now() < until) throw new Error(`${server} refused this client and is not asked again yet`);
    try {
      const stream = await openServer(server, ...rest);
      refusals.delete(server);
      return stream;
    } catch (error) {
      if (error instanceof NoWebSocket && REFUSALS.includes(error.status ?? 0))
        refusals.set(server, { inARow: inARow + 1, until: now() + backoffDelay(inARow, REFUSED) });
      throw error;
    }
  };
  return {
    endpoints,
    open: async ({ signal }) => race(endpoints, async (server, how) => openUnlessRefused(server, network, how), signal),
  };
}

/** Starts one after the other; the first that is there wins, and the others are closed. */
async function race(
  endpoints: Endpoints,
  open: (server: string, options: { readonly signal: AbortSignal }) => Promise<BusStream>,
  signal: AbortSignal,
): Promise<BusStream> {
  const servers = [...endpoints.order()];
  const over = new AbortController();
  const stop = (): void => over.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await new Promise<BusStream>((resolve, reject) => {
      let running = 0;
      let timer: NodeJS.Timeout | undefined;
      let settled = false;
      const settle = (act: () => void): void => {
        settled = true;
        clearTimeout(timer);
        act();
      };
      const attempt = async (server: string): Promise<void> => {
        try {
          const stream = await open(server, { signal: over.signal });
          if (settled) stream.stream.destroy();
          else settle(() => resolve(stream));
        } catch (error) {
          running--;
          if (settled) return;
          endpoints.failed(server);
          if (servers.length > 0 && !over.signal.aborted) startNext();
          else if (running === 0) settle(() => reject(error));
        }
      };
      const startNext = (): void => {
        clearTimeout(timer);
        const server = servers.shift();
        if (server === undefined || settled) return;
        running++;
        void attempt(server);
        timer = setTimeout(startNext, HEAD_START_MS);
      };
      startNext();
      if (running === 0) settle(() => reject(new Error('no bus server is known')));
    });
  } finally {
    signal.removeEventListener('abort', stop);
    over.abort(new Error('another server was faster'));
  }
}

/** `host`, `host:port`, or a URL. @throws TypeError */
function serverUrl(server: string): URL {
  const url = new URL(server.includes('://') ? server : `nats://${server}`);
  if (DEFAULT_PORTS[url.protocol] === undefined)
    throw new TypeError(`a bus server must be a URL of nats, tls, ws or wss, not of ${url.protocol.replace(':', '')}`);
  return url;
}

async function openServer(
  server: string,
  network: BusNetwork,
  { signal }: { readonly signal: AbortSignal },
): Promise<BusStream> {
  const url = serverUrl(server);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 4222) : Number(url.port);
  const limit = new AbortController();
  const stop = (): void => limit.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => limit.abort(new Error(`${host}:${port} does not answer in ${DIAL_MS} ms`)), DIAL_MS);
  const options: DialOptions = { context: network.context, timeoutMs: DIAL_MS, signal: limit.signal };
  let open: Duplex | undefined;
  try {
    const socket = await dial({ host, port }, proxyOf({ host, port }, network.proxies()), options);
    open = socket;
    if (url.protocol === 'ws:' || url.protocol === 'wss:') {
      const encrypted = url.protocol === 'wss:';
      const under = encrypted ? await secure(socket, host, options) : socket;
      open = await upgrade(url, under, network, limit.signal);
      return { server, stream: open, introduction: (await introduce(open, url, limit.signal)).line, encrypted };
    }
    const { line, offersTls } = await introduce(socket, url, limit.signal);
    // Its first words are not protected: whoever stands between could say that there is no TLS.
    if (!offersTls && url.protocol === 'tls:') throw new Error(`${host}:${port} offers no TLS, which is required`);
    if (offersTls) open = await secure(socket, host, options);
    return { server, stream: open, introduction: line, encrypted: offersTls };
  } catch (error) {
    open?.destroy();
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** Hears the server's introduction. @throws Error where that is none of a bus server */
async function introduce(
  stream: Duplex,
  { host }: URL,
  signal: AbortSignal,
): Promise<{ readonly line: Buffer; readonly offersTls: boolean }> {
  const line = await readLine(stream, signal);
  const text = line.toString('utf8');
  if (!text.startsWith('INFO ')) throw new Error(`${host} is no bus server`);
  const info = ServerInfo.parse(JSON.parse(text.slice('INFO '.length)));
  return { line, offersTls: info.tls_required === true || info.tls_available === true };
}

/** Opens a WebSocket on a connection. */
async function upgrade(url: URL, socket: Socket, network: BusNetwork, signal: AbortSignal): Promise<Duplex> {
  // Loaded where it is needed: most agents reach the bus over TCP.
  const { WebSocket, createWebSocketStream } = await import('ws');
  signal.throwIfAborted();
  const socketOf = new WebSocket(url, {
    createConnection: () => socket,
    headers: { ...network.headers?.(url) },
    handshakeTimeout: DIAL_MS,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    followRedirects: false,
  });
  const stream = createWebSocketStream(socketOf);
  // Whoever uses the stream listens too; this one is for what comes when nobody does any more.
  stream.on('error', () => undefined);
  return new Promise<Duplex>((resolve, reject) => {
    const settle = (act: () => void): void => {
      signal.removeEventListener('abort', abort);
      act();
    };
    const abort = (): void =>
      settle(() => {
        stream.destroy();
        reject(signal.reason);
      });
    socketOf.once('open', () => settle(() => resolve(stream)));
    socketOf.once('unexpected-response', (_request, { statusCode }) =>
      settle(() => {
        socket.destroy();
        stream.destroy();
        reject(new NoWebSocket(url, statusCode));
      }),
    );
    socketOf.once('error', (error) =>
      settle(() => {
        socket.destroy();
        reject(new Error(`no WebSocket at ${url.host}${url.pathname}: ${error.message}`, { cause: error }));
      }),
    );
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** Reads up to the first line's end, and puts back what comes after it. @throws Error when the stream ends or is aborted before */
async function readLine(stream: Duplex, signal: AbortSignal): Promise<Buffer> {
  return new Promise<Buffer>((resolve, reject) => {
    let read = Buffer.alloc(0);
    const settle = (act: () => void): void => {
      stream.off('data', take);
      stream.off('error', fail);
      stream.off('close', gone);
      signal.removeEventListener('abort', abort);
      stream.pause();
      act();
    };
    const take = (part: Buffer): void => {
      read = Buffer.concat([read, part]);
      const end = read.indexOf('\r\n');
      if (end !== -1)
        settle(() => {
          const rest = read.subarray(end + 2);
          if (rest.length > 0) stream.unshift(rest);
          resolve(read.subarray(0, end + 2));
        });
      else if (read.length > MOST_INFO_BYTES) fail(new Error('the bus server introduces itself with no line'));
    };
    const fail = (error: unknown): void => settle(() => reject(error));
    const gone = (): void => fail(new Error('the bus server closed the connection'));
    const abort = (): void => fail(signal.reason);
    stream.on('data', take);
    // A stream that was paused stays so for a listener alone.
    stream.resume();
    stream.once('error', fail);
    stream.once('close', gone);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}
