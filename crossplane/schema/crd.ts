/** Custom resource definitions, as far as this project writes them. */
import { VERSION } from './groups.ts';
import type { KindScope } from './kinds.ts';
import type { StructuralSchema } from './structural.ts';

export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description?: string;
  /** 1: with `-o wide` only. */
  readonly priority?: number;
}

export interface CustomResourceDefinition {
  readonly [key: string]: unknown;
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly scope: KindScope;
    readonly names: {
      readonly kind: string;
      readonly listKind: string;
      readonly plural: string;
      readonly singular: string;
      readonly categories: readonly string[];
    };
    readonly versions: readonly [
      {
        readonly name: string;
        readonly served: true;
        readonly storage: true;
        readonly additionalPrinterColumns: readonly PrinterColumn[];
        readonly schema: { readonly openAPIV3Schema: StructuralSchema };
        readonly subresources?: { readonly status: Readonly<Record<string, never>> };
      },
    ];
  };
}

export interface CrdInput {
  readonly group: string;
  readonly scope: KindScope;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly categories: readonly string[];
  readonly description: string;
  readonly columns: readonly PrinterColumn[];
  /** Everything beside apiVersion, kind and metadata. */
  readonly properties: Readonly<Record<string, StructuralSchema>>;
  readonly required: readonly string[];
}

export function customResourceDefinition(input: CrdInput): CustomResourceDefinition {
  const { group, scope, kind, plural, singular, categories } = input;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, listKind: `${kind}List`, plural, singular, categories },
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          additionalPrinterColumns: input.columns,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              description: input.description,
              required: input.required,
              properties: {
                apiVersion: { type: 'string' },
                kind: { type: 'string' },
                metadata: { type: 'object' },
                ...input.properties,
              },
            },
          },
          ...('status' in input.properties ? { subresources: { status: {} } } : {}),
        },
      ],
    },
  };
}

export const AGE: PrinterColumn = { name: 'AGE', type: 'date', jsonPath: '.metadata.creationTimestamp' };

export function conditionColumn(name: string, type: string): PrinterColumn {
  return { name, type: 'string', jsonPath: `.status.conditions[?(@.type=='${type}')].status` };
}

/** Conditions as Kubernetes has them. */
export const conditionsSchema: StructuralSchema = {
  type: 'array',
  description: 'What is the case, each with since when and why.',
  items: {
    type: 'object',
    required: ['type', 'status', 'reason', 'lastTransitionTime'],
    properties: {
      type: { type: 'string', description: 'Of what: `Ready` or `Synced`, say.' },
      status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
      reason: { type: 'string', description: 'Why, in one word.' },
      message: { type: 'string', description: 'Why, in a sentence for people.' },
      lastTransitionTime: { type: 'string', format: 'date-time', description: 'Since when.' },
      observedGeneration: { type: 'integer', format: 'int64', description: 'The generation that was looked at.' },
    },
  },
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
};
