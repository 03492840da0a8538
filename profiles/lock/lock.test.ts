import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { sha256 } from '#core/digest';
import { archivePack, contentDigest, openPackFiles } from '#packs/index';
import { packJson, textFiles } from '#packs/testing/files';
import { profileDigest } from '#profiles/digest';
import { addon, defineProfile } from '#profiles/index';
import type { PackSource, SourcedPack } from '#profiles/render/pack-source';
import { resolveProfile } from '#profiles/render/resolve-profile';

import { applyLock, EMPTY_LOCK, formatLock, parseLock, unlockedLayers } from './lock-file.ts';
import { lockedSource } from './locked-source.ts';
import { updateLock } from './update-lock.ts';

const signal = new AbortController().signal;

/** A registry in memory: `name@version` to the pack's values. `trailer`: what another compressor would do. */
async function registry(packs: Readonly<Record<string, string>>, trailer?: Uint8Array): Promise<PackSource> {
  const opened: SourcedPack[] = [];
  for (const [key, values] of Object.entries(packs)) {
    const [name = '', version = ''] = key.split('@');
    const pack = await openPackFiles(textFiles({ 'pack.json': packJson({ name, version }), 'values.yaml': values }));
    const archive = Buffer.concat([archivePack(pack), trailer ?? new Uint8Array()]);
    opened.push({ pack, archive, digest: sha256(archive) });
  }
  return {
    description: 'the test',
    versions: async ({ name }) => opened.filter(({ pack }) => pack.name === name).map(({ pack }) => pack.version),
    open: async ({ name, version }) => opened.find(({ pack }) => pack.name === name && pack.version === version),
  };
}

const profile = defineProfile({
  name: 'x',
  layers: [
    addon({ pack: 'a', version: '^1.0.0' }),
    addon({ pack: 'b', version: '2.0.0' }),
    addon({ pack: 'a', as: 'two', version: '1.0.x' }),
  ],
});

describe('a lock file', () => {
  it('pins what ranges stand for, and keeps it when there is something newer', async () => {
    const first = await registry({ 'a@1.0.0': 'v: 1', 'b@2.0.0': 'v: 2' });
    const { lock, changes } = await updateLock([profile], EMPTY_LOCK, { source: first, signal });
    expect(changes.map(({ kind, name, wanted, after }) => [kind, name, wanted, after])).toEqual([
      ['added', 'a', '1.0.x', '1.0.0'],
      ['added', 'a', '^1.0.0', '1.0.0'],
      ['added', 'b', '2.0.0', '2.0.0'],
    ]);
    const later = await registry({ 'a@1.0.0': 'v: 1', 'a@1.1.0': 'v: 3', 'b@2.0.0': 'v: 2' });
    const again = await updateLock([profile], lock, { source: later, signal });
    expect(again.changes).toEqual([]);
    expect(formatLock(again.lock)).toBe(formatLock(lock));
    const updated = await updateLock([profile], lock, { source: later, update: ['a'], signal });
    expect(updated.changes).toEqual([
      { kind: 'changed', name: 'a', wanted: '^1.0.0', before: '1.0.0', after: '1.1.0' },
    ]);
    expect(unlockedLayers(applyLock(profile, updated.lock))).toEqual([]);
    expect(unlockedLayers(profile)).toEqual(['a', 'b', 'two--a']);
  });

  it('keeps what other programs of the folder ask for, unless told otherwise', async () => {
    const source = await registry({ 'a@1.0.0': '', 'b@2.0.0': '', 'c@1.0.0': '' });
    const other = defineProfile({ name: 'y', layers: [addon({ pack: 'c' })] });
    const { lock } = await updateLock([other], EMPTY_LOCK, { source, signal });
    const both = await updateLock([profile], lock, { source, update: 'all', signal });
    expect(both.lock.packs.map(({ name }) => name).sort()).toEqual(['a', 'a', 'b', 'c']);
    const pruned = await updateLock([profile], both.lock, { source, prune: true, signal });
    expect(pruned.changes).toEqual([{ kind: 'removed', name: 'c', wanted: 'latest', before: '1.0.0' }]);
  });

  it('refuses a pack that is another under the same version', async () => {
    const { lock } = await updateLock([profile], EMPTY_LOCK, {
      source: await registry({ 'a@1.0.0': '', 'b@2.0.0': '' }),
      signal,
    });
    const changed = await registry({ 'a@1.0.0': 'other: 1', 'b@2.0.0': '' });
    await expect(updateLock([profile], lock, { source: changed, signal })).rejects.toThrow(
      /layer a: error: the pack a 1\.0\.0 in the test is not the one that was resolved/,
    );
  });

  it('knows a pack that another machine compressed, and gives the profile the same digest', async () => {
    const here = await registry({ 'a@1.0.0': 'v: 1', 'b@2.0.0': 'v: 2' });
    // An empty gzip member more: other bytes, the same content.
    const there = await registry(
      { 'a@1.0.0': 'v: 1', 'b@2.0.0': 'v: 2' },
      Buffer.from('H4sIAAAAAAAAAwMAAAAAAAAAAAA=', 'base64'),
    );
    const { lock } = await updateLock([profile], EMPTY_LOCK, { source: here, signal });
    const resolve = async (source: PackSource) =>
      (await resolveProfile(applyLock(profile, lock), { source: lockedSource(source, lock), signal })).document;
    expect((await there.open({ type: 'spectro', name: 'b', version: '2.0.0' }, { signal }))?.digest).not.toBe(
      (await here.open({ type: 'spectro', name: 'b', version: '2.0.0' }, { signal }))?.digest,
    );
    expect(profileDigest(await resolve(there))).toBe(profileDigest(await resolve(here)));
  });

  it('names everything that is not there', async () => {
    await expect(
      updateLock([profile], EMPTY_LOCK, { source: await registry({ 'a@3.0.0': '' }), signal }),
    ).rejects.toMatchObject({
      problems: [
        { layer: 'a', message: 'no version of the pack a is "^1.0.0"; there are 3.0.0' },
        { layer: 'b', message: 'the pack b is not in the test' },
        { layer: 'two--a', message: 'no version of the pack a is "1.0.x"; there are 3.0.0' },
      ],
    });
  });

  it.each([
    { name: 'no JSON', text: '<<<<<<< HEAD', want: /no JSON/ },
    { name: 'another version', text: '{"lockVersion":2,"packs":[]}', want: /lockVersion/ },
    {
      name: 'a digest that is none',
      text: '{"lockVersion":1,"packs":[{"type":"spectro","name":"a","wanted":"1","version":"1","digest":"x","content":"y"}]}',
      want: /packs\[0\]\.digest/,
    },
  ])('refuses a file that is none: $name', ({ text, want }) => {
    expect(() => parseLock('palette.lock.json', text)).toThrow(want);
  });

  it('is the same text whatever order it was made in, and reads back as itself', () => {
    const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}` as const);
    const entry = fc.record({
      type: fc.constantFrom('spectro' as const, 'helm' as const, 'oci' as const),
      name: fc.string({ minLength: 1 }),
      wanted: fc.string(),
      version: fc.string({ minLength: 1 }),
      digest,
      content: digest,
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { selector: ({ type, name, wanted }) => JSON.stringify([type, name, wanted]) }),
        (packs) => {
          const text = formatLock({ lockVersion: 1, packs });
          expect(formatLock({ lockVersion: 1, packs: packs.toReversed() })).toBe(text);
          expect(formatLock(parseLock('f', text))).toBe(text);
        },
      ),
    );
  });
});

it('what is locked is told by content', async () => {
  const source = await registry({ 'a@1.0.0': 'v: 1', 'b@2.0.0': '' });
  const { lock } = await updateLock([profile], EMPTY_LOCK, { source, signal });
  const opened = await source.open({ type: 'spectro', name: 'a', version: '1.0.0' }, { signal });
  expect(lock.packs.find(({ name }) => name === 'a')?.content).toBe(opened && contentDigest(opened.pack));
});
