/**
 * Objects of the cluster that the function needs. It asks Crossplane for them rather than reading the cluster: it needs
 * no rights there, and `crossplane render` can give them from files.
 *
 * Crossplane calls the function again with what was asked for, until it asks for the same twice, five times at most.
 */
import type { KubeObject } from '#kubernetes/object';

/** Which object. */
export interface Selector {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
}

export type Answer =
  /** Not asked for before: it comes with the next call. */
  { readonly kind: 'asked' } | { readonly kind: 'absent' } | { readonly kind: 'found'; readonly object: KubeObject };

export interface Required {
  ask(name: string, selector: Selector): Answer;
  /** All that was asked for in this call. */
  readonly selectors: ReadonlyMap<string, Selector>;
}

/** @param given what came with the call, by the name it was asked under; an empty list says there is none */
export function createRequired(given: ReadonlyMap<string, readonly KubeObject[]>): Required {
  const selectors = new Map<string, Selector>();
  return {
    selectors,
    ask: (name, selector) => {
      selectors.set(name, selector);
      const found = given.get(name);
      if (found === undefined) return { kind: 'asked' };
      const [object] = found;
      if (object === undefined) return { kind: 'absent' };
      const { kind, metadata } = object;
      const isWanted =
        kind === selector.kind && metadata.name === selector.name && metadata.namespace === selector.namespace;
      // Else another object was asked for before, under the same name.
      return isWanted ? { kind: 'found', object } : { kind: 'asked' };
    },
  };
}
