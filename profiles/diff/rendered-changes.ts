import { objectKey, refOf } from '#kubernetes/object';
import type { KubernetesObject } from '#packs/index';
import { canonicalJson } from '#protocol/canonical';

import type { RenderedProfile } from '../rendered.ts';
import type { ObjectChange } from './change.ts';
import type { FieldChangeOptions } from './field-changes.ts';
import { objectChange } from './object-change.ts';

/** A field of every rendered object: the layer that brings it. */
export const LAYER_FIELD = '(layer)';

/**
 * What becomes of objects between two renderings, whatever layer brings them: none exactly when both have the same
 * objects in the same layers. Objects stand in the order in which they are applied, what is removed last.
 */
export function renderedChanges(
  before: Pick<RenderedProfile, 'layers'>,
  after: Pick<RenderedProfile, 'layers'>,
  options: FieldChangeOptions = {},
): ObjectChange[] {
  const old = byKey(before);
  const now = byKey(after);
  const changes: ObjectChange[] = [];
  for (const [key, { layer, object }] of now) {
    const previous = old.get(key);
    const change = objectChange(layer, previous?.object, object, options);
    if (previous === undefined || previous.layer === layer) {
      if (change) changes.push(change);
      continue;
    }
    const moved = { path: LAYER_FIELD, before: previous.layer, after: layer };
    changes.push({
      kind: 'changed',
      layer,
      object: refOf(object),
      fields: [moved, ...(change?.fields ?? [])],
      restarts: change?.restarts ?? false,
    });
  }
  for (const [key, { layer, object }] of old) {
    const change = now.has(key) ? undefined : objectChange(layer, object, undefined, options);
    if (change) changes.push(change);
  }
  return changes;
}

interface Placed {
  readonly layer: string;
  readonly object: KubernetesObject;
}

/** An object that stands twice keeps apart from itself by a number. */
function byKey({ layers }: Pick<RenderedProfile, 'layers'>): ReadonlyMap<string, Placed> {
  const found = new Map<string, Placed>();
  for (const { layer, objects } of layers) {
    for (const object of objects) {
      const key = objectKey(refOf(object));
      let copy = 0;
      while (found.has(`${key}#${copy}`)) copy++;
      found.set(`${key}#${copy}`, { layer: layer.name, object });
    }
  }
  return found;
}

/** Whether two renderings hold the same objects in the same layers. */
export function sameObjects(a: Pick<RenderedProfile, 'layers'>, b: Pick<RenderedProfile, 'layers'>): boolean {
  const texts = (one: Pick<RenderedProfile, 'layers'>): string[] =>
    one.layers.flatMap(({ layer, objects }) => objects.map((object) => canonicalJson([layer.name, object]))).sort();
  return canonicalJson(texts(a)) === canonicalJson(texts(b));
}
