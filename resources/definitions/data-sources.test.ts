import { describe, expect, it } from '@jest/globals';

import { clusterData } from './cluster-data.ts';
import { clusterProfileData } from './cluster-profile-data.ts';
import { packData } from './pack-data.ts';
import { projectData } from './project-data.ts';
import { registryData } from './registry-data.ts';
import { fakeContext } from './testing/fake-context.ts';

const pack = (version: string, registryUid = 'r1', name = 'nginx'): object => ({
  metadata: { uid: `${registryUid}-${name}-${version}` },
  spec: { name, version, registryUid, type: 'spectro', cloudTypes: ['all'], values: `version: ${version}` },
});

describe('pack', () => {
  it('is the newest version when none is asked for', async () => {
    const ctx = fakeContext({ 'GET /v1/packs': { items: [pack('1.9.0'), pack('1.10.0'), pack('1.2.0')] } });
    expect(await packData.read({ config: { name: 'mine--nginx' } }, ctx)).toMatchObject({
      id: 'r1-nginx-1.10.0',
      name: 'mine--nginx',
      version: '1.10.0',
      values: 'version: 1.10.0',
    });
    expect(ctx.calls[0]?.query).toMatchObject({ filters: 'spec.name=nginx' });
  });

  it('is looked for with all that is asked', async () => {
    const ctx = fakeContext({ 'GET /v1/packs': { items: [pack('1.2.0')] } });
    await packData.read({ config: { name: 'nginx', version: '1.2.0', registryUid: 'r1', cloud: ['aws'] } }, ctx);
    expect(ctx.calls[0]?.query?.['filters']).toBe(
      'spec.name=nginxANDspec.version=1.2.0ANDspec.registryUid=r1ANDspec.cloudTypes_in_aws,all',
    );
  });

  it.each([
    { name: 'manifest', config: { type: 'manifest', name: 'x' }, calls: 0 },
    { name: 'oci of a registry', config: { type: 'oci', name: 'x', registryUid: 'r' }, calls: 0 },
    { name: 'helm of a private registry', config: { type: 'helm', name: 'x', registryUid: 'r' }, calls: 1 },
  ])('of type $name is taken as it is given', async ({ config, calls }) => {
    const ctx = fakeContext({ 'GET /v1/registries/helm/{uid}': { spec: { isPrivate: true } } });
    expect(await packData.read({ config }, ctx)).toMatchObject(config);
    expect(ctx.calls).toHaveLength(calls);
  });

  it('follows pages', async () => {
    const answer = ({ query }: { query: { continue?: string } }): object =>
      query.continue === undefined
        ? { items: [pack('1.0.0')], listmeta: { continue: 'next' } }
        : { items: [pack('2.0.0')], listmeta: { continue: '' } };
    expect(await packData.read({ config: { name: 'nginx' } }, fakeContext({ 'GET /v1/packs': answer }))).toMatchObject({
      version: '2.0.0',
    });
  });

  it.each([
    { name: 'no pack', items: [], config: { name: 'nginx' }, path: ['name'], says: /No pack matches the name "nginx"/ },
    {
      name: 'packs of two registries',
      items: [pack('1.0.0'), pack('1.0.0', 'r2')],
      config: { name: 'nginx' },
      path: ['name'],
      says: /More than one pack.*nginx 1\.0\.0 in registry r2/s,
    },
  ])('tells of $name', async ({ items, config, path, says }) => {
    const failure = packData.read({ config }, fakeContext({ 'GET /v1/packs': { items } }));
    await expect(failure).rejects.toMatchObject({ path, message: expect.stringMatching(says) });
  });

  it('tells which versions there are', async () => {
    const answer = ({ query }: { query: { filters: string } }): object => ({
      items: query.filters.includes('version') ? [] : [pack('1.0.0'), pack('2.0.0')],
    });
    await expect(
      packData.read({ config: { name: 'nginx', version: '7' } }, fakeContext({ 'GET /v1/packs': answer })),
    ).rejects.toMatchObject({
      path: ['version'],
      detail: 'Versions of the pack: "1.0.0", "2.0.0".',
    });
  });

  it('is narrowed by advanced filters', async () => {
    const ctx = fakeContext({
      'POST /v1/packs/search': { items: [{ spec: { name: 'nginx' } }] },
      'GET /v1/packs': { items: [pack('1.0.0')] },
    });
    expect(
      await packData.read(
        { config: { advanceFilters: [{ isFips: false, packLayer: ['addon'], addonType: ['ingress'] }] } },
        ctx,
      ),
    ).toMatchObject({ version: '1.0.0' });
    expect(ctx.calls[0]?.body).toEqual({ filter: { addOnType: ['ingress'], layer: ['addon'] } });
  });
});

it.each([
  { name: 'an identifier', config: { id: 'x', advanceFilters: [{ isFips: true }] }, want: ['id'] },
  { name: 'a name', config: { name: 'x', advanceFilters: [{ isFips: true }] }, want: [] },
  { name: 'no advanced filters', config: { id: 'x', advanceFilters: [] }, want: [] },
])('a pack asked for with $name is refused for $want', ({ config, want }) => {
  expect(packData.validate?.({ config })?.map(({ path }) => path[0])).toEqual(want);
});

describe('registry', () => {
  const answers = {
    'GET /v1/registries/metadata': { items: [{ uid: 'r1', name: 'Public' }] },
    'GET /v1/registries/helm': {
      items: [{ metadata: { uid: 'h1', name: 'Charts' }, status: { helmSyncStatus: { status: 'Success' } } }],
    },
    'GET /v1/registries/oci/summary': {
      items: [{ metadata: { uid: 'o1', name: 'Images' }, status: { sync: { status: 'InProgress' } } }],
    },
  };

  it.each([
    { type: '', name: 'Public', want: { id: 'r1', syncStatus: '' } },
    { type: 'helm', name: 'Charts', want: { id: 'h1', syncStatus: 'Success' } },
    { type: 'oci', name: 'Images', want: { id: 'o1', syncStatus: 'InProgress' } },
  ] as const)('of type "$type" is found by name', async ({ type, name, want }) => {
    expect(await registryData.read({ config: { name, type } }, fakeContext(answers))).toMatchObject(want);
  });

  it('says which there are', async () => {
    await expect(
      registryData.read({ config: { name: 'Nowhere', type: '' } }, fakeContext(answers)),
    ).rejects.toMatchObject({ path: ['name'], detail: 'Registries in reach: "Public".' });
  });
});

describe('project', () => {
  const answers = { 'GET /v1/dashboard/projects/metadata': { items: [{ metadata: { name: 'team', uid: 'p1' } }] } };

  it.each([{ config: { name: 'team' } }, { config: { id: 'p1' } }])('is found by $config', async ({ config }) => {
    expect(await projectData.read({ config }, fakeContext(answers))).toEqual({ id: 'p1', name: 'team' });
  });

  it('says which there are', async () => {
    await expect(projectData.read({ config: { name: 'x' } }, fakeContext(answers))).rejects.toMatchObject({
      path: ['name'],
      detail: 'Projects in reach: "team".',
    });
  });
});

describe('cluster profile', () => {
  it('gives its packs with their manifests', async () => {
    const ctx = fakeContext({
      'GET /v1/dashboard/clusterprofiles/metadata': {
        items: [{ metadata: { name: 'base', uid: 'x' }, spec: { version: '2.0.0' } }],
      },
      'GET /v1/clusterprofiles/{uid}': {
        metadata: { name: 'base', uid: 'x' },
        spec: {
          published: {
            profileVersion: '2.0.0',
            packs: [{ name: 'own', layer: 'addon', type: 'manifest', manifests: [{ name: 'ns', uid: 'm' }] }],
          },
        },
      },
      'GET /v1/clusterprofiles/{uid}/variables': { variables: [] },
      'GET /v1/clusterprofiles/{uid}/packs/{packName}/manifests': {
        items: [{ metadata: { uid: 'm', name: 'ns' }, spec: { published: { content: 'kind: Namespace' } } }],
      },
    });
    expect(await clusterProfileData.read({ config: { name: 'base', context: 'tenant' } }, ctx)).toMatchObject({
      id: 'x',
      version: '2.0.0',
      pack: [{ name: 'own', tag: '', manifest: [{ name: 'ns', content: 'kind: Namespace', uid: 'm' }] }],
    });
    expect(ctx.calls[0]?.scope).toEqual({ kind: 'tenant' });
  });

  it.each([
    { name: 'neither', config: {}, want: 1 },
    { name: 'both', config: { id: 'x', name: 'y' }, want: 1 },
    { name: 'one', config: { id: 'x' }, want: 0 },
  ])('asked for by $name of id and name has $want problems', ({ config, want }) => {
    expect(clusterProfileData.validate?.({ config })).toHaveLength(want);
  });
});

describe('cluster', () => {
  const items = [
    {
      metadata: { name: 'edge', uid: 'c1' },
      specSummary: { cloudConfig: { cloudType: 'generic' } },
      status: { state: 'Running' },
    },
    {
      metadata: { name: 'edge', uid: 'v1' },
      specSummary: { cloudConfig: { cloudType: 'nested' } },
      status: { state: 'Running' },
    },
  ];
  const answers = {
    'POST /v1/dashboard/spectroclusters/search': { items },
    'GET /v1/spectroclusters/{uid}': {
      spec: { clusterConfig: { timezone: 'Europe/Berlin' } },
      status: { state: 'Running' },
    },
    'GET /v1/dashboard/spectroclusters/{uid}/overview': { status: { health: { state: 'Healthy' } } },
    'GET /v1/spectroclusters/{uid}/assets/kubeconfigclient': new TextEncoder().encode('kind: Config'),
  };

  it.each([
    { virtual: false, uid: 'c1' },
    { virtual: true, uid: 'v1' },
  ])('is found among virtual clusters: $virtual', async ({ virtual, uid }) => {
    expect(
      await clusterData.read({ config: { name: 'edge', context: 'project', virtual } }, fakeContext(answers)),
    ).toMatchObject({
      id: uid,
      state: 'Running',
      health: 'Healthy',
      kubeConfig: 'kind: Config',
      adminKubeConfig: '',
      clusterTimezone: 'Europe/Berlin',
    });
  });

  it('is said not to exist', async () => {
    const ctx = fakeContext({ 'POST /v1/dashboard/spectroclusters/search': { items: [] } });
    await expect(
      clusterData.read({ config: { name: 'edge', context: 'project', virtual: false } }, ctx),
    ).rejects.toMatchObject({ path: ['name'] });
  });
});
