/** What a change from outside came to, as it may be told: field by field, secrets hidden, shortened. */
import { fieldChanges, type Mask } from '#profiles/diff/index';
import { showValue } from '#profiles/diff/show-value';

import type { KubeObject, ObjectRef } from '#kubernetes/object';
import { FIELD_MANAGER } from '../field-manager.ts';
import { lastManager } from '../enforce/managed-fields.ts';
import { changedPaths, normalise } from '../enforce/normalise.ts';

export interface FieldDrift {
  readonly path: string;
  /** As it is to be; absent where the field is to have no value. */
  readonly before?: string;
  /** As it was found. */
  readonly after?: string;
}

export interface Drift {
  readonly ref: ObjectRef;
  readonly layer: string;
  readonly change: 'modified' | 'deleted';
  readonly fields: readonly string[];
  readonly diff: readonly FieldDrift[];
  /** Who changed it, where the API server says. */
  readonly manager: string | undefined;
}

/** A drift report names at most so many fields, each so long. */
const MAX_FIELDS = 50;
const MAX_PATH = 300;

/** `found` is undefined for an object that is gone; `wanted` is what applying would make of it. */
export function describeDrift(
  { ref, layer }: Pick<Drift, 'ref' | 'layer'>,
  found: KubeObject | undefined,
  wanted: KubeObject,
  mask: Mask,
): Drift {
  if (found === undefined) return { ref, layer, change: 'deleted', fields: [], diff: [], manager: undefined };
  const changes = fieldChanges(normalise(wanted), normalise(found), { mask, limit: MAX_FIELDS }).slice(0, MAX_FIELDS);
  const diff = changes.map(({ path, before, after }) => ({
    path: path.slice(0, MAX_PATH),
    ...(before === undefined ? {} : { before: showValue(before) }),
    ...(after === undefined ? {} : { after: showValue(after) }),
  }));
  const manager = lastManager(found, FIELD_MANAGER, changedPaths(found, wanted));
  return { ref, layer, change: 'modified', fields: diff.map(({ path }) => path), diff, manager };
}
