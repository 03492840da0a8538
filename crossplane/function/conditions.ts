/** Conditions that the function sets on a composite, and on its claim. `Synced` and `Ready` are Crossplane's own. */
import { conditionsOf, type JsonMap, type KubeObject } from '#kubernetes/object';

import type { CompositeKind } from './composites.ts';
import type { Reason } from './outcome.ts';

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

/** Whether all that a composite names was found and is right. */
export function resolvedType({ of }: CompositeKind): string {
  return of === 'cluster' ? 'ProfilesResolved' : 'LayersResolved';
}

export function unresolved(kind: CompositeKind, reason: Reason, message: string): Condition {
  return { type: resolvedType(kind), status: 'False', reason, message };
}

/** What the managed resource says of itself, so that nobody needs to look for it: `ClusterSynced`, `ClusterReady`. */
export function mirrored({ of }: CompositeKind, observed: KubeObject | undefined): Condition[] {
  const subject = of === 'cluster' ? 'Cluster' : 'Profile';
  return (['Synced', 'Ready'] as const).map((type) => {
    if (observed === undefined) {
      return { type: `${subject}${type}`, status: 'False', reason: 'NotComposed', message: 'It is not composed yet.' };
    }
    const found = conditionOf(observed, type);
    const status = found?.['status'];
    return {
      type: `${subject}${type}`,
      status: status === 'True' || status === 'False' ? status : 'Unknown',
      reason: textOf(found?.['reason']) || 'Pending',
      message: textOf(found?.['message']),
    };
  });
}

export function isReady(observed: KubeObject | undefined): boolean {
  return observed !== undefined && conditionOf(observed, 'Ready')?.['status'] === 'True';
}

const SINCE = / Since (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\.$/;

/**
 * The message with the time since when it is so. As long as it is the same state, the time and so the whole condition
 * stay as they are in the composite.
 */
export function since(composite: KubeObject, condition: Condition, now: number): Condition {
  const before = conditionOf(composite, condition.type);
  const known = before?.['reason'] === condition.reason ? SINCE.exec(textOf(before['message']))?.[1] : undefined;
  const at = known ?? new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  return { ...condition, message: `${condition.message.replace(/[.\s]+$/, '')}. Since ${at}.` };
}

function conditionOf(object: KubeObject, type: string): JsonMap | undefined {
  return conditionsOf(object).find((condition) => condition['type'] === type);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
