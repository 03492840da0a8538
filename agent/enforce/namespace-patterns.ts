/** Objects of the cluster's settings that are for all namespaces of a pattern: one for each that is there. */
import { assertNever } from '#core/assert-never';
import type { Logger } from '#core/log';
import type { DesiredLayer } from '#protocol/desired-state';
import { isNamespacePattern, matchingNames, PatternError, SETTINGS_LAYER } from '#protocol/settings-layer';

import type { KubeClient } from '#kubernetes/client';
import { objectKey, refOf, valueAt, type KubeObject } from '#kubernetes/object';
import { watchKind } from '#kubernetes/watch';

/** Whether a layer has objects for namespaces of a pattern. */
export function asksForPatterns({ name, manifests }: DesiredLayer): boolean {
  return name === SETTINGS_LAYER && manifests.some(({ content }) => content.includes('"namespace":"/'));
}

const NAMESPACES = { apiVersion: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false, verbs: [] };

/** Calls back when a namespace comes that was not there before, until the signal is aborted. */
export async function watchNamespaces(
  client: KubeClient,
  onNew: () => void,
  how: { readonly log: Logger; readonly signal: AbortSignal },
): Promise<void> {
  let known: Set<string> | undefined;
  for await (const event of watchKind(client, NAMESPACES, how)) {
    switch (event.kind) {
      case 'synced': {
        const names = new Set(event.objects.map(({ metadata }) => metadata.name));
        const before = known;
        known = names;
        if (before && [...names].some((name) => !before.has(name))) onNew();
        break;
      }
      case 'changed':
        if (known?.has(event.object.metadata.name) === false) onNew();
        known?.add(event.object.metadata.name);
        break;
      case 'deleted':
        known?.delete(event.object.metadata.name);
        break;
      default:
        assertNever(event);
    }
  }
}

/** Names of the namespaces that are there, when the layer asks for patterns of them; undefined for any other layer. @throws KubeError */
export async function namespacesFor(
  layer: DesiredLayer,
  client: Pick<KubeClient, 'list' | 'discovery'>,
  { signal }: { readonly signal: AbortSignal },
): Promise<readonly string[] | undefined> {
  if (!asksForPatterns(layer)) return undefined;
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
