/** Secrets as maps of bytes. */
import type { CallOptions, KubeClient } from './client.ts';
import { mapAt, type KubeObject, type ObjectRef } from './object.ts';

export type SecretData = ReadonlyMap<string, Buffer>;

export function secretRef(namespace: string, name: string): ObjectRef {
  return { apiVersion: 'v1', kind: 'Secret', namespace, name };
}

export function secretData(secret: KubeObject): SecretData {
  return new Map(
    Object.entries(mapAt(secret, 'data')).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, Buffer.from(value, 'base64')]] : [],
    ),
  );
}

/** The secret's data, or undefined when there is no such secret. */
export async function readSecret(
  client: KubeClient,
  namespace: string,
  name: string,
  options: CallOptions,
): Promise<SecretData | undefined> {
  const secret = await client.get(secretRef(namespace, name), options);
  return secret && secretData(secret);
}

/** Writes the whole content of a secret in one request: readers see the old one or the new one. */
export async function writeSecret(
  client: KubeClient,
  {
    namespace,
    name,
    labels,
    data,
  }: {
    readonly namespace: string;
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly data: Readonly<Record<string, string | Uint8Array>>;
  },
  options: CallOptions,
): Promise<void> {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')] as const);
  await client.apply(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace, ...(labels ? { labels } : {}) },
      type: 'Opaque',
      data: Object.fromEntries(encoded),
    },
    options,
  );
}
