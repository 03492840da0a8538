import { describe, expect, it } from '@jest/globals';

import { packUpdates, waitingClusters, type KnownPack, type ProfileInUse } from './derive.ts';

const profile = (over: Partial<ProfileInUse> = {}): ProfileInUse => ({
  uid: 'profile-1',
  projectUid: 'project-1',
  name: 'web',
  version: '1.0.0',
  packs: [{ name: 'nginx', version: '1.2.0', registryUid: 'registry-1' }],
  ...over,
});
const pack = (version: string, over: Partial<KnownPack> = {}): KnownPack => ({
  registryUid: 'registry-1',
  name: 'nginx',
  version,
  createdAt: new Date(`2026-01-01T00:00:00Z`),
  ...over,
});

describe('updates of packs', () => {
  it.each<{ name: string; profiles: ProfileInUse[]; packs: KnownPack[]; want: readonly string[] }>([
    {
      name: 'are told of when the registry has a newer release, the newest one',
      profiles: [profile()],
      packs: [pack('1.2.0'), pack('1.10.0'), pack('1.9.0')],
      want: ['profile web 1.0.0 has pack nginx 1.2.0; there is 1.10.0'],
    },
    { name: 'are none where the newest is used', profiles: [profile()], packs: [pack('1.2.0')], want: [] },
    { name: 'are none of a pre-release', profiles: [profile()], packs: [pack('1.2.0'), pack('2.0.0-rc.1')], want: [] },
    {
      name: 'are none of another registry, or of another pack',
      profiles: [profile()],
      packs: [pack('1.2.0'), pack('3.0.0', { registryUid: 'registry-2' }), pack('3.0.0', { name: 'other' })],
      want: [],
    },
    { name: 'are none of a pack that its registry lost', profiles: [profile()], packs: [], want: [] },
    {
      name: 'concern the newest version of a profile',
      profiles: [
        profile({ uid: 'old' }),
        profile({
          uid: 'new',
          version: '1.1.0',
          packs: [{ name: 'nginx', version: '1.3.0', registryUid: 'registry-1' }],
        }),
      ],
      packs: [pack('1.3.0')],
      want: [],
    },
    {
      name: 'concern each of two profiles of the same name in two projects',
      profiles: [profile(), profile({ uid: 'profile-2', projectUid: undefined })],
      packs: [pack('1.3.0')],
      want: [
        'profile web 1.0.0 has pack nginx 1.2.0; there is 1.3.0',
        'profile web 1.0.0 has pack nginx 1.2.0; there is 1.3.0',
      ],
    },
  ])('$name', ({ profiles, packs, want }) => {
    expect(packUpdates(profiles, packs).map(({ message }) => message)).toEqual(want);
  });

  it('are known again by their uid, until there is a newer one still', () => {
    const [one] = packUpdates([profile()], [pack('1.3.0')]);
    expect(packUpdates([profile()], [pack('1.2.0'), pack('1.3.0')])[0]?.uid).toBe(one?.uid);
    expect(packUpdates([profile()], [pack('1.4.0')])[0]?.uid).not.toBe(one?.uid);
  });
});

describe('a cluster that waits', () => {
  it('is told of anew for each revision', () => {
    const waiting = { uid: 'c1', name: 'berlin', message: 'waits for a maintenance window', revision: 3 };
    const [one] = waitingClusters([waiting]);
    expect(one).toMatchObject({
      related: { kind: 'spectrocluster', uid: 'c1' },
      message: `cluster berlin: ${waiting.message}`,
    });
    expect(waitingClusters([{ ...waiting, revision: 4 }])[0]?.uid).not.toBe(one?.uid);
  });
});
