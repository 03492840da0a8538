/** The way from a managed resource to the API, by the configuration that it names. */
import type { KubeClient } from '#kubernetes/client';
import { describeRef, type KubeObject } from '#kubernetes/object';

import type { ConnectFailure, ManagedObject, ProviderConfigs } from '../../contracts.ts';
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
      // One that was made a moment ago may not have been heard of yet.
      let config = find(configKeyOf(kind, object)) ?? (await kube.get(ref, options));
      if (!config) return notFound(kind, object);
      if (!isHeld(config)) {
        config = await kube.get(ref, options);
        if (!config) return notFound(kind, object);
        await hold(kube, config, options);
      }
      await usages.note(kind, object, options);
      return connections.connect(config, options);
    },
    release: async (kind, object, options) => usages.release(kind, object, options),
  };
}

/** A configuration that is being deleted takes no finalizer any more; its users still need it to delete what they made. */
function isHeld({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined || (metadata.finalizers ?? []).includes(IN_USE_FINALIZER);
}

function notFound(kind: ManagedKind, object: ManagedObject): ConnectFailure {
  const ref = configObjectRef(kind, object, configRefOf(kind, object));
  return {
    kind: 'failed',
    reason: 'ProviderConfigNotFound',
    message: `spec.providerConfigRef: there is no ${describeRef(ref)} (${ref.apiVersion}); make it, or name another one`,
  };
}
