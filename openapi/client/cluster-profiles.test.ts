import { describe, expect, it } from '@jest/globals';

import { createClusterProfileReader, type ProfileRequests } from './cluster-profiles.ts';
import { ApiError } from './errors.ts';
import type { Schemas, Scope } from './contract.ts';

const tenant: Scope = { kind: 'tenant' };
const project = (projectUid: string): Scope => ({ kind: 'project', projectUid });

const profileOf = (uid: string): Schemas['v1ClusterProfile'] => ({
  metadata: { uid },
  spec: {
    published: {
      packs: [
        { layer: 'addon', name: 'with', manifests: [{ name: 'a', uid: '1' }] },
        { layer: 'addon', name: 'without' },
      ],
    },
  },
});

const notFound = (): ApiError =>
  new ApiError({ code: 'ResourceNotFound', status: 404, reason: 'absent', method: 'GET', path: '/' });

/** An API in memory that writes down what it is asked. */
function fakeApi({ bulk }: { readonly bulk: boolean }) {
  const asked: string[] = [];
  let known: boolean | undefined;
  const answer = <T>(what: string, value: T): T => {
    asked.push(what);
    known = bulk;
    return value;
  };
  const requests: ProfileRequests = {
    profile: async (uid) => {
      const profile = answer(`profile ${uid}`, profileOf(uid));
      if (uid === 'gone') throw notFound();
      return profile;
    },
    variables: async (uid) => {
      const variables = answer(`variables ${uid}`, { variables: [{ name: 'v' }] });
      if (uid === 'gone') throw notFound();
      return variables;
    },
    manifests: async (uid, packName) =>
      answer(`manifests ${uid} ${packName}`, { items: [{ metadata: { name: 'a' } }] }),
    bulk: async (uids, { scope }) =>
      answer(`bulk ${scope.kind === 'project' ? scope.projectUid : 'tenant'} ${uids.length}`, {
        items: uids
          .filter((uid) => uid !== 'gone')
          .map((uid) => ({
            uid,
            profile: profileOf(uid),
            variables: [],
            manifests: [{ packName: 'with', manifests: [] }],
          })),
        missing: uids.filter((uid) => uid === 'gone'),
      }),
    offersBulk: () => known,
  };
  return { asked, requests };
}

const uids = (count: number): string[] => Array.from({ length: count }, (_, index) => `p${index}`);

describe('reading cluster profiles from plain Palette', () => {
  it('asks three times for a profile with one manifest pack, and once more for the first of all', async () => {
    const { asked, requests } = fakeApi({ bulk: false });
    const read = createClusterProfileReader(requests);
    await Promise.all(uids(100).map(async (uid) => read(uid, { scope: tenant })));
    expect(asked.length).toBe(301);
  });

  it('returns profile, variables and the manifests by pack', async () => {
    const read = createClusterProfileReader(fakeApi({ bulk: false }).requests);
    const got = await read('p', { scope: tenant });
    expect(got).toEqual({
      kind: 'present',
      profile: profileOf('p'),
      variables: [{ name: 'v' }],
      manifests: new Map([['with', [{ metadata: { name: 'a' } }]]]),
    });
  });

  it('tells that a profile is absent', async () => {
    const read = createClusterProfileReader(fakeApi({ bulk: false }).requests);
    await expect(read('gone', { scope: tenant })).resolves.toEqual({ kind: 'absent' });
  });
});

describe('reading cluster profiles from a plane with bulk reads', () => {
  it('takes a hundred at a time', async () => {
    const { asked, requests } = fakeApi({ bulk: true });
    const read = createClusterProfileReader(requests);
    const got = await Promise.all(uids(250).map(async (uid) => read(uid, { scope: tenant })));
    expect(got.map((one) => (one.kind === 'present' ? one.profile.metadata?.uid : undefined))).toEqual(uids(250));
    expect(asked).toEqual(['profile p0', 'bulk tenant 100', 'bulk tenant 100', 'bulk tenant 50']);
  });

  it('asks once for a profile that several want', async () => {
    const { asked, requests } = fakeApi({ bulk: true });
    const read = createClusterProfileReader(requests);
    await Promise.all([read('p', { scope: tenant }), read('p', { scope: tenant })]);
    expect(asked).toEqual(['profile p', 'bulk tenant 1']);
  });

  it('keeps scopes apart', async () => {
    const { asked, requests } = fakeApi({ bulk: true });
    const read = createClusterProfileReader(requests);
    await Promise.all([
      read('a', { scope: project('one') }),
      read('b', { scope: project('two') }),
      read('c', { scope: tenant }),
    ]);
    expect(asked.toSorted()).toEqual(['bulk one 1', 'bulk tenant 1', 'bulk two 1', 'profile a']);
  });

  it('tells that a profile is absent, also the first of all', async () => {
    const read = createClusterProfileReader(fakeApi({ bulk: true }).requests);
    await expect(Promise.all([read('gone', { scope: tenant }), read('p', { scope: tenant })])).resolves.toEqual([
      { kind: 'absent' },
      expect.objectContaining({ kind: 'present' }),
    ]);
  });

  it('serves the others when one caller leaves', async () => {
    const { requests } = fakeApi({ bulk: true });
    const read = createClusterProfileReader(requests);
    const controller = new AbortController();
    const leaving = read('a', { scope: tenant, signal: controller.signal });
    const staying = read('b', { scope: tenant });
    controller.abort(new Error('left'));
    await expect(leaving).rejects.toThrow('left');
    await expect(staying).resolves.toMatchObject({ kind: 'present' });
  });
});
