/**
 * The way to the API: node:https with a kept-alive agent. The global fetch is not used because touching it (or `Headers`,
 * `Request`) makes Node load undici, 23 ms measured in a process that Terraform starts 3 to 5 times per command, and
 * because a custom CA would need its dispatcher. Bodies are streams, so that packs and events need no memory of their size.
 */
import { Agent, request as httpsRequest } from 'node:https';

import { openThrough } from '#core/network/https-agent';
import type { Proxy } from '#core/network/proxy';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  /** Ends the request, and the body of its answer, at any time. */
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Must be read to its end or left by `break`: only then the connection is free again. */
  readonly body: AsyncIterable<Uint8Array>;
}

export type Fetch = (request: HttpRequest) => Promise<HttpResponse>;

export interface HttpsFetch {
  readonly fetch: Fetch;
  /** Closes the connections that nobody uses. */
  close(): void;
}

/**
 * How long an unused connection is kept, in milliseconds. Shorter than the 5 s after which a server on Node closes it:
 * a request that meets a connection while it is being closed fails, and a POST that failed so must not be repeated.
 */
const IDLE_MS = 4000;
const MAX_CONNECTIONS = 64;

/** Makes a {@link Fetch} with connections of its own. Certificates are verified unless `insecure` is set. */
export function createHttpsFetch(options: {
  /** PEM certificates that are trusted instead of the system's. */
  readonly ca?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly proxy?: Proxy | undefined;
}): HttpsFetch {
  const tls = {
    rejectUnauthorized: options.insecure !== true,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  };
  const agent = new Agent({
    keepAlive: true,
    maxSockets: MAX_CONNECTIONS,
    maxFreeSockets: MAX_CONNECTIONS,
    scheduling: 'lifo',
    ...tls,
  });
  const { proxy } = options;
  if (proxy !== undefined) openThrough(agent, proxy, tls);
  // A free connection that times out is destroyed by the agent; one in use is not touched by its time-out.
  agent.on('free', (socket) => {
    // The server's own Keep-Alive hint, which the agent has set already, may be shorter.
    if (socket.timeout === undefined || socket.timeout === 0 || socket.timeout > IDLE_MS) socket.setTimeout(IDLE_MS);
  });
  return { fetch: async (request) => exchange(agent, request), close: () => agent.destroy() };
}

async function exchange(agent: Agent, { method, url, headers, body, signal }: HttpRequest): Promise<HttpResponse> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const length = body === undefined ? undefined : Buffer.byteLength(body);
    const outgoing = httpsRequest(url, {
      method,
      agent,
      signal,
      headers: { ...headers, ...(length === undefined ? {} : { 'content-length': String(length) }) },
    });
    outgoing.on('error', reject);
    outgoing.once('response', (incoming) => {
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: incoming });
    });
    outgoing.end(body);
  });
}

/**
 * Reads a body to its end.
 *
 * @throws RangeError when it is longer than `maxBytes`.
 */
export async function readBody(response: HttpResponse, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.byteLength;
    if (length > maxBytes) throw new RangeError(`the body is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
