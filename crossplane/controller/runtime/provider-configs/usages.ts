/** Records of who uses which provider configuration, as objects that everybody can list. */
import type { CallOptions, KubeClient } from '#kubernetes/client';
import { describeRef, mapAt, type KubeObject, type ObjectRef } from '#kubernetes/object';
import type { StoreChange } from '#kubernetes/store';

import type { ManagedObject } from '../../contracts.ts';
import type { ManagedKind } from '../../../schema/kinds.ts';
import type { ObjectKey } from '../object-key.ts';
import { configKeyOf, configKeyOfUsage, configRefOf } from './config-id.ts';

export const USAGE_KIND = 'ProviderConfigUsage';

export interface Usages {
  /** Records that a managed resource uses its configuration. Costs nothing when that is recorded already. @throws KubeError */
  note(kind: ManagedKind, object: ManagedObject, options: CallOptions): Promise<void>;
  /** Removes the record. @throws KubeError */
  release(kind: ManagedKind, object: ManagedObject, options: CallOptions): Promise<void>;
  /** Those that are known to use a configuration, as people call them: `ClusterProfile shop/base`. */
  usersOf(key: ObjectKey): readonly string[];
  /** Whether there is a record of the user with this identifier, as far as is known. */
  has(uid: string | undefined): boolean;
  /** Removes records whose users are gone: where no garbage collector runs, nobody else does. */
  sweep(
    records: readonly KubeObject[],
    exists: (user: ObjectRef, uid: string) => boolean,
    options: CallOptions,
  ): Promise<void>;
  /** Takes note of a record as the API server tells of it. @returns the configurations it concerns */
  observe(change: StoreChange): readonly ObjectKey[];
}

export function createUsages(kube: KubeClient): Usages {
  /** By the user's identifier, which is the record's name. */
  const noted = new Map<string, ObjectKey>();
  const users = new Map<ObjectKey, Map<string, string>>();

  const forget = (uid: string, config: ObjectKey): void => {
    const all = users.get(config);
    all?.delete(uid);
    if (all?.size === 0) users.delete(config);
    if (noted.get(uid) === config) noted.delete(uid);
  };
  const remember = (uid: string, config: ObjectKey, user: string): void => {
    const before = noted.get(uid);
    if (before !== undefined && before !== config) forget(uid, before);
    noted.set(uid, config);
    const all = users.get(config) ?? new Map<string, string>();
    all.set(uid, user);
    users.set(config, all);
  };

  return {
    note: async (kind, object, options) => {
      const uid = object.metadata.uid ?? '';
      const config = configKeyOf(kind, object);
      if (noted.get(uid) === config) return;
      const usage = usageFor(kind, object);
      await kube.apply(usage, options);
      remember(uid, config, userOf(usage));
    },
    release: async (kind, object, options) => {
      const uid = object.metadata.uid ?? '';
      await kube.delete(usageRef(kind, object), options);
      const config = noted.get(uid);
      if (config !== undefined) forget(uid, config);
    },
    has: (uid) => uid !== undefined && noted.has(uid),
    sweep: async (records, exists, options) => {
      for (const record of records) {
        const { name, namespace } = record.metadata;
        if (exists(userRef(record), name)) continue;
        const ref = {
          apiVersion: record.apiVersion,
          kind: USAGE_KIND,
          name,
          ...(namespace === undefined ? {} : { namespace }),
        };
        await kube.delete(ref, options);
      }
    },
    usersOf: (key) => [...(users.get(key)?.values() ?? [])].toSorted(),
    observe: (change) => {
      const { object } = change;
      const config = configKeyOfUsage(object);
      if (change.kind === 'deleted') forget(object.metadata.name, config);
      else remember(object.metadata.name, config, userOf(object));
      const before = change.kind === 'changed' ? configKeyOfUsage(change.before) : config;
      return before === config ? [config] : [before, config];
    },
  };
}

/** `ClusterProfile shop/base` */
export function userOf(usage: KubeObject): string {
  return describeRef(userRef(usage));
}

function userRef(usage: KubeObject): ObjectRef {
  const { kind, name } = mapAt(usage, 'resourceRef');
  const { namespace } = usage.metadata;
  return {
    apiVersion: usage.apiVersion,
    kind: String(kind),
    name: String(name),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

export function usageRef(kind: ManagedKind, { metadata }: KubeObject): ObjectRef {
  return {
    apiVersion: kind.apiVersion,
    kind: USAGE_KIND,
    name: metadata.uid ?? '',
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  };
}

/** The shape is Crossplane's, so that its tools understand it. */
function usageFor(kind: ManagedKind, object: ManagedObject): KubeObject {
  const { apiVersion, kind: name } = kind;
  const { metadata } = object;
  const uid = metadata.uid ?? '';
  const ref = configRefOf(kind, object);
  const owner = { apiVersion, kind: name, name: metadata.name, uid };
  return {
    apiVersion,
    kind: USAGE_KIND,
    metadata: {
      name: uid,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: false }],
    },
    providerConfigRef: kind.scope === 'Cluster' ? { name: ref.name } : ref,
    resourceRef: owner,
  };
}
