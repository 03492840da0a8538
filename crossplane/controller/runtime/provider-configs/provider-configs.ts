/** The way from a managed resource to the API, by the configuration that it names. */
import type { KubeClient } from '#kubernetes/client';
import { describeRef, refOf, type KubeObject } from '#kubernetes/object';

import type { ApiConnection, ConnectFailure, ConnectOutcome, ManagedObject, ProviderConfigs } from '../../contracts.ts';
import { IN_USE_FINALIZER } from '../../../schema/groups.ts';
import type { ManagedKind } from '../../../schema/kinds.ts';
import type { ObjectKey } from '../object-key.ts';
import { configKeyOf, configObjectRef, configRefOf } from './config-id.ts';
import { hold } from './config-work.ts';
import type { Connections } from './connections.ts';
import type { Usages } from './usages.ts';

export function createProviderConfigs({
  kube,
  find,
  connections,
  usages,
}: {
  readonly kube: KubeClient;
  readonly find: (key: ObjectKey) => KubeObject | undefined;
  readonly connections: Connections;
  readonly usages: Usages;
}): ProviderConfigs {
  return {
    connect: async (kind, object, options) => {
      const ref = configObjectRef(kind, object, configRefOf(kind, object));
      const isLeaving = object.metadata.deletionTimestamp !== undefined;
      // One that was made a moment ago may not have been heard of yet.
      let config = find(configKeyOf(kind, object)) ?? (await kube.get(ref, options));
      if (!config) return notFound(kind, object);
      if (!isHeld(config)) {
        config = await kube.get(ref, options);
        if (!config) return notFound(kind, object);
        await hold(kube, config, options);
      }
      // Where a namespace is being deleted nothing can be made: there the object itself counts as the record of its use.
      if (!isLeaving) await usages.note(kind, object, options);
      const outcome = await connections.connect(config, options);
      return isLeaving ? forLeaving(outcome, kind, object, connections.lastOf(config)) : outcome;
    },
    release: async (kind, object, options) => usages.release(kind, object, options),
  };
}

/** A configuration that is being deleted takes no finalizer any more; its users still need it to delete what they made. */
function isHeld({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined || (metadata.finalizers ?? []).includes(IN_USE_FINALIZER);
}

/** Who deletes a namespace deletes the Secret at once, and what was made by it only afterwards. */
function forLeaving(
  outcome: ConnectOutcome,
  kind: ManagedKind,
  object: ManagedObject,
  last: ApiConnection | undefined,
): ConnectOutcome {
  if (outcome.kind === 'connected' || outcome.lacksSecret !== true) return outcome;
  return last === undefined ? stranded(outcome, kind, object) : { kind: 'connected', connection: last };
}

/** What helps an object that is being deleted, when what it was made by is gone. */
function stranded(failure: ConnectFailure, kind: ManagedKind, object: ManagedObject): ConnectFailure {
  const another =
    kind.scope === 'Namespaced'
      ? 'Where that cannot be made again, because the namespace is being deleted, name a ClusterProviderConfig in spec.providerConfigRef, whose Secret is elsewhere'
      : 'Where that cannot be made again, name another one in spec.providerConfigRef';
  return {
    ...failure,
    message: `${failure.message}. ${describeRef(refOf(object))} is being deleted, and what it stands for cannot be without it. ${another}; or let it go and keep what it stands for: spec.deletionPolicy: Orphan, or spec.managementPolicies without Delete.`,
  };
}

function notFound(kind: ManagedKind, object: ManagedObject): ConnectFailure {
  const failure = noSuchConfig(kind, object);
  return object.metadata.deletionTimestamp === undefined ? failure : stranded(failure, kind, object);
}

function noSuchConfig(kind: ManagedKind, object: ManagedObject): ConnectFailure {
  const ref = configObjectRef(kind, object, configRefOf(kind, object));
  return {
    kind: 'failed',
    reason: 'ProviderConfigNotFound',
    message: `spec.providerConfigRef: there is no ${describeRef(ref)} (${ref.apiVersion}); make it, or name another one`,
  };
}
