/**
 * Leader election by a Lease: of several replicas one works, the others stand by.
 *
 * The times are client-go's. Clocks of different machines are never compared: a replica counts a lease as free when it
 * has seen no change of it for `durationMs` by its own clock; the holder stops `durationMs - renewWithinMs` earlier.
 *
 * @see https://kubernetes.io/docs/concepts/architecture/leases/#leader-election
 */
import type { Logger } from '#core/log';
import { delay } from '#core/retry';

import type { KubeClient } from './client.ts';
import { KubeError } from './error.ts';
import { mapAt, type KubeObject, type ObjectRef } from './object.ts';

export interface LeaseOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
  /** Unique to this process. */
  readonly identity: string;
  readonly log: Logger;
  /** How long a holder that is heard of no more keeps the lease, in milliseconds. Default 15 s. */
  readonly durationMs?: number;
  /** A holder that could not renew for this long has lost it. Default 10 s. */
  readonly renewWithinMs?: number;
  /** Between two renewals, and between two looks of those who stand by. Default 2 s. */
  readonly retryMs?: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  readonly random?: () => number;
  /** Waits between two looks. Default: by the process's timers. */
  readonly wait?: typeof delay;
}

export interface Leadership {
  /** Aborted when the lease is lost. */
  readonly lost: AbortSignal;
  /** Gives the lease back, so that another replica need not wait for it to expire. Never throws. */
  release(): Promise<void>;
}

/** The lease could not be renewed, or somebody else has it: whatever it guarded must stop at once. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

const RELEASE_MS = 5_000;

/** Waits until this process holds the lease, and then keeps it. @throws the signal's reason */
export async function acquireLease(
  options: LeaseOptions,
  { signal }: { readonly signal: AbortSignal },
): Promise<Leadership> {
  const { namespace, name, log, retryMs = 2_000, now = () => performance.now() } = options;
  const { random = Math.random, wait = delay } = options;
  const attempt = createAttempt(options);
  log.info({ lease: `${namespace}/${name}` }, 'standing by for leadership');
  for (;;) {
    signal.throwIfAborted();
    // Others count from when it was written, which may be long before the answer is there.
    const startedAt = now();
    try {
      if ((await attempt({ signal })) === 'held') {
        log.info({ lease: `${namespace}/${name}`, identity: options.identity }, 'became the leader');
        return keep(options, attempt, startedAt);
      }
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ err: error }, 'the lease cannot be read or written now, trying again');
    }
    await wait(retryMs * (1 + random() * 0.2), { signal });
  }
}

/** `conflict`: somebody wrote it meanwhile, perhaps this very process by a request whose answer was lost. */
type Outcome = 'held' | 'taken' | 'conflict';
type Attempt = (options: { readonly signal: AbortSignal }) => Promise<Outcome>;

function keep(options: LeaseOptions, attempt: Attempt, heldSince: number): Leadership {
  const { log, renewWithinMs = 10_000, retryMs = 2_000, now = () => performance.now() } = options;
  const lost = new AbortController();
  const ended = new AbortController();
  let renewedAt = heldSince;
  const lose = (why: string): void => {
    log.error({ lease: options.name }, 'leadership is lost');
    lost.abort(new LeaseLostError(`the lease ${options.namespace}/${options.name} is lost: ${why}`));
  };
  const renew = async (): Promise<void> => {
    while (!ended.signal.aborted && !lost.signal.aborted) {
      // What is left may not suffice: a request may take longer than all of it.
      const left = renewWithinMs - (now() - renewedAt);
      const startedAt = now();
      const limit = new AbortController();
      const stop = (): void => limit.abort(ended.signal.reason);
      ended.signal.addEventListener('abort', stop, { once: true });
      const timer = setTimeout(() => limit.abort(new Error(`no answer within ${Math.round(left)} ms`)), left);
      try {
        const outcome = await attempt({ signal: limit.signal });
        if (outcome === 'taken') {
          lose('another replica holds it');
          return;
        }
        if (outcome === 'held') renewedAt = startedAt;
      } catch (error) {
        if (ended.signal.aborted) return;
        log.warn({ err: error }, 'the lease cannot be renewed now, trying again');
      } finally {
        clearTimeout(timer);
        ended.signal.removeEventListener('abort', stop);
      }
      if (now() - renewedAt >= renewWithinMs) {
        lose(`it could not be renewed for ${Math.round((now() - renewedAt) / 1000)} s`);
        return;
      }
      const waitMs = Math.min(retryMs, Math.max(1, renewWithinMs - (now() - renewedAt)));
      await delay(waitMs, { signal: ended.signal }).catch(() => undefined);
    }
  };
  const renewing = renew();
  return {
    lost: lost.signal,
    release: async () => {
      ended.abort(new Error('the lease is given back'));
      await renewing;
      if (lost.signal.aborted) return;
      try {
        await giveBack(options, { signal: AbortSignal.timeout(RELEASE_MS) });
        log.info({ lease: options.name }, 'gave leadership back');
      } catch (error) {
        log.warn({ err: error }, 'the lease could not be given back; it expires by itself');
      }
    },
  };
}

/** One try to take the lease or to renew it. */
function createAttempt(options: LeaseOptions): Attempt {
  const { client, identity, durationMs = 15_000, now = () => performance.now() } = options;
  const ref = refOfLease(options);
  let seen: { readonly record: string; readonly at: number } | undefined;
  return async ({ signal }) => {
    const lease = await client.get(ref, { signal });
    const spec = mapAt(lease, 'spec');
    const time = microTime();
    const held = {
      holderIdentity: identity,
      leaseDurationSeconds: Math.max(1, Math.ceil(durationMs / 1000)),
      renewTime: time,
    };
    if (!lease) {
      const { namespace, name } = options;
      const { apiVersion, kind } = ref;
      const made = { ...held, acquireTime: time, leaseTransitions: 0 };
      return outcomeOf(client.create({ apiVersion, kind, metadata: { namespace, name }, spec: made }, { signal }));
    }
    const holder = spec['holderIdentity'];
    if (holder === identity) {
      return outcomeOf(client.replace({ ...lease, spec: { ...spec, ...held } }, { signal }));
    }
    if (typeof holder === 'string' && holder !== '') {
      const record = JSON.stringify([holder, spec['renewTime'], spec['leaseTransitions']]);
      if (seen?.record !== record) seen = { record, at: now() };
      const theirs = Number(spec['leaseDurationSeconds'] ?? 0) * 1000;
      if (now() - seen.at < Math.max(theirs, durationMs)) return 'taken';
    }
    const transitions = Number(spec['leaseTransitions'] ?? 0) + 1;
    const taken = { ...spec, ...held, acquireTime: time, leaseTransitions: transitions };
    return outcomeOf(client.replace({ ...lease, spec: taken }, { signal }));
  };
}

/** A write at a resource version, or of a name that was free: whoever comes second does not get it. */
async function outcomeOf(write: Promise<KubeObject>): Promise<Outcome> {
  try {
    await write;
    return 'held';
  } catch (error) {
    if (error instanceof KubeError && error.status === 409) return 'conflict';
    throw error;
  }
}

async function giveBack(options: LeaseOptions, { signal }: { readonly signal: AbortSignal }): Promise<void> {
  const lease = await options.client.get(refOfLease(options), { signal });
  const spec = mapAt(lease, 'spec');
  if (!lease || spec['holderIdentity'] !== options.identity) return;
  await options.client.replace(
    { ...lease, spec: { ...spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime() } },
    { signal },
  );
}

function refOfLease({ namespace, name }: LeaseOptions): ObjectRef {
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name };
}

/** The form that `metav1.MicroTime` has. */
function microTime(): string {
  return new Date().toISOString().replace(/Z$/, '000Z');
}
