/** The signal of one request, and what gives its timer and listeners back. */
export interface RequestSignal {
  readonly signal: AbortSignal;
  release(): void;
}

/**
 * A signal that ends when the caller goes away, or after `timeoutMs` with a `TimeoutError`. Not `AbortSignal.any` and
 * `.timeout`: those hold on to every request until its time is over, also when it was answered long ago.
 */
export function requestSignal(gone: AbortSignal, timeoutMs: number): RequestSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort(gone.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException('the request took too long', 'TimeoutError')),
    timeoutMs,
  );
  if (gone.aborted) abort();
  else gone.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
      gone.removeEventListener('abort', abort);
    },
  };
}
