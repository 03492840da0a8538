/** Signs of life. */
import { delay } from '#core/retry';
import type { Logger } from '#core/log';
import type { Heartbeat } from '#protocol/report';

import type { ReportChannel } from '../report/sender.ts';

/** Sends one now and then every `seconds()`, at most a tenth earlier, until the signal is aborted. */
export async function runHeartbeat(
  options: {
    readonly seconds: () => number;
    readonly make: () => Heartbeat;
    /** Tried in turn until one takes it. */
    readonly channels: () => readonly ReportChannel[];
    readonly log: Logger;
  },
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  while (!signal.aborted) {
    const heartbeat = options.make();
    for (const channel of options.channels()) {
      const sent = await channel.heartbeat(heartbeat, { signal }).then(
        () => true,
        (error: unknown) => {
          options.log.debug({ err: error, channel: channel.name }, 'heartbeat was not taken');
          return false;
        },
      );
      if (sent || signal.aborted) break;
    }
    await delay(options.seconds() * 1000 * (0.9 + Math.random() * 0.1), { signal }).catch(() => undefined);
  }
}
