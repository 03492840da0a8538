/** The bus as the agent uses it: pokes in, reports and heartbeats out. */
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import type { Bus, BusStatus } from '#protocol/bus';
import { connectBus } from '#protocol/nats';
import { heartbeatSubject, inboxPrefix, pokeSubject, reportSubject, type Poke } from '#protocol/subjects';

import type { Identity } from '../identity/identity.ts';
import type { AgentMetrics } from '../metrics.ts';
import type { ReportChannel } from '../report/sender.ts';
import { joinSignals } from '../signals.ts';
import type { Network } from './network.ts';

export interface BusLink {
  connected(): boolean;
  /** The channel for reports, while connected. */
  channel(): ReportChannel | undefined;
  /**
   * Takes renewed credentials into use: on a connection beside the present one, which goes when that one stands, so that
   * no poke is missed. Returns when it stands, or after a while, and goes on trying then.
   */
  renew(): Promise<void>;
  /** Follows the bus until the signal is aborted. */
  run(): Promise<void>;
}

export interface BusLinkOptions {
  readonly identity: () => Identity;
  readonly network: Network;
  readonly onPoke: (poke: Poke) => void;
  /** Connected, for the first time or again: pokes may have been missed. */
  readonly onConnected: () => void;
  /** The connection is gone: pokes may be missed from now on. */
  readonly onDisconnected: () => void;
  readonly metrics: AgentMetrics;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** One connection from its opening to its end. */
interface Line {
  readonly end: AbortController;
  bus?: Bus;
}

const BACKOFF = { baseMs: 500, maxMs: 30_000 };
const POKES: readonly Poke[] = ['desired-state', 'commands', 'revoked'];
/** How long a renewal waits for the new connection. */
const RENEW_MS = 10_000;

export function createBusLink(options: BusLinkOptions): BusLink {
  const { identity, metrics, log, signal } = options;
  let current: Line | undefined;
  let opening: Line | undefined;
  const connected = (): boolean => current?.bus?.connected() ?? false;

  const channelOver = (open: Bus): ReportChannel => ({
    name: 'bus',
    send: async (reports, how) => {
      const subject = reportSubject(identity().clusterUid);
      await Promise.all(
        reports.map(async (report) =>
          open.publishDurable(subject, JSON.stringify(report), { ...how, msgId: report.id }),
        ),
      );
    },
    heartbeat: async (heartbeat, how) => {
      const msgId = `heartbeat-${heartbeat.clusterUid}-${heartbeat.sentAt}`;
      await open.publishDurable(heartbeatSubject(heartbeat.clusterUid), JSON.stringify(heartbeat), { ...how, msgId });
    },
  });

  const heard = (line: Line, status: BusStatus): void => {
    // A connection that is being replaced has nothing to say any more, one that is being opened not yet.
    if (line !== current && (current || status.kind === 'connected')) return;
    metrics.busConnected.set(connected() ? 1 : 0);
    if (status.kind === 'connected') options.onConnected();
    else if (status.kind !== 'closed' || !line.end.signal.aborted) log.warn({ status }, 'bus is not usable now');
    if (status.kind === 'disconnected') options.onDisconnected();
    // Nobody here closed it: the library gave it up, for example since it could not make use of the credentials.
    if (status.kind === 'closed' && line === current && !signal.aborted) {
      options.onDisconnected();
      void keepOpening();
    }
  };

  /** Opens a connection with the credentials as they are now; it takes the place of the one before when it stands. */
  const openLine = async (): Promise<void> => {
    opening?.end.abort(new Error('newer credentials are there'));
    const { clusterUid, credentials } = identity();
    const line: Line = { end: new AbortController() };
    opening = line;
    if (!credentials.bus) return replace(line);
    const ended = joinSignals(signal, line.end.signal);
    const bus = await connectBus({
      servers: credentials.bus.servers,
      jwt: () => identity().credentials.bus?.jwt ?? '',
      seed: () => identity().seed,
      network: { ...options.network, headers: (url) => tunnelHeaders(url, identity()) },
      inboxPrefix: inboxPrefix(clusterUid),
      name: `agent ${clusterUid}`,
      log,
      signal: ended,
      onStatus: (status) => heard(line, status),
    });
    line.bus = bus;
    void followPokes(bus, pokeSubject(clusterUid), options, ended);
    // The server has taken the subscription when it answers.
    await bus.flush({ signal: ended });
    replace(line);
  };

  const replace = (line: Line): void => {
    if (opening === line) opening = undefined;
    const before = current;
    const wasConnected = connected();
    current = line;
    metrics.busConnected.set(connected() ? 1 : 0);
    if (connected() && !wasConnected) options.onConnected();
    if (!connected() && wasConnected) options.onDisconnected();
    void before?.bus?.drain().then(() => before.end.abort(new Error('another connection took its place')));
  };

  /** Opens until it stands, newer credentials come, or the signal is aborted. */
  const keepOpening = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted;) {
      const attempt = openLine();
      const mine = opening;
      try {
        await attempt;
        return;
      } catch (error) {
        if (signal.aborted || (mine && opening !== mine)) return;
        mine?.end.abort(error);
        log.warn({ err: error }, 'bus connection broke off while it was opened, trying again');
      }
      await delay(backoffDelay(failures++, BACKOFF), { signal }).catch(() => undefined);
    }
  };

  return {
    connected,
    channel: () => (current?.bus && connected() ? channelOver(current.bus) : undefined),
    renew: async () => {
      const enough = new AbortController();
      await Promise.race([keepOpening(), delay(RENEW_MS, { signal: enough.signal }).catch(() => undefined)]);
      enough.abort();
    },
    run: async () => {
      await keepOpening();
      await untilAborted(signal);
      await current?.bus?.drain();
    },
  };
}

/** The plane leads to the bus only whom it knows; other servers have no business with the token. */
function tunnelHeaders(url: URL, { planeUrl, credentials }: Identity): Record<string, string> {
  const planes = [planeUrl, ...(credentials.planeUrls ?? [])].map((plane) => new URL(plane).host);
  return planes.includes(url.host) && url.protocol === 'wss:'
    ? { authorization: `Bearer ${credentials.accessToken}` }
    : {};
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** A subscription that ends, for example since the server did not allow it, is made again. */
async function followPokes(
  bus: Bus,
  subject: string,
  { onPoke, log }: BusLinkOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    try {
      for await (const message of bus.subscribe(subject, { signal, bound: 16 })) {
        failures = 0;
        const text = message.text();
        const poke = POKES.find((known) => known === text);
        if (poke) onPoke(poke);
      }
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error, subject }, 'bus subscription ended, trying again');
    }
    await delay(backoffDelay(failures++, BACKOFF), { signal }).catch(() => undefined);
  }
}
