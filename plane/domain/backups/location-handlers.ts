import type { components } from '#openapi/generated/types';
import { conflict, invalidRequest, notFound } from '#plane/api/error';
import type { SomeHandlers, UserContext } from '#plane/api/handler';
import { isUniqueViolation } from '#plane/store/errors';
import { newUid } from '#plane/store/uid';
import type { Transaction } from '#plane/store/database';

import { checkCredentials, splitSpec } from '../cloud-accounts/aws-spec.ts';
import { recomposeClusters } from '../desired-state/recompose.ts';
import { appendResourceEvent } from '../events/resource-event.ts';
import { readMetadata } from '../metadata.ts';
import { lockOwned, listOwned, ownedMetadata, requireOwned } from '../owned.ts';
import { splitConfig, type GivenConfig, type LocationConfig, type LocationType } from './location-config.ts';
import { LOCATION, makeDefault, openSecrets, sealSecrets, usersOf, type LocationRow } from './location-store.ts';

type Schemas = components['schemas'];

/** What every request about a location has besides its configuration. */
interface Given {
  readonly metadata?: Schemas['v1ObjectMeta'];
  readonly isDefault: boolean | undefined;
  readonly given: GivenConfig;
}

export const locationHandlers = {
  v1UsersAssetsLocationGet: async ({ query }, { db, scope }) => {
    const { name, uid } = readFilters(query.filters);
    const rows = await db.transaction(async (tx) => listOwned<LocationRow>(tx, LOCATION, scope), { readOnly: true });
    const items = rows
      .filter((row) => (name === undefined || row.name === name) && (uid === undefined || row.uid === uid))
      .map((row) => ({
        metadata: ownedMetadata(row, scope.tenantUid),
        spec: { isDefault: row.is_default, storage: row.type, type: row.type },
      }));
    return { status: 200, body: { items } };
  },

  v1UsersAssetsLocationS3Create: async ({ body }, context) => create(context, of('s3', body)),
  v1UsersAssetsLocationMinioCreate: async ({ body }, context) => create(context, of('minio', body)),
  v1UsersAssetsLocationGcpCreate: async ({ body }, context) => create(context, of('gcp', body)),
  v1UsersAssetsLocationAzureCreate: async ({ body }, context) => create(context, of('azure', body)),
  v1UsersAssetsLocationCustomCreate: async ({ body }, context) => create(context, of('custom', body)),

  v1UsersAssetsLocationS3Update: async ({ path, body }, context) => update(context, path.uid, of('s3', body)),
  v1UsersAssetsLocationMinioUpdate: async ({ path, body }, context) => update(context, path.uid, of('minio', body)),
  v1UsersAssetsLocationGcpUpdate: async ({ path, body }, context) => update(context, path.uid, of('gcp', body)),
  v1UsersAssetsLocationAzureUpdate: async ({ path, body }, context) => update(context, path.uid, of('azure', body)),
  v1UsersAssetsLocationCustomUpdate: async ({ path, body }, context) => update(context, path.uid, of('custom', body)),

  // Each was stored by `splitConfig` under its type.
  v1UsersAssetsLocationS3Get: async ({ path }, context) =>
    read(context, path.uid, 's3', (row) => row.config as Schemas['v1S3StorageConfig']),
  v1UsersAssetsLocationMinioGet: async ({ path }, context) =>
    read(context, path.uid, 'minio', (row) => row.config as Schemas['v1S3StorageConfig']),
  v1UsersAssetsLocationGcpGet: async ({ path }, context) =>
    read(context, path.uid, 'gcp', (row) => row.config as Schemas['v1GcpStorageConfig']),
  v1UsersAssetsLocationAzureGet: async ({ path }, context) =>
    read(context, path.uid, 'azure', (row) => row.config as Schemas['v1AzureStorageConfig']),
  v1UsersAssetsLocationCustomGet: async ({ path }, context) =>
    read(context, path.uid, 'custom', (row) => row.config as Schemas['CustomStorageConfig']),

  v1UsersAssetsLocationS3Delete: async ({ path }, context) => remove(context, path.uid),
  v1UsersAssetsLocationDelete: async ({ path }, context) => remove(context, path.uid),

  v1UsersAssetsLocationDefaultUpdate: async ({ path }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const row = await lockOwned<LocationRow>(tx, LOCATION, scope, path.uid);
      if (row.type !== path.type) throw notFound(LOCATION.word, path.uid);
      await makeDefault(tx, row);
      await tell(tx, services, scope.tenantUid, row, 'updated');
    });
    return { status: 204 };
  },

  // What is complete and well formed is found here; whether a cloud takes it, by the clusters that use it.
  V1AwsS3Validate: async ({ body }) => {
    const { shown, secrets } = splitSpec(body.credentials);
    checkCredentials(shown, secrets);
    if (body.bucket.trim() === '') throw invalidRequest('bucket: is needed');
    return { status: 204 };
  },
  V1GcpBucketNameValidate: async ({ body }) => {
    const { jsonCredentials } = body.credentials;
    splitConfig({
      type: 'gcp',
      config: {
        bucketName: body.bucketName,
        credentials: jsonCredentials === undefined ? {} : { jsonCredentials },
      },
    });
    return { status: 204 };
  },
  V1AzureAccountValidate: async ({ body }) => {
    for (const field of ['tenantId', 'clientId', 'clientSecret'] as const)
      if (body[field].trim() === '' || /\s/.test(body[field].trim()))
        throw invalidRequest(`${field}: is needed, without blanks`);
    return { status: 204 };
  },
} satisfies SomeHandlers;

function of<T extends LocationType, C>(
  type: T,
  body: {
    readonly metadata?: Schemas['v1ObjectMeta'];
    readonly spec?: { readonly config: C; readonly isDefault?: boolean };
  },
): {
  readonly metadata?: Schemas['v1ObjectMeta'];
  readonly isDefault: boolean | undefined;
  readonly given: { readonly type: T; readonly config: C };
} {
  if (!body.spec) throw invalidRequest('body.spec: is needed');
  return {
    ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
    isDefault: body.spec.isDefault,
    given: { type, config: body.spec.config },
  };
}

async function create(
  { db, scope, services }: UserContext,
  { metadata, isDefault, given }: Given,
): Promise<{ status: 201; body: { uid: string } }> {
  const uid = newUid();
  const { name, labels, annotations } = ownMetadata(metadata);
  const { type, shown, secrets } = splitConfig(given);
  const projectUid = scope.projectUid ?? null;
  await refuseTakenName(name, async () =>
    db.transaction(async (tx) => {
      await tx.execute(
        `INSERT INTO backup_locations (uid, project_uid, type, name, labels, annotations, config, secrets)
         VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7::jsonb, $8)`,
        [
          uid,
          projectUid,
          type,
          name,
          labels,
          annotations,
          JSON.stringify(shown),
          sealSecrets(services.secrets, uid, secrets),
        ],
      );
      if (isDefault === true) await makeDefault(tx, { uid, project_uid: projectUid });
      await tell(tx, services, scope.tenantUid, { uid, project_uid: projectUid }, 'created');
    }),
  );
  return { status: 201, body: { uid } };
}

async function update(
  { db, scope, services }: UserContext,
  uid: string,
  { metadata, isDefault, given }: Given,
): Promise<{ status: 204 }> {
  const { name, labels, annotations } = ownMetadata(metadata);
  await refuseTakenName(name, async () =>
    db.transaction(async (tx) => {
      const row = await lockOwned<LocationRow>(tx, LOCATION, scope, uid);
      if (row.type !== given.type) throw notFound(`${given.type} ${LOCATION.word}`, uid);
      const { shown, secrets }: LocationConfig = splitConfig(given, openSecrets(services.secrets, row));
      await tx.execute(
        `UPDATE backup_locations SET name = $2, labels = $3::jsonb, annotations = $4::jsonb, config = $5::jsonb, secrets = $6,
           is_default = coalesce($7, is_default), updated_at = now() WHERE uid = $1`,
        [
          uid,
          name,
          labels,
          annotations,
          JSON.stringify(shown),
          sealSecrets(services.secrets, uid, secrets),
          isDefault === false ? false : null,
        ],
      );
      if (isDefault === true) await makeDefault(tx, row);
      // In the order of their uids, as every change locks clusters.
      for (const cluster of await usersOf(tx, uid))
        await recomposeClusters(tx, services, scope.tenantUid, { kind: 'cluster', uid: cluster });
      await tell(tx, services, scope.tenantUid, row, 'updated');
    }),
  );
  return { status: 204 };
}

async function read<C>(
  { db, scope }: UserContext,
  uid: string,
  type: LocationType,
  configOf: (row: LocationRow) => C,
): Promise<{
  status: 200;
  body: { metadata: Schemas['v1ObjectMeta']; spec: { config: C; isDefault: boolean; type: string } };
}> {
  const row = await db.transaction(async (tx) => requireOwned<LocationRow>(tx, LOCATION, scope, uid), {
    readOnly: true,
  });
  if (row.type !== type) throw notFound(`${type} ${LOCATION.word}`, uid);
  const spec = { config: configOf(row), isDefault: row.is_default, type: row.type };
  return { status: 200, body: { metadata: ownedMetadata(row, scope.tenantUid), spec } };
}

async function remove({ db, scope, services }: UserContext, uid: string): Promise<{ status: 204 }> {
  await db.transaction(async (tx) => {
    const row = await lockOwned<LocationRow>(tx, LOCATION, scope, uid);
    const users = await tx.query<{ name: string }>(
      `SELECT name FROM clusters WHERE settings->'backup'->'config'->>'backupLocationUid' = $1 AND state <> 'Deleting' ORDER BY name LIMIT 10`,
      [uid],
    );
    if (users.length > 0)
      throw conflict(
        'LocationInUse',
        `clusters are backed up to ${row.name}: ${users.map(({ name }) => name).join(', ')}; give them another location first`,
      );
    const agents = await usersOf(tx, uid);
    await tx.execute('DELETE FROM backup_locations WHERE uid = $1', [uid]);
    for (const cluster of agents)
      await recomposeClusters(tx, services, scope.tenantUid, { kind: 'cluster', uid: cluster });
    await tell(tx, services, scope.tenantUid, row, 'deleted');
  });
  return { status: 204 };
}

async function tell(
  tx: Transaction,
  services: UserContext['services'],
  tenantUid: string,
  { uid, project_uid: projectUid }: Pick<LocationRow, 'uid' | 'project_uid'>,
  change: 'created' | 'updated' | 'deleted',
): Promise<void> {
  await appendResourceEvent(tx, services, tenantUid, { type: 'assetlocation', uid, change, projectUid });
}

/** Where a location belongs is told by where it was made. */
function ownMetadata(metadata: Schemas['v1ObjectMeta'] | undefined): ReturnType<typeof readMetadata> {
  const annotations = Object.entries(metadata?.annotations ?? {}).filter(
    ([key]) => key !== 'scope' && key !== 'projectUid' && key !== 'tenantUid',
  );
  return readMetadata({ ...metadata, annotations: Object.fromEntries(annotations) });
}

async function refuseTakenName(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isUniqueViolation(error, 'backup_locations_name'))
      throw conflict('DuplicateName', `a backup location named '${name}' exists already in this scope`);
    throw error;
  }
}

/** @throws PlaneError 422 for a condition that cannot be used */
function readFilters(filters = ''): { readonly name?: string; readonly uid?: string } {
  const found: { name?: string; uid?: string } = {};
  for (const condition of filters.split(/\s*AND\s*/).filter((part) => part !== '')) {
    const [, field, value] = /^\s*metadata\.(name|uid)\s*=\s*(.*?)\s*$/.exec(condition) ?? [];
    if ((field !== 'name' && field !== 'uid') || value === undefined)
      throw invalidRequest(`query.filters: '${condition}' cannot be used; filter by metadata.name=… or metadata.uid=…`);
    found[field] = value;
  }
  return found;
}
