import { describe, expect, it } from '@jest/globals';

import type { KubernetesObject } from '#packs/index';

import { noLatestTag, noPrivilegedPods, definePolicy } from '../policy/index.ts';
import { matchers, snapshotOf, type ObjectQuery } from './index.ts';
import { parseQuery } from './find-objects.ts';

expect.extend(matchers);

const deployment: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { replicas: 2, template: { spec: { containers: [{ name: 'web', image: 'nginx' }] } } },
};
const rendered = {
  name: 'shop',
  version: '1.0.0',
  digest: 'sha256:0',
  layers: [
    {
      layer: {
        name: 'nginx',
        profile: { uid: '1', name: 'shop', version: '1.0.0' },
        layer: 'addon' as const,
        version: '1.0.0',
        values: '',
        manifests: [],
        installPriority: 0,
      },
      objects: [deployment, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'eA==' } }],
    },
  ],
};

function failure(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'it passed';
}

describe('toRenderObject', () => {
  it.each<{ name: string; query: string | ObjectQuery; expected?: object }>([
    { name: 'kind', query: 'Deployment' },
    { name: 'kind and name', query: 'Deployment web' },
    { name: 'kind, namespace and name', query: 'Deployment shop/web' },
    { name: 'layer and version', query: { kind: 'Deployment', layer: 'nginx', apiVersion: 'apps/v1' } },
    { name: 'fields, the others not counting', query: 'Deployment', expected: { spec: { replicas: 2 } } },
    {
      name: 'asymmetric matchers',
      query: 'Deployment',
      expected: {
        spec: {
          replicas: expect.any(Number),
          template: { spec: { containers: [expect.objectContaining({ name: 'web' })] } },
        },
      },
    },
  ])('finds an object by $name', ({ query, expected }) => {
    expect(rendered).toRenderObject(query, expected);
    expect(failure(() => expect(rendered).not.toRenderObject(query, expected))).toMatch(
      /^Expected profile shop 1\.0\.0 not to render Deployment.*, but it renders Deployment shop\/web\.$/,
    );
  });

  it.each([
    {
      name: 'there is none of that name',
      query: 'Deployment api',
      say: 'to render Deployment api.\nThere are: Deployment shop/web.',
    },
    {
      name: 'the kind is misspelt',
      query: 'Deploymnt web',
      say: 'There is no Deploymnt. Did you mean "Deployment"? Of that name there are: Deployment shop/web.',
    },
    {
      name: 'there is none of that kind',
      query: 'Ingress',
      say: 'There is no Ingress. There are objects of the kinds Deployment, Secret.',
    },
    {
      name: 'fields differ',
      query: 'Deployment',
      expected: { spec: { replicas: 3, paused: true, template: { spec: { containers: [{ image: 'x' }] } } } },
      say: 'Deployment shop/web differs, found → expected:\n  ~ spec.replicas: 2 → 3\n  + spec.paused: true\n  ~ spec.template.spec.containers[0].image: nginx → x',
    },
    {
      name: 'an asymmetric matcher does not fit',
      query: 'Deployment',
      expected: { spec: { replicas: expect.any(String) } },
      say: '~ spec.replicas: 2 → Any',
    },
  ])('says when $name', ({ query, expected, say }) => {
    expect(failure(() => expect(rendered).toRenderObject(query, expected))).toContain(say);
    expect(rendered).not.toRenderObject(query, expected);
  });

  it('refuses queries and values that are none', () => {
    expect(() => parseQuery('Deployment a b')).toThrow(/expected such as "Deployment"/);
    expect(failure(() => expect({ x: 1 }).toRenderObject('Deployment'))).toContain('expected a profile');
  });
});

describe('toPassPolicy', () => {
  it('says what was found', () => {
    expect(rendered).toPassPolicy(noPrivilegedPods());
    expect(failure(() => expect(rendered).toPassPolicy([noPrivilegedPods(), noLatestTag()]))).toMatch(
      /^Expected profile shop 1\.0\.0 to pass no-privileged-pods, no-latest-tag\.\n {2}error: layer nginx: Deployment shop\/web, spec\.template\.spec\.containers\[0\]\.image: /,
    );
    expect(failure(() => expect(rendered).not.toPassPolicy(noPrivilegedPods()))).toContain('nothing was found');
  });

  it('lets warnings pass unless it is strict', () => {
    const policy = definePolicy({ name: 'p', rules: [noLatestTag({}, { severity: 'warning' })] });
    expect(rendered).toPassPolicy(policy);
    expect(rendered).not.toPassPolicy(policy, { strict: true });
  });

  it('wants rules', () => {
    expect(failure(() => expect(rendered).toPassPolicy())).toContain('there are no rules');
  });
});

describe('a snapshot', () => {
  it('has objects by name, and no secret', () => {
    expect(snapshotOf(rendered)).toEqual({
      'nginx: Deployment shop/web': deployment,
      'nginx: Secret s': { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: '(sensitive)' } },
    });
    expect(Object.keys(snapshotOf(rendered, 'Secret'))).toEqual(['nginx: Secret s']);
  });
});
