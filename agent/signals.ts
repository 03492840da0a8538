import { setMaxListeners } from 'node:events';

/**
 * A signal that is aborted with the first of these. Many requests listen to it at once, which is
 * no leak here: Node's warning about it is off.
 */
export function joinSignals(...signals: readonly AbortSignal[]): AbortSignal {
  const joined = AbortSignal.any([...signals]);
  setMaxListeners(0, joined);
  return joined;
}

/**
 * Work with a signal of its own, aborted after so many milliseconds or with `signal`. For what is done again and again:
 * what `AbortSignal.any` notes at a signal that lives as long as the process is never let go.
 *
 * @throws what the work throws
 */
export async function withLimit<T>(
  ms: number,
  signal: AbortSignal,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const stop = (): void => limit.abort(signal.reason);
  const timer = setTimeout(() => limit.abort(new DOMException(`it took more than ${ms} ms`, 'TimeoutError')), ms);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await work(limit.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
