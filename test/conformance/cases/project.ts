import { define } from './case.ts';

const tenant = { kind: 'tenant' } as const;

export const project = define({
  type: 'spectrocloud_project',
  create: {
    values: { name: 'shop', tags: ['team:web', 'gold'] },
    state: { name: 'shop', tags: ['gold', 'team:web'] },
    stored: { name: 'shop', labels: { team: 'web', gold: 'spectro__tag' }, description: '' },
  },
  changes: [
    {
      name: 'its name, its tags and what it is for',
      values: { name: 'shop-2', description: 'The shop', tags: ['team:web'] },
      state: { name: 'shop-2', description: 'The shop', tags: ['team:web'] },
      stored: { name: 'shop-2', labels: { team: 'web' }, description: 'The shop' },
    },
  ],
  drifts: [
    {
      name: 'renamed it',
      act: async ({ client }, uid) =>
        client.put('/v1/projects/{uid}', {
          path: { uid },
          body: { metadata: { name: 'renamed', labels: {}, annotations: {} } },
        }),
    },
  ],
  remove: async ({ client }, uid) => client.delete('/v1/projects/{uid}', { path: { uid } }),
  importId: () => 'shop-2',
  importedExactly: true,
  wrong: [
    {
      name: 'an empty name',
      values: { name: '' },
      at: ['name'],
      says: /Too small|at least 1|empty/i,
    },
  ],
  stored: async ({ client }, uid) => {
    const { metadata } = await client.get('/v1/projects/{uid}', { path: { uid }, scope: tenant });
    return {
      name: metadata?.name,
      labels: metadata?.labels ?? {},
      description: metadata?.annotations?.['description'] ?? '',
    };
  },
  list: async ({ client }) => {
    const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: tenant });
    return items.flatMap(({ metadata }) => metadata?.uid ?? []);
  },
});
