/** Takes backup locations from Velero when the desired state has them no more: credentials do not stay for nothing. */
import type { Logger } from '#core/log';
import { backoffDelay } from '#core/retry';
import type { KubeClient } from '#kubernetes/client';
import type { DesiredState } from '#protocol/desired-state';

import type { Wake } from '../../wake.ts';
import { removeOtherLocations } from './location.ts';
import { usedLocations } from './used-locations.ts';

export interface KeepLocationsOptions {
  readonly client: KubeClient;
  /** The document in force. */
  readonly document: () => DesiredState | undefined;
  /** Rings when there may be another one. */
  readonly wake: Wake;
  readonly log: Logger;
  /** How often to look whether Velero has ended its work with one that is to go, in milliseconds. Default 1 min. */
  readonly everyMs?: number | undefined;
}

const EVERY_MS = 60_000;
const AWAY = { baseMs: 1_000, maxMs: 60_000 };

/** Works until the signal is aborted. */
export async function keepLocations(
  { client, document, wake, log, everyMs = EVERY_MS }: KeepLocationsOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const kept = (): readonly string[] => (document()?.dayTwo?.backupLocations ?? []).map(({ uid }) => uid).sort();
  let seen: string | undefined;
  for (let failures = 0; !signal.aborted;) {
    const wanted = kept().join();
    let timeoutMs: number | undefined;
    if (document() !== undefined && wanted !== seen) {
      try {
        // An agent that may only look never made any, and would be refused the look for Secrets.
        const isDone =
          !(await client.may('delete', 'secrets', { signal })) ||
          (await removeOtherLocations(kept, { client, used: await usedLocations(client, { signal }), signal }));
        if (isDone) seen = wanted;
        else timeoutMs = everyMs;
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        timeoutMs = backoffDelay(failures++, AWAY);
        log.debug({ err: error }, 'backup locations cannot be looked after now');
      }
    }
    await wake.next({ signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  }
}
