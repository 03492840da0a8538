/** From the wire: the request of Crossplane as the function's own types. */
import type { RunFunctionRequest } from '@crossplane-org/function-sdk-typescript';
import * as z from 'zod';

import type { KubeObject } from '#kubernetes/object';

import type { Composite, ObservedResource } from './composite.ts';
import { compositeKinds, type CompositeKind } from './composites.ts';
import type { ComposeRequest } from './compose.ts';
import { MODE_CONTEXT_KEY } from './input.ts';
import { createRequired } from './required.ts';

/** As much of an object as everything that is an object has; the rest is passed on. */
const AnyObject: z.ZodType<KubeObject> = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});

export type ReadRequest =
  | { readonly kind: 'request'; readonly request: ComposeRequest }
  /** Nothing that this function can do anything about. */
  | { readonly kind: 'refused'; readonly message: string };

export function readRequest({ observed, input, context, requiredResources }: RunFunctionRequest): ReadRequest {
  const object = AnyObject.safeParse(observed?.composite?.resource);
  if (!object.success) return { kind: 'refused', message: 'the request has no composite resource' };
  const { apiVersion, kind: kindName } = object.data;
  const kind = compositeKinds.find((known) => known.kind === kindName && apiVersion.startsWith(`${known.group}/`));
  if (kind === undefined) {
    const known = compositeKinds.map((known: CompositeKind) => `${known.kind} (${known.group})`).join(', ');
    return {
      kind: 'refused',
      message: `compositeTypeRef: this function composes ${known}; it knows nothing of ${kindName} (${apiVersion})`,
    };
  }
  const composite: Composite = {
    kind,
    object: object.data,
    claim: claimOf(object.data),
    observed: new Map(
      Object.entries(observed?.resources ?? {}).flatMap(([name, { resource, connectionDetails }]) => {
        const found = AnyObject.safeParse(resource);
        const entry: ObservedResource | undefined = found.data && { object: found.data, connectionDetails };
        return entry === undefined ? [] : [[name, entry] as const];
      }),
    ),
  };
  const given = Object.entries(requiredResources).map(
    ([name, { items }]) => [name, items.flatMap(({ resource }) => AnyObject.safeParse(resource).data ?? [])] as const,
  );
  return {
    kind: 'request',
    request: { composite, input, mode: context?.[MODE_CONTEXT_KEY], required: createRequired(new Map(given)) },
  };
}

const ClaimRef = z.object({ spec: z.object({ claimRef: z.object({ namespace: z.string(), name: z.string() }) }) });
const CLAIM_NAME = 'crossplane.io/claim-name';
const CLAIM_NAMESPACE = 'crossplane.io/claim-namespace';

function claimOf(object: KubeObject): Composite['claim'] {
  const found = ClaimRef.safeParse(object);
  if (found.success) return found.data.spec.claimRef;
  const { [CLAIM_NAME]: name, [CLAIM_NAMESPACE]: namespace } = object.metadata.labels ?? {};
  return name === undefined || namespace === undefined ? undefined : { name, namespace };
}
