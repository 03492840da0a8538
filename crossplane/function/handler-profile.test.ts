import { describe, expect, it } from '@jest/globals';

import type { Answers } from '#resources/definitions/testing/fake-context';

import { clusterProviderConfig, composed, credentials, functionOver, identity } from './testing/rounds.ts';

const PROFILE = 'f'.repeat(24);
const cluster = [clusterProviderConfig, credentials];

const tagged = (...tags: string[]): object => ({
  name: 'nginx',
  tags: tags.map((tag) => ({ tag, version: tag, packUid: `uid-${tag}`, parentTags: ['1.4.x'] })),
});

const world: Answers = {
  ...identity,
  'GET /v1/registries/metadata': {
    items: [
      { uid: 'r1', name: 'Public', kind: 'pack' },
      { uid: 'r2', name: 'Mine', kind: 'pack' },
    ],
  },
  'GET /v1/packs/{packName}/registries/{registryUid}': ({ path }: { path?: Readonly<Record<string, string>> }) => {
    const { packName = '', registryUid = '' } = path ?? {};
    if (packName === 'nginx' && registryUid === 'r1') return tagged('1.4.1', '1.4.2');
    if (packName === 'twice') return tagged('1.0.0');
    return {};
  },
};

function paletteProfile(spec: object): object {
  return {
    apiVersion: 'fleet.palette-iac.dev/v1alpha1',
    kind: 'PaletteClusterProfile',
    metadata: { name: 'shop', namespace: 'team', uid: 'u' },
    spec,
  };
}

describe('a profile', () => {
  it('becomes a managed resource with its layers and variables', async () => {
    const spec = {
      version: '2.0.0',
      layers: [
        { name: 'nginx', registry: 'Public', version: '1.4.x', valuesObject: { z: 1, a: { d: [true], b: 'x' } } },
        { name: 'guard', manifests: [{ name: 'limits', content: 'kind: LimitRange\n' }] },
      ],
      variables: [{ name: 'size', inputType: 'dropdown', defaultValue: 's', options: [{ value: 's' }] }],
    };
    const input = { apiVersion: 'template.palette-iac.dev/v1alpha1', kind: 'Input', tags: ['by:crossplane'] };
    const called = await functionOver(world).call({ composite: paletteProfile(spec), cluster, input });
    expect(called.response.results).toEqual([]);
    expect(composed(called)).toEqual({
      profile: {
        ready: 'READY_FALSE',
        resource: {
          apiVersion: 'm.palette-iac.dev/v1alpha1',
          kind: 'ClusterProfile',
          metadata: { namespace: 'team' },
          spec: {
            providerConfigRef: { kind: 'ClusterProviderConfig', name: 'default' },
            forProvider: {
              name: 'shop',
              version: '2.0.0',
              type: 'add-on',
              cloud: 'all',
              context: 'project',
              tags: ['by:crossplane'],
              pack: [
                {
                  name: 'nginx',
                  type: 'spectro',
                  tag: '1.4.x',
                  registryName: 'Public',
                  values: 'a:\n  b: x\n  d:\n    - true\nz: 1\n',
                },
                { name: 'guard', type: 'manifest', manifest: [{ name: 'limits', content: 'kind: LimitRange\n' }] },
              ],
              profileVariables: {
                variable: [
                  {
                    name: 'size',
                    displayName: 'size',
                    inputType: 'dropdown',
                    defaultValue: 's',
                    options: [{ value: 's', label: 's' }],
                  },
                ],
              },
            },
          },
        },
      },
    });
    expect(called.response.desired?.composite?.resource).toEqual({ status: { name: 'shop', version: '2.0.0' } });
  });

  it('tells its identifier when its managed resource has one', async () => {
    const object = {
      apiVersion: 'm.palette-iac.dev/v1alpha1',
      kind: 'ClusterProfile',
      metadata: { name: 'shop-1', namespace: 'team' },
      spec: {},
      status: { atProvider: { id: PROFILE }, conditions: [{ type: 'Ready', status: 'True', reason: 'Available' }] },
    };
    const layers = [{ name: 'nginx', version: '1.4.2' }];
    const called = await functionOver(world).call({
      composite: paletteProfile({ layers }),
      observed: { profile: { object } },
      cluster,
    });
    expect(called.response.desired?.composite?.resource).toMatchObject({ status: { profileUid: PROFILE } });
    expect(composed(called)).toMatchObject({ profile: { ready: 'READY_TRUE' } });
  });

  it.each([
    {
      name: 'a registry that does not exist',
      spec: { layers: [{ name: 'nginx', version: '1.4.2', registry: 'Pubic' }] },
      path: 'spec.layers[0].registry',
      says: /no registry "Pubic"; registries in reach: "Public", "Mine"/,
    },
    {
      name: 'a version that no registry has',
      spec: { layers: [{ name: 'nginx', version: '9.9.9' }] },
      path: 'spec.layers[0].version',
      says: /has no version "9.9.9".*it has "1.4.1", "1.4.2"/,
    },
    {
      name: 'a pack in two registries',
      spec: { layers: [{ name: 'twice', version: '1.0.0' }] },
      path: 'spec.layers[0].registry',
      says: /in more than one registry/,
    },
    {
      name: 'a layer without version',
      spec: { layers: [{ name: 'nginx' }] },
      path: 'spec.layers[0].version',
      says: /needs a version/,
    },
    {
      name: 'two layers of one name',
      spec: {
        layers: [
          { name: 'nginx', version: '1.4.2' },
          { name: 'nginx', version: '1.4.1' },
        ],
      },
      path: 'spec.layers[1].name',
      says: /two layers are named "nginx"/,
    },
    {
      name: 'values in two forms',
      spec: { layers: [{ name: 'nginx', version: '1.4.2', values: 'a: 1', valuesObject: { a: 1 } }] },
      path: 'spec.layers[0]',
      says: /either values or valuesObject/,
    },
    {
      name: 'a variable whose default is not of its format',
      spec: {
        layers: [{ name: 'nginx', version: '1.4.2' }],
        variables: [{ name: 'count', format: 'number', defaultValue: 'many' }],
      },
      path: 'spec.variables[0]',
      says: /its default value: the format is number/,
    },
  ])('tells what is wrong at its field: $name', async ({ spec, path, says }) => {
    const called = await functionOver(world).call({ composite: paletteProfile(spec), cluster });
    expect(called.response.results.map(({ message }) => message)).toEqual([expect.stringMatching(says)]);
    expect(called.response.results[0]?.message).toContain(`${path}: `);
    expect(composed(called)).toEqual({});
  });

  it('may have charts of a registry that the API does not list', async () => {
    const layers = [{ name: 'chart', type: 'helm', registry: 'Mine', version: '1.0.0' }];
    const called = await functionOver(world).call({ composite: paletteProfile({ layers }), cluster });
    expect(composed(called)).toMatchObject({ profile: {} });
  });
});
