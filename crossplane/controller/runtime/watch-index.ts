/** Which managed resources an event of a management plane concerns. */
import type { WatchedExternal } from '../contracts.ts';
import type { ObjectKey } from './object-key.ts';

interface Watch {
  readonly realm: string;
  readonly external: WatchedExternal;
}

export interface WatchIndex {
  /** Notes what a managed resource stands for now. */
  set(key: ObjectKey, watch: Watch | undefined): void;
  /** Those that stand for an external object. */
  keysOf(realm: string, external: WatchedExternal): readonly ObjectKey[];
  /** All of one account. */
  keysIn(realm: string): readonly ObjectKey[];
  watchOf(key: ObjectKey): Watch | undefined;
}

export function createWatchIndex(): WatchIndex {
  const watches = new Map<ObjectKey, Watch>();
  const byExternal = new Map<string, Set<ObjectKey>>();
  const textOf = (realm: string, { type, uid }: WatchedExternal): string => `${realm}|${type}|${uid}`;
  return {
    set: (key, watch) => {
      const before = watches.get(key);
      if (before !== undefined) {
        const text = textOf(before.realm, before.external);
        const keys = byExternal.get(text);
        keys?.delete(key);
        if (keys?.size === 0) byExternal.delete(text);
        watches.delete(key);
      }
      if (watch === undefined) return;
      watches.set(key, watch);
      const text = textOf(watch.realm, watch.external);
      const keys = byExternal.get(text) ?? new Set();
      keys.add(key);
      byExternal.set(text, keys);
    },
    keysOf: (realm, external) => [...(byExternal.get(textOf(realm, external)) ?? [])],
    keysIn: (realm) => [...watches].filter(([, watch]) => watch.realm === realm).map(([key]) => key),
    watchOf: (key) => watches.get(key),
  };
}
