import { define } from './case.ts';

export const clusterConfigPolicy = define({
  type: 'spectrocloud_cluster_config_policy',
  create: {
    values: {
      name: 'nights',
      tags: ['team:web'],
      schedules: [{ name: 'sundays', startCron: '0 2 * * SUN', durationHrs: 4 }],
    },
    state: {
      name: 'nights',
      context: 'project',
      policyType: 'maintenance',
      tags: ['team:web'],
      schedules: [{ name: 'sundays', startCron: '0 2 * * SUN', durationHrs: 4 }],
    },
    stored: {
      name: 'nights',
      labels: { team: 'web' },
      scope: 'project',
      schedules: [{ name: 'sundays', startCron: '0 2 * * SUN', durationHrs: 4 }],
    },
  },
  changes: [
    {
      name: 'its name, its tags and its windows',
      values: {
        name: 'quiet-hours',
        context: 'project',
        tags: ['gold'],
        schedules: [
          { name: 'sundays', startCron: '0 3 * * SUN', durationHrs: 2 },
          { name: 'lunch', startCron: '15 12 * * 1-5', durationHrs: 1 },
        ],
      },
      state: { name: 'quiet-hours', tags: ['gold'] },
      stored: {
        name: 'quiet-hours',
        labels: { gold: 'spectro__tag' },
        scope: 'project',
        schedules: [
          { name: 'lunch', startCron: '15 12 * * 1-5', durationHrs: 1 },
          { name: 'sundays', startCron: '0 3 * * SUN', durationHrs: 2 },
        ],
      },
    },
  ],
  replace: {
    at: 'context',
    values: { name: 'quiet-hours', context: 'tenant' },
    state: { name: 'quiet-hours', context: 'tenant' },
    stored: { name: 'quiet-hours', labels: {}, scope: 'tenant', schedules: [] },
  },
  drifts: [
    {
      name: 'took a window away',
      act: async ({ client, project }, uid) =>
        client.put('/v1/spcPolicies/maintenance/{uid}', {
          path: { uid },
          body: {
            metadata: { name: 'quiet-hours', labels: { gold: 'spectro__tag' } },
            spec: { schedules: [{ name: 'sundays', startCron: '0 3 * * SUN', durationHrs: 2 }] },
          },
          scope: project,
        }),
    },
  ],
  remove: async ({ client, project }, uid) => client.delete('/v1/spcPolicies/{uid}', { path: { uid }, scope: project }),
  importId: () => 'quiet-hours:project',
  importedExactly: true,
  wrong: [
    {
      name: 'a schedule that is none',
      values: { name: 'bad', schedules: [{ name: 'x', startCron: '0 25 * * *', durationHrs: 1 }] },
      at: ['schedules'],
      says: /hour: '25' is none; expected a number from 0 to 23/,
    },
    {
      name: 'a day that never comes',
      values: { name: 'bad', schedules: [{ name: 'x', startCron: '0 0 31 2 *', durationHrs: 1 }] },
      at: ['schedules'],
      says: /never comes/,
    },
    {
      name: 'a window of more than a day',
      values: { name: 'bad', schedules: [{ name: 'x', startCron: '0 0 * * *', durationHrs: 25 }] },
      at: ['schedules'],
      says: /<=24|less than or equal to 24/,
    },
  ],
  stored: async ({ client, project }, uid) => {
    const { metadata, spec } = await client.get('/v1/spcPolicies/maintenance/{uid}', { path: { uid }, scope: project });
    return {
      name: metadata?.name,
      labels: metadata?.labels ?? {},
      scope: metadata?.annotations?.['scope'],
      schedules: (spec?.schedules ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    };
  },
  list: async ({ client, project }) => {
    const { items } = await client.get('/v1/dashboard/spcPolicies/metadata', { scope: project });
    return items.flatMap(({ uid }) => uid ?? []);
  },
});
