/** Configurations of backup locations: what may be shown of them, what is sealed, and what Velero takes for them. */
import { z } from 'zod';

import { assertNever } from '#core/assert-never';
import type { components } from '#openapi/generated/types';
import { invalidRequest } from '#plane/api/error';
import type { BackupLocation } from '#protocol/actions';

import { AwsSecrets, checkCredentials, splitSpec } from '../cloud-accounts/aws-spec.ts';

type Schemas = components['schemas'];

/** A location's configuration in two parts, by its type. */
export type LocationConfig =
  | {
      readonly type: 's3' | 'minio';
      readonly shown: Schemas['v1S3StorageConfig'];
      readonly secrets: AwsSecrets;
    }
  | {
      readonly type: 'gcp';
      readonly shown: Schemas['v1GcpStorageConfig'];
      readonly secrets: { readonly jsonCredentials?: string | undefined };
    }
  | {
      readonly type: 'azure';
      readonly shown: Schemas['v1AzureStorageConfig'];
      readonly secrets: { readonly clientSecret?: string | undefined };
    }
  | {
      readonly type: 'custom';
      readonly shown: Schemas['CustomStorageConfig'];
      readonly secrets: { readonly credentials?: string | undefined };
    };
export type LocationType = LocationConfig['type'];

/** What a request says, before and without what is stored. */
export type GivenConfig =
  | { readonly type: 's3' | 'minio'; readonly config: Schemas['v1S3StorageConfig'] }
  | { readonly type: 'gcp'; readonly config: Schemas['v1GcpStorageConfig'] }
  | { readonly type: 'azure'; readonly config: Schemas['v1AzureStorageConfig'] }
  | { readonly type: 'custom'; readonly config: Schemas['CustomStorageConfig'] };

/** Of any type; each finds its own in it. */
const StoredSecrets = AwsSecrets.extend({
  jsonCredentials: z.string().optional(),
  clientSecret: z.string().optional(),
  credentials: z.string().optional(),
});
export type StoredSecrets = z.infer<typeof StoredSecrets>;

/** @param text as `sealable` made it */
export function readSecrets(text: string): StoredSecrets {
  return StoredSecrets.parse(JSON.parse(text));
}

/** A stored configuration. `shown` is as `splitConfig` stored it under the type. */
export function storedConfig(type: LocationType, shown: object, secrets: StoredSecrets): LocationConfig {
  return { type, shown, secrets } as LocationConfig; // by the pair of type and configuration that was stored
}

/**
 * Takes a configuration apart and checks it. Secrets that are left out stay as they were.
 *
 * @throws PlaneError 422 that names the field, never a secret
 */
export function splitConfig(given: GivenConfig, before: StoredSecrets = {}): LocationConfig {
  const { type } = given;
  switch (type) {
    case 's3':
    case 'minio': {
      const { shown: credentials, secrets } = splitSpec(given.config.credentials);
      const kept = { ...only(before, ['secretKey', 'secretToken', 'externalId', 'tlsKey']), ...secrets };
      checkCredentials(credentials, kept);
      needText('spec.config.bucketName', given.config.bucketName);
      const url = given.config.s3Url ?? '';
      if (url !== '' && !/^https?:\/\/[^\s/]+/.test(url))
        throw invalidRequest('spec.config.s3Url: must be an http or https URL');
      if (type === 'minio' && url === '') throw invalidRequest('spec.config.s3Url: is needed for MinIO');
      return { type, shown: { ...given.config, credentials }, secrets: kept };
    }
    case 'gcp': {
      const { jsonCredentials, ...credentials } = given.config.credentials;
      const kept = jsonCredentials || before.jsonCredentials;
      needText('spec.config.bucketName', given.config.bucketName);
      if (!isJsonObject(kept))
        throw invalidRequest('spec.config.credentials.jsonCredentials: must be the key of a service account as JSON');
      return { type, shown: { ...given.config, credentials }, secrets: { jsonCredentials: kept } };
    }
    case 'azure': {
      const { clientSecret, ...credentials } = given.config.credentials;
      const kept = clientSecret || before.clientSecret;
      for (const field of ['containerName', 'resourceGroup', 'storageName'] as const)
        needText(`spec.config.${field}`, given.config[field]);
      for (const field of ['tenantId', 'clientId', 'subscriptionId'] as const)
        needText(`spec.config.credentials.${field}`, credentials[field]);
      needText('spec.config.credentials.clientSecret', kept);
      return { type, shown: { ...given.config, credentials }, secrets: { clientSecret: kept } };
    }
    case 'custom': {
      const { credentials, ...shown } = given.config;
      needText('spec.config.provider', shown.provider);
      needText('spec.config.bucketName', shown.bucketName);
      return { type, shown, secrets: { credentials: credentials || before.credentials } };
    }
    default:
      return assertNever(type);
  }
}

const AZURE_CLOUDS = {
  public: 'AzurePublicCloud',
  'azure-china': 'AzureChinaCloud',
  'azure-government': 'AzureUSGovernmentCloud',
} as const;

/** As an agent is given it, with credentials in the form of Velero's plugin for the provider. */
export function toBackupLocation(
  { uid, name, isDefault }: { readonly uid: string; readonly name: string; readonly isDefault: boolean },
  { type, shown, secrets }: LocationConfig,
): BackupLocation {
  const common = { uid, name, isDefault };
  switch (type) {
    case 's3':
    case 'minio': {
      const { credentials, region, s3Url, s3ForcePathStyle, caCert, useRestic } = shown;
      const keyed = (credentials.credentialType ?? 'secret') === 'secret';
      return {
        ...common,
        provider: 'aws',
        bucket: shown.bucketName,
        config: {
          region,
          ...(s3Url ? { s3Url, s3ForcePathStyle: String(s3ForcePathStyle ?? true) } : {}),
        },
        ...(caCert ? { ca: caCert } : {}),
        // Other types take the identity of the node or pod.
        ...(keyed
          ? {
              credentials: `[default]\naws_access_key_id=${credentials.accessKey ?? ''}\naws_secret_access_key=${secrets.secretKey ?? ''}\n`,
            }
          : {}),
        fileSystemBackup: useRestic ?? true,
      };
    }
    case 'gcp':
      return {
        ...common,
        provider: 'gcp',
        bucket: shown.bucketName,
        config: {},
        credentials: secrets.jsonCredentials ?? '',
      };
    case 'azure': {
      const { credentials, resourceGroup, storageName, containerName } = shown;
      const settings = {
        AZURE_SUBSCRIPTION_ID: credentials.subscriptionId,
        AZURE_TENANT_ID: credentials.tenantId,
        AZURE_CLIENT_ID: credentials.clientId,
        AZURE_CLIENT_SECRET: secrets.clientSecret,
        AZURE_RESOURCE_GROUP: resourceGroup,
        AZURE_CLOUD_NAME: AZURE_CLOUDS[credentials.clientCloud ?? 'public'],
      };
      return {
        ...common,
        provider: 'azure',
        bucket: containerName,
        config: { resourceGroup, storageAccount: storageName, subscriptionId: credentials.subscriptionId ?? '' },
        credentials: Object.entries(settings)
          .map(([key, value]) => `${key}=${value ?? ''}\n`)
          .join(''),
      };
    }
    case 'custom':
      return {
        ...common,
        provider: shown.provider,
        bucket: shown.bucketName,
        config: { ...shown.config },
        ...(shown.caCert ? { ca: shown.caCert } : {}),
        ...(secrets.credentials ? { credentials: secrets.credentials } : {}),
        fileSystemBackup: shown.fileSystemBackup ?? false,
      };
    default:
      return assertNever(type);
  }
}

/** Lines of a credentials file are made of these: none may add one. */
function needText(field: string, value: string | undefined): void {
  if (value === undefined || value.trim() === '') throw invalidRequest(`${field}: is needed`);
  if (/[\r\n]/.test(value)) throw invalidRequest(`${field}: must not hold line breaks`);
}

function isJsonObject(text: string | undefined): boolean {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function only<K extends keyof StoredSecrets>(secrets: StoredSecrets, keys: readonly K[]): Pick<StoredSecrets, K> {
  return Object.fromEntries(keys.flatMap((key) => (secrets[key] === undefined ? [] : [[key, secrets[key]]]))) as Pick<
    StoredSecrets,
    K
  >; // of these keys alone
}
