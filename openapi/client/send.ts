/** One call: tries, deadlines and the reading of what came back. */
import type { Logger } from '#core/log';
import { backoffDelay, delay, type Backoff } from '#core/retry';
import { currentTraceparent } from '#core/tracing/trace';
import type { SuccessBody } from '#openapi/generated/success';

import { startDeadline, type Deadline } from './deadline.ts';
import { ApiError } from './errors.ts';
import { failed, header, pathOf, readFailure, retryAfterMs, stopped, transportFailure } from './failure.ts';
import { readBody, type Fetch, type HttpResponse } from './https-fetch.ts';
import { mayRetry, type Failure } from './retry-policy.ts';
import { transportFault } from './transport-error.ts';

/** Longest answer that is read into memory; packs are the largest. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

export interface SenderOptions {
  /** Name and port. */
  readonly host: string;
  readonly fetch: Fetch;
  /** Values that must not appear in an error, whatever an answer says. */
  readonly secrets: readonly string[];
  readonly retryAttempts: number;
  /** Milliseconds for one try. */
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly backoff: Backoff;
  readonly log: Logger;
  /** Sees the headers of every answer, errors included. */
  readonly onResponse: (headers: HttpResponse['headers']) => void;
  readonly random: () => number;
}

export interface Call {
  readonly method: string;
  /** Path with its parameters filled in, and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  readonly success: readonly [status: number, body: Exclude<SuccessBody, 'stream'>];
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number | undefined;
  readonly timeoutMs?: number | undefined;
  /** Whether repeating this POST or PATCH does no harm. */
  readonly repeatable: () => boolean;
}

/** A try that failed: what to tell, and what it means for another try. */
class TryFailed extends Error {
  readonly failure: Failure;
  readonly error: ApiError;
  constructor(failure: Failure, error: ApiError) {
    super(error.message, { cause: error });
    this.failure = failure;
    this.error = error;
  }
}

/** Carries out a call and resolves with the body that the contract has for it. @throws ApiError */
export type Send = (call: Call) => Promise<unknown>;

export function createSender(options: SenderOptions): Send {
  return async (call) => {
    const deadline = startDeadline(call.deadlineMs ?? options.deadlineMs, call.signal);
    try {
      return await sendWithRetries(options, call, deadline);
    } finally {
      deadline.end();
    }
  };
}

async function sendWithRetries(options: SenderOptions, call: Call, deadline: Deadline): Promise<unknown> {
  let last: ApiError | undefined;
  for (let attempt = 0; ; attempt++) {
    try {
      return await tryOnce(options, call, { deadline, attempt, last });
    } catch (error) {
      if (!(error instanceof TryFailed)) throw error;
      const { failure } = error;
      last = error.error;
      const isLast = attempt >= options.retryAttempts;
      if (isLast || deadline.signal.aborted || !mayRetry(call.method, failure, { repeatable: call.repeatable() })) {
        throw error.error;
      }
      const asked = failure.kind === 'status' ? failure.retryAfterMs : undefined;
      const waitMs = Math.max(asked ?? 0, backoffDelay(attempt, options.backoff, options.random));
      if (waitMs >= deadline.remainingMs()) throw error.error;
      options.log.debug(
        { method: call.method, path: pathOf(call), attempt, waitMs, reason: error.error.reason },
        'request is repeated',
      );
      await delay(waitMs, { signal: deadline.signal }).catch(() => {
        throw stopped(call, deadline, error.error);
      });
    }
  }
}

interface Try {
  readonly deadline: Deadline;
  readonly attempt: number;
  /** What the try before failed with. */
  readonly last: ApiError | undefined;
}

async function tryOnce(options: SenderOptions, call: Call, { deadline, attempt, last }: Try): Promise<unknown> {
  const started = performance.now();
  const timeoutMs = call.timeoutMs ?? options.timeoutMs;
  const limit = startDeadline(timeoutMs, deadline.signal);
  try {
    const response = await options.fetch({
      method: call.method,
      url: `https://${options.host}${call.target}`,
      headers: { ...call.headers, ...traceHeader() },
      body: call.body,
      signal: limit.signal,
    });
    options.onResponse(response.headers);
    const requestId = header(response, 'x-request-id');
    options.log.debug(
      {
        method: call.method,
        path: pathOf(call),
        status: response.status,
        requestId,
        attempt,
        ms: Math.round(performance.now() - started),
      },
      'request answered',
    );
    if (response.status === call.success[0]) return await readSuccess(call, response, requestId);
    const error = await readFailure(call, response, options.secrets);
    if (error.code === 'UnexpectedStatus') throw error;
    throw new TryFailed({ kind: 'status', status: response.status, retryAfterMs: retryAfterMs(response) }, error);
  } catch (error) {
    if (error instanceof ApiError || error instanceof TryFailed) throw error;
    if (deadline.signal.aborted) throw stopped(call, deadline, last ?? error);
    if (limit.signal.aborted) {
      throw new TryFailed(
        { kind: 'timeout' },
        failed(
          call,
          'DeadlineExceeded',
          `no answer within ${timeoutMs} ms`,
          `Check that \`host\` (${options.host}) is reachable and not overloaded.`,
          error,
        ),
      );
    }
    const fault = transportFault(error);
    throw new TryFailed({ kind: 'transport', fault }, transportFailure(options.host, call, fault, error));
  } finally {
    limit.end();
  }
}

/** Lets the plane's spans belong to the one that the call is made in. */
function traceHeader(): { readonly traceparent?: string } {
  const traceparent = currentTraceparent();
  return traceparent === undefined ? {} : { traceparent };
}

async function readSuccess(call: Call, response: HttpResponse, requestId: string | undefined): Promise<unknown> {
  const kind = call.success[1];
  const bytes = await readBody(response, MAX_BODY_BYTES);
  if (kind === 'none') return undefined;
  if (kind === 'bytes') return bytes;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  try {
    return withList(JSON.parse(text));
  } catch (error) {
    throw new ApiError(
      {
        code: 'InvalidResponse',
        status: response.status,
        reason: 'the answer is not JSON',
        method: call.method,
        path: pathOf(call),
        requestId,
        hint: 'Check `host`: something other than the API seems to answer there.',
      },
      { cause: error },
    );
  }
}

/** Servers in Go may write an empty list as null; the contract says that `items` is always a list. */
function withList(value: unknown): unknown {
  return value !== null && typeof value === 'object' && 'items' in value && value.items === null
    ? { ...value, items: [] }
    : value;
}
