/** What management planes tell of changes: one stream for each account, opened by whichever connection leads to it. */
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import { isNotFound, type PaletteClient, type PaletteEvent } from '#openapi/client/index';

import type { ApiConnection, WatchedExternal } from '../contracts.ts';
import type { ObjectKey } from './object-key.ts';

export interface EventStreams {
  /** Makes sure that there is a stream for the connection's account. */
  follow(config: ObjectKey, connection: ApiConnection): void;
  /** The configuration is gone, or leads elsewhere. */
  leave(config: ObjectKey): void;
  /** Whether the account's changes are told at the moment. */
  isLive(realm: string): boolean;
  /** Whether the external object changed since then: told while nobody knew that it matters. */
  changedSince(realm: string, external: WatchedExternal, since: number): boolean;
  count(): { readonly open: number; readonly wanted: number };
  /** Resolves when all have ended, after the signal was aborted. */
  idle(): Promise<void>;
}

export interface EventStreamsOptions {
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** An external object was changed, perhaps by ourselves. */
  readonly onChange: (realm: string, external: WatchedExternal) => void;
  /** Anything of the account may have changed. */
  readonly onGap: (realm: string) => void;
  /** Nothing is told any more. */
  readonly onDown: (realm: string) => void;
  readonly now?: () => number;
}

/** An API without a stream is asked again after this: it may have been upgraded. */
const UNSUPPORTED_MS = 10 * 60_000;
/** After a longer break the plane may not keep what happened. */
const RESUMABLE_MS = 10 * 60_000;
const RETRY = { baseMs: 1_000, maxMs: 30_000 };
/** External objects whose last change is remembered. */
const MAX_RECENT = 2_000;

interface Stream {
  readonly connections: Map<ObjectKey, PaletteClient>;
  /** Whose connection it uses now; ended when that one goes. */
  current: { readonly client: PaletteClient; readonly stop: AbortController } | undefined;
  live: boolean;
  readonly recent: Map<string, number>;
  /** Until then anything may have changed of which `recent` says nothing: told to nobody, or forgotten. */
  unknownUntil: number;
  running: Promise<void> | undefined;
}

export function createEventStreams(options: EventStreamsOptions): EventStreams {
  const { signal, now = () => performance.now() } = options;
  const streams = new Map<string, Stream>();
  const realms = new Map<ObjectKey, string>();

  const leave = (config: ObjectKey): void => {
    const realm = realms.get(config);
    realms.delete(config);
    const stream = realm === undefined ? undefined : streams.get(realm);
    if (!stream) return;
    const client = stream.connections.get(config);
    stream.connections.delete(config);
    if (client !== undefined && stream.current?.client === client) stream.current.stop.abort();
  };
  /** Lets the others have a try: a key that was revoked must not take the stream from all of the account. */
  const putLast = (stream: Stream, client: PaletteClient): void => {
    for (const [config, one] of stream.connections) {
      if (one !== client) continue;
      stream.connections.delete(config);
      stream.connections.set(config, client);
      return;
    }
  };
  const start = (realm: string, stream: Stream): void => {
    stream.running = run(realm, stream).then(() => {
      stream.running = undefined;
      if (signal.aborted || stream.connections.size === 0) streams.delete(realm);
      // A connection came just when the last one had gone.
      else start(realm, stream);
    });
  };
  return {
    follow: (config, { realm, client }) => {
      if (signal.aborted) return;
      const stream = streams.get(realm) ?? emptyStream();
      if (stream.connections.get(config) === client) return;
      streams.set(realm, stream);
      leave(config);
      realms.set(config, realm);
      stream.connections.set(config, client);
      if (stream.running === undefined) start(realm, stream);
    },
    leave,
    isLive: (realm) => streams.get(realm)?.live === true,
    changedSince: (realm, external, since) => {
      const stream = streams.get(realm);
      return stream !== undefined && Math.max(stream.recent.get(textOf(external)) ?? -1, stream.unknownUntil) >= since;
    },
    count: () => ({
      open: [...streams.values()].filter(({ live }) => live).length,
      wanted: streams.size,
    }),
    idle: async () => {
      await Promise.all([...streams.values()].map(async ({ running }) => running));
    },
  };

  async function run(realm: string, stream: Stream): Promise<void> {
    const { log, onDown } = options;
    const position: Position = { lastEventId: undefined, at: 0 };
    for (let failures = 0; !signal.aborted;) {
      const [client] = stream.connections.values();
      if (client === undefined) break;
      const stop = new AbortController();
      const onAbort = (): void => stop.abort();
      signal.addEventListener('abort', onAbort, { once: true });
      stream.current = { client, stop };
      let waitMs = 0;
      try {
        if (client.offers('resource-events') === false) waitMs = UNSUPPORTED_MS;
        else if (await readStream(realm, stream, client, position, stop.signal)) failures = 0;
      } catch (error) {
        waitMs = isNotFound(error) ? UNSUPPORTED_MS : backoffDelay(failures++, RETRY);
        putLast(stream, client);
        if (!stop.signal.aborted) log.info({ realm, err: error, waitMs }, 'no event stream: polling meanwhile');
      }
      // When another connection takes over at once, nothing is missed.
      const isHandedOver = stop.signal.aborted && stream.connections.size > 0;
      if (stream.live && !isHandedOver) {
        stream.live = false;
        if (!signal.aborted) onDown(realm);
      }
      await delay(waitMs, { signal: stop.signal }).catch(() => undefined);
      signal.removeEventListener('abort', onAbort);
    }
    stream.live = false;
    stream.current = undefined;
  }

  /** @returns whether anything came */
  async function readStream(
    realm: string,
    stream: Stream,
    client: PaletteClient,
    position: Position,
    stop: AbortSignal,
  ): Promise<boolean> {
    const { log, onChange, onGap } = options;
    let came = false;
    if (now() - position.at > RESUMABLE_MS) position.lastEventId = undefined;
    const { lastEventId } = position;
    for await (const event of client.events({ scope: { kind: 'tenant' }, lastEventId, signal: stop })) {
      came = true;
      position.at = now();
      if (event.kind === 'open') {
        // Only now it is known what the API offers.
        if (client.offers('resource-events') !== true) return came;
        if (!stream.live || !event.resumed) log.info({ realm, resumed: event.resumed }, 'following the event stream');
        stream.live = true;
        if (!event.resumed) {
          stream.unknownUntil = now();
          onGap(realm);
        }
        continue;
      }
      position.lastEventId = event.id;
      const external = externalOf(event);
      if (!external) continue;
      remember(stream, textOf(external), now());
      onChange(realm, external);
    }
    return came;
  }
}

interface Position {
  lastEventId: string | undefined;
  /** When the stream was last heard of. */
  at: number;
}

function emptyStream(): Stream {
  return {
    connections: new Map(),
    current: undefined,
    live: false,
    recent: new Map(),
    unknownUntil: -1,
    running: undefined,
  };
}

/** What an event says has changed. */
function externalOf(event: Exclude<PaletteEvent, { kind: 'open' }>): WatchedExternal | undefined {
  switch (event.kind) {
    case 'resource':
      return { type: event.data.type, uid: event.data.uid };
    case 'cluster':
      return { type: 'spectrocluster', uid: event.data.clusterUid };
    default:
      // Drift and refusals are the agent's to mend; what comes of them is an event of the cluster.
      return undefined;
  }
}

function textOf({ type, uid }: WatchedExternal): string {
  return `${type}|${uid}`;
}

function remember(stream: Stream, key: string, at: number): void {
  const { recent } = stream;
  recent.delete(key);
  recent.set(key, at);
  const [oldest] = recent;
  if (recent.size <= MAX_RECENT || oldest === undefined) return;
  recent.delete(oldest[0]);
  stream.unknownUntil = Math.max(stream.unknownUntil, oldest[1]);
}
