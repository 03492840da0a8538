import { describe, expect, it } from '@jest/globals';

import { packSettings } from '../values.ts';
import type { JsonObject } from '../yaml.ts';
import { RenderError } from './errors.ts';
import { finishLayer } from './finish.ts';
import { describeObject, parseObject, type KubernetesObject } from './kubernetes-object.ts';

function object(kind: string, name: string, extra: JsonObject = {}): KubernetesObject {
  const apiVersion =
    kind === 'Deployment' ? 'apps/v1' : kind === 'CustomResourceDefinition' ? 'apiextensions.k8s.io/v1' : 'v1';
  const parsed = parseObject({ apiVersion, kind, metadata: { name }, ...extra });
  if (parsed.kind === 'invalid') throw new Error(parsed.message);
  return parsed.object;
}
const from = (...objects: KubernetesObject[]): { object: KubernetesObject; file: string }[] =>
  objects.map((given, index) => ({ object: given, file: `f${index}` }));
const settings = (pack: JsonObject = {}): ReturnType<typeof packSettings> => packSettings({ pack });
const hook = (events: string, weight = '0'): JsonObject => ({
  metadata: {
    name: `hook-${events}`.replaceAll(',', '-'),
    annotations: { 'helm.sh/hook': events, 'helm.sh/hook-weight': weight },
  },
});

describe('a finished layer', () => {
  it('is in the order of installation, whatever the order before', () => {
    const objects = [
      object('Deployment', 'd'),
      object('Job', 'after', hook('post-install')),
      object('ServiceAccount', 's'),
      object('Job', 'two', hook('pre-install,pre-upgrade', '5')),
      object('ConfigMap', 'one', hook('pre-install', '-5')),
      object('Namespace', 'n'),
      object('CustomResourceDefinition', 'c'),
      object('Widget', 'w'),
    ];
    const order = (given: KubernetesObject[]): string[] =>
      finishLayer('p', from(...given), settings()).objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(order(objects)).toEqual([
      'CustomResourceDefinition c',
      'Namespace n',
      'ConfigMap hook-pre-install',
      'Job hook-pre-install-pre-upgrade',
      'ServiceAccount s',
      'Deployment d',
      'Widget w',
      'Job hook-post-install',
    ]);
    expect(order(objects.toReversed())).toEqual(order(objects));
  });
  it('keeps apart what belongs to removal and upgrade, and tests', () => {
    const layer = finishLayer(
      'p',
      from(
        object('Pod', 't', hook('test')),
        object('Job', 'd', hook('pre-delete')),
        object('Job', 'u', hook('post-upgrade,pre-rollback')),
      ),
      settings(),
    );
    expect(layer.objects).toEqual([]);
    expect(layer.hooks.map(({ events }) => events)).toEqual([
      ['test'],
      ['pre-delete'],
      ['post-upgrade', 'pre-rollback'],
    ]);
  });
  it('gives a namespace where it is known that one is needed', () => {
    const crd = object('CustomResourceDefinition', 'widgets.x.io', {
      spec: { group: 'x.io', scope: 'Namespaced', names: { kind: 'Widget' } },
    });
    const custom = (apiVersion: string, kind: string): KubernetesObject => object(kind, 'x', { apiVersion });
    const { objects, defaultNamespace } = finishLayer(
      'p',
      from(
        crd,
        custom('x.io/v1', 'Widget'),
        custom('y.io/v1', 'Gadget'),
        object('ConfigMap', 'a'),
        object('ConfigMap', 'b', { metadata: { name: 'b', namespace: 'own' } }),
        custom('rbac.authorization.k8s.io/v1', 'ClusterRole'),
        object('Namespace', 'n', { metadata: { name: 'n', namespace: 'wrong' } }),
      ),
      settings({ namespace: 'shop' }),
    );
    expect(defaultNamespace).toBe('shop');
    expect(
      Object.fromEntries(objects.map(({ kind, metadata }) => [`${kind} ${metadata.name}`, metadata.namespace])),
    ).toEqual({
      'CustomResourceDefinition widgets.x.io': undefined,
      'Namespace n': undefined,
      'ConfigMap a': 'shop',
      'ConfigMap b': 'own',
      'ClusterRole x': undefined,
      'Widget x': 'shop',
      'Gadget x': undefined,
    });
  });
  it('has namespaces apart, with labels and annotations', () => {
    const { namespaces } = finishLayer(
      'p',
      [],
      settings({
        namespace: 'shop',
        additionalNamespaces: ['extra', 'kube-system'],
        namespaceLabels: { shop: 'a=b', 'kube-system': 'c=d' },
        namespaceAnnotations: { extra: 'e=f' },
      }),
    );
    expect(namespaces.map(({ metadata }) => metadata)).toEqual([
      { name: 'shop', labels: { a: 'b' } },
      { name: 'extra', annotations: { e: 'f' } },
      { name: 'kube-system', labels: { c: 'd' } },
    ]);
    expect(finishLayer('p', [], settings({ namespace: 'default' })).namespaces).toEqual([]);
    expect(finishLayer('p', [], settings())).toMatchObject({ namespaces: [], defaultNamespace: 'default' });
  });
  it('adds labels to a namespace the pack brings itself', () => {
    const own = object('Namespace', 'shop', { metadata: { name: 'shop', labels: { a: 'own' } } });
    const { namespaces, objects } = finishLayer(
      'p',
      from(own),
      settings({ namespace: 'shop', namespaceLabels: { shop: 'a=b,c=d' } }),
    );
    expect(namespaces).toEqual([]);
    expect(objects[0]?.metadata.labels).toEqual({ a: 'own', c: 'd' });
  });
  it('has one of equal objects, and the later of two CRDs', () => {
    const crd = (v: number): KubernetesObject => object('CustomResourceDefinition', 'c', { spec: { v } });
    const { objects } = finishLayer(
      'p',
      from(object('ConfigMap', 'a'), object('ConfigMap', 'a'), crd(1), crd(2)),
      settings(),
    );
    expect(objects.map(({ kind, ...rest }) => [kind, rest['spec']])).toEqual([
      ['CustomResourceDefinition', { v: 2 }],
      ['ConfigMap', undefined],
    ]);
  });
  it('refuses two objects with one identity', () => {
    const twice = from(object('ConfigMap', 'a', { data: { x: '1' } }), object('ConfigMap', 'a', { data: { x: '2' } }));
    expect(() => finishLayer('p', twice, settings())).toThrow(RenderError);
    expect(() => finishLayer('p', twice, settings())).toThrow(
      'pack p, f1: v1 ConfigMap default/a is also in f0, with other content; a pack may bring each object once',
    );
  });
});

describe('the shape of an object', () => {
  it.each([
    { name: 'a text', value: 'x', message: 'expected a Kubernetes object, found "x"' },
    { name: 'a list', value: [], message: 'expected a Kubernetes object, found a list' },
    { name: 'no apiVersion', value: { kind: 'A', metadata: { name: 'x' } }, message: 'apiVersion is missing (kind A)' },
    { name: 'no kind', value: { apiVersion: 'v1' }, message: 'kind is missing (apiVersion v1)' },
    { name: 'no metadata', value: { apiVersion: 'v1', kind: 'A' }, message: 'A: metadata is missing' },
    {
      name: 'no name',
      value: { apiVersion: 'v1', kind: 'A', metadata: { name: null } },
      message: 'A: metadata.name is missing',
    },
    {
      name: 'a label that is a number',
      value: { apiVersion: 'v1', kind: 'A', metadata: { name: 'x', labels: { a: 1 } } },
      message: 'A x: metadata.labels["a"]: expected text; put it in quotes',
    },
    {
      name: 'annotations that are a list',
      value: { apiVersion: 'v1', kind: 'A', metadata: { name: 'x', annotations: [] } },
      message: 'A x: metadata.annotations: expected text; put it in quotes',
    },
  ])('$name', ({ value, message }) => {
    expect(parseObject(value)).toEqual({ kind: 'invalid', message });
  });
  it('drops what is nothing from metadata, and only there', () => {
    expect(
      parseObject({
        apiVersion: 'v1',
        kind: 'A',
        metadata: { name: 'x', namespace: '', labels: null, annotations: { a: null, b: 'c' }, creationTimestamp: null },
        spec: { a: null },
      }),
    ).toEqual({
      kind: 'object',
      object: { apiVersion: 'v1', kind: 'A', metadata: { name: 'x', annotations: { b: 'c' } }, spec: { a: null } },
    });
  });
  it('may be called as JavaScript calls its own things', () => {
    const odd = object('Widget', 'w', { apiVersion: 'constructor/v1' });
    const { objects, namespaces } = finishLayer(
      'p',
      from(odd),
      settings({ namespace: 'constructor', additionalNamespaces: ['valueof'] }),
    );
    expect(objects).toEqual([odd]);
    expect(namespaces.map(({ metadata }) => metadata)).toEqual([{ name: 'constructor' }, { name: 'valueof' }]);
  });
  it('is described for people', () => {
    expect(describeObject(object('Deployment', 'web', { metadata: { name: 'web', namespace: 'shop' } }))).toBe(
      'apps/v1 Deployment shop/web',
    );
  });
});
