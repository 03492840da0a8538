/**
 * What the agent knows of its objects: what should be there, and, from the watches, what is.
 * Contents of live objects are not kept, only their hash and readiness.
 */
import type { ObjectProblem } from '#protocol/report';

import { objectKey, refOf, type KubeObject } from '#kubernetes/object';
import { contentHash } from './normalise.ts';
import type { Judge } from './health-rules.ts';
import { readiness, type Readiness } from './readiness.ts';
import { isShortLived, type DesiredObject } from './stamp.ts';

export interface LiveState {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly hash: string;
  readonly readiness: Readiness;
}

/** One object that should be there. Changed in place by `converge` alone. */
export interface Entry {
  readonly key: string;
  desired: DesiredObject;
  /** Digest of the desired object that was applied last, or found to be in place already. */
  appliedDigest: string | undefined;
  /** Content hash of the live object while it is as desired. */
  cleanHash: string | undefined;
  /** The order of waves has come to it: from now on a change from outside is looked into. */
  reached: boolean;
  /** A namespace of someone else, left alone. */
  foreign: boolean;
  problem: ObjectProblem | undefined;
  /** Drift that was reported and stands, by policy: the content hash it was reported for. */
  standingDrift: string | undefined;
}

export type TableListener = (key: string) => void;

export interface ObjectTable {
  entry(key: string): Entry | undefined;
  entries(): IterableIterator<Entry>;
  ofLayer(layer: string): readonly Entry[];
  live(key: string): LiveState | undefined;
  /**
   * Replaces a layer's objects; what it no longer has is forgotten. The judge tells the readiness of those it is for,
   * from the next time they are seen.
   */
  setLayer(layer: string, objects: readonly DesiredObject[], judge?: Judge): void;
  /** Forgets layers that are not named. */
  keepLayers(layers: ReadonlySet<string>): void;
  /** Takes in what a watch or an answer says is there; older news than known is dropped. */
  observe(object: KubeObject): void;
  observeGone(object: KubeObject): void;
  /** There is no live object under this key. */
  forget(key: string): void;
  /** Takes in a complete list of one version and kind. */
  observeAll(type: { readonly apiVersion: string; readonly kind: string }, objects: readonly KubeObject[]): void;
  /** Readiness of the object as desired: `in progress` until it was seen. */
  readinessOf(entry: Entry): Readiness;
  /** Calls back for each key whose live object changed. */
  onChange(listener: TableListener): void;
}

interface Known extends LiveState {
  readonly apiVersion: string;
  readonly kind: string;
}

export function createObjectTable(): ObjectTable {
  const entries = new Map<string, Entry>();
  /** The same by layer: clusters have up to thousands of layers, and each is looked at all the time. */
  const byLayer = new Map<string, Map<string, Entry>>();
  const live = new Map<string, Known>();
  const judges = new Map<string, Judge>();
  const judged = (object: KubeObject, entry: Entry | undefined): Readiness => {
    const common = readiness(object);
    if (common.kind === 'terminating' || !entry) return common;
    return judges.get(entry.desired.layer)?.(object) ?? common;
  };
  const listeners: TableListener[] = [];
  const changed = (key: string): void => listeners.forEach((listener) => listener(key));

  const take = (object: KubeObject): void => {
    const key = objectKey(refOf(object));
    const { apiVersion, kind } = object;
    // The same object in another version has another hash: one version is followed, the desired one.
    const entry = entries.get(key);
    if (entry && entry.desired.ref.apiVersion !== apiVersion) return;
    const { uid = '', resourceVersion = '' } = object.metadata;
    const known = live.get(key);
    if (known?.uid === uid && isOlder(resourceVersion, known.resourceVersion)) return;
    live.set(key, {
      apiVersion,
      kind,
      uid,
      resourceVersion,
      hash: contentHash(object),
      readiness: judged(object, entry),
    });
    changed(key);
  };
  const drop = (key: string): void => {
    if (live.delete(key)) changed(key);
  };

  const leave = (layer: string, key: string): void => {
    const own = byLayer.get(layer);
    own?.delete(key);
    if (own?.size === 0) byLayer.delete(layer);
  };
  const join = (entry: Entry): void => {
    const { layer } = entry.desired;
    const own = byLayer.get(layer) ?? new Map<string, Entry>();
    byLayer.set(layer, own.set(entry.key, entry));
  };
  const remove = (entry: Entry): void => {
    entries.delete(entry.key);
    leave(entry.desired.layer, entry.key);
  };

  return {
    entry: (key) => entries.get(key),
    entries: () => entries.values(),
    ofLayer: (layer) => [...(byLayer.get(layer)?.values() ?? [])],
    live: (key) => live.get(key),
    setLayer: (layer, objects, judge) => {
      if (judge) judges.set(layer, judge);
      else judges.delete(layer);
      const keys = new Set(objects.map((object) => object.key));
      for (const entry of byLayer.get(layer)?.values() ?? []) if (!keys.has(entry.key)) remove(entry);
      for (const desired of objects) {
        const entry = entries.get(desired.key);
        if (entry) {
          if (entry.desired.digest !== desired.digest) entry.reached = false;
          leave(entry.desired.layer, entry.key);
          entry.desired = desired;
          join(entry);
        } else {
          const fresh = freshEntry(desired);
          entries.set(desired.key, fresh);
          join(fresh);
        }
      }
    },
    keepLayers: (layers) => {
      for (const [layer, own] of byLayer) if (!layers.has(layer)) for (const entry of own.values()) remove(entry);
      for (const layer of judges.keys()) if (!layers.has(layer)) judges.delete(layer);
    },
    observe: take,
    forget: drop,
    observeGone: (object) => {
      const key = objectKey(refOf(object));
      // Deleted and made anew already: the news of the old one comes late.
      if (live.get(key)?.uid === object.metadata.uid) drop(key);
    },
    observeAll: (type, objects) => {
      const there = new Set(objects.map((object) => objectKey(refOf(object))));
      for (const [key, known] of live) {
        if (known.kind === type.kind && known.apiVersion === type.apiVersion && !there.has(key)) drop(key);
      }
      objects.forEach(take);
    },
    readinessOf: (entry) => {
      if (entry.foreign) return { kind: 'current' };
      const known = live.get(entry.key);
      if (known) return known.readiness;
      // Nobody wants it back.
      if (entry.standingDrift === 'deleted' && entry.desired.rules.drift === 'ignore') return { kind: 'current' };
      const ended = entry.appliedDigest === entry.desired.digest && isShortLived(entry.desired.object);
      return ended ? { kind: 'current' } : { kind: 'in progress', message: 'it is not there yet' };
    },
    onChange: (listener) => void listeners.push(listener),
  };
}

function freshEntry(desired: DesiredObject): Entry {
  return {
    key: desired.key,
    desired,
    appliedDigest: undefined,
    cleanHash: undefined,
    reached: false,
    foreign: false,
    problem: undefined,
    standingDrift: undefined,
  };
}

/** Resource versions of one object grow; the API server writes them as decimal numbers. */
function isOlder(left: string, right: string): boolean {
  if (!/^\d+$/.test(left) || !/^\d+$/.test(right)) return false;
  return BigInt(left) < BigInt(right);
}
