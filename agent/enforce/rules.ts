/** How one layer, and one object of it, is enforced: the layer's word over the document's. */
import type { DesiredLayer, DesiredState, DriftPolicy, Enforcement } from '#protocol/desired-state';

import type { KubeObject } from '#kubernetes/object';

export interface ObjectRules {
  readonly drift: DriftPolicy;
  readonly conflicts: 'take' | 'report';
  readonly immutable: 'report' | 'recreate';
  /** Pointers of the fields that are others' to set. */
  readonly ignored: readonly string[];
}

export interface LayerRules extends Omit<ObjectRules, 'ignored'> {
  readonly ignore: NonNullable<Enforcement['ignore']>;
}

/** Exceptions of document and layer hold both; of the rest the layer's is taken. */
export function rulesOf(
  { drift, enforcement }: DesiredState['policy'],
  layer: DesiredLayer['enforcement'],
): LayerRules {
  return {
    drift: layer?.drift ?? drift,
    conflicts: layer?.conflicts ?? enforcement?.conflicts ?? 'take',
    immutable: layer?.immutable ?? enforcement?.immutable ?? 'report',
    ignore: [...(enforcement?.ignore ?? []), ...(layer?.ignore ?? [])],
  };
}

const NONE: readonly string[] = [];

export function rulesFor(object: KubeObject, { ignore, ...rules }: LayerRules): ObjectRules {
  const ignored = ignore
    .filter(
      ({ kind, namespace, name }) =>
        matches(kind, object.kind) &&
        matches(namespace, object.metadata.namespace ?? '') &&
        matches(name, object.metadata.name),
    )
    .flatMap(({ fields }) => fields);
  return { ...rules, ignored: ignored.length === 0 ? NONE : [...new Set(ignored)].sort() };
}

/** A pattern is a name, or the beginning of one with `*` after it. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
