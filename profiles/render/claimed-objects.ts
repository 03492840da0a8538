/** Which objects of the layers an agent applies, and where: what it learns from discovery is read from the definitions. */
import { isJsonObject, type KubernetesObject, type RenderedLayer } from '#packs/index';
import type { RefusedObject } from '#profiles/rendered';

type LayerObjects = Pick<RenderedLayer, 'objects' | 'namespaces' | 'defaultNamespace'>;

export interface ClaimedObjects {
  /** Of each layer, in order: namespaces that it needs, then its own. */
  readonly objects: readonly (readonly KubernetesObject[])[];
  readonly refused: readonly RefusedObject[];
}

/**
 * The objects of each layer as they are applied: an object belongs to the first layer that brings it, as an agent has it;
 * namespaces that a layer needs come first; objects of kinds that some layer defines stand in the namespace they fall into.
 *
 * @param layers in the order in which an agent applies them.
 */
export function claimedObjects(
  layers: readonly { readonly name: string; readonly rendered: LayerObjects }[],
): ClaimedObjects {
  const namespaced = new Set(layers.flatMap(({ rendered }) => rendered.objects.flatMap(namespacedKind)));
  const claims = new Map<string, string>();
  const refused: RefusedObject[] = [];
  const claim = (layer: string, object: KubernetesObject): string | undefined => {
    const key = keyOf(object);
    const claimed = claims.get(key);
    if (claimed === undefined) claims.set(key, layer);
    return claimed;
  };
  const objects = layers.map(({ name, rendered }) => [
    // Two layers may need one namespace.
    ...rendered.namespaces.filter((namespace) => claim(name, namespace) === undefined),
    ...rendered.objects
      .map((object) => inNamespace(object, namespaced, rendered.defaultNamespace))
      .filter((object) => {
        const other = claim(name, object);
        if (other !== undefined) refused.push({ layer: name, other, object: refOf(object) });
        return other === undefined;
      }),
  ]);
  return { objects, refused };
}

function inNamespace(object: KubernetesObject, namespaced: ReadonlySet<string>, namespace: string): KubernetesObject {
  return object.metadata.namespace === undefined && namespaced.has(kindOf(object))
    ? { ...object, metadata: { ...object.metadata, namespace } }
    : object;
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubernetesObject): RefusedObject['object'] {
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name };
}

function keyOf(object: KubernetesObject): string {
  return [kindOf(object), object.metadata.namespace ?? '', object.metadata.name].join('|');
}

/** Group and kind: versions of one kind are one object. */
function kindOf({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): string {
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
