/**
 * Somebody else at the same API server: looks and meddles through the ecosystem's own client, so that no fault of the
 * agent's client can hide from the tests.
 */
import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  type KubernetesObject,
  PatchStrategy,
} from '@kubernetes/client-node';

import { type JsonMap, type KubeObject, type ObjectRef, isKubeObject, mapAt } from '#kubernetes/object';

const MANAGER = 'somebody';

export interface Outsider {
  object(ref: ObjectRef): Promise<KubeObject | undefined>;
  edit(ref: ObjectRef, patch: JsonMap): Promise<KubeObject>;
  /** Creates the object, or makes it so. */
  create(object: KubeObject): Promise<void>;
  /** An object that is gone already is fine. */
  remove(ref: ObjectRef): Promise<void>;
  secretNames(namespace: string): Promise<readonly string[]>;
}

export function outsiderAt(kubeconfig: string): Outsider {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const objects = KubernetesObjectApi.makeApiClient(config);
  const core = config.makeApiClient(CoreV1Api);
  const headOf = ({
    apiVersion,
    kind,
    name,
    namespace,
  }: ObjectRef): KubernetesObject & { metadata: { name: string } } => ({
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  });
  return {
    object: async (ref) => orNothing(async () => kubeObject(await objects.read(headOf(ref)))),
    edit: async (ref, patch) =>
      kubeObject(
        await objects.patch(
          { ...headOf(ref), ...patch, metadata: { ...mapAt(patch, 'metadata'), ...headOf(ref).metadata } },
          undefined,
          undefined,
          MANAGER,
          undefined,
          PatchStrategy.MergePatch,
        ),
      ),
    create: async (object) => {
      // Its types know metadata more narrowly than ours; the API server takes both.
      const spec = object as unknown as KubernetesObject;
      await objects.patch(spec, undefined, undefined, MANAGER, true, PatchStrategy.ServerSideApply);
    },
    remove: async (ref) => void (await orNothing(async () => objects.delete(headOf(ref)))),
    secretNames: async (namespace) => {
      const { items } = await core.listNamespacedSecret({ namespace });
      return items.map(({ metadata }) => metadata?.name ?? '');
    },
  };
}

async function orNothing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return undefined;
    throw error;
  }
}

/** What it gives as instances with dates, as the plain JSON that the API server sent. */
function kubeObject(value: unknown): KubeObject {
  const plain: unknown = JSON.parse(JSON.stringify(value));
  if (isKubeObject(plain)) return plain;
  throw new Error('the API server answered with something that is no object');
}
