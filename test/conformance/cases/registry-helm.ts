import { define } from './case.ts';

const scope = { kind: 'tenant' } as const;
const open = { credentialType: 'noAuth' } as const;

export const registryHelm = define({
  type: 'spectrocloud_registry_helm',
  create: {
    values: { name: 'charts', endpoint: 'https://charts.invalid/stable', isPrivate: false, credentials: [open] },
    state: { name: 'charts', endpoint: 'https://charts.invalid/stable', isPrivate: false, waitForSync: false },
    stored: {
      name: 'charts',
      endpoint: 'https://charts.invalid/stable',
      isPrivate: false,
      type: 'noAuth',
      username: '',
    },
  },
  changes: [
    {
      name: 'where it stands and how to log in',
      values: {
        name: 'charts',
        endpoint: 'https://private.invalid',
        isPrivate: true,
        credentials: [{ credentialType: 'basic', username: 'reader', password: 'correct horse' }],
      },
      state: { endpoint: 'https://private.invalid', isPrivate: true },
      stored: {
        name: 'charts',
        endpoint: 'https://private.invalid',
        isPrivate: true,
        type: 'basic',
        username: 'reader',
      },
    },
    {
      name: 'its kind of credentials',
      values: {
        name: 'charts',
        endpoint: 'https://private.invalid',
        isPrivate: true,
        credentials: [{ credentialType: 'token', token: 'a token' }],
      },
      state: { isPrivate: true },
      stored: { name: 'charts', endpoint: 'https://private.invalid', isPrivate: true, type: 'token', username: '' },
    },
  ],
  replace: {
    at: 'name',
    values: { name: 'others', endpoint: 'https://charts.invalid', isPrivate: false, credentials: [open] },
    state: { name: 'others' },
    stored: { name: 'others', endpoint: 'https://charts.invalid', isPrivate: false, type: 'noAuth', username: '' },
  },
  drifts: [
    {
      name: 'pointed it elsewhere',
      act: async ({ client }, uid) =>
        client.put('/v1/registries/helm/{uid}', {
          path: { uid },
          body: { spec: { endpoint: 'https://elsewhere.invalid', auth: { type: 'noAuth' } } },
          scope,
        }),
    },
  ],
  remove: async ({ client }, uid) => client.delete('/v1/registries/helm/{uid}', { path: { uid }, scope }),
  importId: () => 'charts',
  // Secrets are not read back.
  importedExactly: false,
  wrong: [
    {
      name: 'a user name without a password',
      values: {
        name: 'x',
        endpoint: 'https://charts.invalid',
        isPrivate: true,
        credentials: [{ credentialType: 'basic', username: 'reader' }],
      },
      at: ['credentials', 0],
      says: /incomplete/,
    },
    {
      name: 'an unknown kind of credentials',
      values: {
        name: 'x',
        endpoint: 'https://charts.invalid',
        isPrivate: true,
        credentials: [{ credentialType: 'magic' }],
      },
      at: ['credentials', 0, 'credentialType'],
      says: /noAuth/,
    },
  ],
  stored: async ({ client }, uid) => {
    const { metadata, spec } = await client.get('/v1/registries/helm/{uid}', { path: { uid }, scope });
    return {
      name: metadata?.name,
      endpoint: spec?.endpoint,
      isPrivate: spec?.isPrivate,
      type: spec?.auth.type,
      username: spec?.auth.username ?? '',
    };
  },
  list: async ({ client }) => {
    const { items } = await client.get('/v1/registries/helm', { scope });
    return items.flatMap(({ metadata }) => metadata?.uid ?? []);
  },
});
