/**
 * Lists of names that many resources look up at the same time: one request serves all who ask within a short time.
 * Any write through the same client empties the cache, so that what was just created is found.
 */
import { share, type Shared } from './shared.ts';

/** Milliseconds that an answer is used for. */
const LIFE_MS = 5000;
const MAX_ENTRIES = 100;

const CACHED = new Set(['GET /v1/registries/metadata', 'GET /v1/dashboard/projects/metadata']);

export interface MetadataCache {
  /** Whether answers of this operation (method and path of the contract) are shared. */
  covers(operation: string): boolean;
  /** The answer under `key`, asked for by `load` when there is none. Each caller gets a copy. */
  read(key: string, load: (signal: AbortSignal) => Promise<unknown>, signal?: AbortSignal): Promise<unknown>;
  clear(): void;
}

interface Entry {
  readonly shared: Shared<unknown>;
  readonly bornAt: number;
}

export function createMetadataCache({ now }: { readonly now: () => number }): MetadataCache {
  const entries = new Map<string, Entry>();
  return {
    covers: (operation) => CACHED.has(operation),
    clear: () => entries.clear(),
    async read(key, load, signal) {
      const known = entries.get(key);
      if (known !== undefined && now() - known.bornAt < LIFE_MS && !known.shared.isAbandoned()) {
        return structuredClone(await known.shared.join(signal));
      }
      if (entries.size >= MAX_ENTRIES) entries.clear();
      const entry: Entry = { shared: share(load), bornAt: now() };
      entries.set(key, entry);
      try {
        return structuredClone(await entry.shared.join(signal));
      } catch (error) {
        // A failure is told to those who wait for it now and to nobody later.
        if (entries.get(key) === entry && !signal?.aborted) entries.delete(key);
        throw error;
      }
    },
  };
}
