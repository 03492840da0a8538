/**
 * What may be done to the external object: `spec.managementPolicies` and `spec.deletionPolicy`.
 *
 * @see https://docs.crossplane.io/latest/managed-resources/managed-resources/#managementpolicies
 */
import { isMap, valueAt, type KubeObject } from '#kubernetes/object';

import { ANNOTATIONS } from '../../schema/groups.ts';

export interface Policies {
  readonly create: boolean;
  readonly update: boolean;
  readonly delete: boolean;
  readonly lateInitialize: boolean;
  /** Nothing at all is done: by the annotation, or by policies that allow nothing. */
  readonly paused: boolean;
}

export function policiesOf(object: KubeObject): Policies {
  const given = valueAt(object, 'spec', 'managementPolicies');
  const named = new Set(Array.isArray(given) ? given : ['*']);
  const allows = (action: string): boolean => named.has('*') || named.has(action);
  const byDefault = named.size === 1 && named.has('*');
  const orphan = valueAt(object, 'spec', 'deletionPolicy') === 'Orphan';
  return {
    create: allows('Create'),
    update: allows('Update'),
    // Policies that name Delete win over an older deletionPolicy; Orphan wins over the default.
    delete: allows('Delete') && !(orphan && (byDefault || named.has('*'))),
    lateInitialize: allows('LateInitialize'),
    paused: named.size === 0 || annotationOf(object, ANNOTATIONS.paused) === 'true',
  };
}

export function annotationOf({ metadata }: KubeObject, name: string): string | undefined {
  const value = metadata.annotations?.[name];
  return value === '' ? undefined : value;
}

/** A map of the spec, or an empty one. */
export function specMap(object: KubeObject, name: string): Readonly<Record<string, unknown>> {
  const value = valueAt(object, 'spec', name);
  return isMap(value) ? value : {};
}
