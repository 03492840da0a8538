import { helloProfile } from './cluster-brownfield.ts';
import { define, named, referenceTo } from './case.ts';

const hello = referenceTo('spectrocloud_cluster_profile', 'hello');
const nights = named('spectrocloud_cluster_config_policy', 'nights', {
  name: 'nights',
  schedules: [{ name: 'nights', startCron: '0 2 * * *', durationHrs: 2 }],
});

const changed = {
  name: 'shops-2',
  cloudType: 'generic',
  description: 'All shops',
  tags: ['gold'],
  clusterProfile: [
    {
      id: hello,
      variables: [
        { name: 'replicas', value: '3' },
        { name: 'greeting', value: 'servus', assignStrategy: 'cluster' as const },
      ],
    },
  ],
  policy: [{ id: referenceTo('spectrocloud_cluster_config_policy', 'nights'), kind: 'maintenance' }],
};

export const clusterConfigTemplate = define({
  type: 'spectrocloud_cluster_config_template',
  needs: [helloProfile(), nights],
  create: {
    values: {
      name: 'shops',
      cloudType: 'generic',
      tags: ['team:web'],
      clusterProfile: [{ id: hello, variables: [{ name: 'replicas', value: '2' }] }],
    },
    state: {
      name: 'shops',
      context: 'project',
      cloudType: 'generic',
      tags: ['team:web'],
      clusterProfile: [{ variables: [{ name: 'replicas', value: '2', assignStrategy: 'all' }] }],
      executionState: 'Pending',
    },
    stored: {
      name: 'shops',
      labels: { team: 'web' },
      description: '',
      scope: 'project',
      cloudType: 'generic',
      profiles: [[{ name: 'replicas', value: '2', assignStrategy: 'all', clusters: [] }]],
      policies: [],
    },
  },
  changes: [
    {
      name: 'its name, its values and who says them, and when it is followed',
      values: changed,
      state: { name: 'shops-2', description: 'All shops', tags: ['gold'] },
      stored: {
        name: 'shops-2',
        labels: { gold: 'spectro__tag' },
        description: 'All shops',
        scope: 'project',
        cloudType: 'generic',
        profiles: [
          [
            { name: 'greeting', value: 'servus', assignStrategy: 'cluster', clusters: [] },
            { name: 'replicas', value: '3', assignStrategy: 'all', clusters: [] },
          ],
        ],
        policies: ['maintenance'],
      },
    },
  ],
  replace: {
    at: 'cloudType',
    values: { name: 'shops-2', cloudType: 'aws' },
    state: { cloudType: 'aws' },
    stored: {
      name: 'shops-2',
      labels: {},
      description: '',
      scope: 'project',
      cloudType: 'aws',
      profiles: [],
      policies: [],
    },
  },
  drifts: [
    {
      name: 'took its policy off',
      act: async ({ client, project }, uid) =>
        client.patch('/v1/clusterTemplates/{uid}/policies', { path: { uid }, body: { policies: [] }, scope: project }),
    },
    {
      name: 'changed a value',
      act: async ({ client, project }, uid) => {
        const at = { path: { uid }, scope: project };
        const { spec } = await client.get('/v1/clusterTemplates/{uid}', at);
        const profiles = (spec?.profiles ?? []).map((profile) => ({
          ...profile,
          variables: (profile.variables ?? []).map((variable) => ({
            ...variable,
            value: variable.name === 'replicas' ? '9' : (variable.value ?? ''),
          })),
        }));
        return client.put('/v1/clusterTemplates/{uid}/profiles', { ...at, body: { profiles } });
      },
    },
  ],
  remove: async ({ client, project }, uid) =>
    client.delete('/v1/clusterTemplates/{uid}', { path: { uid }, scope: project }),
  importId: () => 'shops-2:project',
  importedExactly: true,
  wrong: [
    {
      name: 'a point in time that is none',
      values: { name: 'bad', cloudType: 'generic', upgradeNow: 'tomorrow' },
      at: ['upgradeNow'],
      says: /is not a point in time/,
    },
    {
      name: 'a strategy that is none',
      values: {
        name: 'bad',
        cloudType: 'generic',
        clusterProfile: [{ id: hello, variables: [{ name: 'replicas', assignStrategy: 'some' }] }],
      },
      at: ['clusterProfile'],
      says: /"all"\|"cluster"|all.*cluster/,
    },
  ],
  stored: async ({ client, project }, uid) => {
    const { metadata, spec } = await client.get('/v1/clusterTemplates/{uid}', { path: { uid }, scope: project });
    return {
      name: metadata?.name,
      labels: metadata?.labels ?? {},
      description: metadata?.annotations?.['description'] ?? '',
      scope: metadata?.annotations?.['scope'],
      cloudType: spec?.cloudType,
      profiles: (spec?.profiles ?? []).map(({ variables }) =>
        (variables ?? []).toSorted((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1)),
      ),
      policies: (spec?.policies ?? []).map(({ kind }) => kind),
    };
  },
  list: async ({ client, project }) => {
    const { items } = await client.get('/v1/dashboard/clusterTemplates/metadata', { scope: project });
    return items.flatMap(({ uid }) => uid ?? []);
  },
});
