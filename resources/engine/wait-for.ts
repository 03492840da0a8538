import type { Logger } from '#core/log';
import { backoffDelay } from '#core/retry';
import { isApiError, type PaletteClient, type Scope } from '#openapi/client/index';

/** One look at what is waited for. */
export type Observation<T> =
  | { readonly kind: 'reached'; readonly value: T }
  | { readonly kind: 'pending'; readonly seen: string };

/** How a wait ended. A timeout is an outcome: many a caller keeps the resource and warns. */
export type WaitOutcome<T> =
  | { readonly kind: 'reached'; readonly value: T }
  | { readonly kind: 'timedOut'; readonly seen: string; readonly waitedMs: number };

export interface WaitRequest<T> {
  /** What is waited for, for logs: `cluster web to be Running and Healthy`. */
  readonly describe: string;
  /** Looks once. A failure that it throws ends the wait. */
  readonly poll: (options: { readonly signal: AbortSignal }) => Promise<Observation<T>>;
  /** Listen to this cluster's events, so that a change is seen at once. Without it, or without an event stream, it polls. */
  readonly events?: { readonly clusterUid: string; readonly scope: Scope };
}

/** Waits until `poll` reports `reached`, or until the operation's timeout is nearly over. @throws the signal's reason when interrupted */
export type WaitFor = <T>(request: WaitRequest<T>) => Promise<WaitOutcome<T>>;

export interface WaiterOptions {
  readonly client: Pick<PaletteClient, 'events'>;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** When the operation's timeout is over, in milliseconds since the epoch. */
  readonly deadline: number;
  readonly now?: () => number;
  /** Bounds of the time between two looks, in milliseconds. Default: 1 s to 10 s. */
  readonly polling?: { readonly baseMs: number; readonly maxMs: number };
}

/** With an event stream a look now and then is enough: it only makes up for an event that got lost. */
const POLLING_BESIDE_EVENTS = { baseMs: 15_000, maxMs: 15_000 };

/** A wait ends this long before the operation's timeout, so that what follows it (a read, a warning) still has time. */
const RESERVE_MS = 60_000;

/**
 * Makes the `waitFor` of an operation. It looks at once, then after each event of the cluster and after each polling
 * interval. Without an event stream (an API that has none, or one that broke for good) it polls with a growing interval.
 */
export function createWaitFor({
  client,
  log,
  signal,
  deadline,
  now = Date.now,
  polling = { baseMs: 1000, maxMs: 10_000 },
}: WaiterOptions): WaitFor {
  return async <T>({ describe, poll, events }: WaitRequest<T>): Promise<WaitOutcome<T>> => {
    const started = now();
    const until = deadline - Math.min(RESERVE_MS, (deadline - started) / 5);
    const ended = new AbortController();
    const bell = createBell(AbortSignal.any([signal, ended.signal]));
    let listening = false;
    const listen = async ({
      clusterUid,
      scope,
    }: {
      readonly clusterUid: string;
      readonly scope: Scope;
    }): Promise<void> => {
      try {
        for await (const event of client.events({ clusterUid, scope, signal: ended.signal })) {
          listening = true;
          if (event.kind === 'open' || event.kind === 'cluster') bell.ring();
        }
      } catch (error) {
        log.debug({ describe, reason: isApiError(error) ? error.code : 'failed' }, 'no event stream: polling instead');
      } finally {
        listening = false;
      }
    };
    if (events !== undefined) void listen(events);
    try {
      for (let attempt = 0; ; attempt++) {
        signal.throwIfAborted();
        const observation = await poll({ signal });
        const waitedMs = now() - started;
        if (observation.kind === 'reached') {
          log.info({ describe, waitedMs }, 'reached what was waited for');
          return observation;
        }
        log.info({ describe, seen: observation.seen, waitedMs }, 'waiting');
        const leftMs = until - now();
        if (leftMs <= 0) return { kind: 'timedOut', seen: observation.seen, waitedMs };
        const interval = backoffDelay(listening ? 0 : attempt, listening ? POLLING_BESIDE_EVENTS : polling);
        await bell.wait(Math.min(interval, leftMs));
      }
    } finally {
      ended.abort(new Error('the wait has ended'));
    }
  };
}

interface Bell {
  ring(): void;
  /** Waits until the bell rings (or has rung since the last wait), `ms` milliseconds pass, or the signal is aborted. */
  wait(ms: number): Promise<void>;
}

function createBell(signal: AbortSignal): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  const ring = (): void => {
    rung = true;
    wake?.();
  };
  signal.addEventListener('abort', ring, { once: true });
  return {
    ring,
    async wait(ms) {
      if (!rung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      rung = false;
    },
  };
}
