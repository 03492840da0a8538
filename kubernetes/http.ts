/**
 * Requests over node:http and node:https with connections kept alive: the one way out to the API
 * server and to the plane. The global fetch takes no CA of one's own without another dependency.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import type { TLSSocket } from 'node:tls';

import { openBy } from '#core/network/https-agent';

export interface TlsSettings {
  /** PEM bundle that replaces the system's own. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Name expected in the server's certificate instead of the host's. */
  readonly servername?: string | undefined;
  /** Accept any certificate: only what the user's kubeconfig asks for. */
  readonly insecure?: boolean | undefined;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  /** Upper bound until the answer's headers, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: http.IncomingMessage;
}

/** Sends one request and gives the answer as soon as its headers are there. */
export type HttpSend = (request: HttpRequest) => Promise<HttpResponse>;

export interface HttpConnections {
  readonly send: HttpSend;
  close(): void;
}

/** An answer is never read beyond this, whatever its sender says. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

export interface PoolOptions {
  /** How many may be open to one host. */
  readonly maxSockets: number;
  /** Opens a connection with TLS, verified, where the settings of TLS do not suffice: behind a proxy. */
  readonly connect?: ((target: { readonly host: string; readonly port: number }) => Promise<TLSSocket>) | undefined;
}

/** A pool of kept-alive connections. */
export function openConnections(tls: TlsSettings, { maxSockets, connect }: PoolOptions): HttpConnections {
  const secure = new https.Agent({
    keepAlive: true,
    keepAliveMsecs: 15_000,
    maxSockets,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    ...(tls.servername === undefined ? {} : { servername: tls.servername }),
    rejectUnauthorized: tls.insecure !== true,
  });
  if (connect) openBy(secure, connect);
  const plain = new http.Agent({ keepAlive: true, keepAliveMsecs: 15_000, maxSockets });
  return {
    send: async (request) => send(request, secure, plain),
    close: () => {
      secure.destroy();
      plain.destroy();
    },
  };
}

async function send(request: HttpRequest, secure: https.Agent, plain: http.Agent): Promise<HttpResponse> {
  request.signal.throwIfAborted();
  return new Promise<HttpResponse>((resolve, reject) => {
    const options = { method: request.method, headers: headersOf(request), signal: request.signal };
    const outgoing =
      request.url.protocol === 'https:'
        ? https.request(request.url, { ...options, agent: secure })
        : http.request(request.url, { ...options, agent: plain });
    const timer = setTimeout(
      () => outgoing.destroy(new Error(`${request.method} ${request.url.host}: no answer in ${request.timeoutMs} ms`)),
      request.timeoutMs,
    );
    outgoing.once('response', (body) => {
      clearTimeout(timer);
      resolve({ status: body.statusCode ?? 0, headers: body.headers, body });
    });
    // The connection may still break after the answer began; its reader is told by the body then.
    outgoing.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    outgoing.end(request.body);
  });
}

function headersOf({ headers, body }: HttpRequest): Record<string, string> {
  return body === undefined ? { ...headers } : { ...headers, 'content-length': String(Buffer.byteLength(body)) };
}

export interface ReadLimits {
  readonly maxBytes?: number;
  /** Upper bound for the whole body, in milliseconds. Default 60 s. */
  readonly timeoutMs?: number;
  /** How long nothing may come, in milliseconds: for what may take long over a slow line. Default: `timeoutMs`. */
  readonly silenceMs?: number;
}

/** Reads a whole answer. @throws Error when it is longer or slower than allowed, or breaks off. */
export async function readBytes(
  { body }: HttpResponse,
  { maxBytes = MAX_BODY_BYTES, timeoutMs = 60_000, silenceMs = timeoutMs }: ReadLimits = {},
): Promise<Buffer> {
  const timer = setTimeout(() => body.destroy(new Error(`the answer did not end in ${timeoutMs} ms`)), timeoutMs);
  const silence = setTimeout(() => body.destroy(new Error(`nothing more came for ${silenceMs} ms`)), silenceMs);
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    // Without an encoding set, node gives buffers.
    const parts: AsyncIterable<Buffer> = body;
    for await (const bytes of parts) {
      silence.refresh();
      length += bytes.length;
      if (length > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
      chunks.push(bytes);
    }
    return Buffer.concat(chunks);
  } finally {
    clearTimeout(timer);
    clearTimeout(silence);
  }
}

/** Reads a whole answer as UTF-8. */
export async function readText(response: HttpResponse, limits?: ReadLimits): Promise<string> {
  return (await readBytes(response, limits)).toString('utf8');
}
