/** Which managed resource an external object belongs to, when several name it. */
import { refOf, valueAt, type KubeObject } from '#kubernetes/object';

import type { ExternalNameClaims, ManagedObject } from '../contracts.ts';
import { ANNOTATIONS } from '../../schema/groups.ts';
import type { ManagedKind } from '../../schema/kinds.ts';
import { keyWithin, type ObjectKey } from './object-key.ts';

export interface ClaimIndex extends ExternalNameClaims {
  /** Takes note of a managed resource as it is now; `undefined`: it is gone. */
  set(kind: ManagedKind, key: ObjectKey, object: ManagedObject | undefined): void;
  /** Others with the external name that this one has, in whatever account: when it goes, one of them may have it. */
  othersWith(kind: ManagedKind, object: ManagedObject): readonly ObjectKey[];
}

interface Claim {
  readonly kind: ManagedKind;
  readonly object: ManagedObject;
}

/** `realmOf` tells the account that a managed resource's configuration leads to, where that is known. */
export function createClaimIndex(
  realmOf: (kind: ManagedKind, object: ManagedObject) => string | undefined,
): ClaimIndex {
  const names = new Map<ObjectKey, string>();
  const claims = new Map<string, Map<ObjectKey, Claim>>();
  const textOf = (kind: ManagedKind, name: string): string => `${kind.type}|${name}`;
  return {
    set: (kind, key, object) => {
      const before = names.get(key);
      if (before !== undefined) {
        const others = claims.get(before);
        others?.delete(key);
        if (others?.size === 0) claims.delete(before);
        names.delete(key);
      }
      const name = object && externalName(object);
      if (object === undefined || name === undefined) return;
      const text = textOf(kind, name);
      names.set(key, text);
      const all = claims.get(text) ?? new Map<ObjectKey, Claim>();
      all.set(key, { kind, object });
      claims.set(text, all);
    },
    othersWith: (kind, object) => {
      const name = externalName(object);
      if (name === undefined) return [];
      const own = keyWithin(kind, object);
      return [...(claims.get(textOf(kind, name))?.keys() ?? [])].filter((key) => key !== own);
    },
    rival: ({ kind, object, realm, externalName: name }) => {
      const own = keyWithin(kind, object);
      const first = [...(claims.get(textOf(kind, name)) ?? [])]
        .filter(([key, other]) => key !== own && realmOf(other.kind, other.object) === realm)
        .map(([, other]) => other.object)
        .filter((other) => comesBefore(other, object, name))
        .toSorted((a, b) => (comesBefore(a, b, name) ? -1 : 1))[0];
      return first && refOf(first);
    },
  };
}

/**
 * One whose status says that it has the external object comes before those that only want it; among equals the older one
 * does, and identifiers decide between those of one second.
 */
export function comesBefore(a: KubeObject, b: KubeObject, name: string): boolean {
  const has = (object: KubeObject): number => (valueAt(object, 'status', 'atProvider', 'id') === name ? 0 : 1);
  if (has(a) !== has(b)) return has(a) < has(b);
  const [madeA = '', madeB = ''] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  if (madeA !== madeB) return madeA < madeB;
  return (a.metadata.uid ?? '') < (b.metadata.uid ?? '');
}

function externalName(object: KubeObject): string | undefined {
  const name = object.metadata.annotations?.[ANNOTATIONS.externalName];
  return name === '' ? undefined : name;
}
