/** The agent's calls to the plane over HTTPS. */
import { z } from 'zod';

import { sha256 } from '#core/digest';
import { Command, COMMAND_TYPES } from '#protocol/command';
import { createEndpoints } from '#core/network/endpoints';
import { parseLoosely } from '#core/parse-loosely';
import type { ClusterUid, ContentDigest } from '#protocol/identifiers';
import { RecoveryChallenge, signRecovery } from '#protocol/recovery';
import { AgentCredentials, type RegistrationRequest } from '#protocol/registration';
import type { Heartbeat, Report } from '#protocol/report';

import { openConnections, readBytes, readText, type HttpResponse } from '#kubernetes/http';
import type { Artifact } from '../day2/action.ts';
import { AGENT_VERSION } from '../version.ts';
import type { Network } from './network.ts';

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

/** What the agent knows of already. */
export interface KnownState {
  readonly digest: string | undefined;
  readonly after: number;
  readonly waitSeconds: number;
}

const Changes = z.object({ desiredState: z.string().optional(), commands: z.int().optional() });
export type Changes = z.infer<typeof Changes>;

interface CallOptions {
  readonly signal: AbortSignal;
}

export interface PlaneClient {
  register(request: RegistrationRequest, options: CallOptions): Promise<AgentCredentials>;
  renew(busPublicKey: string, options: CallOptions): Promise<AgentCredentials>;
  /** New credentials for an agent whose access has ended, by a signature of its key on the bus. */
  recover(
    agent: { readonly clusterUid: ClusterUid; readonly seed: string },
    options: CallOptions,
  ): Promise<AgentCredentials>;
  /** Held by the plane until there is news, or the time is over. */
  changes(known: KnownState, options: CallOptions): Promise<Changes>;
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
/** The largest one over a line of 300 kbit/s: one that breaks off begins anew. */
const PACK_TIMEOUT_MS = 30 * 60_000;
/** A line on which nothing comes for so long is dead. */
const PACK_SILENCE_MS = 30_000;
const UPLOAD_TIMEOUT_MS = 120_000;

interface CallDetails extends CallOptions {
  /** Without the token: one that has ended is refused also where none is wanted. */
  readonly anonymous?: boolean;
  readonly body?: unknown;
  /** Instead of `body`: as they are, of the type that the headers say. */
  readonly bytes?: Uint8Array;
  readonly timeoutMs?: number;
  readonly headers?: Record<string, string>;
  readonly accept?: readonly number[];
}

type Call = (method: string, path: string, how: CallDetails) => Promise<HttpResponse>;

/** Nobody answered there, or somebody who stands before a plane that does not: another address may be better. */
function isEndpointAway(error: unknown): boolean {
  return error instanceof PlaneCallError && [0, 502, 503, 504].includes(error.status);
}

const ErrorBody = z.object({ code: z.string().catch('Unknown'), message: z.string().catch('') });

/** All methods throw PlaneCallError. `accessToken` is asked for at each call, so that renewed ones count. */
export function createPlaneClient(options: {
  /** The plane's addresses as they are known now: the one that worked last is asked first. */
  readonly urls: () => readonly string[];
  readonly network: Pick<Network, 'connect'>;
  readonly accessToken: () => string | undefined;
  /** Told what time it is by the plane, with each answer that says so. */
  readonly onDate?: ((date: Date) => void) | undefined;
}): PlaneClient {
  const closing = new AbortController();
  const connections = openConnections(
    {},
    { maxSockets: 6, connect: async (target) => options.network.connect(target, closing) },
  );
  const endpoints = createEndpoints([]);

  /** One call at the address that is worth trying first, and at the next one when there is no answer. */
  const call: Call = async (method, path, how) => {
    endpoints.set(options.urls());
    const urls = endpoints.order();
    for (const [index, url] of urls.entries()) {
      try {
        const response = await callAt(url, method, path, how);
        endpoints.worked(url);
        return response;
      } catch (error) {
        how.signal.throwIfAborted();
        if (!isEndpointAway(error)) {
          endpoints.worked(url);
          throw error;
        }
        endpoints.failed(url);
        if (index + 1 >= urls.length) throw error;
      }
    }
    throw new PlaneCallError(`${method} ${path}: no address of the plane is known`, 0, 'Unreachable');
  };

  const callAt = async (
    base: string,
    method: string,
    path: string,
    { signal, body, bytes, timeoutMs = TIMEOUT_MS, headers = {}, accept = [200], anonymous = false }: CallDetails,
  ): Promise<HttpResponse> => {
    const token = anonymous ? undefined : options.accessToken();
    const what = `${method} ${path.split('?', 1)[0]}`;
    try {
      const response = await connections.send({
        method,
        url: new URL(`${base.replace(/\/$/, '')}${path}`),
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

  const json = async (method: string, path: string, how: CallDetails): Promise<unknown> => {
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
    recover: async ({ clusterUid, seed }, how) => {
      const { challenge } = parse(
        RecoveryChallenge,
        await json('POST', '/v1/agents/challenges', {
          ...how,
          anonymous: true,
          body: { clusterUid },
          accept: [201],
        }),
      );
      const body = signRecovery(seed, { clusterUid, challenge });
      return parse(AgentCredentials, await json('POST', '/v1/agents/credentials', { ...how, anonymous: true, body }));
    },
    changes: async ({ digest, after, waitSeconds }, how) => {
      const query = new URLSearchParams({
        ...(digest === undefined ? {} : { digest }),
        after: String(after),
        types: COMMAND_TYPES.join(','),
        waitSeconds: String(waitSeconds),
      });
      const timeoutMs = waitSeconds * 1_000 + TIMEOUT_MS;
      return parse(Changes, await json('GET', `/v1/agents/self/changes?${query.toString()}`, { ...how, timeoutMs }));
    },
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
        bytes = await readBytes(response, {
          maxBytes: MAX_PACK_BYTES,
          timeoutMs: PACK_TIMEOUT_MS,
          silenceMs: PACK_SILENCE_MS,
        });
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
          timeoutMs: UPLOAD_TIMEOUT_MS,
          headers: { 'content-type': 'application/octet-stream' },
          accept: [204],
        },
      );
      response.body.resume();
    },
    close: () => {
      closing.abort(new Error('the client is closed'));
      connections.close();
    },
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

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PlaneCallError(
    `the plane's answer has another form than expected: ${z.prettifyError(parsed.error)}`,
    200,
    'BadAnswer',
  );
}
