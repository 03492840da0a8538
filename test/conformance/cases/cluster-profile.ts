import type { ConformancePlane } from '../support/plane.ts';
import { any } from '../support/expectations.ts';
import { define } from './case.ts';

const chart = { name: 'hello-chart', tag: '1.0.0', registryName: 'Palette Registry' };

const settings = (mode: string): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  mode: ${mode}
`;

const own = (mode: string) => ({
  name: 'own',
  type: 'manifest',
  manifest: [{ name: 'settings', content: settings(mode) }],
});

interface Greeting {
  readonly defaultValue: string;
  readonly format?: 'number';
}

const variables = (greeting: Greeting) => [
  {
    variable: [
      { name: 'greeting', displayName: 'Greeting', ...greeting },
      { name: 'replicas', displayName: 'Replicas', format: 'number' as const, defaultValue: '1', required: true },
    ],
  },
];

const storedVariables = (greeting: string): readonly object[] => [
  { name: 'greeting', format: 'string', defaultValue: greeting, required: false },
  { name: 'replicas', format: 'number', defaultValue: '1', required: true },
];

const storedChart = { name: 'hello-chart', type: 'spectro', tag: '1.0.0' };
const storedOwn = (mode: string): object => ({
  name: 'own',
  type: 'manifest',
  tag: '',
  values: '',
  manifests: [{ name: 'settings', content: settings(mode).trim() }],
});

export const clusterProfile = define({
  type: 'spectrocloud_cluster_profile',
  create: {
    values: {
      name: 'base',
      tags: ['tier:gold', 'plain'],
      pack: [chart, own('one')],
      profileVariables: variables({ defaultValue: 'hello' }),
    },
    state: {
      name: 'base',
      version: '1.0.0',
      type: 'add-on',
      cloud: 'all',
      pack: [
        {
          name: 'hello-chart',
          tag: '1.0.0',
          registryName: 'Palette Registry',
          uid: any.identifier,
          registryUid: null,
        },
        {
          name: 'own',
          uid: 'spectro-manifest-pack',
          manifest: [{ name: 'settings', uid: any.identifier }],
        },
      ],
    },
    stored: {
      name: 'base',
      version: '1.0.0',
      type: 'add-on',
      cloud: 'all',
      published: true,
      labels: { tier: 'gold', plain: 'spectro__tag' },
      description: '',
      packs: [{ ...storedChart, values: '', manifests: [] }, storedOwn('one')],
      variables: storedVariables('hello'),
    },
  },
  changes: [
    {
      name: 'its layers and its variables',
      values: {
        name: 'base',
        tags: ['tier:gold', 'plain'],
        pack: [chart, own('other')],
        profileVariables: variables({ defaultValue: 'hi' }),
      },
      state: { version: '1.0.0' },
      stored: {
        name: 'base',
        version: '1.0.0',
        type: 'add-on',
        cloud: 'all',
        published: true,
        labels: { tier: 'gold', plain: 'spectro__tag' },
        description: '',
        packs: [{ ...storedChart, values: '', manifests: [] }, storedOwn('other')],
        variables: storedVariables('hi'),
      },
    },
    {
      name: 'its version, with other layers and another description',
      another: 'beside',
      values: {
        name: 'base',
        version: '1.1.0',
        cloud: 'all',
        description: 'Greets',
        tags: ['tier:silver'],
        pack: [{ ...chart, values: 'charts:\n  hello:\n    replicas: {{.spectro.var.replicas}}\n' }, own('two')],
        profileVariables: variables({ defaultValue: 'hi' }),
      },
      state: { version: '1.1.0', description: 'Greets', tags: ['tier:silver'] },
      stored: {
        name: 'base',
        version: '1.1.0',
        type: 'add-on',
        cloud: 'all',
        published: true,
        labels: { tier: 'silver' },
        description: 'Greets',
        packs: [
          {
            ...storedChart,
            values: 'charts:\n  hello:\n    replicas: {{.spectro.var.replicas}}',
            manifests: [],
          },
          storedOwn('two'),
        ],
        variables: storedVariables('hi'),
      },
    },
  ],
  replace: {
    at: 'cloud',
    values: {
      name: 'base',
      cloud: 'aws',
      pack: [chart],
      profileVariables: variables({ defaultValue: 'hi' }),
    },
    state: { cloud: 'aws', version: '1.0.0' },
    stored: {
      name: 'base',
      version: '1.0.0',
      type: 'add-on',
      cloud: 'aws',
      published: true,
      labels: {},
      description: '',
      packs: [{ ...storedChart, values: '', manifests: [] }],
      variables: storedVariables('hi'),
    },
  },
  drifts: [
    {
      name: 'changed its tags',
      act: async ({ client, project }, uid) =>
        client.patch('/v1/clusterprofiles/{uid}/metadata', {
          path: { uid },
          body: { metadata: { name: 'base', labels: { somebody: 'else' } }, spec: { version: '1.1.0' } },
          scope: project,
        }),
    },
  ],
  remove: async ({ client, project }, uid) =>
    client.delete('/v1/clusterprofiles/{uid}', { path: { uid }, scope: project }),
  importId: () => 'base:project:1.1.0',
  importedExactly: false,
  wrong: [
    {
      name: 'a pack that does not exist',
      values: { name: 'bad', pack: [{ ...chart, name: 'nowhere' }] },
      at: ['pack', 0, 'name'],
      says: /There is no pack "nowhere"/,
    },
    {
      name: 'a tag that does not exist',
      values: { name: 'bad', pack: [{ ...chart, tag: '9.9.9' }] },
      at: ['pack', 0, 'tag'],
      says: /no tag "9\.9\.9".*Tags of the pack in "Palette Registry": "1\.0\.0"/,
    },
    {
      name: 'a default of the wrong format',
      values: {
        name: 'bad',
        pack: [chart],
        profileVariables: variables({ format: 'number', defaultValue: 'many' }),
      },
      at: ['profileVariables', 0, 'variable', 0, 'defaultValue'],
      says: /the format is number/,
    },
    {
      name: 'a registry given twice',
      values: { name: 'bad', pack: [{ ...chart, registryUid: 'x' }] },
      at: ['pack', 0, 'registryName'],
      says: /registry_uid or registry_name, not both/,
      managed: { says: /registryUid or registryName, not both/ },
    },
  ],
  stored: readStored,
  list: async ({ client, project }) => {
    const { items } = await client.get('/v1/dashboard/clusterprofiles/metadata', { scope: project });
    return items.flatMap(({ metadata }) => metadata?.uid ?? []);
  },
});

async function readStored({ client, project }: ConformancePlane, uid: string): Promise<unknown> {
  const found = await client.clusterProfile(uid, { scope: project, signal: AbortSignal.timeout(10_000) });
  if (found.kind === 'absent') throw new Error(`there is no profile ${uid}`);
  const { metadata, spec, status } = found.profile;
  return {
    name: metadata?.name,
    version: spec?.published?.profileVersion,
    type: spec?.published?.type,
    cloud: spec?.published?.cloudType,
    published: status?.isPublished,
    labels: metadata?.labels ?? {},
    description: metadata?.annotations?.['description'] ?? '',
    packs: (spec?.published?.packs ?? []).map(({ name, type, tag, values }) => ({
      name,
      type,
      tag,
      values,
      manifests: (found.manifests.get(name) ?? []).map((manifest) => ({
        name: manifest.metadata?.name,
        content: manifest.spec?.published?.content,
      })),
    })),
    variables: found.variables
      .map(({ name, format, defaultValue, required }) => ({ name, format, defaultValue, required }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
