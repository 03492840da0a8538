/** The managed resources of the bench. */
import { NAMESPACED_GROUP, VERSION } from '#crossplane/schema/groups';
import { valueAt, type KubeObject } from '#kubernetes/object';

export const NAMESPACE = 'bench-crossplane';
export const API_VERSION = `${NAMESPACED_GROUP}/${VERSION}`;

export const SIZES = { ClusterProfile: 420, Project: 30, RegistrationToken: 30, Macros: 20 } as const;
export type Kind = keyof typeof SIZES;
export const KINDS = Object.keys(SIZES) as readonly Kind[]; // as: keys of a literal

export function managedResources(): KubeObject[] {
  return KINDS.flatMap((kind) =>
    Array.from({ length: SIZES[kind] }, (_, index) => {
      const name = `bench-${kind.toLowerCase()}-${index}`;
      return {
        apiVersion: API_VERSION,
        kind,
        metadata: { name, namespace: NAMESPACE },
        spec: { forProvider: FOR_PROVIDER[kind](name, index) },
      };
    }),
  );
}

const FOR_PROVIDER: Readonly<Record<Kind, (name: string, index: number) => object>> = {
  ClusterProfile: (name, index) => ({
    name,
    version: '1.0.0',
    type: 'add-on',
    cloud: 'all',
    pack: [
      {
        name: 'manifests',
        type: 'manifest',
        manifest: [
          { name: 'config', content: `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c-${index}\ndata: {}\n` },
        ],
      },
    ],
  }),
  Project: (name) => ({ name, description: 'Made by the bench' }),
  RegistrationToken: (name) => ({ name, expiryDate: '2099-12-31', status: 'inactive' }),
  Macros: (name, index) => ({ context: 'project', macros: { [`bench_${index}`]: name } }),
};

/** Whether its conditions say so of the object as it is now. */
export function isReady(object: KubeObject): boolean {
  const conditions = valueAt(object, 'status', 'conditions');
  const isTrue = (type: string): boolean =>
    Array.isArray(conditions) &&
    conditions.some((each) => valueAt(each, 'type') === type && valueAt(each, 'status') === 'True');
  return isTrue('Ready') && isTrue('Synced');
}
