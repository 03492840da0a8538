import { define } from './case.ts';

const KEY = { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const ROLE = 'arn:aws:iam::123456789012:role/backups';

export const backupStorageLocation = define({
  type: 'spectrocloud_backup_storage_location',
  create: {
    values: {
      name: 'nightly',
      bucketName: 'backups',
      region: 'eu-central-1',
      s3: [{ credentialType: 'secret', ...KEY }],
    },
    state: { name: 'nightly', context: 'project', isDefault: false, storageProvider: 'aws', bucketName: 'backups' },
    stored: {
      name: 'nightly',
      scope: 'project',
      isDefault: false,
      bucket: 'backups',
      region: 'eu-central-1',
      type: 'secret',
    },
  },
  changes: [
    {
      name: 'its bucket, and makes it the default',
      values: {
        name: 'nightly',
        bucketName: 'others',
        region: 'eu-central-1',
        isDefault: true,
        s3: [{ credentialType: 'secret', ...KEY }],
      },
      state: { bucketName: 'others', isDefault: true },
      stored: {
        name: 'nightly',
        scope: 'project',
        isDefault: true,
        bucket: 'others',
        region: 'eu-central-1',
        type: 'secret',
      },
    },
    {
      name: 'its kind of credentials',
      values: {
        name: 'nightly',
        bucketName: 'others',
        region: 'eu-central-1',
        s3: [{ credentialType: 'sts', arn: ROLE, externalId: 'the-external-id' }],
      },
      state: { bucketName: 'others', isDefault: false },
      stored: {
        name: 'nightly',
        scope: 'project',
        isDefault: false,
        bucket: 'others',
        region: 'eu-central-1',
        type: 'sts',
      },
    },
  ],
  drifts: [
    {
      name: 'gave it another bucket',
      act: async ({ client, project }, uid) => {
        const location = await client.get('/v1/users/assets/locations/s3/{uid}', { path: { uid }, scope: project });
        if (!location.spec) throw new Error('a location without a spec');
        return client.put('/v1/users/assets/locations/s3/{uid}', {
          path: { uid },
          body: {
            ...location,
            spec: { ...location.spec, config: { ...location.spec.config, bucketName: 'elsewhere' } },
          },
          scope: project,
        });
      },
    },
  ],
  remove: async ({ client, project }, uid) =>
    client.delete('/v1/users/assets/locations/{uid}', { path: { uid }, scope: project }),
  importId: () => 'nightly:project',
  // Secrets are not read back.
  importedExactly: false,
  wrong: [
    {
      name: 'no bucket',
      values: { name: 'x', region: 'r', s3: [{ credentialType: 'secret', ...KEY }] },
      at: ['bucketName'],
      says: /incomplete/,
    },
    {
      name: 'an access key without its secret',
      values: { name: 'x', bucketName: 'b', region: 'r', s3: [{ credentialType: 'secret', accessKey: 'a' }] },
      at: ['s3', 0],
      says: /incomplete/,
    },
    {
      name: 'Azure without its container',
      values: { name: 'x', storageProvider: 'azure' },
      at: ['azureStorageConfig'],
      says: /incomplete/,
    },
  ],
  stored: async ({ client, project }, uid) => {
    const { metadata, spec } = await client.get('/v1/users/assets/locations/s3/{uid}', {
      path: { uid },
      scope: project,
    });
    return {
      name: metadata?.name,
      scope: metadata?.annotations?.['scope'],
      isDefault: spec?.isDefault,
      bucket: spec?.config.bucketName,
      region: spec?.config.region,
      type: spec?.config.credentials.credentialType,
    };
  },
  list: async ({ client, project }) => {
    const { items } = await client.get('/v1/users/assets/locations', { scope: project });
    return items.flatMap(({ metadata }) => metadata?.uid ?? []);
  },
});
