import * as z from 'zod';

import { isNotFound, type Schemas } from '#openapi/client/index';
import {
  AttributeError,
  resource,
  tf,
  UNKNOWN,
  type ConfigProblem,
  type OperationContext,
  type PlannedValues,
} from '#resources/engine/index';

import { looksLikeUid } from './shared/import-id.ts';
import { listed } from './shared/projects.ts';
import { missingCredential } from './shared/registry-credentials.ts';
import { awaitSync } from './shared/registry-sync.ts';

const tenant = { kind: 'tenant' } as const;

export const registryHelmSchema = z.object({
  name: tf(z.string().min(1), { forceNew: true }).describe('Name, unique among the registries of the tenant.'),
  endpoint: z.string().min(1).describe('Address of the chart repository: where its `index.yaml` stands.'),
  isPrivate: z.boolean().describe('Whether the repository asks for credentials.'),
  credentials: z
    .array(
      z.object({
        credentialType: z
          .enum(['noAuth', 'basic', 'token'])
          .describe('How to log in: not at all (`noAuth`), with user name and password (`basic`), or with a `token`.'),
        username: z.string().optional().describe('User name, for the type `basic`.'),
        password: tf(z.string().optional(), { sensitive: true }).describe(
          'Password, for the type `basic`. Never read back.',
        ),
        token: tf(z.string().optional(), { sensitive: true }).describe('Token, for the type `token`. Never read back.'),
      }),
    )
    .min(1)
    .max(1)
    .describe('How to log in to the repository.'),
  waitForSync: z
    .boolean()
    .default(false)
    .describe('Whether to wait until the plane has looked into the repository, after it was made or changed.'),
});

type Registry = PlannedValues<typeof registryHelmSchema>;
type Credentials = Registry['credentials'][number];

export const registryHelm = resource({
  type: 'spectrocloud_registry_helm',
  description: 'A chart repository, whose charts can be layers of cluster profiles.',
  schemaVersion: 2,
  schema: registryHelmSchema,
  timeouts: { create: '10m', update: '10m', delete: '10m' },

  validate: ({ config }) => {
    const [credentials] = config.credentials === UNKNOWN ? [] : (config.credentials ?? []);
    if (credentials === undefined || credentials === UNKNOWN) return [];
    const { credentialType: type, username, password, token } = credentials;
    const needs = (wanted: string, key: string, value: unknown): ConfigProblem[] =>
      type === wanted ? missingCredential(wanted, key, value) : [];
    return [
      ...needs('basic', 'username', username),
      ...needs('basic', 'password', password),
      ...needs('token', 'token', token),
    ];
  },

  async create({ planned, checkpoint }, ctx) {
    const { uid } = await ctx.client.post('/v1/registries/helm', {
      body: { metadata: { name: planned.name }, spec: toSpec(planned) },
      scope: tenant,
      signal: ctx.signal,
    });
    const state = { ...planned, id: uid };
    checkpoint(state);
    await waitWhenAsked(state, ctx);
    return state;
  },

  async read({ state }, ctx) {
    const { metadata, spec } = await ctx.client.get('/v1/registries/helm/{uid}', {
      path: { uid: state.id },
      scope: tenant,
      signal: ctx.signal,
    });
    return {
      kind: 'current',
      state: {
        ...state,
        name: metadata?.name ?? state.name,
        endpoint: spec?.endpoint ?? state.endpoint,
        isPrivate: spec?.isPrivate ?? false,
        credentials: [fromAuth(spec?.auth, state.credentials?.[0])],
      },
    };
  },

  async update({ planned }, ctx) {
    await ctx.client.put('/v1/registries/helm/{uid}', {
      path: { uid: planned.id },
      body: { metadata: { name: planned.name, uid: planned.id }, spec: toSpec(planned) },
      scope: tenant,
      signal: ctx.signal,
    });
    await waitWhenAsked(planned, ctx);
    return planned;
  },

  async delete({ state }, { client, signal }) {
    await client.delete('/v1/registries/helm/{uid}', { path: { uid: state.id }, scope: tenant, signal });
  },

  async importState({ id }, { client, signal }) {
    if (looksLikeUid(id)) {
      try {
        await client.get('/v1/registries/helm/{uid}', { path: { uid: id }, scope: tenant, signal });
        return { id };
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    const { items } = await client.get('/v1/registries/helm', { query: { limit: 1000 }, scope: tenant, signal });
    const uid = items.find(({ metadata }) => metadata?.name === id)?.metadata?.uid;
    if (uid !== undefined) return { id: uid };
    throw new AttributeError(
      ['id'],
      `There is no Helm registry "${id}"`,
      `Give a registry's identifier or name. Registries in reach: ${listed(items.flatMap(({ metadata }) => metadata?.name ?? []))}.`,
    );
  },

  identity: ({ planned }) => planned.name,

  watched: ({ state }) => ({ type: 'registry', uid: state.id }),
});

async function waitWhenAsked(
  { id, name, waitForSync }: Registry & { readonly id: string },
  ctx: OperationContext,
): Promise<void> {
  if (!waitForSync) return;
  await awaitSync(`Helm registry ${name}`, ctx, async ({ signal }) =>
    ctx.client.get('/v1/registries/helm/{uid}/sync/status', { path: { uid: id }, scope: tenant, signal }),
  );
}

function toSpec({ name, endpoint, isPrivate, credentials }: Registry): Schemas['v1HelmRegistrySpec'] {
  const [given] = credentials;
  return { name, endpoint, isPrivate, auth: given === undefined ? { type: 'noAuth' } : toAuth(given) };
}

function toAuth({ credentialType, username = '', password = '', token = '' }: Credentials): Schemas['v1RegistryAuth'] {
  switch (credentialType) {
    case 'basic':
      return { type: 'basic', username, password };
    case 'token':
      return { type: 'token', username, token };
    default:
      return { type: 'noAuth' };
  }
}

/** What the API tells of credentials; secrets stay as the state has them. */
function fromAuth(auth: Schemas['v1RegistryAuth'] | undefined, known: Credentials | undefined): Credentials {
  const credentialType = auth?.type ?? 'noAuth';
  if (known?.credentialType !== credentialType) {
    return { credentialType, ...(auth?.username ? { username: auth.username } : {}) };
  }
  // What the type does not use is not sent, so it cannot differ.
  if (credentialType === 'noAuth' || auth?.username === (known.username ?? '')) return known;
  return { ...known, username: auth?.username };
}
