/** The plane's event stream, kept open over breaks: how callers wait without asking again and again. */
import type { Logger } from '#core/log';
import { backoffDelay, delay, type Backoff } from '#core/retry';

import { startDeadline } from './deadline.ts';
import { ApiError } from './errors.ts';
import { failed, readFailure, transportFailure } from './failure.ts';
import type { Fetch, HttpResponse } from './https-fetch.ts';
import { parseSse } from './sse.ts';
import { transportFault } from './transport-error.ts';
import type { Schemas } from './contract.ts';

export type PaletteEvent =
  /**
   * The stream stands, at first and after each break: what the caller waits for may have happened before, so read it once
   * now. `resumed` says that no event is missing since the last one.
   */
  | { readonly kind: 'open'; readonly resumed: boolean }
  | { readonly kind: 'cluster'; readonly id: string | undefined; readonly data: Schemas['ClusterEvent'] }
  | { readonly kind: 'drift'; readonly id: string | undefined; readonly data: Schemas['DriftEvent'] }
  | { readonly kind: 'refusal'; readonly id: string | undefined; readonly data: Schemas['RefusalEvent'] }
  /** Something that an agent finds worth telling. */
  | { readonly kind: 'event'; readonly id: string | undefined; readonly data: Schemas['AgentEvent'] }
  /** Somebody created, changed or deleted an object. */
  | { readonly kind: 'resource'; readonly id: string | undefined; readonly data: Schemas['ResourceEvent'] };

export interface EventStreamOptions {
  readonly host: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: Fetch;
  readonly secrets: readonly string[];
  readonly timeoutMs: number;
  /** Attempts in a row without an event or a comment before the stream gives up. */
  readonly retryAttempts: number;
  readonly backoff: Backoff;
  readonly random: () => number;
  readonly log: Logger;
  readonly lastEventId: string | undefined;
  readonly signal: AbortSignal;
  readonly onResponse: (headers: HttpResponse['headers']) => void;
  /** Milliseconds of silence after which the connection counts as dead. The plane sends a comment every 15 s. */
  readonly silenceMs: number;
}

/** A server cannot make callers wait longer than this between connections, in milliseconds. */
const MAX_ASKED_WAIT_MS = 60_000;

const CALL = { method: 'GET', success: [200] } as const;

/**
 * Events until the signal ends them (then the loop ends without an error) or the caller leaves the loop.
 *
 * @throws ApiError status 404 when the API has no stream (poll instead); any other answer below 500 at once; a broken way
 * when `retryAttempts` tries in a row failed.
 */
export async function* streamEvents(options: EventStreamOptions): AsyncGenerator<PaletteEvent, void, undefined> {
  let lastEventId = options.lastEventId;
  let failures = 0;
  let minimumMs = 0;
  while (!options.signal.aborted) {
    // Ends the connection when the caller leaves the loop, is silent too long, or the signal is aborted.
    const connection = startSilenceWatch(options.silenceMs, options.signal);
    try {
      const response = await open(options, lastEventId, connection.signal);
      connection.touch();
      yield { kind: 'open', resumed: lastEventId !== undefined };
      for await (const item of parseSse(connection.watch(response.body))) {
        if (item.kind === 'retry') {
          minimumMs = Math.min(item.ms, MAX_ASKED_WAIT_MS);
          continue;
        }
        lastEventId = item.message.id ?? lastEventId;
        const event = toEvent(item.message.event, item.message.data, lastEventId);
        if (event !== undefined) yield event;
      }
      failures = connection.hasDelivered() ? 1 : failures + 1;
    } catch (error) {
      if (options.signal.aborted) return;
      failures = connection.hasDelivered() ? 1 : failures + 1;
      const failure = error instanceof ApiError ? error : breakage(options, error);
      if (failure.status === 410 && lastEventId !== undefined) {
        // What came after that event is not known any more: a new stream begins, and it says so.
        lastEventId = undefined;
        continue;
      }
      if (!isWorthTrying(failure) || failures > options.retryAttempts) throw failure;
    } finally {
      connection.end();
    }
    if (options.signal.aborted) return;
    const waitMs = Math.max(minimumMs, backoffDelay(failures - 1, options.backoff, options.random));
    options.log.debug({ failures, waitMs }, 'event stream is opened again');
    await delay(waitMs, { signal: options.signal }).catch(() => undefined);
  }
}

async function open(
  options: EventStreamOptions,
  lastEventId: string | undefined,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const call = { ...CALL, target: options.target };
  const limit = startDeadline(options.timeoutMs);
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal.reason);
  const late = (): void => controller.abort(limit.signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  limit.signal.addEventListener('abort', late, { once: true });
  try {
    const response = await options.fetch({
      method: 'GET',
      url: `https://${options.host}${options.target}`,
      headers: {
        ...options.headers,
        accept: 'text/event-stream',
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
      signal: controller.signal,
    });
    options.onResponse(response.headers);
    if (response.status === 200) return response;
    throw await readFailure(call, response, options.secrets);
  } catch (error) {
    signal.removeEventListener('abort', stop);
    throw limit.signal.aborted ? limit.signal.reason : error;
  } finally {
    limit.end();
  }
}

function isWorthTrying(failure: ApiError): boolean {
  if (failure.status === 0) return failure.code === 'Unreachable';
  return failure.status === 429 || failure.status >= 500;
}

function breakage(options: EventStreamOptions, error: unknown): ApiError {
  const call = { ...CALL, target: options.target };
  if (error instanceof RangeError) return failed(call, 'InvalidResponse', error.message, undefined, error);
  return transportFailure(options.host, call, transportFault(error), error);
}

interface SilenceWatch {
  readonly signal: AbortSignal;
  touch(): void;
  /** Passes chunks on; each one is a sign of life. */
  watch(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** Whether something came after the answer's headers: then the connection was a good one. */
  hasDelivered(): boolean;
  end(): void;
}

function startSilenceWatch(silenceMs: number, parent: AbortSignal): SilenceWatch {
  const controller = new AbortController();
  let touches = 0;
  let timer: NodeJS.Timeout | undefined;
  const stop = (): void => controller.abort(parent.reason);
  parent.addEventListener('abort', stop, { once: true });
  const touch = (): void => {
    touches++;
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(new Error(`nothing came for ${silenceMs} ms`)), silenceMs);
  };
  return {
    signal: controller.signal,
    touch,
    async *watch(chunks) {
      for await (const chunk of chunks) {
        touch();
        yield chunk;
      }
    },
    hasDelivered: () => touches >= 2,
    end() {
      clearTimeout(timer);
      parent.removeEventListener('abort', stop);
      controller.abort(new Error('the stream is closed'));
    },
  };
}

/** Reads an event as the contract has it. Unknown events, of a newer plane, are passed over. */
const KINDS: ReadonlySet<string> = new Set(['cluster', 'drift', 'refusal', 'event', 'resource']);

function toEvent(name: string, text: string, id: string | undefined): PaletteEvent | undefined {
  if (!KINDS.has(name)) return undefined;
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined; // an event is a hint: what it told is read from the API when the caller next looks
  }
  const subject = name === 'resource' ? 'uid' : 'clusterUid';
  if (data === null || typeof data !== 'object' || typeof Reflect.get(data, subject) !== 'string') return undefined;
  // The plane validates what it sends against these very schemas; a full check here would need the contract itself
  // (280 kB) in every process that Terraform starts.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { kind: name, id, data } as unknown as Exclude<PaletteEvent, { kind: 'open' }>;
}
