/** Which changes make a workload start its pods anew. */
import { groupOf, valueAt } from '#kubernetes/object';

import type { FieldChange, ObjectChange } from './change.ts';

/** Kinds whose controller replaces pods when the template changes, with the field that holds it. */
const TEMPLATES: Readonly<Record<string, string>> = {
  'apps/Deployment': 'spec.template',
  'apps/StatefulSet': 'spec.template',
  'apps/DaemonSet': 'spec.template',
  // A template of a Job cannot change: it is made anew, and with it its pods.
  'batch/Job': 'spec.template',
  'argoproj.io/Rollout': 'spec.template',
  '/Pod': 'spec',
};

/**
 * Whether a change makes pods start anew: their template differs. What is created or removed restarts nothing. With the
 * object as it becomes, workloads that leave their pods alone (paused, update strategy `OnDelete`) are known.
 */
export function restartsPods(
  change: {
    readonly kind: ObjectChange['kind'];
    readonly object: Pick<ObjectChange['object'], 'apiVersion' | 'kind'>;
    readonly fields: readonly FieldChange[];
  },
  after?: unknown,
): boolean {
  if (change.kind !== 'changed') return false;
  const template = TEMPLATES[`${groupOf(change.object.apiVersion)}/${change.object.kind}`];
  if (template === undefined || leavesPods(after)) return false;
  return change.fields.some(({ path }) => path === 'spec' || path === template || beneath(path, template));
}

function beneath(path: string, parent: string): boolean {
  return path.startsWith(`${parent}.`) || path.startsWith(`${parent}[`);
}

function leavesPods(after: unknown): boolean {
  return valueAt(after, 'spec', 'paused') === true || valueAt(after, 'spec', 'updateStrategy', 'type') === 'OnDelete';
}
