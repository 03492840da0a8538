/** What objects of any kind may be. */
import { z } from 'zod';

import { isMap, valueAt } from '#kubernetes/object';

import { listOf, podSpecOf, textOf } from '../pod-spec.ts';
import type { Violation } from '../policy.ts';
import { glob } from '../select.ts';
import { builtin, NoParams } from './builtin.ts';

export const requiredLabels = builtin({
  name: 'required-labels',
  description: 'Objects have the labels listed, each with a value that fits (`*` stands for any text).',
  params: z.strictObject({
    labels: z.union([z.array(z.string().min(1)).min(1), z.record(z.string().min(1), z.string())]),
    /** Only objects of these kinds; default all. */
    kinds: z.array(z.string().min(1)).optional(),
    /** The pods of workloads have them too. */
    pods: z.boolean().default(false),
  }),
  look: ({ labels, kinds, pods }) => {
    const wanted = Array.isArray(labels) ? labels.map((key) => [key, '*'] as const) : Object.entries(labels);
    const missing = (given: unknown, path: string): Violation[] =>
      wanted.flatMap(([key, pattern]) => {
        const value = isMap(given) ? given[key] : undefined;
        const field = `${path}[${JSON.stringify(key)}]`;
        if (typeof value !== 'string') return [{ field, message: `the label ${key} is missing` }];
        if (glob(pattern)(value)) return [];
        return [
          { field, message: `the label ${key} is ${JSON.stringify(value)}; expected ${JSON.stringify(pattern)}` },
        ];
      });
    return (object) => {
      if (kinds !== undefined && !kinds.includes(object.kind)) return [];
      const template = pods && object.kind !== 'Pod' ? podSpecOf(object)?.path.replace(/\.?spec$/, '') : undefined;
      return [
        ...missing(object.metadata.labels, 'metadata.labels'),
        ...(template === undefined
          ? []
          : missing(valueAt(object, ...template.split('.'), 'metadata', 'labels'), `${template}.metadata.labels`)),
      ];
    };
  },
});

export const allowedNamespaces = builtin({
  name: 'allowed-namespaces',
  description: 'Objects stand in the namespaces listed (`*` stands for any text); cluster-wide objects do not count.',
  params: z.strictObject({ namespaces: z.array(z.string().min(1)).min(1) }),
  look: ({ namespaces }) => {
    const fits = namespaces.map(glob);
    return ({ metadata: { namespace } }) =>
      namespace === undefined || fits.some((fit) => fit(namespace))
        ? []
        : [
            {
              field: 'metadata.namespace',
              message: `the object stands in ${namespace}; allowed: ${namespaces.join(', ')}`,
            },
          ];
  },
});

export const forbiddenKinds = builtin({
  name: 'forbidden-kinds',
  description: 'No object is of the kinds listed.',
  params: z.strictObject({ kinds: z.array(z.string().min(1)).min(1) }),
  look:
    ({ kinds }) =>
    ({ kind }) =>
      kinds.includes(kind) ? [{ field: 'kind', message: `objects of kind ${kind} are forbidden` }] : [],
});

export const allowedServiceTypes = builtin({
  name: 'allowed-service-types',
  description: 'Services are of the types listed (default ClusterIP and ExternalName).',
  params: z.strictObject({
    types: z
      .array(z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']))
      .min(1)
      .default(['ClusterIP', 'ExternalName']),
  }),
  look:
    ({ types }) =>
    (object) => {
      if (object.kind !== 'Service' || object.apiVersion !== 'v1') return [];
      const type = textOf(valueAt(object, 'spec', 'type')) || 'ClusterIP';
      if (types.some((allowed) => allowed === type)) return [];
      return [{ field: 'spec.type', message: `the service is of type ${type}; allowed: ${types.join(', ')}` }];
    },
});

export const noWildcardRbac = builtin({
  name: 'no-wildcard-rbac',
  description: 'No role allows every verb on resources, or any verb on every resource.',
  params: NoParams,
  look: () => (object) => {
    if (!['Role', 'ClusterRole'].includes(object.kind)) return [];
    return listOf(object['rules']).flatMap((rule, at): Violation[] =>
      ['verbs', 'resources'].flatMap((field) =>
        listOf(valueAt(rule, field)).includes('*')
          ? [
              {
                field: `rules[${at}].${field}`,
                message: `the role has "*" in ${field}; expected the ${field} it needs`,
              },
            ]
          : [],
      ),
    );
  },
});

export const noClusterAdmin = builtin({
  name: 'no-cluster-admin',
  description: 'Nobody is bound to the role cluster-admin.',
  params: NoParams,
  look: () => (object) =>
    ['RoleBinding', 'ClusterRoleBinding'].includes(object.kind) &&
    valueAt(object, 'roleRef', 'kind') === 'ClusterRole' &&
    valueAt(object, 'roleRef', 'name') === 'cluster-admin'
      ? [{ field: 'roleRef.name', message: 'the binding gives cluster-admin; expected a role with what is needed' }]
      : [],
});
