/** Whether the cluster's API server answers. */
import { delay } from '#core/retry';

import type { KubeClient } from '#kubernetes/client';

export interface ApiServerProbe {
  ok(): boolean;
  /** Asks from time to time until the signal is aborted. */
  run(): Promise<void>;
}

const INTERVAL_MS = 10_000;
/** While it does not answer. */
const AWAY_MS = 1_000;
const TIMEOUT_MS = 5_000;

export function probeApiServer(options: {
  readonly client: Pick<KubeClient, 'read'>;
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}): ApiServerProbe {
  let ok = true;
  return {
    ok: () => ok,
    run: async () => {
      while (!options.signal.aborted) {
        const limit = AbortSignal.any([options.signal, AbortSignal.timeout(TIMEOUT_MS)]);
        const answered = await options.client.read('/version', { signal: limit }).then(
          () => true,
          () => false,
        );
        if (options.signal.aborted) return;
        if (answered !== ok) {
          ok = answered;
          options.onChange();
        }
        await delay(ok ? INTERVAL_MS : AWAY_MS, options).catch(() => undefined);
      }
    },
  };
}
