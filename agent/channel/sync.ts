/** Keeps up with the plane: at once after a poke, from time to time without one. */
import type { Logger } from '#core/log';
import { backoffDelay } from '#core/retry';
import { DesiredStateRefused } from '#protocol/signature';
import { sha256 } from '#core/digest';

import type { PolicyInForce } from '../enforce/policy-in-force.ts';
import type { Identity } from '../identity/identity.ts';
import type { AgentMetrics } from '../metrics.ts';
import type { PolicyKeeper } from '../policy/desired.ts';
import type { Wake } from '../wake.ts';
import { isRevoked, PlaneCallError, type PlaneClient } from './rest.ts';

export interface SyncOptions {
  readonly plane: PlaneClient;
  readonly keeper: PolicyKeeper;
  readonly identity: () => Identity;
  readonly wake: Wake;
  /** Whether the plane says when there is something new. */
  readonly isTold: () => boolean;
  readonly onPolicy: (policy: PolicyInForce) => void;
  readonly onRefused: (refusal: DesiredStateRefused) => void;
  /** Gets new access where the old one has ended; `refused` when the agent was revoked, `away` when nobody answers now. */
  readonly recover: (options: { readonly signal: AbortSignal }) => Promise<'recovered' | 'refused' | 'away'>;
  /** The plane does not know the agent any more. Gives whether to go on asking. */
  readonly onRevoked: () => Promise<'go on' | 'ask soon' | 'stop'>;
  readonly metrics: AgentMetrics;
  readonly log: Logger;
}

/** Where the plane says when to ask, asking anyway at this multiple catches a poke that was lost. */
const SAFETY_FACTOR = 5;
const AWAY = { baseMs: 500, maxMs: 15_000 };
/** Between questions of an agent that the plane does not know. */
const REVOKED_MS = 60_000;
/** The same while a deleted cluster is being cleaned: the agent leaves right after. */
const LEAVING_MS = 1_000;

/** Asks for documents until the signal is aborted or the agent's time is over. */
export async function runSync(options: SyncOptions, { signal }: { readonly signal: AbortSignal }): Promise<void> {
  const { identity, wake, metrics, log } = options;
  const refused = { digest: '' };
  for (let failures = 0; !signal.aborted;) {
    let waitMs: number;
    try {
      await fetchOnce(options, refused, { signal });
      failures = 0;
      metrics.planeReachable.set(1);
      waitMs =
        identity().credentials.pollSeconds *
        1000 *
        (options.isTold() ? SAFETY_FACTOR : 1) *
        (0.9 + Math.random() * 0.2);
    } catch (error) {
      if (signal.aborted) return;
      if (isRevoked(error)) {
        metrics.planeReachable.set(1);
        log.warn(
          { err: error },
          'the management plane does not take the credentials; the last known policy stays in force',
        );
        const recovery = await options.recover({ signal });
        const next = recovery === 'refused' ? await options.onRevoked() : 'ask soon';
        if (next === 'stop') return;
        waitMs = (next === 'ask soon' ? LEAVING_MS : REVOKED_MS) * (0.9 + Math.random() * 0.2);
        // Not each second: the plane counts whom it does not know.
        if (recovery === 'away') waitMs = Math.max(waitMs, backoffDelay(failures++, AWAY));
      } else {
        if (error instanceof PlaneCallError) metrics.planeReachable.set(0);
        log.warn(
          { err: error, attempt: failures },
          'desired state cannot be fetched now; the last known policy stays in force',
        );
        waitMs = backoffDelay(failures++, AWAY);
      }
    }
    await wake.next({ signal, timeoutMs: waitMs });
  }
}

async function fetchOnce(
  options: SyncOptions,
  refused: { digest: string },
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  const { plane, keeper, log } = options;
  const { clusterUid, credentials } = options.identity();
  const inForce = keeper.inForce();
  const answer = await plane.desiredState(inForce ? `"${inForce.digest}"` : undefined, { signal });
  if (answer.kind !== 'document') return;
  try {
    const policy = await keeper.accept(answer.body, { clusterUid, trustedKeys: credentials.trustedKeys }, { signal });
    if (policy.digest !== inForce?.digest) {
      log.info(
        { revision: policy.document.revision, digest: policy.digest, lifecycle: policy.document.lifecycle },
        'new desired state in force',
      );
    }
    options.onPolicy(policy);
  } catch (error) {
    if (!(error instanceof DesiredStateRefused)) throw error;
    // The same document is refused at each question: said once.
    const digest = sha256(JSON.stringify(answer.body) ?? '');
    if (digest === refused.digest) return;
    refused.digest = digest;
    log.error({ err: error, reason: error.reason }, 'desired state refused; the last known policy stays in force');
    options.onRefused(error);
  }
}
