import { describe, expect, it } from '@jest/globals';

import { applicationProfile } from './application-profile.ts';
import { fakeContext, type Call } from './testing/fake-context.ts';

const UID = 'a'.repeat(24);
const TIER = 'b'.repeat(24);
const [FIRST, SECOND] = ['c'.repeat(24), 'd'.repeat(24)];

type State = Parameters<typeof applicationProfile.read>[0]['state'];

const stateOf = (tier: object): State => ({
  id: UID,
  name: 'shop',
  version: '1.0.0',
  context: 'project',
  cloud: 'all',
  pack: [{ name: 'chart', type: 'helm', installOrder: 0, ...tier }],
});

describe('a tier of an application profile', () => {
  it.each([
    { name: 'registry', before: { registryUid: FIRST }, after: { registryUid: SECOND } },
    { name: 'pack', before: { sourceAppTier: FIRST }, after: { sourceAppTier: SECOND } },
  ])('of another $name is stored whole: a tier that is there keeps where it comes from', async ({ before, after }) => {
    const entities: Call[] = [];
    const ctx = fakeContext({
      'GET /v1/appProfiles/{uid}': { metadata: { name: 'shop', uid: UID }, spec: { version: '1.0.0' } },
      'GET /v1/appProfiles/{uid}/tiers': {
        spec: { appTiers: [{ metadata: { name: 'chart', uid: TIER }, spec: { type: 'helm' } }] },
      },
      'PUT /v1/appProfiles/{uid}': (call: Call) => void entities.push(call),
    });
    await applicationProfile.update?.(
      { planned: stateOf(after), prior: stateOf(before), checkpoint: ctx.checkpoint },
      ctx,
    );
    expect(entities).toMatchObject([
      {
        body: {
          spec: {
            template: {
              appTiers: ['registryUid' in after ? { registryUid: SECOND } : { sourceAppTierUid: SECOND }],
            },
          },
        },
      },
    ]);
  });
});
