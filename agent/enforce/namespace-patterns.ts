/** Objects of the cluster's settings that are for all namespaces of a pattern: one for each that is there. */
import type { DesiredLayer } from '#protocol/desired-state';
import { isNamespacePattern, matchingNames, PatternError, SETTINGS_LAYER } from '#protocol/settings-layer';

import type { KubeClient } from '#kubernetes/client';
import { objectKey, refOf, valueAt, type KubeObject } from '#kubernetes/object';

/** Names of the namespaces that are there, when the layer asks for patterns of them; undefined for any other layer. @throws KubeError */
export async function namespacesFor(
  { name, manifests }: DesiredLayer,
  client: Pick<KubeClient, 'list' | 'discovery'>,
  { signal }: { readonly signal: AbortSignal },
): Promise<readonly string[] | undefined> {
  if (name !== SETTINGS_LAYER || !manifests.some(({ content }) => content.includes('"namespace":"/'))) return undefined;
  const type = await client.discovery.resourceType({ apiVersion: 'v1', kind: 'Namespace' }, { signal });
  if (!type) return [];
  const { items } = await client.list(type, { signal });
  // One that is going takes nothing in any more.
  return items
    .filter((item) => valueAt(item, 'status', 'phase') !== 'Terminating')
    .map(({ metadata }) => metadata.name)
    .sort();
}

/** So many objects at most are made of patterns: more is a mistake in one. */
const MAX_MADE = 5_000;

/**
 * Each object of a pattern as one for each matching namespace. What is written down for a namespace itself goes before a
 * pattern, an earlier pattern before a later one; Kubernetes' own namespaces are left out.
 *
 * @throws PatternError
 */
export function expandPatterns(objects: readonly KubeObject[], namespaces: readonly string[]): readonly KubeObject[] {
  const made = new Map(
    objects
      .filter(({ metadata }) => !isNamespacePattern(metadata.namespace ?? ''))
      .map((object) => [objectKey(refOf(object)), object]),
  );
  const most = made.size + MAX_MADE;
  const others = namespaces.filter((name) => !name.startsWith('kube-'));
  const matching = new Map<string, readonly string[]>();
  for (const object of objects) {
    const { namespace = '' } = object.metadata;
    if (!isNamespacePattern(namespace)) continue;
    const names = matching.get(namespace) ?? matchingNames(namespace, others);
    matching.set(namespace, names);
    for (const name of names) {
      const one = { ...object, metadata: { ...object.metadata, namespace: name } };
      const key = objectKey(refOf(one));
      if (!made.has(key)) made.set(key, one);
    }
    if (made.size > most)
      throw new PatternError(`namespace ${namespace}: with it, patterns would make more than ${MAX_MADE} objects`);
  }
  return [...made.values()];
}
