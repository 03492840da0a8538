/** Names of objects as text, for maps and queues. */
import { groupOf, type KubeObject } from '#kubernetes/object';

import type { ManagedKind } from '../../schema/kinds.ts';

/** `group/Kind|namespace|name`; none of the parts can hold a `|`. */
export type ObjectKey = string;

export interface KeyParts {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string | undefined;
  readonly name: string;
}

export function keyOf(object: KubeObject): ObjectKey {
  const { namespace, name } = object.metadata;
  return joinKey({ group: groupOf(object.apiVersion), kind: object.kind, namespace, name });
}

export function keyWithin(kind: ManagedKind, { metadata }: KubeObject): ObjectKey {
  return joinKey({ group: kind.group, kind: kind.kind, namespace: metadata.namespace, name: metadata.name });
}

export function joinKey({ group, kind, namespace, name }: KeyParts): ObjectKey {
  return `${group}/${kind}|${namespace ?? ''}|${name}`;
}

export function splitKey(key: ObjectKey): KeyParts {
  const [type = '', namespace = '', name = ''] = key.split('|');
  const slash = type.indexOf('/');
  return {
    group: type.slice(0, slash),
    kind: type.slice(slash + 1),
    namespace: namespace === '' ? undefined : namespace,
    name,
  };
}
