/** The managed resources as they were last heard of, and who waits for whom among them. */
import type { KubeClient } from '#kubernetes/client';
import { groupOf, isMap, type KubeObject } from '#kubernetes/object';

import type { ManagedObject, ObjectLookup } from '../contracts.ts';
import { conditionOf } from '../reconcile/conditions.ts';
import type { ManagedKind } from '../../schema/kinds.ts';
import { keyOf, splitKey, type ObjectKey } from './object-key.ts';
import type { Stores } from './stores.ts';

export interface FoundManaged {
  readonly kind: ManagedKind;
  readonly object: ManagedObject;
}

export interface ManagedObjects {
  kindOf(key: ObjectKey): ManagedKind | undefined;
  find(key: ObjectKey): FoundManaged | undefined;
  /** As the API server has it now. @throws KubeError */
  read(key: ObjectKey, options: { readonly signal: AbortSignal }): Promise<FoundManaged | undefined>;
  all(): FoundManaged[];
  readonly lookup: ObjectLookup;
}

export function createManagedObjects({
  kube,
  kinds,
  stores,
}: {
  readonly kube: KubeClient;
  readonly kinds: readonly ManagedKind[];
  readonly stores: () => Stores;
}): ManagedObjects {
  const byName = new Map(kinds.map((kind) => [`${kind.group}/${kind.kind}`, kind]));
  const kindOf = (key: ObjectKey): ManagedKind | undefined => {
    const { group, kind } = splitKey(key);
    return byName.get(`${group}/${kind}`);
  };
  const listOf = (kind: ManagedKind, namespace?: string): ManagedObject[] =>
    (stores().storeOf(kind.group, kind.kind)?.list(namespace) ?? []).map(asManaged);
  return {
    kindOf,
    find: (key) => {
      const kind = kindOf(key);
      const object = stores().find(key);
      return kind && object && { kind, object: asManaged(object) };
    },
    read: async (key, options) => {
      const kind = kindOf(key);
      if (!kind) return undefined;
      const { namespace, name } = splitKey(key);
      const object = await kube.get(
        { apiVersion: kind.apiVersion, kind: kind.kind, name, ...(namespace === undefined ? {} : { namespace }) },
        options,
      );
      return object && { kind, object: asManaged(object) };
    },
    all: () => kinds.flatMap((kind) => listOf(kind).map((object) => ({ kind, object }))),
    lookup: {
      get: async (ref, options) => {
        const known = byName.get(`${groupOf(ref.apiVersion)}/${ref.kind}`);
        const store = known && stores().storeOf(known.group, known.kind);
        return store?.isSynced === true ? store.get(ref.name, ref.namespace) : kube.get(ref, options);
      },
      list: async (kind, { namespace, labels }) =>
        listOf(kind, namespace).filter(({ metadata }) =>
          Object.entries(labels).every(([name, value]) => metadata.labels?.[name] === value),
        ),
    },
  };
}

/** A managed resource always has a spec: its definition requires it. */
export function asManaged(object: KubeObject): ManagedObject {
  const { spec, status, ...rest } = object;
  return { ...rest, spec: isMap(spec) ? spec : {}, ...(isMap(status) ? { status } : {}) };
}

/** Managed resources that cannot go on before another one has got its external name. */
export interface WaitingForReferences {
  /** Takes note of what an object's status says; `undefined`: it is gone. */
  set(key: ObjectKey, object: KubeObject | undefined): void;
  /** Those that may refer to the object. */
  near(object: KubeObject): readonly ObjectKey[];
}

export function createWaitingForReferences(): WaitingForReferences {
  const places = new Map<ObjectKey, string>();
  const placeOf = ({ apiVersion, metadata }: KubeObject): string =>
    `${groupOf(apiVersion)}|${metadata.namespace ?? ''}`;
  return {
    set: (key, object) => {
      if (object && conditionOf(object, 'Synced')?.reason === 'ReferenceNotReady') places.set(key, placeOf(object));
      else places.delete(key);
    },
    near: (object) => {
      const place = placeOf(object);
      const own = keyOf(object);
      return [...places].filter(([key, at]) => at === place && key !== own).map(([key]) => key);
    },
  };
}
