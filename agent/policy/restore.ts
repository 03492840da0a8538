import type { Logger } from '#core/log';
import { backoffDelay, delay } from '#core/retry';
import type { ClusterUid } from '#protocol/identifiers';
import { DesiredStateRefused } from '#protocol/signature';

import type { PolicyInForce } from '../enforce/policy-in-force.ts';
import { isTransient } from '#kubernetes/error';
import type { PolicyKeeper } from './desired.ts';

const AWAY = { baseMs: 250, maxMs: 10_000 };

/**
 * The last known policy, once the API server gives it. Undefined when there is none, or none that
 * can be believed: then only the plane can help.
 *
 * @throws the signal's reason
 */
export async function restorePolicy(
  keeper: Pick<PolicyKeeper, 'restore'>,
  clusterUid: ClusterUid,
  {
    log,
    onRefused,
    signal,
  }: {
    readonly log: Logger;
    readonly onRefused: (refusal: DesiredStateRefused) => void;
    readonly signal: AbortSignal;
  },
): Promise<PolicyInForce | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      const policy = await keeper.restore(clusterUid, { signal });
      if (policy) log.info({ revision: policy.document.revision, digest: policy.digest }, 'last known policy in force');
      return policy;
    } catch (error) {
      signal.throwIfAborted();
      if (isTransient(error)) {
        log.warn({ err: error, attempt }, 'last known policy cannot be read now, trying again');
        await delay(backoffDelay(attempt, AWAY), { signal });
        continue;
      }
      log.error({ err: error }, 'last known policy cannot be used: waiting for the management plane');
      if (error instanceof DesiredStateRefused) onRefused(error);
      return undefined;
    }
  }
}
