/** Work that several callers wait for, each with a signal of its own. */
export interface Shared<T> {
  /** Waits for the result. When `signal` is aborted only this caller leaves. */
  join(signal?: AbortSignal): Promise<T>;
  /** True once everybody left before the end: who comes now must start anew. */
  isAbandoned(): boolean;
}

/** Starts `work` at once. It is aborted when the last of its callers has left before the end. */
export function share<T>(work: (signal: AbortSignal) => Promise<T>): Shared<T> {
  const controller = new AbortController();
  const result = work(controller.signal);
  let waiting = 0;
  let done = false;
  void result.then(
    () => (done = true),
    () => (done = true),
  );
  return {
    async join(signal) {
      signal?.throwIfAborted();
      waiting++;
      let leave = (): void => undefined;
      const left = new Promise<never>((_resolve, reject) => {
        leave = () =>
          reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal?.reason }));
      });
      signal?.addEventListener('abort', leave, { once: true });
      try {
        return await (signal === undefined ? result : Promise.race([result, left]));
      } finally {
        signal?.removeEventListener('abort', leave);
        waiting--;
        if (waiting === 0 && !done) controller.abort(new Error('nobody waits for it any more'));
      }
    },
    isAbandoned: () => controller.signal.aborted,
  };
}
