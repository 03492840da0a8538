import type { Scope } from '#openapi/client/index';
import { AttributeError, resource, UNKNOWN, type ConfigProblem, type OperationContext } from '#resources/engine/index';

import {
  backupStorageLocationSchema,
  type BackupStorageLocation as Location,
} from './backup-storage-location.schema.ts';
import {
  fromAzure,
  fromGcp,
  fromS3,
  toAwsCredentials,
  toAzure,
  toGcp,
  toS3,
} from './backup-storage-location/convert.ts';
import { importIdOf, looksLikeUid, parseContextualImportId, type ResourceContext } from './shared/import-id.ts';
import { contextOf } from './shared/named.ts';
import { listed } from './shared/projects.ts';

type Provider = Location['storageProvider'];

export const backupStorageLocation = resource({
  type: 'spectrocloud_backup_storage_location',
  description: 'A place where backups of clusters are kept: a bucket or container.',
  schemaVersion: 2,
  schema: backupStorageLocationSchema,
  timeouts: { create: '10m', update: '10m', delete: '10m' },

  validate: ({ config }) => {
    const provider = config.storageProvider ?? 'aws';
    if (provider === UNKNOWN) return [];
    const block = BLOCKS[provider];
    const needed =
      provider === 'azure' ? [] : (['bucketName', ...(provider === 'gcp' ? [] : (['region'] as const))] as const);
    return [
      ...needed.flatMap((key) => missing(provider, key, config[key])),
      ...missing(provider, block, config[block]),
      ...(block === 's3' ? incompleteS3(provider, config.s3) : []),
    ];
  },

  async create({ planned }, ctx) {
    const scope = ctx.scopeOf(planned.context);
    await tryOut(planned, scope, ctx);
    const { client, signal } = ctx;
    const { uid } = await {
      aws: async () => client.post('/v1/users/assets/locations/s3', { body: toS3(planned), scope, signal }),
      minio: async () => client.post('/v1/users/assets/locations/minio', { body: toS3(planned), scope, signal }),
      gcp: async () => client.post('/v1/users/assets/locations/gcp', { body: toGcp(planned), scope, signal }),
      azure: async () => client.post('/v1/users/assets/locations/azure', { body: toAzure(planned), scope, signal }),
    }[planned.storageProvider]();
    return { ...planned, id: uid };
  },

  async read({ state }, ctx) {
    const found = await read(state.id, state, ctx.scopeOf(state.context), ctx);
    return { kind: 'current', state: { ...state, ...found } };
  },

  async update({ planned }, ctx) {
    const scope = ctx.scopeOf(planned.context);
    await tryOut(planned, scope, ctx);
    const { client, signal } = ctx;
    const path = { uid: planned.id };
    await {
      aws: async () => client.put('/v1/users/assets/locations/s3/{uid}', { path, body: toS3(planned), scope, signal }),
      minio: async () =>
        client.put('/v1/users/assets/locations/minio/{uid}', { path, body: toS3(planned), scope, signal }),
      gcp: async () =>
        client.put('/v1/users/assets/locations/gcp/{uid}', { path, body: toGcp(planned), scope, signal }),
      azure: async () =>
        client.put('/v1/users/assets/locations/azure/{uid}', { path, body: toAzure(planned), scope, signal }),
    }[planned.storageProvider]();
    return planned;
  },

  async delete({ state }, ctx) {
    // Palette deletes every kind by this one address.
    await ctx.client.delete('/v1/users/assets/locations/s3/{uid}', {
      path: { uid: state.id },
      scope: ctx.scopeOf(state.context),
      signal: ctx.signal,
    });
  },

  async importState({ id }, ctx) {
    const { idOrName, context } = parseContextualImportId(id, { expected: 'idOrName:context', rest: 'none' });
    return { ...(await find(idOrName, context, ctx)), context };
  },

  identity: ({ planned: { name, context } }) => importIdOf(name, context),

  watched: ({ state }) => ({ type: 'assetlocation', uid: state.id }),
});

const BLOCKS = {
  aws: 's3',
  minio: 's3',
  gcp: 'gcpStorageConfig',
  azure: 'azureStorageConfig',
} as const satisfies Record<Provider, keyof Location>;

function missing(provider: Provider, key: keyof Location, value: unknown): ConfigProblem[] {
  const there = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '';
  if (there) return [];
  return [
    {
      path: [key],
      summary: `A backup storage location of "${provider}" is incomplete`,
      detail: 'Give a value here, or another storage_provider.',
    },
  ];
}

function incompleteS3(provider: Provider, given: unknown): ConfigProblem[] {
  const s3: unknown = Array.isArray(given) ? given[0] : undefined;
  if (typeof s3 !== 'object' || s3 === null) return [];
  const values = new Map<string, unknown>(Object.entries(s3));
  const type = values.get('credentialType');
  const needs = [
    ...(type === 'secret' ? ['accessKey', 'secretKey'] : type === 'sts' ? ['arn', 'externalId'] : []),
    ...(provider === 'minio' ? ['s3Url'] : []),
  ];
  return needs
    .filter((key) => values.get(key) === undefined || values.get(key) === '')
    .map((key) => ({
      path: ['s3', 0, key],
      summary: `Access to the bucket is incomplete`,
      detail: `Give a value here${key === 's3Url' ? ': MinIO is wherever you run it' : `, or another credential_type than "${String(type)}"`}.`,
    }));
}

/** Has the API look at bucket and credentials before anything is stored, where it can. */
async function tryOut(location: Location, scope: Scope, { client, signal }: OperationContext): Promise<void> {
  const bucket = location.bucketName ?? '';
  switch (location.storageProvider) {
    case 'aws':
      await client.post('/v1/clouds/aws/s3/validate', {
        body: { bucket, region: location.region ?? '', credentials: toAwsCredentials(location) },
        scope,
        signal,
      });
      return;
    case 'gcp': {
      const given = location.gcpStorageConfig?.[0];
      await client.post('/v1/clouds/gcp/bucketname/validate', {
        body: {
          bucketName: bucket,
          projectId: given?.projectId ?? '',
          credentials: { jsonCredentials: given?.gcpJsonCredentials ?? '' },
        },
        scope,
        signal,
      });
      return;
    }
    case 'azure': {
      const given = location.azureStorageConfig?.[0];
      await client.post('/v1/clouds/azure/account/validate', {
        body: {
          tenantId: given?.azureTenantId ?? '',
          clientId: given?.azureClientId ?? '',
          clientSecret: given?.azureClientSecret ?? '',
        },
        scope,
        signal,
      });
      return;
    }
    // Only the clusters themselves may be able to reach it.
    case 'minio':
      return;
  }
}

async function read(
  uid: string,
  state: Location,
  scope: Scope,
  { client, signal }: OperationContext,
): Promise<Partial<Location>> {
  const at = { path: { uid }, scope, signal };
  switch (state.storageProvider) {
    case 'aws':
      return fromS3(await client.get('/v1/users/assets/locations/s3/{uid}', at), state);
    case 'minio':
      return fromS3(await client.get('/v1/users/assets/locations/minio/{uid}', at), state);
    case 'gcp':
      return fromGcp(await client.get('/v1/users/assets/locations/gcp/{uid}', at), state);
    case 'azure':
      return fromAzure(await client.get('/v1/users/assets/locations/azure/{uid}', at), state);
  }
}

/** By identifier or name; Palette calls S3 by its own name. */
async function find(
  idOrName: string,
  context: ResourceContext,
  { client, signal, scopeOf }: OperationContext,
): Promise<{ readonly id: string; readonly storageProvider: Provider }> {
  const { items: seen } = await client.get('/v1/users/assets/locations', { scope: scopeOf(context), signal });
  // A project sees the tenant's, too, which may have the same names.
  const items = seen.filter(({ metadata }) => contextOf(metadata, context) === context);
  const found = items.find(
    ({ metadata }) => (looksLikeUid(idOrName) && metadata?.uid === idOrName) || metadata?.name === idOrName,
  );
  const uid = found?.metadata?.uid;
  const kind = found?.spec?.storage ?? 's3';
  if (uid !== undefined && kind !== 'custom') return { id: uid, storageProvider: kind === 's3' ? 'aws' : kind };
  throw new AttributeError(
    ['id'],
    uid === undefined
      ? `There is no backup storage location "${idOrName}" in this context`
      : `The backup storage location "${idOrName}" is of a kind that Terraform does not manage`,
    `Locations in reach: ${listed(items.flatMap(({ metadata }) => metadata?.name ?? []))}.`,
  );
}
