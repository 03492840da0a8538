import * as z from 'zod';

import { tf, type PlannedValues } from '#resources/engine/index';

const secret = (): z.ZodString => tf(z.string(), { sensitive: true });

const s3 = z.object({
  credentialType: z
    .enum(['secret', 'sts'])
    .describe('How to log in: an access key (`secret`), or a role to assume (`sts`).'),
  accessKey: tf(z.string().optional(), { sensitive: true }).describe(
    'Identifier of the access key, for the type `secret`.',
  ),
  secretKey: tf(z.string().optional(), { sensitive: true }).describe(
    'The secret of the access key, for the type `secret`. Never read back.',
  ),
  arn: z.string().optional().describe('ARN of the role to assume, for the type `sts`.'),
  externalId: z.string().optional().describe('External id that the role asks for, for the type `sts`.'),
  s3Url: z.string().optional().describe('Where the server is, as a URL; that of AWS when absent. Needed for MinIO.'),
  s3ForcePathStyle: z
    .boolean()
    .optional()
    .describe('Whether the bucket stands in the path of addresses and not in the host.'),
});

const gcp = z.object({
  projectId: z.string().describe('Identifier of the Google Cloud project.'),
  gcpJsonCredentials: secret().describe('Key of a service account, as JSON. Never read back.'),
});

const azure = z.object({
  containerName: z.string().describe('Container of the storage account.'),
  resourceGroup: z.string().describe('Resource group of the storage account.'),
  storageName: z.string().describe('Storage account.'),
  stockKeepingUnit: z.string().describe('Stock-keeping unit (SKU) of the storage account, for example `Standard_LRS`.'),
  subscriptionId: z.string().describe('Identifier of the Azure subscription.'),
  azureTenantId: z.string().describe('Identifier of the tenant in Microsoft Entra.'),
  azureClientId: z.string().describe('Identifier of the application that clusters log in as.'),
  azureClientSecret: secret().describe('Secret of the application. Never read back.'),
});

export const backupStorageLocationSchema = z.object({
  name: z.string().min(1).describe('Name, unique in its context.'),
  context: tf(z.enum(['project', 'tenant']).default('project'), { forceNew: true }).describe(
    'Where it lives: in the `project` that the provider is configured for, or in the `tenant`, for all projects.',
  ),
  isDefault: z.boolean().default(false).describe('Whether it is the default of its context.'),
  storageProvider: tf(z.enum(['aws', 'minio', 'gcp', 'azure']).default('aws'), { forceNew: true }).describe(
    'Kind of storage: S3 (`aws`), another server that speaks its protocol (`minio`), `gcp` or `azure`.',
  ),
  bucketName: z.string().optional().describe('Bucket, for every kind of storage but `azure`.'),
  region: z.string().optional().describe('Region of the bucket, for `aws` and `minio`.'),
  caCert: z.string().optional().describe('Certificates (PEM) to trust, for `aws` and `minio`.'),
  s3: z.array(s3).max(1).optional().describe('How to reach the bucket, for `aws` and `minio`.'),
  gcpStorageConfig: z.array(gcp).max(1).optional().describe('How to reach the bucket, for `gcp`.'),
  azureStorageConfig: z.array(azure).max(1).optional().describe('How to reach the container, for `azure`.'),
});

export type BackupStorageLocation = PlannedValues<typeof backupStorageLocationSchema>;
