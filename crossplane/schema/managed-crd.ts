/** The CRD of a managed resource, from its definition. */
import type { AnyResource } from '#resources/engine/index';
import type { ResourceType } from '#resources/index';

import {
  AGE,
  conditionColumn,
  conditionsSchema,
  customResourceDefinition,
  type CustomResourceDefinition,
  type PrinterColumn,
} from './crd.ts';
import type { KindScope, ManagedKind } from './kinds.ts';
import { observationSchema, parametersSchema } from './parameters.ts';
import { specRules } from './rules.ts';
import type { StructuralSchema } from './structural.ts';
import { inKubernetesWords } from './words.ts';

const POLICIES = ['*', 'Observe', 'Create', 'Update', 'Delete', 'LateInitialize'];

const column = (name: string, field: string): PrinterColumn => ({
  name,
  type: 'string',
  jsonPath: `.status.atProvider.${field}`,
});

/** What else one wants to see of a kind at a glance. */
const COLUMNS: { readonly [T in ResourceType]?: readonly PrinterColumn[] } = {
  spectrocloud_cluster_brownfield: [column('STATE', 'status'), column('HEALTH', 'healthStatus')],
  spectrocloud_cluster_profile: [column('VERSION', 'version')],
  spectrocloud_registration_token: [column('EXPIRES', 'expiryDate')],
};

/** @param definition that of the kind's type */
export function managedCrd(kind: ManagedKind, definition: AnyResource): CustomResourceDefinition {
  const { group, scope, plural, singular, type } = kind;
  return customResourceDefinition({
    group,
    scope,
    kind: kind.kind,
    plural,
    singular,
    categories: ['crossplane', 'managed', 'palette'],
    description: inKubernetesWords(definition, definition.description),
    columns: [
      conditionColumn('READY', 'Ready'),
      conditionColumn('SYNCED', 'Synced'),
      ...(COLUMNS[type] ?? []),
      {
        name: 'EXTERNAL-NAME',
        type: 'string',
        jsonPath: String.raw`.metadata.annotations.crossplane\.io/external-name`,
      },
      AGE,
    ],
    required: ['spec'],
    properties: { spec: specSchema(definition, scope), status: statusSchema(definition) },
  });
}

function specSchema(definition: AnyResource, scope: KindScope): StructuralSchema {
  return {
    type: 'object',
    description: 'What is wanted, and how it is brought about.',
    required: ['forProvider'],
    properties: {
      forProvider: parametersSchema(definition, scope, 'forProvider'),
      initProvider: parametersSchema(definition, scope, 'initProvider'),
      managementPolicies,
      deletionPolicy: {
        type: 'string',
        description:
          'What becomes of the external object when this one is deleted: it is deleted too (`Delete`) or left where it is (`Orphan`).',
        enum: ['Delete', 'Orphan'],
        default: 'Delete',
      },
      providerConfigRef: providerConfigRef(scope),
      writeConnectionSecretToRef: connectionSecretRef(scope),
    },
    'x-kubernetes-validations': specRules(definition),
  };
}

/** @see https://docs.crossplane.io/latest/managed-resources/managed-resources/#managementpolicies */
const managementPolicies: StructuralSchema = {
  type: 'array',
  description:
    'What may be done with the external object: everything (`*`), or `Observe` and those of the others that are named. None pauses.',
  default: ['*'],
  maxItems: POLICIES.length,
  items: { type: 'string', enum: POLICIES },
  'x-kubernetes-validations': [
    {
      rule: "!('*' in self) || size(self) == 1",
      message: "'*' allows everything: give it alone, or name the policies without it",
    },
    {
      rule: "size(self) == 0 || '*' in self || 'Observe' in self",
      message: 'add Observe: nothing can be done with what may not be looked at',
    },
  ],
};

function providerConfigRef(scope: KindScope): StructuralSchema {
  const name = { type: 'string', minLength: 1, description: 'Name of the provider configuration.' } as const;
  const description = 'The provider configuration with which the API is reached.';
  return scope === 'Cluster'
    ? { type: 'object', description, default: { name: 'default' }, required: ['name'], properties: { name } }
    : {
        type: 'object',
        description,
        default: { kind: 'ClusterProviderConfig', name: 'default' },
        required: ['kind', 'name'],
        properties: {
          kind: {
            type: 'string',
            description:
              'One of the same namespace (`ProviderConfig`) or one for all namespaces (`ClusterProviderConfig`).',
            enum: ['ProviderConfig', 'ClusterProviderConfig'],
          },
          name,
        },
      };
}

function connectionSecretRef(scope: KindScope): StructuralSchema {
  const name = { type: 'string', minLength: 1, description: 'Name of the Secret.' } as const;
  return scope === 'Namespaced'
    ? {
        type: 'object',
        description: 'The Secret in the same namespace that connection details are written to.',
        required: ['name'],
        properties: { name },
      }
    : {
        type: 'object',
        description: 'The Secret that connection details are written to.',
        required: ['name', 'namespace'],
        properties: { name, namespace: { type: 'string', minLength: 1, description: 'Namespace of the Secret.' } },
      };
}

function statusSchema(definition: AnyResource): StructuralSchema {
  return {
    type: 'object',
    description: 'What was found.',
    properties: {
      atProvider: observationSchema(definition),
      conditions: conditionsSchema,
      observedGeneration: {
        type: 'integer',
        format: 'int64',
        description: 'The generation of the spec that was last acted upon.',
      },
      secretsDigest: {
        type: 'string',
        description:
          'Tells whether the contents of the Secrets that the spec names have changed; says nothing of them.',
      },
    },
  };
}
