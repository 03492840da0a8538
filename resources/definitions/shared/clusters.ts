import { isNotFound, type Scope } from '#openapi/client/index';
import { AttributeError, type OperationContext } from '#resources/engine/index';

import { looksLikeUid } from './import-id.ts';

export interface ClusterQuery {
  /** Whether virtual clusters are meant, or the others. */
  readonly virtual: boolean;
  /** Attribute that an error is about. */
  readonly attribute: string;
}

/**
 * The identifier of the cluster of that name. Clusters that are deleted do not count.
 *
 * @throws AttributeError when there is none, or more than one
 */
export async function findCluster(
  name: string,
  { virtual, attribute }: ClusterQuery,
  scope: Scope,
  { client, signal }: Pick<OperationContext, 'client' | 'signal'>,
): Promise<string> {
  const { items } = await client.post('/v1/dashboard/spectroclusters/search', {
    body: {
      filter: {
        conjunction: 'and',
        filterGroups: [
          {
            conjunction: 'and',
            filters: [
              {
                property: 'clusterName',
                type: 'string',
                condition: {
                  string: {
                    operator: 'eq',
                    negation: false,
                    ignoreCase: false,
                    match: { conjunction: 'or', values: [name] },
                  },
                },
              },
              { property: 'isDeleted', type: 'bool', condition: { bool: { value: false } } },
            ],
          },
        ],
      },
      sort: [],
    },
    repeatable: true,
    scope,
    signal,
  });
  const [uid, ...others] = items.flatMap(({ metadata, specSummary, status }) => {
    const isVirtual = specSummary?.cloudConfig?.cloudType === 'nested';
    return metadata?.name === name && metadata.uid !== undefined && isVirtual === virtual && status?.state !== 'Deleted'
      ? [metadata.uid]
      : [];
  });
  if (uid === undefined) {
    throw new AttributeError(
      [attribute],
      `There is no ${virtual ? 'virtual ' : ''}cluster "${name}"`,
      'Check the name, and that context names where the cluster lives.',
    );
  }
  if (others.length > 0) {
    throw new AttributeError(
      [attribute],
      `${others.length + 1} clusters are named "${name}"`,
      `Their identifiers: ${[uid, ...others].join(', ')}.`,
    );
  }
  return uid;
}

/** The identifier of a cluster that is given by identifier or name. @throws AttributeError at `id` */
export async function resolveCluster(
  idOrName: string,
  scope: Scope,
  ctx: Pick<OperationContext, 'client' | 'signal'>,
): Promise<string> {
  if (looksLikeUid(idOrName)) {
    try {
      await ctx.client.get('/v1/spectroclusters/{uid}', { path: { uid: idOrName }, scope, signal: ctx.signal });
      return idOrName;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return findCluster(idOrName, { virtual: false, attribute: 'id' }, scope, ctx);
}
