import type { components } from '#openapi/generated/types';
import { conflict, invalidRequest, notFound } from '#plane/api/error';
import type { SomeHandlers, UserContext } from '#plane/api/handler';
import { appendResourceEvent } from '#plane/domain/events/resource-event';
import { readMetadata, toMetadata } from '#plane/domain/metadata';
import { page, type PageQuery } from '#plane/domain/page';
import { isUniqueViolation } from '#plane/store/errors';
import { newUid } from '#plane/store/uid';

import {
  findAccount,
  insertAccount,
  listAccounts,
  lockOwnAccount,
  updateAccount,
  type AccountRow,
} from './account-store.ts';
import { awsAccountId, AwsSecrets, checkCredentials, splitSpec, type AwsSpec } from './aws-spec.ts';

type AwsAccount = components['schemas']['v1AwsAccount'];
type Listing = PageQuery & { readonly filters?: string | undefined };
type EmptyList = { status: 200; body: { items: never[]; listmeta: components['schemas']['v1ListMetaData'] } };

const AWS = 'aws';

export const cloudAccountHandlers = {
  /** Local checks only: see `checkCredentials` for what 204 does not promise. */
  V1AwsAccountValidate: async ({ body }) => {
    const { shown, secrets } = splitSpec(body);
    checkCredentials(shown, secrets);
    return { status: 204 };
  },

  v1CloudAccountsAwsList: async ({ query }, { db, scope }) => {
    const rows = await db.transaction(async (tx) => listAccounts(tx, scope, AWS, query.filters), { readOnly: true });
    const { items, listmeta } = page(rows, query);
    return { status: 200, body: { items: items.map(toAwsAccount), listmeta } };
  },

  v1CloudAccountsAwsCreate: async ({ body }, { db, scope, services }) => {
    const uid = newUid();
    const metadata = readAccountMetadata(body);
    const { shown, secrets } = splitSpec(specOf(body));
    checkCredentials(shown, secrets);
    const columns = {
      ...metadata,
      spec: JSON.stringify(shown),
      secrets: services.secrets.seal(JSON.stringify(secrets), secretContext(uid)),
    };
    await refuseTakenName(metadata.name, async () =>
      db.transaction(async (tx) => {
        await insertAccount(tx, scope, AWS, uid, columns);
        const { projectUid } = scope;
        const created = { type: 'cloudaccount', uid, change: 'created', projectUid } as const;
        await appendResourceEvent(tx, services, scope.tenantUid, created);
      }),
    );
    return { status: 201, body: { uid } };
  },

  v1CloudAccountsAwsGet: async ({ path }, { db, scope }) => {
    const row = await db.transaction(async (tx) => findAccount(tx, scope, AWS, path.uid), { readOnly: true });
    if (!row) throw notFound('AWS account', path.uid);
    return { status: 200, body: toAwsAccount(row) };
  },

  /** Secrets that are left out stay as they are while the credentials keep their type: reads do not show them. */
  v1CloudAccountsAwsUpdate: async ({ path, body }, { db, scope, services }) => {
    const metadata = readAccountMetadata(body);
    const { shown, secrets: given } = splitSpec(specOf(body));
    await refuseTakenName(metadata.name, async () =>
      db.transaction(async (tx) => {
        const row = await lockOwnAccount(tx, scope, AWS, path.uid);
        if (!row) throw notFound('AWS account', path.uid);
        const secrets =
          typeOf(shown) === typeOf(row.spec as AwsSpec) ? { ...openSecrets(row, services), ...given } : given; // stored by `splitSpec`
        checkCredentials(shown, secrets);
        await updateAccount(tx, row.uid, {
          ...metadata,
          spec: JSON.stringify(shown),
          secrets: services.secrets.seal(JSON.stringify(secrets), secretContext(row.uid)),
        });
        await appendResourceEvent(tx, services, scope.tenantUid, {
          type: 'cloudaccount',
          uid: row.uid,
          change: 'updated',
          projectUid: row.project_uid,
        });
      }),
    );
    return { status: 204 };
  },

  v1CloudAccountsAwsDelete: async ({ path }, { db, scope, services }) => {
    await db.transaction(async (tx) => {
      const row = await lockOwnAccount(tx, scope, AWS, path.uid);
      if (!row) throw notFound('AWS account', path.uid);
      await tx.execute('DELETE FROM cloud_accounts WHERE uid = $1', [row.uid]);
      await appendResourceEvent(tx, services, scope.tenantUid, {
        type: 'cloudaccount',
        uid: row.uid,
        change: 'deleted',
        projectUid: row.project_uid,
      });
    });
    return { status: 204 };
  },

  v1CloudAccountsListSummary: async ({ query }, { db, scope }) => {
    const rows = await db.transaction(async (tx) => listAccounts(tx, scope, undefined, query.filters), {
      readOnly: true,
    });
    const { items, listmeta } = page(rows, query);
    return { status: 200, body: { items: items.map(toSummary), listmeta } };
  },

  // Accounts of these clouds cannot be stored yet, so every scope has none.
  v1CloudAccountsAzureList: async ({ query }) => none(query),
  v1CloudAccountsCloudStackList: async ({ query }) => none(query),
  v1CloudAccountsCustomList: async ({ query }) => none(query),
  v1CloudAccountsGcpList: async ({ query }) => none(query),
  v1CloudAccountsMaasList: async ({ query }) => none(query),
  v1CloudAccountsVsphereList: async ({ query }) => none(query),

  // A private cloud gateway comes with a data centre's own agent; this plane has none.
  v1OverlordsUidGet: async ({ path }) => {
    throw notFound('private cloud gateway', path.uid);
  },
} satisfies SomeHandlers;

function none(query: Listing): EmptyList {
  const { listmeta } = page([], query);
  return { status: 200, body: { items: [], listmeta } };
}

function specOf(body: AwsAccount | undefined): AwsSpec {
  if (!body?.spec) throw invalidRequest('body.spec: the credentials are missing');
  return body.spec;
}

function readAccountMetadata(body: AwsAccount | undefined): ReturnType<typeof readMetadata> {
  // Which scope an account is in is told by where it was created; the annotation only shows it.
  const annotations = Object.entries(body?.metadata?.annotations ?? {}).filter(
    ([key]) => key !== 'scope' && key !== 'projectUid',
  );
  return readMetadata({ ...body?.metadata, annotations: Object.fromEntries(annotations) });
}

function toAwsAccount(row: AccountRow): AwsAccount {
  return {
    apiVersion: 'v1',
    kind: AWS,
    metadata: toScopedMetadata(row),
    spec: row.spec as AwsSpec,
    status: { state: 'Running' },
  }; // stored by `splitSpec`
}

function toSummary(row: AccountRow): components['schemas']['v1CloudAccountSummary'] {
  const accountId = row.cloud_type === AWS ? awsAccountId(row.spec as AwsSpec) : undefined; // stored by `splitSpec`
  return {
    kind: row.cloud_type,
    metadata: toScopedMetadata(row),
    specSummary: accountId === undefined ? {} : { accountId },
    status: { state: 'Running' },
  };
}

/** Official clients read the scope from an annotation. */
function toScopedMetadata(row: AccountRow): components['schemas']['v1ObjectMeta'] {
  const scope = row.project_uid === null ? { scope: 'tenant' } : { scope: 'project', projectUid: row.project_uid };
  return toMetadata({ ...row, annotations: { ...row.annotations, ...scope } });
}

function typeOf({ credentialType }: AwsSpec): string {
  return credentialType ?? 'secret';
}

function openSecrets(row: AccountRow, services: UserContext['services']): AwsSecrets {
  return row.secrets === null
    ? {}
    : AwsSecrets.parse(JSON.parse(services.secrets.openText(row.secrets, secretContext(row.uid))));
}

function secretContext(uid: string): string {
  return `cloud-account/${uid}`;
}

async function refuseTakenName(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isUniqueViolation(error, 'cloud_accounts_name'))
      throw conflict('DuplicateName', `an AWS account named '${name}' exists already in this scope`);
    throw error;
  }
}
