/** How managed resources reach the API: ProviderConfig, ClusterProviderConfig, and the records of who uses which. */
import { z } from 'zod';

import type { KubeObject } from '#kubernetes/object';

import {
  AGE,
  conditionColumn,
  conditionsSchema,
  customResourceDefinition,
  type CustomResourceDefinition,
} from './crd.ts';
import { CLUSTER_GROUP, NAMESPACED_GROUP, VERSION } from './groups.ts';
import type { KindScope } from './kinds.ts';
import { structuralSchema, withHints, type StructuralSchema } from './structural.ts';

const name = z.string().min(1).describe('Name of the Secret.');
const namespace = z.string().min(1).describe('Namespace of the Secret.');
const ownSecret = z.object({ name });
const anySecret = z.object({ name, namespace });

export const RateLimit = z
  .object({
    requestsPerSecond: z.number().positive().default(20).describe('Requests in a second, in the long run.'),
    burst: z.int().min(1).default(40).describe('Requests at once after a rest.'),
  })
  .describe('How many requests all managed resources with this configuration may send together.');

/** The spec of a provider configuration; the Secret of one in a namespace is in that namespace. */
function specSchema<SecretRef extends z.ZodObject>(secretRef: SecretRef) {
  return z.object({
    credentials: z
      .object({
        source: z.enum(['Secret']).describe('Where the credentials are: in a Secret.'),
        secretRef: secretRef.describe(
          'The Secret: its key `apiKey` holds the API key, `host` the host unless it is given here, and `ca.crt` the certificates of authorities to trust besides the well-known ones.',
        ),
      })
      .describe('The credentials with which the API is called.'),
    host: withHints(z.string().min(1).max(261), {
      rules: [
        {
          rule: "!self.contains('/')",
          message: 'give the host and, where needed, its port, without scheme and path: palette.example.com:8443',
        },
      ],
    })
      .optional()
      .describe('Host of the API, with its port where that is not 443. Default: the key `host` of the Secret.'),
    project: z
      .string()
      .min(1)
      .optional()
      .describe('Name of the project. Without it only what lives in the tenant can be managed.'),
    ignoreInsecureTlsError: z
      .boolean()
      .default(false)
      .describe("Whether the API's certificate is not checked. For experiments only."),
    rateLimit: RateLimit.optional(),
  });
}

/** The spec of any of the kinds. */
export const ConfigSpec = specSchema(anySecret.partial({ namespace: true }));

interface ConfigKind {
  readonly kind: 'ProviderConfig' | 'ClusterProviderConfig';
  readonly group: string;
  readonly scope: KindScope;
  readonly description: string;
}

/** The kinds of provider configurations. */
export const configKinds: readonly ConfigKind[] = [
  {
    kind: 'ProviderConfig',
    group: NAMESPACED_GROUP,
    scope: 'Namespaced',
    description: 'How managed resources of its namespace reach the API.',
  },
  {
    kind: 'ClusterProviderConfig',
    group: NAMESPACED_GROUP,
    scope: 'Cluster',
    description: 'How managed resources of all namespaces reach the API.',
  },
  {
    kind: 'ProviderConfig',
    group: CLUSTER_GROUP,
    scope: 'Cluster',
    description: 'How cluster-scoped managed resources reach the API.',
  },
];

/** One for all namespaces, which managed resources in namespaces use unless they say otherwise. */
export const exampleConfig: KubeObject = {
  apiVersion: `${NAMESPACED_GROUP}/${VERSION}`,
  kind: 'ClusterProviderConfig',
  metadata: { name: 'default' },
  spec: {
    host: 'palette.example.com',
    project: 'Default',
    credentials: { source: 'Secret', secretRef: { name: 'palette', namespace: 'crossplane-system' } },
  },
};

export function configCrd({ kind, group, scope, description }: ConfigKind): CustomResourceDefinition {
  const spec = scope === 'Namespaced' ? specSchema(ownSecret) : specSchema(anySecret);
  return customResourceDefinition({
    group,
    scope,
    kind,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    categories: ['crossplane', 'provider', 'palette'],
    description,
    columns: [
      conditionColumn('READY', 'Ready'),
      { name: 'HOST', type: 'string', jsonPath: '.spec.host' },
      { name: 'PROJECT', type: 'string', jsonPath: '.spec.project' },
      { name: 'USERS', type: 'integer', jsonPath: '.status.users' },
      AGE,
    ],
    required: ['spec'],
    properties: {
      spec: { description: 'How the API is reached.', ...structuralSchema(spec) },
      status: {
        type: 'object',
        description: 'What was found.',
        properties: {
          conditions: conditionsSchema,
          users: {
            type: 'integer',
            format: 'int64',
            description: 'How many managed resources use it. It cannot be deleted before there are none.',
          },
        },
      },
    },
  });
}

/** The records of use: in namespaces, and in the cluster as a whole. */
export function usageCrds(): CustomResourceDefinition[] {
  const text: StructuralSchema = { type: 'string' };
  const make = (group: string, scope: KindScope): CustomResourceDefinition =>
    customResourceDefinition({
      group,
      scope,
      kind: 'ProviderConfigUsage',
      plural: 'providerconfigusages',
      singular: 'providerconfigusage',
      categories: ['crossplane', 'provider', 'palette'],
      description: 'Records that a managed resource uses a provider configuration. Written by the controller.',
      columns: [
        { name: 'CONFIG-NAME', type: 'string', jsonPath: '.providerConfigRef.name' },
        { name: 'RESOURCE-KIND', type: 'string', jsonPath: '.resourceRef.kind' },
        { name: 'RESOURCE-NAME', type: 'string', jsonPath: '.resourceRef.name' },
        AGE,
      ],
      required: ['providerConfigRef', 'resourceRef'],
      properties: {
        providerConfigRef: {
          type: 'object',
          description: 'The provider configuration.',
          required: ['name'],
          properties: scope === 'Namespaced' ? { kind: text, name: text } : { name: text },
        },
        resourceRef: {
          type: 'object',
          description: 'The managed resource.',
          required: ['apiVersion', 'kind', 'name'],
          properties: { apiVersion: text, kind: text, name: text, uid: text },
        },
      },
    });
  return [make(NAMESPACED_GROUP, 'Namespaced'), make(CLUSTER_GROUP, 'Cluster')];
}
