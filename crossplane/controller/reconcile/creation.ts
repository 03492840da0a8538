/** How far the creation of the external object got, as the annotations of the managed resource say. */
import type { KubeObject } from '#kubernetes/object';

import { ANNOTATIONS } from '../../schema/groups.ts';
import { annotationOf } from './policies.ts';

/**
 * By which import id the object is found that a create under way makes. For APIs without idempotent requests, and for
 * specs that were changed since.
 */
export const CREATE_IDENTITY = 'palette-iac.dev/external-create-identity';

export type Creation =
  | { readonly kind: 'none' }
  /** It was begun, and nobody knows how it ended. */
  | {
      readonly kind: 'incomplete';
      readonly pending: string;
      readonly since: number;
      readonly identity: string | undefined;
    }
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed' };

export function creationOf(object: KubeObject): Creation {
  const pending = annotationOf(object, ANNOTATIONS.createPending);
  const succeeded = timeOf(object, ANNOTATIONS.createSucceeded);
  const failed = timeOf(object, ANNOTATIONS.createFailed);
  const since = timeOf(object, ANNOTATIONS.createPending);
  if (pending !== undefined && since > succeeded && since > failed)
    return { kind: 'incomplete', pending, since, identity: annotationOf(object, CREATE_IDENTITY) };
  if (succeeded === 0 && failed === 0) return { kind: 'none' };
  return succeeded >= failed ? { kind: 'succeeded' } : { kind: 'failed' };
}

/** A point in time for the next annotation: now, but later than all before, whoever's clock wrote them. */
export function nextMoment(object: KubeObject, now: number): string {
  const last = Math.max(
    ...[ANNOTATIONS.createPending, ANNOTATIONS.createSucceeded, ANNOTATIONS.createFailed].map((name) =>
      timeOf(object, name),
    ),
  );
  return new Date(Math.max(now, last + 1)).toISOString();
}

function timeOf(object: KubeObject, name: string): number {
  const time = Date.parse(annotationOf(object, name) ?? '');
  return Number.isNaN(time) ? 0 : time;
}
