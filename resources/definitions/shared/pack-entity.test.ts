import { describe, expect, it } from '@jest/globals';

import { AttributeError } from '#resources/engine/index';

import { fakeContext, type Answers } from '../testing/fake-context.ts';
import { resolvePack, type PackBlock } from './pack-entity.ts';

const scope = { kind: 'tenant' } as const;
const registries = {
  items: [
    { uid: 'r1', name: 'Public', kind: 'pack' },
    { uid: 'r2', name: 'Own', kind: 'pack' },
  ],
};
const tagsOf = (registryUid: string, ...versions: string[]): object => ({
  registryUid,
  tags: versions.map((version) => ({
    tag: version,
    version,
    packUid: `${registryUid}-${version}`,
    parentTags: [`${version.split('.')[0]}.x`],
  })),
});

const world: Answers = {
  'GET /v1/registries/metadata': registries,
  'GET /v1/packs/{packName}/registries/{registryUid}': ({ path }: { path: Record<string, string> }) => {
    if (path['packName'] === 'nginx' && path['registryUid'] === 'r1') return tagsOf('r1', '1.0.0', '1.2.0', '2.0.0');
    if (path['packName'] === 'both') return tagsOf(path['registryUid'] ?? '', '1.0.0');
    return { tags: [] };
  },
  'GET /v1/packs/{uid}': ({ path }: { path: Record<string, string> }) => ({ tags: [], registryUid: path['uid'] }),
};

const block = (given: Partial<PackBlock>): PackBlock => ({ name: 'nginx', type: 'spectro', ...given });

describe('resolvePack', () => {
  it.each([
    {
      name: 'a pack by registry name and tag',
      given: { tag: '1.2.0', registryName: 'Public' },
      want: { uid: 'r1-1.2.0', registryUid: 'r1' },
    },
    {
      name: 'a pack by registry identifier and tag',
      given: { tag: '1.0.0', registryUid: 'r1' },
      want: { uid: 'r1-1.0.0', registryUid: 'r1' },
    },
    {
      name: 'a pack by tag alone, when one registry has it',
      given: { tag: '2.0.0' },
      want: { uid: 'r1-2.0.0', registryUid: 'r1' },
    },
    {
      name: 'the newest version of a series',
      given: { tag: '1.x', registryUid: 'r1' },
      want: { uid: 'r1-1.2.0', registryUid: 'r1' },
    },
    {
      name: 'a pack under a name of its own',
      given: { name: 'mine--nginx', tag: '1.0.0', registryUid: 'r1' },
      want: { uid: 'r1-1.0.0', registryUid: 'r1' },
    },
    { name: 'a pack by identifier', given: { uid: 'u1' }, want: { uid: 'u1', registryUid: '' } },
    {
      name: 'manifests without any request',
      given: { type: 'manifest' },
      want: { uid: 'spectro-manifest-pack', registryUid: '' },
    },
    {
      name: 'a chart that no list shows, which the API finds',
      given: { name: 'chart', type: 'helm', tag: '9', registryUid: 'r2' },
      want: { uid: '', registryUid: 'r2' },
    },
  ])('finds $name', async ({ given, want }) => {
    const ctx = fakeContext(world);
    expect(await resolvePack(block(given), ['pack', 0], ctx.client, scope)).toEqual(want);
    if (given.type === 'manifest') expect(ctx.calls).toEqual([]);
  });

  it.each([
    {
      name: 'a tag that does not exist',
      given: { tag: '9.9.9', registryName: 'Public' },
      path: ['pack', 3, 'tag'],
      says: /Tags of the pack in "Public": "1\.0\.0", "1\.2\.0"/,
    },
    {
      name: 'a registry that does not exist',
      given: { tag: '1.0.0', registryName: 'Nowhere' },
      path: ['pack', 3, 'registryName'],
      says: /Registries in reach: "Public", "Own"/,
    },
    { name: 'neither tag nor identifier', given: {}, path: ['pack', 3, 'uid'], says: /Give uid, or tag/ },
    {
      name: 'a pack that two registries have',
      given: { name: 'both', tag: '1.0.0' },
      path: ['pack', 3, 'registryUid'],
      says: /Give registry_uid, one of "r1", "r2"/,
    },
  ])('refuses $name, at its attribute', async ({ given, path, says }) => {
    const failure = await resolvePack(block(given), ['pack', 3], fakeContext(world).client, scope).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(AttributeError);
    expect(failure).toMatchObject({ path, detail: expect.stringMatching(says) });
  });

  it('refuses a pack that no registry has, at its name', async () => {
    const empty = { ...world, 'GET /v1/packs/{packName}/registries/{registryUid}': undefined };
    await expect(resolvePack(block({ tag: '1' }), ['pack', 0], fakeContext(empty).client, scope)).rejects.toMatchObject(
      { path: ['pack', 0, 'name'] },
    );
  });

  it('refuses an identifier that does not exist', async () => {
    const empty = { ...world, 'GET /v1/packs/{uid}': undefined };
    await expect(resolvePack(block({ uid: 'x' }), ['pack', 0], fakeContext(empty).client, scope)).rejects.toMatchObject(
      { path: ['pack', 0, 'uid'] },
    );
  });

  it('asks once for many profiles of the same pack', async () => {
    const ctx = fakeContext(world);
    await Promise.all(
      Array.from({ length: 50 }, async () =>
        resolvePack(block({ tag: '1.0.0', registryName: 'Public' }), [], ctx.client, scope),
      ),
    );
    expect(ctx.operations().toSorted()).toEqual([
      'GET /v1/packs/{packName}/registries/{registryUid}',
      'GET /v1/registries/metadata',
    ]);
  });
});
