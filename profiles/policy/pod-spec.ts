/** Where an object holds pods, and what of them rules look at. */
import { isMap, valueAt, type JsonMap } from '#kubernetes/object';
import type { KubernetesObject } from '#packs/index';

export interface PodSpec {
  /** Such as `spec.template.spec`. */
  readonly path: string;
  readonly spec: JsonMap;
}

export interface Container {
  /** Such as `spec.template.spec.initContainers[0]`. */
  readonly path: string;
  readonly name: string;
  readonly container: JsonMap;
  readonly kind: 'container' | 'init' | 'ephemeral';
}

/** Also custom kinds that hold a template as workloads do (Rollout, …) are looked into. */
const PLACES = [
  ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  ['spec', 'template', 'spec'],
  ['template', 'spec'],
];

export function podSpecOf(object: KubernetesObject): PodSpec | undefined {
  const places = object.kind === 'Pod' && object.apiVersion === 'v1' ? [['spec']] : PLACES;
  for (const place of places) {
    const spec = valueAt(object, ...place);
    if (isMap(spec) && Array.isArray(spec['containers'])) return { path: place.join('.'), spec };
  }
  return undefined;
}

const LISTS = [
  { field: 'initContainers', kind: 'init' },
  { field: 'containers', kind: 'container' },
  { field: 'ephemeralContainers', kind: 'ephemeral' },
] as const;

export function containersOf(object: KubernetesObject): readonly Container[] {
  const pod = podSpecOf(object);
  if (!pod) return [];
  return LISTS.flatMap(({ field, kind }) =>
    listOf(pod.spec[field]).flatMap((container, at) =>
      isMap(container)
        ? [{ path: `${pod.path}.${field}[${at}]`, name: textOf(container['name']), container, kind }]
        : [],
    ),
  );
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
