/** The composite that the function is asked about, whatever way it came. */
import type { KubeObject } from '#kubernetes/object';

import type { CompositeKind } from './composites.ts';

/** A composed resource as the API server has it. */
export interface ObservedResource {
  readonly object: KubeObject;
  readonly connectionDetails: Readonly<Record<string, Buffer>>;
}

export interface Composite {
  readonly kind: CompositeKind;
  readonly object: KubeObject;
  /** The claim behind it, where there is one. */
  readonly claim: { readonly namespace: string; readonly name: string } | undefined;
  /** What was composed before, by its name in the composition. */
  readonly observed: ReadonlyMap<string, ObservedResource>;
}

/** What its author called it. */
export function nameOf({ object, claim }: Composite): string {
  return claim?.name ?? object.metadata.name;
}

/** Keys that Crossplane itself puts into the spec. */
const MACHINERY = new Set([
  'crossplane',
  'claimRef',
  'resourceRef',
  'resourceRefs',
  'compositionRef',
  'compositionRevisionRef',
  'compositionRevisionSelector',
  'compositionSelector',
  'compositionUpdatePolicy',
  'compositeDeletePolicy',
  'writeConnectionSecretToRef',
  'publishConnectionDetailsTo',
  'environmentConfigRefs',
]);

/** The spec as its author wrote it. */
export function ownSpec({ object }: Composite): unknown {
  const spec: unknown = object['spec'] ?? {};
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return spec;
  return Object.fromEntries(Object.entries(spec).filter(([key]) => !MACHINERY.has(key)));
}
