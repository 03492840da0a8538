/** A queue that one reader takes from in turn; beyond its bound the oldest items go. */
export interface BoundedQueue<T> extends AsyncIterable<T> {
  push(item: T): void;
  /** Ends the reader after what is held. */
  end(): void;
  /** Ends the reader with an error after what is held. */
  fail(error: Error): void;
}

/** Makes a queue of at most `bound` items. */
export function boundedQueue<T>(bound: number): BoundedQueue<T> {
  const items: T[] = [];
  let ended: { readonly error?: Error } | undefined;
  let wake: (() => void) | undefined;
  const signal = (): void => {
    wake?.();
    wake = undefined;
  };
  return {
    push: (item) => {
      if (ended) return;
      if (items.length >= bound) items.shift();
      items.push(item);
      signal();
    },
    end: () => {
      ended ??= {};
      signal();
    },
    fail: (error) => {
      ended ??= { error };
      signal();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const item = items.shift();
        if (item !== undefined) {
          yield item;
          continue;
        }
        if (ended) {
          if (ended.error) throw ended.error;
          return;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
