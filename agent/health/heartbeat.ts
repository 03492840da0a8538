/** Signs of life. */
import { backoffDelay, delay } from '#core/retry';
import type { Logger } from '#core/log';
import type { Heartbeat } from '#protocol/report';

import type { AgentMetrics } from '../metrics.ts';
import type { ReportChannel } from '../report/sender.ts';
import { withLimit } from '../signals.ts';

export interface HeartbeatOptions {
  readonly seconds: () => number;
  readonly make: () => Heartbeat;
  /** Tried in turn until one takes it. */
  readonly channels: () => readonly ReportChannel[];
  readonly metrics: Pick<AgentMetrics, 'heartbeats'>;
  readonly log: Logger;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/** A channel that does not answer must not keep the others from being tried. */
const TIMEOUT_MS = 10_000;
const RETRY = { baseMs: 1_000, maxMs: 60_000 };

/**
 * Sends one now and then every `seconds()`, up to a fifth earlier, so that agents which began together do not stay
 * together; one that nobody took is sent again sooner. Until the signal is aborted.
 */
export async function runHeartbeat(
  options: HeartbeatOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const { seconds, random = Math.random } = options;
  for (let failures = 0; !signal.aborted;) {
    const taken = await beat(options, signal);
    if (signal.aborted) return;
    options.metrics.heartbeats.inc({ outcome: taken ?? 'lost' });
    failures = taken === undefined ? failures + 1 : 0;
    const intervalMs = seconds() * 1000 * (0.8 + random() * 0.2);
    const waitMs = failures === 0 ? intervalMs : Math.min(intervalMs, backoffDelay(failures - 1, RETRY, random));
    await delay(waitMs, { signal }).catch(() => undefined);
  }
}

/** The channel that took it, if one did. */
async function beat(
  { make, channels, log }: HeartbeatOptions,
  signal: AbortSignal,
): Promise<ReportChannel['name'] | undefined> {
  const heartbeat = make();
  for (const channel of channels()) {
    try {
      await withLimit(TIMEOUT_MS, signal, async (limit) => channel.heartbeat(heartbeat, { signal: limit }));
      return channel.name;
    } catch (error) {
      if (signal.aborted) return undefined;
      log.debug({ err: error, channel: channel.name }, 'heartbeat was not taken');
    }
  }
  return undefined;
}
