import { any } from '../support/expectations.ts';
import { define } from './case.ts';

const settings = (mode: string): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  mode: ${mode}
`;
const config = (mode: string) => ({
  name: 'config',
  type: 'manifest' as const,
  installOrder: 1,
  manifest: [{ name: 'settings', content: settings(mode) }],
});
const web = (image: string) => ({
  name: 'web',
  type: 'container' as const,
  installOrder: 2,
  tag: '1.0.0',
  values: `containerService:\n  image: ${image}\n`,
});
const storedConfig = (mode: string): object => ({
  name: 'config',
  type: 'manifest',
  version: '',
  installOrder: 1,
  values: '',
  manifests: [{ name: 'settings', content: settings(mode).trim() }],
});
const storedWeb = (image: string): object => ({
  name: 'web',
  type: 'container',
  version: '1.0.0',
  installOrder: 2,
  values: `containerService:\n  image: ${image}`,
  manifests: [],
});

export const applicationProfile = define({
  type: 'spectrocloud_application_profile',
  create: {
    values: { name: 'shop', tags: ['team:web'], pack: [config('one'), web('nginx:1')] },
    state: {
      name: 'shop',
      version: '1.0.0',
      context: 'project',
      cloud: 'all',
      tags: ['team:web'],
      pack: [
        { name: 'config', uid: any.identifier, manifest: [{ name: 'settings', uid: any.identifier }] },
        { name: 'web', uid: any.identifier, installOrder: 2 },
      ],
    },
    stored: {
      name: 'shop',
      version: '1.0.0',
      labels: { team: 'web' },
      description: '',
      tiers: [storedConfig('one'), storedWeb('nginx:1')],
      installed: ['config', 'web'],
    },
  },
  changes: [
    {
      name: 'its version, its tags and what is in its tiers',
      values: {
        name: 'shop',
        version: '1.1.0',
        description: 'Sells',
        pack: [config('two'), web('nginx:2'), { ...config('late'), name: 'late', installOrder: -1 }],
      },
      state: { version: '1.1.0', description: 'Sells', tags: null },
      stored: {
        name: 'shop',
        version: '1.1.0',
        labels: {},
        description: 'Sells',
        tiers: [storedConfig('two'), storedWeb('nginx:2'), { ...storedConfig('late'), name: 'late', installOrder: -1 }],
        installed: ['late', 'config', 'web'],
      },
    },
    {
      name: 'the order of its tiers, and what one of them is made of',
      values: {
        name: 'shop',
        version: '1.1.0',
        pack: [web('nginx:2'), { ...web('redis:7'), name: 'late', installOrder: 0 }, config('two')],
      },
      state: { version: '1.1.0' },
      stored: {
        name: 'shop',
        version: '1.1.0',
        labels: {},
        description: '',
        tiers: [storedWeb('nginx:2'), { ...storedWeb('redis:7'), name: 'late', installOrder: 0 }, storedConfig('two')],
        installed: ['late', 'config', 'web'],
      },
    },
  ],
  replace: {
    at: 'name',
    values: { name: 'store', version: '1.1.0', pack: [config('two')] },
    state: { name: 'store' },
    stored: {
      name: 'store',
      version: '1.1.0',
      labels: {},
      description: '',
      tiers: [storedConfig('two')],
      installed: ['config'],
    },
  },
  drifts: [
    {
      name: 'took a tier away',
      act: async ({ client, project }, uid) => {
        const { spec } = await client.get('/v1/appProfiles/{uid}/tiers', { path: { uid }, scope: project });
        const tierUid = spec?.appTiers?.at(-1)?.metadata?.uid ?? '';
        return client.delete('/v1/appProfiles/{uid}/tiers/{tierUid}', { path: { uid, tierUid }, scope: project });
      },
    },
  ],
  remove: async ({ client, project }, uid) => client.delete('/v1/appProfiles/{uid}', { path: { uid }, scope: project }),
  importId: () => 'shop:project:1.1.0',
  importedExactly: true,
  wrong: [
    {
      name: 'a registry given twice',
      values: { name: 'bad', pack: [{ ...web('x'), registryUid: 'a', registryName: 'b' }] },
      at: ['pack', 0, 'registryUid'],
      says: /registry_name/,
      managed: { says: /registryName/ },
    },
    {
      name: 'a kind of tier that there is not',
      values: { name: 'bad', pack: [{ ...web('x'), type: 'lambda' }] },
      at: ['pack', 0, 'type'],
      says: /operator-instance/,
    },
  ],
  stored: async ({ client, project }, uid) => {
    const at = { path: { uid }, scope: project };
    const { metadata, spec } = await client.get('/v1/appProfiles/{uid}', at);
    const tiers = (await client.get('/v1/appProfiles/{uid}/tiers', at)).spec?.appTiers ?? [];
    return {
      name: metadata?.name,
      version: spec?.version,
      labels: metadata?.labels ?? {},
      description: metadata?.annotations?.['description'] ?? '',
      tiers: await Promise.all(
        tiers.map(async (tier) => ({
          name: tier.metadata?.name,
          type: tier.spec?.type,
          version: tier.spec?.version,
          installOrder: tier.spec?.installOrder,
          values: tier.spec?.values,
          manifests: await Promise.all(
            (tier.spec?.manifests ?? []).map(async (manifest) => {
              const path = { uid, tierUid: tier.metadata?.uid ?? '', manifestUid: manifest.uid ?? '' };
              const found = await client.get('/v1/appProfiles/{uid}/tiers/{tierUid}/manifests/{manifestUid}', {
                path,
                scope: project,
              });
              return { name: found.metadata?.name, content: found.spec?.published?.content };
            }),
          ),
        })),
      ),
      installed: (spec?.template?.appTiers ?? []).map(({ name }) => name),
    };
  },
  list: async ({ client, project }) => {
    const { appProfiles = [] } = await client.get('/v1/dashboard/appProfiles/metadata', { scope: project });
    return appProfiles.flatMap(({ metadata }) => metadata?.uid ?? []);
  },
});
