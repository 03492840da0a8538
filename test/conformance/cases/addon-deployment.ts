import type { ConformancePlane } from '../support/plane.ts';
import { any } from '../support/expectations.ts';
import { helloProfile } from './cluster-brownfield.ts';
import { define, named, referenceTo } from './case.ts';

const farm = named('spectrocloud_cluster_brownfield', 'farm', { name: 'farm', cloudType: 'generic' });
const on = { clusterUid: referenceTo('spectrocloud_cluster_brownfield', 'farm') };
const layers = ['hello-chart', 'own'];

const running = (profile: string, variables: Readonly<Record<string, string>>, packs: object = {}): object => ({
  id: referenceTo('spectrocloud_cluster_profile', profile),
  variables,
  ...packs,
});

export const addonDeployment = define({
  type: 'spectrocloud_addon_deployment',
  needs: [helloProfile(), helloProfile('next', '2.0.0'), farm],
  cluster: 'farm',
  create: {
    values: {
      ...on,
      clusterProfile: [{ id: referenceTo('spectrocloud_cluster_profile', 'hello'), variables: { replicas: '2' } }],
    },
    state: {
      id: any.matching(/^[0-9a-f]{24}_[0-9a-f]{24}$/),
      context: 'project',
      applySetting: 'DownloadAndInstall',
      clusterProfile: [{ variables: { replicas: '2' } }],
    },
    stored: [{ name: 'hello', version: '1.0.0', variables: { greeting: 'hello', replicas: '2' } }],
    enforced: { layers, variables: { greeting: 'hello', replicas: '2' } },
  },
  changes: [
    {
      name: 'values of variables, which the cluster then has',
      values: {
        ...on,
        clusterProfile: [
          {
            id: referenceTo('spectrocloud_cluster_profile', 'hello'),
            variables: { replicas: '3', greeting: 'servus' },
          },
        ],
      },
      state: { clusterProfile: [{ variables: { replicas: '3', greeting: 'servus' } }] },
      stored: [{ name: 'hello', version: '1.0.0', variables: { greeting: 'servus', replicas: '3' } }],
      enforced: { layers, variables: { greeting: 'servus', replicas: '3' } },
    },
    {
      name: 'a value that is given no more: the default counts again',
      values: {
        ...on,
        clusterProfile: [{ id: referenceTo('spectrocloud_cluster_profile', 'hello'), variables: { replicas: '3' } }],
      },
      // Whoever knows it by its identifier alone is not told which values were given.
      state: { applySetting: 'DownloadAndInstall' },
      stored: [{ name: 'hello', version: '1.0.0', variables: { greeting: 'hello', replicas: '3' } }],
      enforced: { layers, variables: { greeting: 'hello', replicas: '3' } },
    },
  ],
  drifts: [
    {
      name: 'changed a value',
      act: async ({ client, project }, id) => {
        const [clusterUid = '', profileUid = ''] = id.split('_');
        return client.patch('/v1/spectroclusters/{uid}/variables', {
          path: { uid: clusterUid },
          body: [{ profileUid, variables: [{ name: 'replicas', value: '9' }] }],
          scope: project,
        });
      },
    },
    { name: 'took it off', act: takeOff },
  ],
  remove: takeOff,
  importId: (id) => id,
  importedExactly: false,
  wrong: [
    {
      name: 'no profile',
      values: { ...on },
      at: ['clusterProfile'],
      says: /Exactly one cluster_profile belongs here/,
      managed: { says: /Exactly one clusterProfile belongs here/ },
    },
    {
      name: 'a value of the wrong format',
      values: { ...on, clusterProfile: [running('hello', { replicas: 'many' })] },
      at: ['clusterProfile'],
      says: /variable replicas: the format is number/,
    },
    {
      name: 'a cluster that is not there',
      values: { clusterUid: '0123456789abcdef01234567', clusterProfile: [running('hello', { replicas: '1' })] },
      at: ['clusterUid'],
      says: /There is no cluster "0123456789abcdef01234567"/,
    },
  ],
  stored: async ({ client, project }, id) => {
    const uid = id.split('_')[0] ?? '';
    const { spec } = await client.get('/v1/spectroclusters/{uid}', { path: { uid }, scope: project });
    const variables = await client.get('/v1/spectroclusters/{uid}/variables', { path: { uid }, scope: project });
    return (spec?.clusterProfileTemplates ?? []).map((template) => ({
      name: template.name,
      version: template.profileVersion,
      variables: Object.fromEntries(
        (variables.find(({ profileUid }) => profileUid === template.uid)?.variables ?? []).map(({ name, value }) => [
          name,
          value,
        ]),
      ),
    }));
  },
  list: async ({ client, project }) => {
    const { items } = await client.post('/v1/dashboard/spectroclusters/search', {
      body: {},
      scope: project,
      repeatable: true,
    });
    return items.flatMap(({ metadata, specSummary }) =>
      (specSummary?.clusterProfileTemplates ?? []).map(({ uid }) => `${metadata?.uid ?? ''}_${uid ?? ''}`),
    );
  },
});

async function takeOff({ client, project }: ConformancePlane, id: string): Promise<void> {
  const [clusterUid = '', profileUid = ''] = id.split('_');
  await client.delete('/v1/spectroclusters/{uid}/profiles', {
    path: { uid: clusterUid },
    body: { profileUids: [profileUid] },
    scope: project,
  });
}
