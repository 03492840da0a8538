/**
 * NATS behind the `Bus` interface. Only this file and its transport import the client library: upstream is
 * splitting it into packages, and a change of library ends here.
 */
import { createSecureContext } from 'node:tls';

import {
  AckPolicy,
  DebugEvents,
  DeliverPolicy,
  ErrorCode,
  Events,
  jwtAuthenticator,
  nanos,
  NatsError,
  RetentionPolicy,
  StorageType,
  DiscardPolicy,
  type ConnectionOptions,
  type ConsumerMessages,
  type JetStreamManager,
  type JsMsg,
  type Msg,
  type NatsConnection,
} from 'nats';

import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';

import {
  BusError,
  type Bus,
  type BusMessage,
  type BusStatus,
  type WaitOptions,
  type WorkItem,
  type WorkQueueOptions,
} from './bus.ts';
import { boundedQueue } from './bounded-queue.ts';
import { createBusRoute, type BusNetwork, type BusRoute } from './bus-route.ts';
import { connectByRoute } from './nats-transport.ts';

export interface ConnectBusOptions {
  /** URLs of `nats`, `tls`, `ws` or `wss`, or host:port: the one that worked last is tried first, then as they are listed. */
  readonly servers: readonly string[];
  /** User JWT; a function is asked at each (re)connect, so renewed credentials take effect. */
  readonly jwt: string | (() => string);
  /** User seed matching the JWT. */
  readonly seed: string | (() => string);
  /** PEM bundle. Given: TLS is required and verified with it alone. Absent: as the server asks, with the system's own. */
  readonly ca?: string | undefined;
  /** Proxies and trust; in place of `ca`. Default: no proxies. */
  readonly network?: BusNetwork | undefined;
  /** Where answers to requests arrive; the credentials must allow `<prefix>.>`. */
  readonly inboxPrefix: string;
  /** Shown in the server's list of connections. */
  readonly name: string;
  readonly log: Logger;
  /** Ends the wait for the first connection, and closes the connection when aborted later. */
  readonly signal: AbortSignal;
  /** Told on each change; must not throw. */
  readonly onStatus?: (status: BusStatus) => void;
  /** Upper bound of the wait between tries, in milliseconds. Default 2000. */
  readonly maxReconnectDelayMs?: number;
}

/** A try at all servers that takes longer is given up and made again. */
const CONNECT_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 5_000;
/** A dead peer is noticed after two missed pings. */
const PING_INTERVAL_MS = 10_000;
const DRAIN_TIMEOUT_MS = 2_000;

/**
 * Connects, waiting as long as it takes, and stays connected through server restarts: tries
 * have no limit, their delay has.
 *
 * @throws the signal's reason when it is aborted before the first connection.
 */
export async function connectBus(options: ConnectBusOptions): Promise<Bus> {
  const maxMs = options.maxReconnectDelayMs ?? 2_000;
  const state = { failures: 0 };
  const route = createBusRoute(tlsAlways(options), options.network ?? networkOf(options));
  for (let attempt = 0; ; attempt++) {
    options.signal.throwIfAborted();
    try {
      const connecting = connectByRoute(connectionOptions(options, maxMs, state), route);
      return bus(await abortable(connecting, options.signal), options, state, route);
    } catch (error) {
      options.signal.throwIfAborted();
      if (isAuthError(error)) options.onStatus?.({ kind: 'refused', reason: message(error) });
      const delayMs = backoffDelay(attempt, { baseMs: 100, maxMs });
      options.log.debug({ err: error, attempt, delayMs }, 'bus is not reachable yet');
      await delay(delayMs, { signal: options.signal });
    }
  }
}

/** With a CA of its own, a server is never spoken to without TLS. */
function tlsAlways({ servers, ca }: ConnectBusOptions): readonly string[] {
  if (ca === undefined) return servers;
  return servers.map((server) => (server.includes('://') ? server : `nats://${server}`).replace(/^nats:/, 'tls:'));
}

function networkOf({ ca }: ConnectBusOptions): BusNetwork {
  const context = createSecureContext({ minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) });
  return { proxies: () => ({}), context: () => context };
}

function connectionOptions(options: ConnectBusOptions, maxMs: number, state: { failures: number }): ConnectionOptions {
  const encoder = new TextEncoder();
  const { seed } = options;
  return {
    authenticator: jwtAuthenticator(options.jwt, () => encoder.encode(typeof seed === 'string' ? seed : seed())),
    inboxPrefix: options.inboxPrefix,
    name: options.name,
    timeout: CONNECT_TIMEOUT_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: 2,
    reconnect: true,
    maxReconnectAttempts: -1,
    // Two refusals in a row close the connection otherwise, and renewed credentials would never be tried.
    ignoreAuthErrorAbort: true,
    reconnectDelayHandler: () => backoffDelay(state.failures, { baseMs: 100, maxMs }),
  };
}

/** Waits for a connection but not past the signal; one that comes later is closed. */
async function abortable(pending: Promise<NatsConnection>, signal: AbortSignal): Promise<NatsConnection> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      pending.then((late) => late.close()).catch(() => undefined);
      reject(signal.reason instanceof Error ? signal.reason : new BusError('Closed', 'bus: aborted'));
    };
    signal.addEventListener('abort', abort, { once: true });
    pending.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function bus(
  connection: NatsConnection,
  options: ConnectBusOptions,
  state: { failures: number },
  { endpoints }: BusRoute,
): Bus {
  /** The library knows one name for all of them. */
  const server = (): string => endpoints.order()[0] ?? '';
  const { log, signal } = options;
  let up = true;
  const tell = (status: BusStatus): void => {
    if (status.kind === 'connected') up = true;
    if (status.kind === 'disconnected' || status.kind === 'closed') up = false;
    log.debug({ status }, 'bus status');
    options.onStatus?.(status);
  };
  let drained: Promise<void> | undefined;
  /** Once: a second one would cut the first one off. */
  const drain = async (): Promise<void> => (drained ??= drainOnce());
  const drainOnce = async (): Promise<void> => {
    if (connection.isClosed()) return;
    // Draining waits for the server; one that does not answer is not waited for.
    const draining = up ? connection.drain() : connection.close();
    const enough = new AbortController();
    await Promise.race([draining, delay(DRAIN_TIMEOUT_MS, { signal: enough.signal })]).catch(() => undefined);
    enough.abort();
    if (!connection.isClosed()) await connection.close().catch(() => undefined);
  };
  void followStatus(connection, tell, state, server, () => up);
  void connection.closed().then(() => tell({ kind: 'closed' }));
  const onAbort = (): void => void drain();
  signal.addEventListener('abort', onAbort, { once: true });
  void connection.closed().then(() => signal.removeEventListener('abort', onAbort));
  tell({ kind: 'connected', server: server() });

  const requireConnection = (subject: string): void => {
    if (connection.isClosed()) throw new BusError('Closed', `bus: ${subject}: the connection was closed`);
    // The library would keep it in memory and lose it at the next try to connect.
    if (!up) throw new BusError('Disconnected', `bus: ${subject}: no connection now`);
  };

  return {
    connected: () => up && !connection.isClosed(),
    publish: (subject, data) => {
      requireConnection(subject);
      connection.publish(subject, data);
    },
    flush: async (wait = {}) => {
      requireConnection('flush');
      await within(connection.flush(), wait, 'flush');
    },
    publishDurable: async (subject, data, { msgId, ...wait }) => {
      requireConnection(subject);
      const publishing = connection
        .jetstream()
        .publish(subject, data, { msgID: msgId, timeout: wait.timeoutMs ?? REQUEST_TIMEOUT_MS });
      const ack = await within(publishing, wait, subject);
      return { sequence: ack.seq, duplicate: ack.duplicate };
    },
    subscribe: (subject, how) => subscribe(connection, subject, how),
    request: async (subject, data, wait = {}) => {
      requireConnection(subject);
      const asking = connection.request(subject, data, { timeout: wait.timeoutMs ?? REQUEST_TIMEOUT_MS });
      return toMessage(await within(asking, wait, subject));
    },
    work: (how) => work(connection, how, log),
    drain,
  };
}

async function followStatus(
  connection: NatsConnection,
  tell: (status: BusStatus) => void,
  state: { failures: number },
  server: () => string,
  isUp: () => boolean,
): Promise<void> {
  for await (const status of connection.status()) {
    switch (status.type) {
      case Events.Disconnect:
        if (isUp()) tell({ kind: 'disconnected' });
        break;
      case DebugEvents.Reconnecting:
        state.failures++;
        break;
      case Events.Reconnect:
        state.failures = 0;
        tell({ kind: 'connected', server: server() });
        break;
      case Events.Error: {
        const context = status.permissionContext;
        if (context)
          tell({
            kind: 'forbidden',
            operation: context.operation === 'publish' ? 'publish' : 'subscription',
            subject: context.subject,
          });
        else tell({ kind: 'refused', reason: typeof status.data === 'string' ? status.data : 'refused by the server' });
        break;
      }
      default:
        break;
    }
  }
}

function toMessage(message: Msg): BusMessage {
  return {
    subject: message.subject,
    data: message.data,
    text: () => message.string(),
    respond: (data) => void message.respond(data),
  };
}

/** Subscribed from the call on, not from the first item taken. */
function subscribe(
  connection: NatsConnection,
  subject: string,
  { signal, bound = 1024 }: { readonly signal: AbortSignal; readonly bound?: number },
): AsyncIterable<BusMessage> {
  const queue = boundedQueue<BusMessage>(bound);
  const subscription = connection.subscribe(subject, {
    callback: (error, message) => (error ? queue.fail(busError(error, subject)) : queue.push(toMessage(message))),
  });
  const stop = (): void => {
    signal.removeEventListener('abort', stop);
    if (!subscription.isClosed()) subscription.unsubscribe();
    queue.end();
  };
  void subscription.closed.then(stop);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return untilLeft(queue, stop);
}

async function* untilLeft<T>(source: AsyncIterable<T>, leave: () => void): AsyncGenerator<T, void, undefined> {
  try {
    yield* source;
  } finally {
    leave();
  }
}

async function* work(
  connection: NatsConnection,
  options: WorkQueueOptions,
  log: Logger,
): AsyncGenerator<WorkItem, void, undefined> {
  const { signal } = options;
  for (let attempt = 0; !signal.aborted && !connection.isClosed(); attempt++) {
    let messages: ConsumerMessages | undefined;
    const stop = (): void => void messages?.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      messages = await openWorkQueue(connection, options);
      if (signal.aborted) return;
      for await (const message of messages) {
        attempt = 0;
        yield toWorkItem(message);
      }
    } catch (error) {
      log.warn({ err: error, stream: options.stream }, 'work queue is not available, trying again');
    } finally {
      signal.removeEventListener('abort', stop);
      // close() waits for a message that is still in the consumer's hands: not waited for.
      void messages?.close();
    }
    await delay(backoffDelay(attempt, { baseMs: 100, maxMs: 2_000 }), { signal }).catch(() => undefined);
  }
}

async function openWorkQueue(connection: NatsConnection, options: WorkQueueOptions): Promise<ConsumerMessages> {
  const manager = await connection.jetstreamManager({ timeout: REQUEST_TIMEOUT_MS });
  await ensureStream(manager, options);
  await manager.consumers.add(options.stream, {
    durable_name: options.consumer,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(options.ackWaitMs),
    max_ack_pending: options.maxInFlight,
  });
  const consumer = await connection.jetstream().consumers.get(options.stream, options.consumer);
  return consumer.consume({ max_messages: options.maxInFlight, expires: 10_000, abort_on_missing_resource: true });
}

/** Makes the stream, or brings an older one to these bounds. */
async function ensureStream(manager: JetStreamManager, options: WorkQueueOptions): Promise<void> {
  const config = {
    subjects: [...options.subjects],
    max_bytes: options.maxBytes,
    duplicate_window: nanos(options.dedupeMs),
  };
  try {
    await manager.streams.add({
      name: options.stream,
      retention: RetentionPolicy.Workqueue,
      storage: StorageType.File,
      discard: DiscardPolicy.Old,
      ...config,
    });
  } catch (error) {
    // JetStream error 10058: a stream of this name with another configuration is there.
    if (!(error instanceof NatsError) || error.jsError()?.err_code !== 10058) throw error;
    await manager.streams.update(options.stream, config);
  }
}

function toWorkItem(message: JsMsg): WorkItem {
  return {
    subject: message.subject,
    data: message.data,
    deliveries: message.info.deliveryCount,
    text: () => message.string(),
    ack: () => message.ack(),
    nak: (delayMs) => message.nak(delayMs),
    term: (reason) => message.term(reason),
  };
}

/** Waits for the library's promise, but not past the time-out or the signal. */
async function within<T>(
  pending: Promise<T>,
  { signal, timeoutMs = REQUEST_TIMEOUT_MS }: WaitOptions,
  subject: string,
): Promise<T> {
  let forget = (): void => undefined;
  // No AbortSignal.any: what it notes at a signal that lives as long as the process is never let go, and this is called
  // with each report.
  const late = new Promise<never>((_resolve, reject) => {
    const onAbort = (): void => reject(signal ? abortReason(signal) : new BusError('Closed', 'bus: aborted'));
    const timer = setTimeout(
      () => reject(new BusError('TimedOut', `bus: ${subject}: no answer in ${timeoutMs} ms`)),
      timeoutMs + 500,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    forget = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([pending, late]);
  } catch (error) {
    pending.catch(() => undefined);
    signal?.throwIfAborted();
    throw busError(error, subject);
  } finally {
    forget();
  }
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new BusError('Closed', 'bus: aborted');
}

function busError(error: unknown, subject: string): BusError {
  if (error instanceof BusError) return error;
  const code = error instanceof NatsError ? error.code : '';
  const text = `bus: ${subject}: ${message(error)}`;
  switch (code) {
    case ErrorCode.Timeout:
      return new BusError('TimedOut', text, { cause: error });
    case ErrorCode.PermissionsViolation:
      return new BusError('Forbidden', `bus: ${subject}: the credentials do not allow it`, { cause: error });
    case ErrorCode.NoResponders:
    case ErrorCode.JetStreamNotEnabled:
      return new BusError('NoResponders', text, { cause: error });
    case ErrorCode.Disconnect:
      return new BusError('Disconnected', text, { cause: error });
    case ErrorCode.ConnectionClosed:
    case ErrorCode.ConnectionDraining:
      return new BusError('Closed', text, { cause: error });
    default:
      return new BusError('Failed', text, { cause: error });
  }
}

function isAuthError(error: unknown): boolean {
  return error instanceof NatsError && (error.isAuthError() || error.code === ErrorCode.AuthenticationTimeout);
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
