/** Answers that many ask for at about the same time: asked for once, and kept for a short while. */

export interface CacheOptions {
  /** Milliseconds that an answer is used for, at least. Up to a third is added at random, so that not all end together. */
  readonly lifeMs: number;
  /** Milliseconds that a failure is told again without asking: an API that does not answer is left in peace. */
  readonly failureLifeMs: number;
  /** When there are more, those go that were asked for longest ago. */
  readonly maxEntries: number;
  readonly now: () => number;
  readonly random: () => number;
}

export interface Cache<T> {
  /**
   * The answer under `key`. `load` is called at most once for all who wait, so it must not end because one of them does.
   *
   * @param maxAgeMs an answer that is older is asked for again, though its life is not over
   */
  read(key: string, load: () => Promise<T>, options?: { readonly maxAgeMs?: number }): Promise<T>;
  clear(): void;
  readonly size: number;
}

interface Entry<T> {
  readonly answer: Promise<T>;
  /** When it came. */
  bornAt: number;
  /** Infinity while the answer is on its way. */
  endsAt: number;
}

export function createCache<T>({ lifeMs, failureLifeMs, maxEntries, now, random }: CacheOptions): Cache<T> {
  const entries = new Map<string, Entry<T>>();
  const arrived = (entry: Entry<T>, life: number): void => {
    entry.bornAt = now();
    entry.endsAt = entry.bornAt + life * (1 + random() / 3);
  };

  return {
    read: async (key, load, { maxAgeMs = Infinity } = {}) => {
      const known = entries.get(key);
      const pending = known?.endsAt === Infinity;
      if (known !== undefined && (pending || (now() < known.endsAt && now() - known.bornAt <= maxAgeMs))) {
        entries.delete(key);
        entries.set(key, known); // the order of the map is that of use
        return known.answer;
      }
      const entry: Entry<T> = { answer: load(), bornAt: now(), endsAt: Infinity };
      entries.delete(key);
      entries.set(key, entry);
      entry.answer.then(
        () => arrived(entry, lifeMs),
        () => arrived(entry, failureLifeMs),
      );
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries) break;
        entries.delete(oldest);
      }
      return entry.answer;
    },
    clear: () => entries.clear(),
    get size() {
      return entries.size;
    },
  };
}
