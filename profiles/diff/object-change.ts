import { refOf, type KubeObject } from '#kubernetes/object';

import type { ObjectChange } from './change.ts';
import { fieldChanges, type FieldChangeOptions } from './field-changes.ts';
import { restartsPods } from './restarts.ts';

/**
 * What becomes of one object; absent when nothing does. A limit of fields cuts the list, not the answer whether pods
 * restart. Server-side metadata and status count as they are given: whoever looks at live objects leaves them out first.
 */
export function objectChange(
  layer: string,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  { mask, limit = Number.POSITIVE_INFINITY }: FieldChangeOptions = {},
): ObjectChange | undefined {
  const one = after ?? before;
  if (one === undefined) return undefined;
  const object = refOf(one);
  if (before === undefined || after === undefined)
    return { kind: before === undefined ? 'created' : 'removed', layer, object, fields: [], restarts: false };
  const fields = fieldChanges(before, after, { mask });
  if (fields.length === 0) return undefined;
  const restarts = restartsPods({ kind: 'changed', object, fields }, after);
  return { kind: 'changed', layer, object, fields: fields.slice(0, limit), restarts };
}
