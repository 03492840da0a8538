/** Sends waiting reports: over the bus while it is connected, over REST otherwise. */
import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import type { Heartbeat, Report } from '#protocol/report';

import { PlaneCallError } from '../channel/rest.ts';
import type { AgentMetrics } from '../metrics.ts';
import type { Wake } from '../wake.ts';
import type { ReportQueue } from './queue.ts';

export interface ReportChannel {
  readonly name: 'bus' | 'rest';
  /** @throws Error when they were not taken; sending them again does no harm. */
  send(reports: readonly Report[], options: { readonly signal: AbortSignal }): Promise<void>;
  heartbeat(heartbeat: Heartbeat, options: { readonly signal: AbortSignal }): Promise<void>;
}

export interface SenderOptions {
  readonly queue: ReportQueue;
  readonly wake: Wake;
  /** The best channel now, or undefined while there is none. */
  readonly channel: () => ReportChannel | undefined;
  /** Taken when the best one fails. */
  readonly fallback: () => ReportChannel | undefined;
  readonly metrics: AgentMetrics;
  readonly log: Logger;
}

const BATCH = 200;
const BATCH_BYTES = 512 * 1024;
const BACKOFF = { baseMs: 500, maxMs: 10_000 };

/** Sends until the signal is aborted. */
export async function runSender(options: SenderOptions, { signal }: { readonly signal: AbortSignal }): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    if (options.queue.length === 0) await options.wake.next({ signal });
    if (signal.aborted) return;
    try {
      await flushOnce(options, { signal });
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      options.log.debug({ err: error, attempt: failures }, 'reports cannot be sent now');
      await delay(backoffDelay(failures++, BACKOFF), { signal }).catch(() => undefined);
    }
  }
}

/** Sends one batch of what waits. @throws Error when no channel took it */
export async function flushOnce(
  { queue, channel, fallback, metrics, log }: SenderOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const batch = queue.peek(BATCH, BATCH_BYTES);
  if (batch.length === 0) return;
  await sendBatch(batch, { queue, channel, fallback, metrics, log }, { signal });
}

async function sendBatch(
  batch: readonly Report[],
  options: Omit<SenderOptions, 'wake'>,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const { queue, channel, fallback, metrics, log } = options;
  const first = channel();
  if (!first) throw new Error('there is no channel to the plane now');
  try {
    const used = await sendOver(first, batch, { signal }).catch(async (error: unknown) => {
      const other = fallback();
      if (signal.aborted || !other || other.name === first.name) throw error;
      log.debug({ err: error }, 'bus took no reports, sending them over REST');
      return sendOver(other, batch, { signal });
    });
    metrics.reportsSent.inc({ channel: used }, batch.length);
    queue.done(batch.map(({ id }) => id));
  } catch (error) {
    if (signal.aborted || !isRefusal(error)) throw error;
    const [only] = batch;
    if (batch.length > 1) {
      // One that the plane does not take must not hold up the others: it is found by halves.
      const middle = Math.ceil(batch.length / 2);
      await sendBatch(batch.slice(0, middle), options, { signal });
      await sendBatch(batch.slice(middle), options, { signal });
    } else if (only) {
      log.error({ err: error, report: only.id, kind: only.kind }, 'the plane does not take a report: it is given up');
      metrics.reportsDropped.inc();
      queue.done([only.id]);
    }
  }
}

/** Whether the plane will never take it: it is no report to it, or too large. */
function isRefusal(error: unknown): boolean {
  return error instanceof PlaneCallError && (error.status === 400 || error.status === 413 || error.status === 422);
}

async function sendOver(
  channel: ReportChannel,
  batch: readonly Report[],
  options: { readonly signal: AbortSignal },
): Promise<ReportChannel['name']> {
  await channel.send(batch, options);
  return channel.name;
}
