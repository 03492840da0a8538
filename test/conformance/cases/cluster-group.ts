import { helloProfile } from './cluster-brownfield.ts';
import { define, named, referenceTo } from './case.ts';

const host = named('spectrocloud_cluster_brownfield', 'host', {
  name: 'host',
  cloudType: 'generic',
  hostConfig: [{ hostEndpointType: 'Ingress', ingressHost: '*.host.example.com' }],
});
const hostUid = referenceTo('spectrocloud_cluster_brownfield', 'host');
const hello = referenceTo('spectrocloud_cluster_profile', 'hello');

const stored = (differs: object): object => ({
  name: 'development',
  labels: {},
  description: '',
  scope: 'project',
  hosts: [{ name: 'host', dns: '*.dev.example.com' }],
  endpointType: 'Ingress',
  distribution: 'vcluster-generic',
  limits: { cpuMilliCore: 4000, memoryMiB: 8192, storageGiB: 0, overSubscription: 0 },
  values: '',
  profiles: [],
  ...differs,
});

export const clusterGroup = define({
  type: 'spectrocloud_cluster_group',
  needs: [helloProfile(), host],
  cluster: 'host',
  create: {
    values: {
      name: 'development',
      context: 'project',
      config: [{ cpuMillicore: 4000, memoryInMb: 8192 }],
      clusters: [{ clusterUid: hostUid, hostDns: '*.dev.example.com' }],
    },
    state: {
      name: 'development',
      description: '',
      clusters: [{ hostDns: '*.dev.example.com' }],
    },
    stored: stored({}),
  },
  changes: [
    {
      name: 'its limits, what its virtual clusters run, and what it is for',
      values: {
        name: 'development',
        context: 'project',
        description: 'For everybody',
        tags: ['team:web'],
        config: [
          {
            cpuMillicore: 2000,
            memoryInMb: 8192,
            oversubscriptionPercent: 120,
            values: 'isolation:\n  enabled: true\n',
          },
        ],
        clusters: [{ clusterUid: hostUid }],
        clusterProfile: [{ id: hello, variables: { replicas: '2' } }],
      },
      state: { description: 'For everybody', tags: ['team:web'], clusters: [{ hostDns: null }] },
      stored: stored({
        labels: { team: 'web' },
        description: 'For everybody',
        hosts: [{ name: 'host', dns: undefined }],
        limits: { cpuMilliCore: 2000, memoryMiB: 8192, storageGiB: 0, overSubscription: 120 },
        values: 'isolation:\n  enabled: true\n',
        profiles: ['hello'],
      }),
    },
  ],
  replace: {
    at: 'context',
    values: { name: 'development', context: 'tenant', config: [{}] },
    state: { context: 'tenant' },
    stored: stored({
      scope: 'tenant',
      hosts: [],
      limits: { cpuMilliCore: 0, memoryMiB: 0, storageGiB: 0, overSubscription: 0 },
    }),
  },
  drifts: [
    {
      name: 'took its profiles off',
      act: async ({ client, project }, uid) =>
        client.put('/v1/clustergroups/{uid}/profiles', { path: { uid }, body: { profiles: [] }, scope: project }),
    },
    {
      name: 'changed its limits',
      act: async ({ client, project }, uid) => {
        const at = { path: { uid }, scope: project };
        const { spec } = await client.get('/v1/clustergroups/{uid}', at);
        return client.put('/v1/clustergroups/{uid}/hostCluster', {
          ...at,
          body: {
            clusterRefs: spec?.clusterRefs ?? [],
            clustersConfig: { ...spec?.clustersConfig, limitConfig: { cpuMilliCore: 1 } },
          },
        });
      },
    },
  ],
  remove: async ({ client, project }, uid) =>
    client.delete('/v1/clustergroups/{uid}', { path: { uid }, scope: project }),
  importId: () => 'development:project',
  importedExactly: false,
  wrong: [
    {
      name: 'a negative limit',
      values: { name: 'bad', config: [{ cpuMillicore: -1 }] },
      at: ['config', 0, 'cpuMillicore'],
      says: />=0|greater than or equal to 0/,
    },
    {
      name: 'a kind of Kubernetes that there is not',
      values: { name: 'bad', config: [{ k8sDistribution: 'k9s' }] },
      at: ['config', 0, 'k8sDistribution'],
      says: /vcluster-generic/,
    },
  ],
  stored: async ({ client, project }, uid) => {
    const { metadata, spec } = await client.get('/v1/clustergroups/{uid}', { path: { uid }, scope: project });
    const { endpointType, kubernetesDistroType, limitConfig, values, hostClustersConfig } = spec?.clustersConfig ?? {};
    return {
      name: metadata?.name,
      labels: metadata?.labels ?? {},
      description: metadata?.annotations?.['description'] ?? '',
      scope: metadata?.annotations?.['scope'],
      hosts: (spec?.clusterRefs ?? []).map(({ clusterName, clusterUid }) => ({
        name: clusterName,
        dns: hostClustersConfig?.find((one) => one.clusterUid === clusterUid)?.endpointConfig?.ingressConfig?.host,
      })),
      endpointType,
      distribution: kubernetesDistroType,
      limits: limitConfig,
      values,
      profiles: (spec?.clusterProfileTemplates ?? []).map(({ name }) => name),
    };
  },
  list: async ({ client, project }) => {
    const { items } = await client.get('/v1/clustergroups/hostCluster/metadata', { scope: project });
    return items.flatMap(({ uid }) => uid ?? []);
  },
});
