import { any } from '../support/expectations.ts';
import { define } from './case.ts';

const tenant = { kind: 'tenant' } as const;

export const registrationToken = define({
  type: 'spectrocloud_registration_token',
  create: {
    values: { name: 'edge', expiryDate: '2099-12-31', status: 'inactive' },
    state: { name: 'edge', expiryDate: '2099-12-31', status: 'inactive', token: any.text, projectUid: '' },
    stored: { name: 'edge', description: '', project: '', expiry: '2099-12-31', active: false },
  },
  changes: [
    {
      name: 'when it ends, its state and what it is for',
      values: { name: 'edge', expiryDate: '2098-01-01', description: 'hosts' },
      state: { expiryDate: '2098-01-01', status: 'active', description: 'hosts' },
      stored: { name: 'edge', description: 'hosts', project: '', expiry: '2098-01-01', active: true },
    },
  ],
  drifts: [
    {
      name: 'switched it off',
      act: async ({ client }, uid) =>
        client.put('/v1/edgehosts/tokens/{uid}/state', { path: { uid }, body: { isActive: false } }),
    },
  ],
  remove: async ({ client }, uid) => client.delete('/v1/edgehosts/tokens/{uid}', { path: { uid } }),
  importId: () => 'edge',
  importedExactly: true,
  wrong: [
    {
      name: 'a date in another form',
      values: { name: 'x', expiryDate: '31.12.2099' },
      at: ['expiryDate'],
      says: /YYYY-MM-DD/,
      // The API server speaks for itself.
      managed: { says: /should match '\^\\d\{4\}-/ },
    },
    {
      name: 'a day that is none',
      values: { name: 'x', expiryDate: '2099-02-30' },
      at: ['expiryDate'],
      says: /not a day of the calendar/,
    },
  ],
  stored: async ({ client }, uid) => {
    const { metadata, spec, status } = await client.get('/v1/edgehosts/tokens/{uid}', { path: { uid }, scope: tenant });
    return {
      name: metadata?.name,
      description: metadata?.annotations?.['description'] ?? '',
      project: spec?.defaultProject?.uid ?? '',
      expiry: spec?.expiry?.slice(0, 10),
      active: status?.isActive,
    };
  },
  list: async ({ client }) => {
    const { items } = await client.get('/v1/edgehosts/tokens', { scope: tenant });
    return items.flatMap(({ metadata }) => metadata?.uid ?? []);
  },
});
