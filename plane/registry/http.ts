/** HTTP to registries: bounded in time, bytes and pace; certificates, proxies and redirects as the registry needs them. */
import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { createGunzip } from 'node:zlib';

import { backoffDelay, delay } from '#core/retry';
import { openThrough } from '#core/network/https-agent';
import { proxyFromEnv, type Environment } from '#core/network/proxy';

import { createAddressGuard, type AddressGuard, type Resolve } from './address-guard.ts';
import { failureOf } from './http-failure.ts';
import { createPace, type Pace } from './pace.ts';
import { RegistryError, shownUrl } from './registry-error.ts';
import type { RegistryTls } from './registry-spec.ts';

export interface RegistryHttpOptions {
  readonly tls: RegistryTls;
  readonly allowLoopback: boolean;
  /** Proxies are named there, as for other programs. */
  readonly env: Environment;
  readonly resolve?: Resolve;
  /** Requests in a second on the long run. Default: 20. */
  readonly requestsPerSecond?: number;
  /** How long the registry may stay silent, in milliseconds. Default: 15 s. */
  readonly silenceMs?: number;
  /** Default: 4. */
  readonly attempts?: number;
  readonly backoff?: { readonly baseMs: number; readonly maxMs: number };
}

export interface Ask {
  readonly url: URL;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether redirects are answers, too. Default: they are followed, but for what is sent. */
  readonly stay?: boolean;
  /** Bytes of the answer, unpacked. */
  readonly maxBytes: number;
  /** For everything, the body included. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Must be read, to its end or until a `break`, or dropped. Fails when it is too long, too slow, or breaks off. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends the reading of a body that nobody wants. */
  drop(): void;
  /** Where it came from, after redirects. */
  readonly url: URL;
}

export interface RegistryHttp {
  /**
   * Asks, and asks again after a failure that may pass. Any status below 500 is an answer.
   *
   * @throws RegistryError
   */
  ask(ask: Ask): Promise<Answer>;
  close(): void;
}

const MAX_REDIRECTS = 5;
const CONNECTIONS = 4;
/** What a registry can ask for at most with Retry-After, in milliseconds. */
const MAX_RETRY_AFTER_MS = 30_000;

export function createRegistryHttp(options: RegistryHttpOptions): RegistryHttp {
  const { attempts = 4, backoff = { baseMs: 500, maxMs: 10_000 }, silenceMs = 15_000 } = options;
  const pace = createPace({ perSecond: options.requestsPerSecond ?? 20, burst: 20 });
  const guard = createAddressGuard(options);
  const connections = openConnections(options, guard);

  const once = async (ask: Ask): Promise<Answer> => {
    let { url } = ask;
    let headers = ask.headers ?? {};
    for (let hop = 0; ; hop++) {
      const answer = await exchange({ ...ask, url, headers }, { connections, guard, pace, silenceMs });
      const { location } = answer.headers;
      const isRedirect = [301, 302, 303, 307, 308].includes(answer.status) && location !== undefined;
      // What is sent is meant for whoever was asked.
      if (!isRedirect || ask.stay || ask.method === 'POST' || ask.method === 'PUT') return answer;
      answer.drop();
      if (hop === MAX_REDIRECTS)
        throw new RegistryError('RegistryBadAnswer', `${shownUrl(ask.url)} redirects without end`);
      const next = redirectTarget(location, url);
      // Credentials belong to the registry that they were given for.
      if (next.host !== url.host) headers = withoutCredentials(headers);
      url = next;
    }
  };

  return {
    ask: async (ask) => {
      for (let attempt = 0; ; attempt++) {
        ask.signal.throwIfAborted();
        try {
          return await once(ask);
        } catch (error) {
          ask.signal.throwIfAborted();
          const failure = failureOf(error, ask.url);
          if (!failure.transient || attempt + 1 >= attempts) throw failure;
          const wait = Math.min(failure.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
          await delay(Math.max(wait, backoffDelay(attempt, backoff)), { signal: ask.signal });
        }
      }
    },
    close: () => connections.close(),
  };
}

/** Asks for something small and reads it whole. */
export async function askBytes(
  http: RegistryHttp,
  ask: Ask,
): Promise<Pick<Answer, 'status' | 'headers' | 'url'> & { readonly bytes: Buffer }> {
  const { body, ...answer } = await http.ask(ask);
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return { ...answer, bytes: Buffer.concat(pieces) };
}

interface Connections {
  open(url: URL, options: RequestOptions): ClientRequest;
  close(): void;
}

interface Means {
  readonly connections: Connections;
  readonly guard: AddressGuard;
  readonly pace: Pace;
  readonly silenceMs: number;
}

async function exchange(ask: Ask, { connections, guard, pace, silenceMs }: Means): Promise<Answer> {
  const { url, method = 'GET', body, maxBytes, timeoutMs } = ask;
  guard.check(url.hostname);
  await pace.turn({ signal: ask.signal });
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new RegistryError('RegistryTooSlow', `${shownUrl(url)} took more than ${timeoutMs / 1000} s`)),
    timeoutMs,
  );
  const signal = AbortSignal.any([ask.signal, late.signal]);
  const ended = (): void => clearTimeout(timer);
  const silent = (): RegistryError =>
    new RegistryError('RegistryTooSlow', `${shownUrl(url)} said nothing for ${silenceMs / 1000} s`, {
      transient: true,
    });
  /** What the plane itself ended the exchange for; Node would tell a broken connection. */
  const reason = (error: unknown): unknown => (late.signal.aborted ? late.signal.reason : error);
  return new Promise((resolve, reject) => {
    const outgoing = connections.open(url, {
      method,
      signal,
      headers: {
        'user-agent': 'palette-iac',
        'accept-encoding': 'gzip, identity',
        ...ask.headers,
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      },
    });
    const silence = setTimeout(() => outgoing.destroy(silent()), silenceMs);
    outgoing.on('error', (error) => {
      clearTimeout(silence);
      ended();
      reject(failureOf(reason(error), url));
    });
    outgoing.once('response', (incoming) => {
      clearTimeout(silence);
      const { statusCode: status = 0 } = incoming;
      if (status === 429 || status >= 500) {
        ended();
        incoming.destroy();
        reject(
          new RegistryError('RegistryBadAnswer', `${shownUrl(url)} answered with status ${status}`, {
            transient: true,
            retryAfterMs: retryAfterMs(incoming.headers['retry-after']),
          }),
        );
        return;
      }
      resolve({
        status,
        url,
        headers: Object.fromEntries(
          Object.entries(incoming.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(', ') : value,
          ]),
        ),
        body: bounded(incoming, { url, maxBytes, silenceMs, silent, reason, ended, signal: ask.signal }),
        drop: () => {
          ended();
          incoming.destroy();
        },
      });
    });
    outgoing.end(body);
  });
}

/** The body, unpacked, no longer than is allowed; whatever breaks it is told as what it is. */
async function* bounded(
  incoming: IncomingMessage,
  {
    url,
    maxBytes,
    silenceMs,
    silent,
    reason,
    ended,
    signal,
  }: {
    readonly url: URL;
    readonly maxBytes: number;
    readonly silenceMs: number;
    readonly silent: () => RegistryError;
    readonly reason: (error: unknown) => unknown;
    readonly ended: () => void;
    readonly signal: AbortSignal;
  },
): AsyncGenerator<Uint8Array> {
  let length = 0;
  try {
    const unpacked = unpack(incoming, url);
    // Node's streams give Buffers unless an encoding is set.
    const pieces = unpacked[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
    for (;;) {
      // Only while the plane waits: how long it takes with a piece is no fault of the registry.
      const timer = setTimeout(() => unpacked.destroy(silent()), silenceMs);
      const next = await pieces.next().finally(() => clearTimeout(timer));
      if (next.done === true) break;
      length += next.value.length;
      if (length > maxBytes)
        throw new RegistryError('RegistryLimit', `${shownUrl(url)} is longer than ${maxBytes} bytes`);
      yield next.value;
    }
    if (!incoming.complete)
      throw new RegistryError('RegistryUnreachable', `${shownUrl(url)} broke off`, { transient: true });
  } catch (error) {
    signal.throwIfAborted();
    throw failureOf(reason(error), url);
  } finally {
    ended();
    incoming.destroy();
  }
}

function unpack(incoming: IncomingMessage, url: URL): Readable {
  const encoding = incoming.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return incoming;
  if (encoding !== 'gzip')
    throw new RegistryError('RegistryBadAnswer', `${shownUrl(url)} is packed by ${encoding}; expected gzip or nothing`);
  const unpacked = createGunzip();
  // A pipe does not carry failures over.
  incoming.on('error', (error) => unpacked.destroy(error));
  return incoming.pipe(unpacked);
}

function redirectTarget(location: string, from: URL): URL {
  if (!URL.canParse(location, from.href))
    throw new RegistryError('RegistryBadAnswer', `${shownUrl(from)} redirects to what is no address`);
  const next = new URL(location, from);
  if (next.protocol !== 'https:' && (next.protocol !== 'http:' || from.protocol === 'https:'))
    throw new RegistryError(
      'RegistryBadAnswer',
      `${shownUrl(from)} redirects to ${next.protocol}, which is not secure`,
    );
  return next;
}

const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'apikey', 'cookie', 'x-amz-security-token']);

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !CREDENTIALS.has(name.toLowerCase())));
}

/** Seconds, or a date; in milliseconds from now. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : undefined;
}

function openConnections({ tls, env }: RegistryHttpOptions, { lookup }: AddressGuard): Connections {
  const secure: ConnectionOptions = {
    rejectUnauthorized: !tls.insecureSkipVerify,
    ...(tls.ca === '' ? {} : { ca: tls.ca }),
    ...(tls.certificate === '' ? {} : { cert: tls.certificate, key: tls.key }),
  };
  const kept = { keepAlive: true, maxSockets: CONNECTIONS, timeout: 60_000 };
  const https = new HttpsAgent({ ...kept, ...secure });
  const http = new HttpAgent(kept);
  let proxied: HttpsAgent | undefined;
  const agentFor = (url: URL): HttpsAgent => {
    const proxy = proxyFromEnv(url, env);
    if (proxy === undefined) return https;
    if (proxied) return proxied;
    proxied = new HttpsAgent({ ...kept, ...secure });
    openThrough(proxied, proxy, secure);
    return proxied;
  };
  return {
    open: (url, options) =>
      url.protocol === 'https:'
        ? httpsRequest(url, { ...options, lookup, agent: agentFor(url) })
        : httpRequest(url, { ...options, lookup, agent: http }),
    close: () => {
      for (const agent of [https, http, proxied]) agent?.destroy();
    },
  };
}
