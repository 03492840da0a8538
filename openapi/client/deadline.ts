/** A time limit that can be ended, unlike AbortSignal.timeout, and that keeps no listener on a signal that lives on. */
export interface Deadline {
  /** Aborted with the parent's reason, or with {@link DeadlineReached} when the time is over. */
  readonly signal: AbortSignal;
  /** Milliseconds left, 0 when over. */
  remainingMs(): number;
  /** Must be called when the work is done. */
  end(): void;
}

export class DeadlineReached extends Error {
  override readonly name = 'DeadlineReached';
  readonly ms: number;
  constructor(ms: number) {
    super(`not done within ${ms} ms`);
    this.ms = ms;
  }
}

/** Starts a time limit of `ms` milliseconds within the life of `parent`. */
export function startDeadline(ms: number, parent?: AbortSignal): Deadline {
  const controller = new AbortController();
  const ends = performance.now() + ms;
  const onAbort = (): void => controller.abort(parent?.reason);
  const timer = setTimeout(() => controller.abort(new DeadlineReached(ms)), ms);
  const end = (): void => {
    clearTimeout(timer);
    parent?.removeEventListener('abort', onAbort);
  };
  if (parent?.aborted) onAbort();
  parent?.addEventListener('abort', onAbort, { once: true });
  return { signal: controller.signal, remainingMs: () => Math.max(0, ends - performance.now()), end };
}
