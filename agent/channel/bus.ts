/** The bus as the agent uses it: pokes in, reports and heartbeats out. */
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import type { Bus } from '#protocol/bus';
import { connectBus } from '#protocol/nats';
import { heartbeatSubject, inboxPrefix, pokeSubject, reportSubject, type Poke } from '#protocol/subjects';

import type { Identity } from '../identity/identity.ts';
import type { AgentMetrics } from '../metrics.ts';
import type { ReportChannel } from '../report/sender.ts';

export interface BusLink {
  connected(): boolean;
  /** The channel for reports, while connected. */
  channel(): ReportChannel | undefined;
  /** Takes renewed credentials into use. */
  renew(): Promise<void>;
  /** Follows the bus until the signal is aborted. */
  run(): Promise<void>;
}

export interface BusLinkOptions {
  readonly identity: () => Identity;
  readonly onPoke: (poke: Poke) => void;
  /** Connected, for the first time or again: pokes may have been missed. */
  readonly onConnected: () => void;
  /** The connection is gone: pokes may be missed from now on. */
  readonly onDisconnected: () => void;
  readonly metrics: AgentMetrics;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

const BACKOFF = { baseMs: 500, maxMs: 30_000 };
const POKES: readonly Poke[] = ['desired-state', 'commands', 'revoked'];

export function createBusLink(options: BusLinkOptions): BusLink {
  const { identity, metrics, log, signal } = options;
  let bus: Bus | undefined;
  const connected = (): boolean => bus?.connected() ?? false;

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

  return {
    connected,
    channel: () => (bus && connected() ? channelOver(bus) : undefined),
    renew: async () => bus?.renew(),
    run: async () => {
      const { clusterUid, credentials } = identity();
      if (!credentials.bus) return;
      bus = await connectBus({
        servers: credentials.bus.servers,
        jwt: () => identity().credentials.bus?.jwt ?? '',
        seed: () => identity().seed,
        ca: credentials.bus.ca,
        inboxPrefix: inboxPrefix(clusterUid),
        name: `agent ${clusterUid}`,
        log,
        signal,
        onStatus: (status) => {
          metrics.busConnected.set(status.kind === 'connected' ? 1 : 0);
          if (status.kind === 'connected') options.onConnected();
          else if (status.kind !== 'closed') log.warn({ status }, 'bus is not usable now');
          if (status.kind === 'disconnected') options.onDisconnected();
        },
      });
      await followPokes(bus, pokeSubject(clusterUid), options);
      await bus.drain();
    },
  };
}

/** A subscription that ends, for example since the server did not allow it, is made again. */
async function followPokes(bus: Bus, subject: string, { onPoke, log, signal }: BusLinkOptions): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    try {
      for await (const message of bus.subscribe(subject, { signal, bound: 16 })) {
        failures = 0;
        const text = message.text();
        const poke = POKES.find((known) => known === text);
        if (poke) onPoke(poke);
      }
    } catch (error) {
      log.warn({ err: error, subject }, 'bus subscription ended, trying again');
    }
    await delay(backoffDelay(failures++, BACKOFF), { signal }).catch(() => undefined);
  }
}
