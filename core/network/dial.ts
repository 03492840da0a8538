/** Connections to a target, directly or through a proxy: the one way out of the agent to its plane. */
import { request as httpRequest } from 'node:http';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';

import type { NetworkTarget } from './no-proxy.ts';
import type { Proxy } from './proxy.ts';

/** A connection that did not come about; nothing was sent to the target. Shows no credentials. */
export class DialError extends Error {
  override readonly name = 'DialError';
  /** As errors of sockets have one. */
  readonly code = 'ERR_DIAL';
}

export interface DialOptions {
  /** Trust in the certificates of the target, and of a proxy that is spoken to over TLS. */
  readonly context: () => SecureContext;
  /** Upper bound of the whole way, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Opens a connection, without TLS to the target. @throws DialError, or the signal's reason */
export async function dial(target: NetworkTarget, proxy: Proxy | undefined, options: DialOptions): Promise<Socket> {
  return within(
    options,
    `${shown(target)} cannot be reached${proxy ? ` through ${shownProxy(proxy)}` : ''}`,
    (signal) => {
      if (!proxy) return openTcp(target, signal);
      if (proxy.kind === 'socks5') return openSocks(proxy, target, signal);
      return openConnect(proxy, target, options.context, signal);
    },
  );
}

/** The same with TLS to the target, its certificate verified for its host. @throws DialError, or the signal's reason */
export async function dialTls(
  target: NetworkTarget,
  proxy: Proxy | undefined,
  options: DialOptions,
): Promise<TLSSocket> {
  const until = performance.now() + options.timeoutMs;
  const socket = await dial(target, proxy, options);
  return secure(socket, target.host, { ...options, timeoutMs: Math.max(1, until - performance.now()) });
}

/** Begins TLS on a connection, which is closed when that fails. @throws DialError, or the signal's reason */
export async function secure(socket: Socket, host: string, options: DialOptions): Promise<TLSSocket> {
  return within(options, `no TLS with ${host}`, (signal) => startTls(socket, host, options.context(), signal));
}

/** Adds the time-out, and says what was under way. */
async function within<T>(
  { timeoutMs, signal }: DialOptions,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const stop = (): void => limit.abort(signal.reason);
  const timer = setTimeout(() => limit.abort(new Error(`no answer in ${Math.round(timeoutMs)} ms`)), timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    limit.signal.throwIfAborted();
    return await work(limit.signal);
  } catch (error) {
    signal.throwIfAborted();
    // What ended the attempt tells more than how its part took that.
    const cause: unknown = limit.signal.aborted ? limit.signal.reason : error;
    throw new DialError(`${what}: ${reasonOf(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

async function openTcp({ host, port }: NetworkTarget, signal: AbortSignal): Promise<Socket> {
  const socket = connectTcp({ host, port, noDelay: true });
  return once(socket, 'connect', signal);
}

async function startTls(socket: Socket, host: string, context: SecureContext, signal: AbortSignal): Promise<TLSSocket> {
  // The host is what the certificate must name, also where it is an address, which no SNI can hold.
  const stream = connectTls({ socket, host, servername: isIP(host) === 0 ? host : '', secureContext: context });
  try {
    return await once(stream, 'secureConnect', signal);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Waits until a socket is there; one that does not get there is closed. */
async function once<S extends Socket>(socket: S, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<S> {
  return new Promise<S>((resolve, reject) => {
    const settle = (act: () => void): void => {
      socket.off(event, done);
      socket.off('error', failed);
      socket.off('close', closed);
      signal.removeEventListener('abort', abort);
      act();
    };
    const fail = (error: unknown): void =>
      settle(() => {
        // Its last words are not heard by anyone.
        socket.on('error', () => undefined);
        socket.destroy();
        reject(error);
      });
    const done = (): void => settle(() => resolve(socket));
    const failed = (error: Error): void => fail(error);
    const closed = (): void => fail(new Error('the connection was closed'));
    const abort = (): void => fail(signal.reason);
    socket.once(event, done);
    socket.once('error', failed);
    socket.once('close', closed);
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** CONNECT, RFC 9110 section 9.3.6. */
async function openConnect(
  proxy: Proxy,
  target: NetworkTarget,
  context: () => SecureContext,
  signal: AbortSignal,
): Promise<Socket> {
  const tcp = await openTcp(proxy, signal);
  const way = proxy.kind === 'https' ? await startTls(tcp, proxy.host, context(), signal) : tcp;
  const authority = `${isIP(target.host) === 6 ? `[${target.host}]` : target.host}:${target.port}`;
  const credentials = Buffer.from(`${proxy.username}:${proxy.password}`).toString('base64');
  return new Promise<Socket>((resolve, reject) => {
    const asking = httpRequest({
      createConnection: () => way,
      method: 'CONNECT',
      path: authority,
      signal,
      headers: {
        host: authority,
        ...(proxy.username === '' && proxy.password === '' ? {} : { 'proxy-authorization': `Basic ${credentials}` }),
      },
    });
    const refuse = (status: number | undefined): void => {
      way.destroy();
      reject(
        new Error(
          status === 407
            ? 'the proxy wants credentials, or does not take these (HTTP 407)'
            : `the proxy refused the way (HTTP ${status})`,
        ),
      );
    };
    asking.once('connect', (answer, socket, head) => {
      if (answer.statusCode === undefined || answer.statusCode < 200 || answer.statusCode > 299) {
        refuse(answer.statusCode);
        return;
      }
      // A server that speaks first may have been faster than the proxy's answer was read.
      if (head.length > 0) socket.unshift(head);
      resolve(way);
    });
    // A proxy that answers CONNECT as any other request.
    asking.once('response', (answer) => refuse(answer.statusCode));
    asking.once('error', (error) => {
      way.destroy();
      reject(error);
    });
    asking.end();
  });
}

/** SOCKS 5, RFC 1928; the proxy resolves names. */
async function openSocks(proxy: Proxy, target: NetworkTarget, signal: AbortSignal): Promise<Socket> {
  // Loaded where it is needed: few agents stand behind such a proxy.
  const { SocksClient } = await import('socks');
  const tcp = await openTcp(proxy, signal);
  const abort = (): void => void tcp.destroy(signal.reason instanceof Error ? signal.reason : undefined);
  signal.addEventListener('abort', abort, { once: true });
  try {
    const { socket } = await SocksClient.createConnection({
      command: 'connect',
      existing_socket: tcp,
      proxy: {
        host: proxy.host,
        port: proxy.port,
        type: 5,
        ...(proxy.username === '' && proxy.password === '' ? {} : { userId: proxy.username, password: proxy.password }),
      },
      destination: { host: target.host, port: target.port },
    });
    await untilQuiet(socket);
    return socket;
  } catch (error) {
    signal.throwIfAborted();
    // oxlint-disable-next-line preserve-caught-error -- the library's error holds its options, the password among them
    throw new Error(`the proxy refused the way (${error instanceof Error ? error.message : 'SOCKS'})`);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * The library lets the stream flow one turn after it is done, whether anybody listens or not: what a server that speaks
 * first says by then is put back.
 */
async function untilQuiet(socket: Socket): Promise<void> {
  const early: Buffer[] = [];
  const keep = (part: Buffer): void => void early.push(part);
  socket.on('data', keep);
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  socket.off('data', keep);
  socket.pause();
  if (early.length > 0) socket.unshift(Buffer.concat(early));
}

function shown({ host, port }: NetworkTarget): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** Without credentials. */
function shownProxy(proxy: Proxy): string {
  return `the ${proxy.kind === 'socks5' ? 'SOCKS' : 'HTTP'} proxy ${shown(proxy)}`;
}

/** Several addresses of a name fail with one error for all of them, whose own message is empty. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0)
    return error.errors.map(reasonOf).join('; ');
  return 'message' in error ? String(error.message) : 'unknown';
}
