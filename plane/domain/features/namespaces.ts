/** Namespaces that a cluster gets, with labels and quotas. */
import type { components } from '#openapi/generated/types';
import { invalidRequest } from '#plane/api/error';
import type { SomeHandlers } from '#plane/api/handler';
import { isNamespacePattern, matchingNames, patternFault, PatternError } from '#protocol/settings-layer';

import { requireCluster } from '../clusters/cluster.ts';
import { changeFeature } from './change.ts';
import { reportedNamespaces, resourceErrors, resourceMetadata } from './cluster-resources.ts';

type Schemas = components['schemas'];

export const namespaceHandlers = {
  v1SpectroClustersUidConfigNamespacesGet: async ({ path }, { db, scope }) => {
    const cluster = await db.transaction(async (tx) => requireCluster(tx, scope, path.uid), { readOnly: true });
    const items = (cluster.settings.namespaces ?? []).map((namespace): Schemas['v1ClusterNamespaceResource'] => {
      const name = namespace.metadata?.name ?? '';
      const inside = new Set(namesIn(name, reportedNamespaces(cluster)));
      const errors = resourceErrors(cluster, (object) =>
        object.kind === 'Namespace'
          ? object.name === name
          : object.kind === 'ResourceQuota' && inside.has(object.namespace ?? ''),
      );
      return { ...namespace, status: { errors } };
    });
    return { status: 200, body: { items } };
  },
  v1SpectroClustersUidConfigNamespacesUpdate: async ({ path, body }, context) => {
    const given = body?.namespaces ?? [];
    checkNames(given.map(({ metadata }) => metadata?.name ?? ''));
    return changeFeature(context, path.uid, ({ settings }) => ({
      namespaces: given.map(({ metadata, spec }) => ({
        metadata: resourceMetadata(metadata, settings.namespaces ?? []),
        ...(spec === undefined ? {} : { spec }),
        status: { errors: [] },
      })),
    }));
  },
} satisfies SomeHandlers;

/** Those of the namespaces that a name, or an expression, stands for. */
function namesIn(name: string, namespaces: readonly string[]): readonly string[] {
  if (!isNamespacePattern(name)) return [name];
  try {
    return matchingNames(name, namespaces);
  } catch (error) {
    // The agent tells so of the whole layer.
    if (error instanceof PatternError) return [];
    throw error;
  }
}

/** @throws PlaneError 422 */
function checkNames(names: readonly string[]): void {
  for (const [at, name] of names.entries()) {
    const fault = namespaceFault(name) ?? (names.indexOf(name) < at ? 'it stands there twice' : undefined);
    if (fault !== undefined) throw invalidRequest(`namespaces[${at}].metadata.name: ${JSON.stringify(name)}: ${fault}`);
  }
}

/** What is wrong with the name of a namespace, or an expression for some; undefined when nothing is. */
export function namespaceFault(name: string): string | undefined {
  if (!isNamespacePattern(name))
    return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)
      ? undefined
      : 'expected lower-case letters, digits and "-", at most 63, or a regular expression between slashes';
  return name.length > MAX_PATTERN ? `the expression is longer than ${MAX_PATTERN} characters` : patternFault(name);
}

const MAX_PATTERN = 200;
