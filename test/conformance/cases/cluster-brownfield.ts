import { isNotFound } from '#openapi/client/index';
import { delay } from '#core/retry';

import type { ConformancePlane } from '../support/plane.ts';
import { any } from '../support/expectations.ts';
import { define, named, referenceTo, type Named } from './case.ts';

/** What the clusters of the tests run. */
export const helloProfile = (name = 'hello', version = '1.0.0'): Named =>
  named('spectrocloud_cluster_profile', name, {
    name: 'hello',
    version,
    pack: [
      { name: 'hello-chart', tag: '1.0.0', registryName: 'Palette Registry' },
      {
        name: 'own',
        type: 'manifest',
        manifest: [
          {
            name: 'settings',
            content: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: default}\n',
          },
        ],
      },
    ],
    profileVariables: [
      {
        variable: [
          { name: 'greeting', displayName: 'Greeting', defaultValue: 'hello' },
          { name: 'replicas', displayName: 'Replicas', format: 'number', required: true },
        ],
      },
    ],
  });

const attached = (variables: Readonly<Record<string, string>>) => ({
  clusterProfile: [{ id: referenceTo('spectrocloud_cluster_profile', 'hello'), variables }],
});

const edge = { name: 'edge', cloudType: 'generic', importMode: 'full' as const };
const layers = ['hello-chart', 'own'];

interface Differs {
  readonly variables: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly description?: string;
  readonly timezone?: string;
}

const stored = ({ variables, labels = {}, description = '', timezone = '' }: Differs): object => ({
  name: 'edge',
  cloudType: 'generic',
  scope: 'project',
  state: 'Running',
  health: 'Healthy',
  labels,
  description,
  timezone,
  profiles: [{ name: 'hello', version: '1.0.0', variables }],
});

const tuned = {
  ...edge,
  ...attached({ replicas: '3' }),
  tags: ['site:vienna'],
  description: 'Edge',
  clusterTimezone: 'Europe/Vienna',
};

export const clusterBrownfield = define({
  type: 'spectrocloud_cluster_brownfield',
  needs: [helloProfile()],
  cluster: 'edge',
  create: {
    values: { ...edge, ...attached({ replicas: '2' }) },
    state: {
      status: 'Running',
      healthStatus: 'Healthy',
      manifestUrl: any.matching(/^https:.*\/v1\/spectroclusters\//),
      kubectlCommand: any.matching(/^kubectl apply -f https:/),
    },
    stored: stored({ variables: { greeting: 'hello', replicas: '2' } }),
    enforced: { layers, variables: { greeting: 'hello', replicas: '2' } },
  },
  changes: [
    {
      name: 'values of variables, which the cluster then has',
      values: { ...edge, ...attached({ replicas: '3', greeting: 'servus' }) },
      state: { status: 'Running', healthStatus: 'Healthy' },
      stored: stored({ variables: { replicas: '3', greeting: 'servus' } }),
      enforced: { layers, variables: { greeting: 'servus', replicas: '3' } },
    },
    {
      name: 'its settings, and a value that is given no more: the default counts again',
      values: tuned,
      state: { tags: ['site:vienna'], description: 'Edge', clusterTimezone: 'Europe/Vienna' },
      stored: stored({
        variables: { greeting: 'hello', replicas: '3' },
        labels: { site: 'vienna' },
        description: 'Edge',
        timezone: 'Europe/Vienna',
      }),
      enforced: { layers, variables: { greeting: 'hello', replicas: '3' } },
    },
  ],
  fixed: [
    {
      name: 'how much of it is managed',
      values: { ...tuned, importMode: 'read_only', clusterProfile: [] },
      at: ['importMode'],
      says: /cannot be changed after the cluster is imported.*import_mode/,
      managed: { says: /cannot be changed once it is set/ },
    },
    {
      name: 'the proxy, which was left to its default',
      values: { ...tuned, proxy: 'http://proxy.example.com:3128' },
      at: ['proxy'],
      says: /cannot be changed after the cluster is imported/,
      managed: { says: /cannot be changed in place|can only be changed|cannot be changed/ },
    },
  ],
  drifts: [
    {
      name: 'changed a value',
      act: async ({ client, project }, uid) =>
        client.patch('/v1/spectroclusters/{uid}/variables', {
          path: { uid },
          body: [
            {
              profileUid: await profileOf({ client, project }, uid),
              variables: [{ name: 'replicas', value: '9' }],
            },
          ],
          scope: project,
        }),
    },
    {
      name: 'took a profile off',
      act: async ({ client, project }, uid) =>
        client.delete('/v1/spectroclusters/{uid}/profiles', {
          path: { uid },
          body: { profileUids: [await profileOf({ client, project }, uid)] },
          scope: project,
        }),
    },
  ],
  remove: async ({ client, project }, uid) => {
    const at = { path: { uid }, scope: project };
    await client.delete('/v1/spectroclusters/{uid}', at);
    const deadline = performance.now() + 30_000;
    for (;;) {
      try {
        await client.get('/v1/spectroclusters/{uid}', at);
      } catch (error) {
        if (isNotFound(error)) return;
        throw error;
      }
      if (performance.now() > deadline) throw new Error(`cluster ${uid} is not gone`);
      await delay(50);
    }
  },
  importId: () => 'edge:project:generic',
  importedExactly: false,
  wrong: [
    {
      name: 'a value of the wrong format',
      values: { ...edge, name: 'wrong', ...attached({ replicas: 'many' }) },
      at: ['clusterProfile'],
      says: /variable replicas: the format is number/,
    },
    {
      name: 'a required variable without value',
      values: { ...edge, name: 'wrong', ...attached({ greeting: 'x' }) },
      at: ['clusterProfile'],
      says: /variable replicas: it is required and has no value/,
    },
    {
      name: 'a variable that the profile does not have',
      values: { ...edge, name: 'wrong', ...attached({ replicas: '1', greting: 'x' }) },
      at: ['clusterProfile'],
      says: /greting: no variable has that name; did you mean "greeting"/,
    },
    {
      name: 'a profile that does not exist',
      values: { ...edge, name: 'wrong', clusterProfile: [{ id: '0123456789abcdef01234567' }] },
      at: ['clusterProfile'],
      says: /There is no cluster profile "0123456789abcdef01234567"/,
    },
  ],
  stored: async ({ client, project }, uid) => {
    const at = { path: { uid }, scope: project };
    const { metadata, spec, status } = await client.get('/v1/spectroclusters/{uid}', at);
    const overview = await client.get('/v1/dashboard/spectroclusters/{uid}/overview', at);
    const variables = await client.get('/v1/spectroclusters/{uid}/variables', at);
    return {
      name: metadata?.name,
      cloudType: spec?.cloudType,
      scope: metadata?.annotations?.['scope'],
      state: status?.state,
      health: overview.status?.health?.state,
      labels: metadata?.labels ?? {},
      description: metadata?.annotations?.['description'] ?? '',
      timezone: spec?.clusterConfig?.timezone ?? '',
      profiles: (spec?.clusterProfileTemplates ?? []).map((template) => ({
        name: template.name,
        version: template.profileVersion,
        variables: Object.fromEntries(
          (variables.find(({ profileUid }) => profileUid === template.uid)?.variables ?? []).map(({ name, value }) => [
            name,
            value,
          ]),
        ),
      })),
    };
  },
  list: async ({ client, project }) => {
    const { items } = await client.post('/v1/dashboard/spectroclusters/search', {
      body: {},
      scope: project,
      repeatable: true,
    });
    return items.flatMap(({ metadata }) => metadata?.uid ?? []);
  },
});

/** The one profile that a cluster has. */
async function profileOf(
  { client, project }: Pick<ConformancePlane, 'client' | 'project'>,
  uid: string,
): Promise<string> {
  const { spec } = await client.get('/v1/spectroclusters/{uid}', { path: { uid }, scope: project });
  return spec?.clusterProfileTemplates?.[0]?.uid ?? '';
}
