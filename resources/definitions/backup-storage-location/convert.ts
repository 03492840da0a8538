/** Between a location of the configuration and Palette's API, by the kind of storage. */
import type { Schemas } from '#openapi/client/index';

import type { BackupStorageLocation as Location } from '../backup-storage-location.schema.ts';

type Metadata = Schemas['v1ObjectMeta'];

/** Metadata and flags are alike for every kind. */
export function metadataOf({ name, context }: Location): Metadata {
  return { name, annotations: { scope: context } };
}

export function toS3(location: Location): Schemas['v1UserAssetsLocationS3'] {
  return {
    metadata: metadataOf(location),
    spec: {
      isDefault: location.isDefault,
      type: location.storageProvider === 'minio' ? 'minio' : 's3',
      config: {
        bucketName: location.bucketName ?? '',
        region: location.region ?? '',
        credentials: toAwsCredentials(location),
        ...(location.caCert ? { caCert: location.caCert } : {}),
        ...(location.s3?.[0]?.s3Url ? { s3Url: location.s3[0].s3Url } : {}),
        ...(location.s3?.[0]?.s3ForcePathStyle === undefined
          ? {}
          : { s3ForcePathStyle: location.s3[0].s3ForcePathStyle }),
        useRestic: true,
      },
    },
  };
}

export function toAwsCredentials({ s3 }: Location): Schemas['v1AwsCloudAccount'] {
  const given = s3?.[0];
  return given?.credentialType === 'sts'
    ? { credentialType: 'sts', sts: { arn: given.arn ?? '', externalId: given.externalId ?? '' } }
    : { credentialType: 'secret', accessKey: given?.accessKey ?? '', secretKey: given?.secretKey ?? '' };
}

export function toGcp(location: Location): Schemas['v1UserAssetsLocationGcp'] {
  const given = location.gcpStorageConfig?.[0];
  return {
    metadata: metadataOf(location),
    spec: {
      isDefault: location.isDefault,
      type: 'gcp',
      config: {
        bucketName: location.bucketName ?? '',
        projectId: given?.projectId ?? '',
        credentials: { jsonCredentials: given?.gcpJsonCredentials ?? '' },
      },
    },
  };
}

export function toAzure(location: Location): Schemas['v1UserAssetsLocationAzure'] {
  const given = location.azureStorageConfig?.[0];
  return {
    metadata: metadataOf(location),
    spec: {
      isDefault: location.isDefault,
      type: 'azure',
      config: {
        containerName: given?.containerName ?? '',
        resourceGroup: given?.resourceGroup ?? '',
        storageName: given?.storageName ?? '',
        sku: given?.stockKeepingUnit ?? '',
        credentials: {
          subscriptionId: given?.subscriptionId ?? '',
          tenantId: given?.azureTenantId ?? '',
          clientId: given?.azureClientId ?? '',
          clientSecret: given?.azureClientSecret ?? '',
        },
      },
    },
  };
}

/** What the API tells; secrets stay as the state has them, and so does what it need not tell. */
export function fromS3({ metadata, spec }: Schemas['v1UserAssetsLocationS3'], state: Location): Partial<Location> {
  const config = spec?.config;
  const before = state.s3?.[0];
  const credentials = config?.credentials;
  const type = credentials?.credentialType === 'sts' ? 'sts' : 'secret';
  return {
    ...common(metadata, spec?.isDefault, state),
    ...optional('bucketName', config?.bucketName),
    ...optional('region', config?.region),
    ...optional('caCert', config?.caCert),
    s3: [
      {
        ...before,
        credentialType: type,
        ...optional('s3Url', config?.s3Url),
        // Servers fill in a default, which is no change of what was left out.
        ...(before !== undefined && before.s3ForcePathStyle === undefined
          ? {}
          : config?.s3ForcePathStyle === undefined
            ? {}
            : { s3ForcePathStyle: config.s3ForcePathStyle }),
        ...(type === 'secret' ? optional('accessKey', credentials?.accessKey) : optional('arn', credentials?.sts?.arn)),
      },
    ],
  };
}

export function fromGcp({ metadata, spec }: Schemas['v1UserAssetsLocationGcp'], state: Location): Partial<Location> {
  const before = state.gcpStorageConfig?.[0];
  return {
    ...common(metadata, spec?.isDefault, state),
    ...optional('bucketName', spec?.config.bucketName),
    gcpStorageConfig: [
      {
        projectId: spec?.config.projectId ?? before?.projectId ?? '',
        gcpJsonCredentials: before?.gcpJsonCredentials ?? '',
      },
    ],
  };
}

export function fromAzure(
  { metadata, spec }: Schemas['v1UserAssetsLocationAzure'],
  state: Location,
): Partial<Location> {
  const config = spec?.config;
  const before = state.azureStorageConfig?.[0];
  return {
    ...common(metadata, spec?.isDefault, state),
    azureStorageConfig: [
      {
        containerName: config?.containerName ?? '',
        resourceGroup: config?.resourceGroup ?? '',
        storageName: config?.storageName ?? '',
        stockKeepingUnit: config?.sku ?? before?.stockKeepingUnit ?? '',
        subscriptionId: config?.credentials.subscriptionId ?? '',
        azureTenantId: config?.credentials.tenantId ?? '',
        azureClientId: config?.credentials.clientId ?? '',
        azureClientSecret: before?.azureClientSecret ?? '',
      },
    ],
  };
}

function common(metadata: Metadata | undefined, isDefault: boolean | undefined, state: Location): Partial<Location> {
  return { name: metadata?.name ?? state.name, isDefault: isDefault ?? false };
}

/** The API may write "nothing" as an empty text. */
function optional<K extends string>(key: K, value: string | undefined): { readonly [key in K]?: string } {
  return value === undefined || value === '' ? {} : ({ [key]: value } as { readonly [key in K]: string }); // of this one key
}
