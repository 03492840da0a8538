/** Role bindings that a cluster gets. */
import type { components } from '#openapi/generated/types';
import { invalidRequest } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';

import { requireCluster } from '../clusters/cluster.ts';
import { changeFeature } from './change.ts';
import { resourceErrors, resourceMetadata } from './cluster-resources.ts';
import { namespaceFault } from './namespaces.ts';

type Schemas = components['schemas'];

export const rbacHandlers = {
  v1SpectroClustersUidConfigRbacsGet: async ({ path }, { db, scope }) => {
    const cluster = await db.transaction(async (tx) => requireCluster(tx, scope, path.uid), { readOnly: true });
    const items = (cluster.settings.rbacs ?? []).map((rbac): Schemas['v1ClusterRbac'] => {
      const types = new Set((rbac.spec?.bindings ?? []).map(({ type }) => type));
      const errors = resourceErrors(cluster, ({ kind }) => [...types].some((type) => type === kind));
      return { ...rbac, status: { errors } };
    });
    return { status: 200, body: { items } };
  },
  v1SpectroClustersUidConfigRbacsUpdate: async ({ path, body }, context) => {
    const given = body?.rbacs ?? [];
    for (const [at, { spec }] of given.entries())
      for (const [index, binding] of (spec?.bindings ?? []).entries())
        check(binding, `rbacs[${at}].spec.bindings[${index}]`);
    return changeFeature(context, path.uid, ({ settings }) => ({
      rbacs: given.map(({ metadata, spec }) => ({
        metadata: resourceMetadata(metadata, settings.rbacs ?? []),
        ...(spec === undefined ? {} : { spec }),
        status: { errors: [] },
      })),
    }));
  },
} satisfies SomeHandlers;

/** @throws PlaneError 422 */
function check({ type, namespace = '', role }: Schemas['v1ClusterRbacBinding'], at: string): void {
  if (type === 'RoleBinding') {
    const fault = namespace === '' ? 'a RoleBinding needs a namespace' : namespaceFault(namespace);
    if (fault !== undefined) throw invalidRequest(`${at}.namespace: ${fault}`);
  }
  if (type === 'ClusterRoleBinding' && role?.kind === 'Role')
    throw invalidRequest(`${at}.role.kind: a ClusterRoleBinding binds a ClusterRole, not a Role`);
}
