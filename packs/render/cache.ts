/** A bounded memory of results: the least recently used goes first. */
export interface Cache<T> {
  get(key: string): T | undefined;
  /** `weight` counts against the bound; a result heavier than all of it is not kept. */
  set(key: string, value: T, weight: number): void;
}

export function createCache<T>({
  maxEntries,
  maxWeight,
}: {
  readonly maxEntries: number;
  readonly maxWeight: number;
}): Cache<T> {
  // A Map iterates in the order of insertion, so its first key is the one used longest ago.
  const entries = new Map<string, { readonly value: T; readonly weight: number }>();
  let total = 0;
  const remove = (key: string): void => {
    total -= entries.get(key)?.weight ?? 0;
    entries.delete(key);
  };
  return {
    get: (key) => {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set: (key, value, weight) => {
      remove(key);
      if (weight > maxWeight) return;
      entries.set(key, { value, weight });
      total += weight;
      for (const oldest of entries.keys()) {
        if (total <= maxWeight && entries.size <= maxEntries) break;
        remove(oldest);
      }
    },
  };
}
