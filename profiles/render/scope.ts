/** Which of the rendered objects get a layer's namespace: what an agent learns from discovery, read from the definitions. */
import { isJsonObject, type KubernetesObject, type RenderedLayer } from '#packs/index';

/**
 * The objects of each layer as they are applied: namespaces that a layer needs first, and objects of kinds that a layer of
 * the profile defines in the namespace that they fall into.
 */
export function scopedObjects(layers: readonly RenderedLayer[]): readonly (readonly KubernetesObject[])[] {
  const namespaced = new Set(layers.flatMap(({ objects }) => objects.flatMap(namespacedKind)));
  const seen = new Set<string>();
  return layers.map(({ objects, namespaces, defaultNamespace }) => {
    // Two layers may need one namespace; the first brings it.
    const needed = namespaces.filter(({ metadata }) => !seen.has(metadata.name));
    for (const { metadata } of needed) seen.add(metadata.name);
    return [
      ...needed,
      ...objects.map((object) =>
        object.metadata.namespace === undefined && namespaced.has(kindOf(object.apiVersion, object.kind))
          ? { ...object, metadata: { ...object.metadata, namespace: defaultNamespace } }
          : object,
      ),
    ];
  });
}

function kindOf(apiVersion: string, kind: string): string {
  return `${apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''}/${kind}`;
}

function namespacedKind(object: KubernetesObject): string[] {
  if (object.kind !== 'CustomResourceDefinition') return [];
  const spec: unknown = object['spec'];
  if (!isJsonObject(spec) || spec['scope'] !== 'Namespaced' || !isJsonObject(spec['names'])) return [];
  const { group } = spec;
  const { kind } = spec['names'];
  return typeof group === 'string' && typeof kind === 'string' ? [`${group}/${kind}`] : [];
}
