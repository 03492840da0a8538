/**
 * Lets at most `limit` pieces of work run at once; the others wait their turn, or until their signal is aborted: then
 * its reason is thrown.
 */
export function createSemaphore(limit: number): <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T> {
  let free = limit;
  const waiting = new Set<() => void>();
  const turn = async (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const giveUp = (): void => {
        waiting.delete(go);
        // Whatever the caller of abort() gave.
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors
        reject(signal.reason);
      };
      const go = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      waiting.add(go);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  return async (work, signal) => {
    signal.throwIfAborted();
    if (free > 0) free -= 1;
    else await turn(signal);
    try {
      return await work();
    } finally {
      const [next] = waiting;
      if (next) {
        waiting.delete(next);
        next();
      } else free += 1;
    }
  };
}
