import { describe, expect, it } from '@jest/globals';

import type { KubernetesObject } from '#packs/index';

import { claimedObjects } from './claimed-objects.ts';

const object = (kind: string, name: string, more: object = {}, apiVersion = 'v1'): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name, ...more },
});
const layer = (name: string, objects: readonly KubernetesObject[], namespaces: readonly string[] = []) => ({
  name,
  rendered: {
    objects,
    namespaces: namespaces.map((namespace) => object('Namespace', namespace)),
    defaultNamespace: namespaces[0] ?? 'default',
  },
});
const names = (objects: readonly (readonly KubernetesObject[])[]): string[][] =>
  objects.map((list) =>
    list.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].filter(Boolean).join('/')),
  );

const CRD = {
  ...object('CustomResourceDefinition', 'things.example.com', {}, 'apiextensions.k8s.io/v1'),
  spec: { group: 'example.com', scope: 'Namespaced', names: { kind: 'Thing' } },
};

describe('objects of several layers', () => {
  it('belong to the first that brings them', () => {
    const { objects, refused } = claimedObjects([
      layer('a', [object('ConfigMap', 'x', { namespace: 'n' })]),
      layer('b', [object('ConfigMap', 'x', { namespace: 'n' }), object('ConfigMap', 'x', { namespace: 'm' })]),
    ]);
    expect(names(objects)).toEqual([['ConfigMap/n/x'], ['ConfigMap/m/x']]);
    expect(refused).toEqual([
      { layer: 'b', other: 'a', object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', name: 'x' } },
    ]);
  });

  it('may need one namespace: the first brings it, and nobody is refused', () => {
    const { objects, refused } = claimedObjects([
      layer('a', [object('Namespace', 'shop')]),
      layer('b', [object('ConfigMap', 'x', { namespace: 'shop' })], ['shop']),
      layer('c', [], ['shop', 'more']),
    ]);
    expect(names(objects)).toEqual([['Namespace/shop'], ['ConfigMap/shop/x'], ['Namespace/more']]);
    expect(refused).toEqual([]);
  });

  it('stand in the namespace of their layer when another defines their kind', () => {
    const { objects } = claimedObjects([
      layer('a', [CRD]),
      layer('b', [object('Thing', 'x', {}, 'example.com/v1'), object('Other', 'y', {}, 'example.com/v1')], ['shop']),
    ]);
    expect(names(objects)[1]).toEqual(['Namespace/shop', 'Thing/shop/x', 'Other/y']);
  });

  it('are one object in every version of their kind', () => {
    const { refused } = claimedObjects([
      layer('a', [object('Ingress', 'x', { namespace: 'n' }, 'networking.k8s.io/v1')]),
      layer('b', [object('Ingress', 'x', { namespace: 'n' }, 'networking.k8s.io/v1beta1')]),
    ]);
    expect(refused).toHaveLength(1);
  });
});
