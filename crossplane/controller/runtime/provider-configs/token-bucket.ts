/** A limit on how often something may happen: so many at once, then so many a second. */
export interface TokenBucket {
  /**
   * Waits for its turn, first come, first served.
   *
   * @throws the signal's reason; Error when more wait already than the queue takes
   */
  take(options: { readonly signal: AbortSignal }): Promise<void>;
  readonly waiting: number;
}

export interface TokenBucketOptions {
  readonly perSecond: number;
  readonly burst: number;
  /** How many may wait. */
  readonly maxWaiting: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
}

export function createTokenBucket({
  perSecond,
  burst,
  maxWaiting,
  now = () => performance.now(),
}: TokenBucketOptions): TokenBucket {
  const queue = new Set<() => void>();
  let tokens = burst;
  let filledAt = now();
  let timer: NodeJS.Timeout | undefined;

  const fill = (): void => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - filledAt) / 1000) * perSecond);
    filledAt = at;
  };
  const serve = (): void => {
    timer = undefined;
    fill();
    for (const go of queue) {
      if (tokens < 1) break;
      tokens--;
      queue.delete(go);
      go();
    }
    if (queue.size > 0) timer = setTimeout(serve, Math.max(1, ((1 - tokens) / perSecond) * 1000));
  };
  return {
    take: async ({ signal }) => {
      signal.throwIfAborted();
      fill();
      if (queue.size === 0 && tokens >= 1) {
        tokens--;
        return;
      }
      if (queue.size >= maxWaiting) {
        throw new Error(`${queue.size} requests wait under the rate limit of ${perSecond} a second: no more are taken`);
      }
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        const leave = (): void => {
          queue.delete(go);
          resolve();
        };
        queue.add(go);
        signal.addEventListener('abort', leave, { once: true });
        timer ??= setTimeout(serve, Math.max(1, ((1 - tokens) / perSecond) * 1000));
      });
      signal.throwIfAborted();
    },
    get waiting() {
      return queue.size;
    },
  };
}
