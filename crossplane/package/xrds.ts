/** XRDs and Compositions of the composites, made from the types that the function parses with. */
import type { CompositeKind } from '../function/composites.ts';
import { Input } from '../function/input.ts';
import { TEMPLATE_GROUP, VERSION } from '../schema/groups.ts';
import { structuralSchema } from '../schema/structural.ts';

import type { Manifest } from './manifest.ts';

/** The function's object, where the packages are below `palette-iac` in their registry. */
export const FUNCTION_NAME = 'palette-iac-function';

/** `paletteclusters.fleet.palette-iac.dev` */
export function definitionName({ plural, group }: CompositeKind): string {
  return `${plural}.${group}`;
}

export function compositeDefinition(composite: CompositeKind): Manifest {
  const { scope, claim } = composite;
  const common = {
    group: composite.group,
    names: { kind: composite.kind, plural: composite.plural, categories: ['palette'] },
    defaultCompositionRef: { name: definitionName(composite) },
    versions: [
      {
        name: VERSION,
        served: true,
        referenceable: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: structuralSchema(composite.spec),
              status: structuralSchema(composite.status),
            },
          },
        },
        additionalPrinterColumns: composite.columns.map((column) => ({ ...column, type: 'string' })),
      },
    ],
  };
  const metadata = { name: definitionName(composite) };
  // Claims are of the first version of this API alone; composites in namespaces of the second.
  return scope === 'Namespaced'
    ? {
        apiVersion: 'apiextensions.crossplane.io/v2',
        kind: 'CompositeResourceDefinition',
        metadata,
        spec: { scope, ...common },
      }
    : {
        apiVersion: 'apiextensions.crossplane.io/v1',
        kind: 'CompositeResourceDefinition',
        metadata,
        spec: {
          ...common,
          ...(claim === undefined ? {} : { claimNames: { ...claim, categories: ['claim', 'palette'] } }),
          // A claim is gone when what it stands for is gone.
          defaultCompositeDeletePolicy: 'Foreground',
          ...(composite.connectionKeys.length === 0 ? {} : { connectionSecretKeys: composite.connectionKeys }),
        },
      };
}

/** The Composition that is used when a composite names none: the function alone, as its input's defaults are. */
export function composition(composite: CompositeKind): Manifest {
  return {
    apiVersion: 'apiextensions.crossplane.io/v1',
    kind: 'Composition',
    metadata: { name: definitionName(composite) },
    spec: {
      compositeTypeRef: { apiVersion: `${composite.group}/${VERSION}`, kind: composite.kind },
      // Where Crossplane keeps what claims get a copy of.
      ...(composite.scope === 'LegacyCluster' && composite.connectionKeys.length > 0
        ? { writeConnectionSecretsToNamespace: 'crossplane-system' }
        : {}),
      mode: 'Pipeline',
      pipeline: [
        {
          step: 'compose',
          functionRef: { name: FUNCTION_NAME },
          input: { apiVersion: `${TEMPLATE_GROUP}/${VERSION}`, kind: 'Input' },
        },
      ],
    },
  };
}

/** Definition of the function's input. Nobody serves it: editors and `crossplane beta validate` read it. */
export function inputDefinition(): Manifest {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `inputs.${TEMPLATE_GROUP}` },
    spec: {
      group: TEMPLATE_GROUP,
      names: { kind: 'Input', listKind: 'InputList', plural: 'inputs', singular: 'input', categories: ['crossplane'] },
      scope: 'Namespaced',
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: withoutTypeMeta(structuralSchema(Input)) },
        },
      ],
    },
  };
}

/** The API server has rules of its own for these three. */
function withoutTypeMeta(schema: ReturnType<typeof structuralSchema>): object {
  const own = new Set(['apiVersion', 'kind', 'metadata']);
  const properties = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([key]) => !own.has(key)));
  const required = (schema.required ?? []).filter((key) => !own.has(key));
  return {
    ...schema,
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      ...properties,
    },
    required,
  };
}
