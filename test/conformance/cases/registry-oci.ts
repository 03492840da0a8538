import { define } from './case.ts';

const scope = { kind: 'tenant' } as const;
const endpoint = 'https://registry.invalid';
const basic = { credentialType: 'basic', username: 'reader', password: 'correct horse' } as const;
const stored = {
  name: 'artifacts',
  endpoint,
  provider: 'helm',
  suffix: '',
  path: '',
  synchronised: false,
  type: 'basic',
  username: 'reader',
  insecure: false,
};

export const registryOci = define({
  type: 'spectrocloud_registry_oci',
  create: {
    values: { name: 'artifacts', type: 'basic', endpoint, isPrivate: true, credentials: [basic] },
    state: {
      name: 'artifacts',
      type: 'basic',
      providerType: 'helm',
      isSynchronization: false,
      waitForStatusMessage: '',
    },
    stored,
  },
  changes: [
    {
      name: 'how to log in, and what it trusts',
      values: {
        name: 'artifacts',
        type: 'basic',
        endpoint,
        endpointSuffix: 'artifactory/api',
        baseContentPath: 'team/charts',
        isPrivate: true,
        credentials: [{ ...basic, username: 'other', tlsConfig: [{ insecureSkipVerify: true }] }],
      },
      state: { endpointSuffix: 'artifactory/api', baseContentPath: 'team/charts' },
      stored: { ...stored, suffix: 'artifactory/api', path: 'team/charts', username: 'other', insecure: true },
    },
    {
      name: 'to one that is open to everybody',
      values: {
        name: 'artifacts',
        type: 'basic',
        endpoint,
        isPrivate: false,
        credentials: [{ credentialType: 'noAuth' }],
      },
      state: { isPrivate: false },
      stored: { ...stored, type: 'noAuth', username: '' },
    },
  ],
  replace: {
    at: 'name',
    values: { name: 'others', type: 'basic', endpoint, isPrivate: false, credentials: [{ credentialType: 'noAuth' }] },
    state: { name: 'others' },
    stored: { ...stored, name: 'others', type: 'noAuth', username: '' },
  },
  drifts: [
    {
      name: 'gave it another path',
      act: async ({ client }, uid) =>
        client.put('/v1/registries/oci/{uid}/basic', {
          path: { uid },
          body: { spec: { endpoint, baseContentPath: 'elsewhere', auth: { type: 'noAuth' } } },
          scope,
        }),
    },
  ],
  remove: async ({ client }, uid) => client.delete('/v1/registries/oci/{uid}/basic', { path: { uid }, scope }),
  importId: () => 'artifacts',
  importedExactly: true,
  wrong: [
    {
      name: 'packs without synchronisation',
      values: {
        name: 'x',
        type: 'basic',
        endpoint,
        providerType: 'pack',
        isPrivate: false,
        credentials: [{ credentialType: 'noAuth' }],
      },
      at: ['isSynchronization'],
      says: /must be synchronised/,
    },
    {
      name: 'Zarf packages in Amazon ECR',
      values: {
        name: 'x',
        type: 'ecr',
        endpoint,
        providerType: 'zarf',
        isPrivate: true,
        credentials: [{ credentialType: 'secret', accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'a secret' }],
      },
      at: ['providerType'],
      says: /type "basic"/,
    },
    {
      name: 'synchronisation of everything there is',
      values: {
        name: 'x',
        type: 'basic',
        endpoint,
        isSynchronization: true,
        isPrivate: false,
        credentials: [{ credentialType: 'noAuth' }],
      },
      at: ['baseContentPath'],
      says: /base content path/,
    },
    {
      name: 'a role without its external id',
      values: {
        name: 'x',
        type: 'ecr',
        endpoint,
        isPrivate: true,
        credentials: [{ credentialType: 'sts', arn: 'arn:aws:iam::123456789012:role/reader' }],
      },
      at: ['credentials', 0],
      says: /incomplete/,
    },
  ],
  stored: async ({ client }, uid) => {
    const { metadata, spec } = await client.get('/v1/registries/oci/{uid}/basic', { path: { uid }, scope });
    return {
      name: metadata?.name,
      endpoint: spec?.endpoint,
      provider: spec?.providerType,
      suffix: spec?.basePath,
      path: spec?.baseContentPath,
      synchronised: spec?.isSyncSupported,
      type: spec?.auth.type,
      username: spec?.auth.username ?? '',
      insecure: spec?.auth.tls?.insecureSkipVerify,
    };
  },
  list: async ({ client }) => {
    const { items } = await client.get('/v1/registries/oci/summary', { scope });
    return items.flatMap(({ metadata }) => metadata?.uid ?? []);
  },
});
