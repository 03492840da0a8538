import { isNotFound, type Schemas, type Scope } from '#openapi/client/index';
import {
  AttributeError,
  resource,
  UNKNOWN,
  type ConfigProblem,
  type OperationContext,
  type PlannedValues,
} from '#resources/engine/index';

import { cloudaccountAwsSchema } from './cloudaccount-aws.schema.ts';
import { importIdOf, looksLikeUid, parseContextualImportId } from './shared/import-id.ts';
import { listed } from './shared/projects.ts';

type Account = PlannedValues<typeof cloudaccountAwsSchema>;

/** Annotation that names the private cloud gateway of an account. */
const GATEWAY = 'overlordUid';

export const cloudaccountAws = resource({
  type: 'spectrocloud_cloudaccount_aws',
  description: 'An AWS account in which clusters can be made.',
  schemaVersion: 0,
  schema: cloudaccountAwsSchema,

  validate: ({ config }) => [
    ...needs(config.type, 'secret', 'awsSecretKey', config.awsSecretKey),
    ...(config.awsSecuredAccessKey === undefined
      ? needs(config.type, 'secret', 'awsAccessKey', config.awsAccessKey)
      : []),
    ...needs(config.type, 'sts', 'arn', config.arn),
    ...needs(config.type, 'sts', 'externalId', config.externalId),
    ...needs(config.type, 'pod-identity', 'roleArn', config.roleArn),
  ],

  async create({ planned }, ctx) {
    const scope = scopeOf(planned.context, ctx);
    await checkCredentials(planned, scope, ctx);
    const { uid } = await ctx.client.post('/v1/cloudaccounts/aws', {
      body: toAccount(planned),
      scope,
      signal: ctx.signal,
    });
    return { ...planned, id: uid };
  },

  async read({ state }, ctx) {
    const account = await ctx.client.get('/v1/cloudaccounts/aws/{uid}', {
      path: { uid: state.id },
      scope: scopeOf(state.context, ctx),
      signal: ctx.signal,
    });
    return { kind: 'current', state: { ...state, ...fromAccount(account, state) } };
  },

  async update({ planned }, ctx) {
    const scope = scopeOf(planned.context, ctx);
    await checkCredentials(planned, scope, ctx);
    await ctx.client.put('/v1/cloudaccounts/aws/{uid}', {
      path: { uid: planned.id },
      body: toAccount(planned, planned.id),
      scope,
      signal: ctx.signal,
    });
    return planned;
  },

  async delete({ state }, ctx) {
    await ctx.client.delete('/v1/cloudaccounts/aws/{uid}', {
      path: { uid: state.id },
      scope: scopeOf(state.context, ctx),
      signal: ctx.signal,
    });
  },

  async importState({ id }, ctx) {
    const { idOrName, context } = parseContextualImportId(id, { expected: 'idOrName:context', rest: 'none' });
    return { id: await findAccount(idOrName, ctx.scopeOf(context), ctx), context };
  },

  identity: ({ planned: { name, context } }) => importIdOf(name, context === '' ? 'project' : context),

  watched: ({ state }) => ({ type: 'cloudaccount', uid: state.id }),
});

/** What a type of credentials cannot do without. An unknown value will be there after all. */
function needs(given: unknown, type: Account['type'], key: keyof Account, value: unknown): ConfigProblem[] {
  const chosen = given ?? 'secret';
  if (chosen === UNKNOWN || chosen !== type || (value !== undefined && value !== '')) return [];
  return [
    {
      path: [key],
      summary: `Credentials of the type "${type}" are incomplete`,
      detail: `Give a value here, or another type.`,
    },
  ];
}

function scopeOf(context: Account['context'], ctx: OperationContext): Scope {
  return ctx.scopeOf(context === 'tenant' ? 'tenant' : 'project');
}

/** Asks the API to try the credentials before anything is stored, and refuses a gateway that is not there. */
async function checkCredentials(account: Account, scope: Scope, { client, signal }: OperationContext): Promise<void> {
  const gateway = account.privateCloudGatewayId ?? '';
  await Promise.all([
    client.post('/v1/clouds/aws/account/validate', { body: toSpec(account), scope, signal }),
    gateway === '' ? undefined : checkGateway(gateway, scope, client, signal),
  ]);
}

async function checkGateway(
  uid: string,
  scope: Scope,
  client: OperationContext['client'],
  signal: AbortSignal,
): Promise<void> {
  try {
    await client.get('/v1/overlords/{uid}', { path: { uid }, scope, signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new AttributeError(
      ['privateCloudGatewayId'],
      `There is no private cloud gateway "${uid}"`,
      'Give the identifier of a gateway of this tenant.',
      { cause: error },
    );
  }
}

function toAccount(account: Account, uid?: string): Schemas['v1AwsAccount'] {
  return {
    metadata: {
      name: account.name,
      annotations: {
        scope: account.context === '' ? 'project' : account.context,
        [GATEWAY]: account.privateCloudGatewayId ?? '',
      },
      ...(uid === undefined ? {} : { uid }),
    },
    spec: toSpec(account),
  };
}

function toSpec(account: Account): Schemas['v1AwsCloudAccount'] {
  const policies = account.policyArns ?? [];
  return {
    credentialType: account.type,
    partition: account.partition,
    ...(policies.length === 0 ? {} : { policyARNs: policies }),
    ...credentials(account),
  };
}

function credentials(account: Account): Partial<Schemas['v1AwsCloudAccount']> {
  switch (account.type) {
    case 'secret':
      return {
        accessKey: account.awsSecuredAccessKey ?? account.awsAccessKey ?? '',
        secretKey: account.awsSecretKey ?? '',
      };
    case 'sts':
      return { sts: { arn: account.arn ?? '', externalId: account.externalId ?? '' } };
    case 'pod-identity':
      return {
        podIdentity: { roleArn: account.roleArn ?? '', permissionBoundaryArn: account.permissionBoundaryArn ?? '' },
      };
  }
}

/** What the API tells about an account; secrets stay as the state has them. */
function fromAccount({ metadata, spec }: Schemas['v1AwsAccount'], state: Account): Partial<Account> {
  const type = spec?.credentialType ?? state.type;
  const scope = metadata?.annotations?.['scope'];
  // A key that the configuration keeps out of plans is not to appear beside it.
  const shown = state.awsSecuredAccessKey === undefined;
  return {
    name: metadata?.name ?? state.name,
    context: scope === 'tenant' || scope === 'project' ? sameContext(state.context, scope) : state.context,
    privateCloudGatewayId: metadata?.annotations?.[GATEWAY],
    type,
    partition: spec?.partition ?? state.partition,
    policyArns: spec?.policyARNs ?? [],
    ...(type === 'secret' && shown && spec?.accessKey ? { awsAccessKey: spec.accessKey } : {}),
    ...(type === 'sts' && spec?.sts?.arn ? { arn: spec.sts.arn } : {}),
    ...(type === 'pod-identity' && spec?.podIdentity?.roleArn ? { roleArn: spec.podIdentity.roleArn } : {}),
    ...(type === 'pod-identity' && spec?.podIdentity?.permissionBoundaryArn
      ? { permissionBoundaryArn: spec.podIdentity.permissionBoundaryArn }
      : {}),
  };
}

/** The empty context is another way to write `project`. */
function sameContext(prior: Account['context'], found: 'project' | 'tenant'): Account['context'] {
  return prior === '' && found === 'project' ? '' : found;
}

async function findAccount(idOrName: string, scope: Scope, { client, signal }: OperationContext): Promise<string> {
  if (looksLikeUid(idOrName)) {
    try {
      await client.get('/v1/cloudaccounts/aws/{uid}', { path: { uid: idOrName }, scope, signal });
      return idOrName;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  const { items } = await client.get('/v1/cloudaccounts/aws', {
    query: { filters: `metadata.name=${idOrName}` },
    scope,
    signal,
  });
  const uid = items.find(({ metadata }) => metadata?.name === idOrName)?.metadata?.uid;
  if (uid !== undefined) return uid;
  const names = items.flatMap(({ metadata }) => metadata?.name ?? []);
  throw new AttributeError(
    ['id'],
    `There is no AWS cloud account "${idOrName}" in this context`,
    `Accounts in reach: ${listed(names)}.`,
  );
}
