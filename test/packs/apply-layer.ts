import type { KubernetesObject, RenderedLayer } from '#packs/index';
import { scopeFinder } from '#packs/render/kinds';
import { kubectl } from '#test/support/cluster';

/** Kinds that neither Kubernetes nor the layer itself has. */
export function unknownKinds({ objects }: RenderedLayer): readonly string[] {
  const scopeOf = scopeFinder(objects);
  return [
    ...new Set(
      objects.filter((object) => scopeOf(object) === 'unknown').map(({ apiVersion, kind }) => `${apiVersion} ${kind}`),
    ),
  ];
}

/** Applies what a layer renders to, server-side, definitions and namespaces first. @throws Error with what the API server refuses. */
export async function applyLayer(cluster: { readonly kubeconfig: string }, layer: RenderedLayer): Promise<void> {
  const isFirst = ({ kind }: KubernetesObject): boolean => kind === 'CustomResourceDefinition' || kind === 'Namespace';
  const definitions = layer.objects.filter(({ kind }) => kind === 'CustomResourceDefinition');
  await apply(cluster, [...layer.namespaces, ...layer.objects.filter(isFirst)]);
  if (definitions.length > 0)
    await kubectl(cluster, [
      'wait',
      '--for=condition=established',
      '--timeout=60s',
      ...definitions.map(({ metadata }) => `customresourcedefinition/${metadata.name}`),
    ]);
  const namespaced = placed(layer);
  await apply(
    cluster,
    namespaced.filter((object) => !isFirst(object)),
  );
}

/** Objects of kinds that the layer defines, in the namespace they fall into. */
function placed({ objects, defaultNamespace }: RenderedLayer): readonly KubernetesObject[] {
  const scopeOf = scopeFinder(objects);
  return objects.map((object) =>
    object.metadata.namespace === undefined && scopeOf(object) === 'namespaced'
      ? { ...object, metadata: { ...object.metadata, namespace: defaultNamespace } }
      : object,
  );
}

async function apply(cluster: { readonly kubeconfig: string }, items: readonly KubernetesObject[]): Promise<void> {
  if (items.length === 0) return;
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await kubectl(cluster, ['apply', '--server-side', '--field-manager=palette-test', '-f', '-'], { input });
}
