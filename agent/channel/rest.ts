/** The agent's calls to the plane over HTTPS. */
import { z } from 'zod';

import { sha256 } from '#core/digest';
import { Command, COMMAND_TYPES } from '#protocol/command';
import type { ContentDigest } from '#protocol/identifiers';
import { AgentCredentials, type RegistrationRequest } from '#protocol/registration';
import type { Heartbeat, Report } from '#protocol/report';

import { openConnections, readBytes, readText } from '#kubernetes/http';
import type { Artifact } from '../day2/action.ts';
import { AGENT_VERSION } from '../version.ts';

/** The plane said no, or did not answer (`status` 0, code `Unreachable`). */
export class PlaneCallError extends Error {
  override readonly name = 'PlaneCallError';
  /** HTTP status, or 0. */
  readonly status: number;
  /** The plane's code, for example `AgentRevoked`. */
  readonly code: string;
  constructor(message: string, status: number, code: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}

/** Whether the same call may succeed later without anyone changing anything. */
export function isPlaneAway(error: unknown): boolean {
  return error instanceof PlaneCallError && (error.status === 0 || error.status === 429 || error.status >= 500);
}

export function isRevoked(error: unknown): boolean {
  return error instanceof PlaneCallError && error.status === 401;
}

export type DesiredStateAnswer =
  /** Not verified, whatever it is. */
  | { readonly kind: 'document'; readonly body: unknown; readonly etag: string | undefined }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'none' };

interface CallOptions {
  readonly signal: AbortSignal;
}

export interface PlaneClient {
  register(request: RegistrationRequest, options: CallOptions): Promise<AgentCredentials>;
  renew(busPublicKey: string, options: CallOptions): Promise<AgentCredentials>;
  desiredState(etag: string | undefined, options: CallOptions): Promise<DesiredStateAnswer>;
  commands(after: number, options: CallOptions): Promise<readonly Command[]>;
  /** The question of a preview, not verified. */
  preview(id: string, options: CallOptions): Promise<unknown>;
  report(reports: readonly Report[], heartbeat: Heartbeat | undefined, options: CallOptions): Promise<void>;
  /** A pack archive, its content compared with the digest. */
  pack(digest: ContentDigest, options: CallOptions): Promise<Uint8Array>;
  /** Sends what a run brought that is large. */
  upload(runId: string, artifact: Artifact, options: CallOptions): Promise<void>;
  close(): void;
}

const TIMEOUT_MS = 15_000;
const MAX_JSON_BYTES = 16 * 1024 * 1024;
const MAX_PACK_BYTES = 64 * 1024 * 1024;
const PACK_TIMEOUT_MS = 120_000;

const ErrorBody = z.object({ code: z.string().catch('Unknown'), message: z.string().catch('') });

/** All methods throw PlaneCallError. `accessToken` is asked for at each call, so that renewed ones count. */
export function createPlaneClient(options: {
  readonly url: string;
  readonly ca?: string | undefined;
  readonly accessToken: () => string | undefined;
  /** Told what time it is by the plane, with each answer that says so. */
  readonly onDate?: ((date: Date) => void) | undefined;
}): PlaneClient {
  const connections = openConnections({ ca: options.ca }, { maxSockets: 4 });

  const call = async (
    method: string,
    path: string,
    {
      signal,
      body,
      bytes,
      timeoutMs = TIMEOUT_MS,
      headers = {},
      accept = [200],
    }: CallOptions & {
      readonly body?: unknown;
      /** Instead of `body`: as they are, of the type that the headers say. */
      readonly bytes?: Uint8Array;
      readonly timeoutMs?: number;
      readonly headers?: Record<string, string>;
      readonly accept?: readonly number[];
    },
  ) => {
    const token = options.accessToken();
    const what = `${method} ${path.split('?', 1)[0]}`;
    try {
      const response = await connections.send({
        method,
        url: new URL(`${options.url.replace(/\/$/, '')}${path}`),
        headers: {
          accept: 'application/json, application/octet-stream',
          'user-agent': `palette-agent/${AGENT_VERSION}`,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: bytes ?? (body === undefined ? undefined : JSON.stringify(body)),
        timeoutMs,
        signal,
      });
      if (response.headers.date !== undefined) options.onDate?.(new Date(response.headers.date));
      if (accept.includes(response.status)) return response;
      const error = errorBody(await readText(response, { maxBytes: MAX_JSON_BYTES, timeoutMs: TIMEOUT_MS }));
      throw new PlaneCallError(`${what}: ${error.message || `HTTP ${response.status}`}`, response.status, error.code);
    } catch (error) {
      signal.throwIfAborted();
      throw planeError(what, error);
    }
  };

  const json = async (method: string, path: string, how: Parameters<typeof call>[2]): Promise<unknown> => {
    const response = await call(method, path, how);
    try {
      return JSON.parse(await readText(response, { maxBytes: MAX_JSON_BYTES, timeoutMs: TIMEOUT_MS }));
    } catch (error) {
      how.signal.throwIfAborted();
      throw planeError(`${method} ${path}`, error);
    }
  };

  return {
    register: async (request, how) =>
      parse(AgentCredentials, await json('POST', '/v1/agents/register', { ...how, body: request, accept: [201] })),
    renew: async (busPublicKey, how) =>
      parse(AgentCredentials, await json('POST', '/v1/agents/self/credentials', { ...how, body: { busPublicKey } })),
    desiredState: async (etag, how) => {
      const headers: Record<string, string> = etag === undefined ? {} : { 'if-none-match': etag };
      try {
        const response = await call('GET', '/v1/agents/self/desiredstate', { ...how, headers, accept: [200, 304] });
        const text = await readText(response, { maxBytes: MAX_JSON_BYTES, timeoutMs: TIMEOUT_MS });
        if (response.status === 304) return { kind: 'unchanged' };
        return { kind: 'document', body: parseLoosely(text), etag: response.headers.etag };
      } catch (error) {
        if (error instanceof PlaneCallError && error.code === 'NoDesiredState') return { kind: 'none' };
        how.signal.throwIfAborted();
        throw planeError('GET /v1/agents/self/desiredstate', error);
      }
    },
    commands: async (after, how) =>
      parse(
        z.object({ items: z.array(Command) }),
        await json('GET', `/v1/agents/self/commands?after=${after}&types=${COMMAND_TYPES.join(',')}`, how),
      ).items,
    preview: async (id, how) => json('GET', `/v1/agents/self/previews/${id}`, how),
    report: async (reports, heartbeat, how) => {
      const body = { reports, ...(heartbeat === undefined ? {} : { heartbeat }) };
      const response = await call('POST', '/v1/agents/self/reports', { ...how, body, accept: [204] });
      response.body.resume();
    },
    pack: async (digest, { signal }) => {
      const what = `GET /v1/agents/self/packs/${digest}`;
      const response = await call('GET', `/v1/agents/self/packs/${digest}`, { signal });
      let bytes: Buffer;
      try {
        bytes = await readBytes(response, { maxBytes: MAX_PACK_BYTES, timeoutMs: PACK_TIMEOUT_MS });
      } catch (error) {
        signal.throwIfAborted();
        throw planeError(what, error);
      }
      const actual = sha256(bytes);
      if (actual === digest) return bytes;
      throw new PlaneCallError(
        `${what}: the archive that came is ${actual}: it was changed on its way`,
        200,
        'DigestMismatch',
      );
    },
    upload: async (runId, { name, contentType, bytes }, how) => {
      const response = await call(
        'PUT',
        `/v1/agents/self/actions/${runId}/artifacts/${encodeURIComponent(name)}?contentType=${encodeURIComponent(contentType)}`,
        {
          ...how,
          bytes,
          timeoutMs: PACK_TIMEOUT_MS,
          headers: { 'content-type': 'application/octet-stream' },
          accept: [204],
        },
      );
      response.body.resume();
    },
    close: () => connections.close(),
  };
}

function planeError(what: string, error: unknown): PlaneCallError {
  if (error instanceof PlaneCallError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new PlaneCallError(`${what}: the plane does not answer: ${reason}`, 0, 'Unreachable', { cause: error });
}

function errorBody(text: string): z.infer<typeof ErrorBody> {
  const parsed = ErrorBody.safeParse(parseLoosely(text));
  return parsed.success ? parsed.data : { code: 'Unknown', message: '' };
}

/** Text that is not JSON is refused by whoever reads the value. */
function parseLoosely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PlaneCallError(
    `the plane's answer has another form than expected: ${z.prettifyError(parsed.error)}`,
    200,
    'BadAnswer',
  );
}
