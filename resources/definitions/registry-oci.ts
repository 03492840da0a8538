import { isNotFound, type Schemas } from '#openapi/client/index';
import { AttributeError, resource, UNKNOWN, type ConfigProblem, type OperationContext } from '#resources/engine/index';

import { registryOciSchema, type RegistryOci } from './registry-oci.schema.ts';
import { fromBasic, fromEcr, toBasic, toEcr } from './registry-oci/convert.ts';
import { looksLikeUid } from './shared/import-id.ts';
import { listed } from './shared/projects.ts';
import { missingCredential } from './shared/registry-credentials.ts';
import { awaitSync } from './shared/registry-sync.ts';

const scope = { kind: 'tenant' } as const;
type Stored = RegistryOci & { readonly id: string };

export const registryOci = resource({
  type: 'spectrocloud_registry_oci',
  description: 'An OCI registry with charts or packs, which can be layers of cluster profiles.',
  schemaVersion: 2,
  schema: registryOciSchema,
  timeouts: { create: '10m', update: '10m', delete: '10m' },

  validate: ({ config }) => {
    const { providerType, type, isSynchronization, baseContentPath } = config;
    const known = (value: unknown): boolean => value !== UNKNOWN;
    return [
      ...(providerType === 'zarf' && known(type) && type !== 'basic'
        ? [
            problem(
              'providerType',
              'Zarf packages need a registry of the type "basic"',
              'Set type = "basic", or another provider_type.',
            ),
          ]
        : []),
      ...(providerType === 'pack' && known(isSynchronization) && isSynchronization !== true
        ? [problem('isSynchronization', 'A registry of packs must be synchronised', 'Set is_synchronization = true.')]
        : []),
      ...(isSynchronization === true && known(baseContentPath) && (baseContentPath ?? '') === ''
        ? [
            problem(
              'baseContentPath',
              'A registry that is synchronised needs a base content path',
              'Say what the names of its repositories begin with, so that the plane need not look into all of them.',
            ),
          ]
        : []),
      ...incompleteCredentials(config.credentials),
    ];
  },

  async create({ planned, checkpoint }, ctx) {
    const { client, signal } = ctx;
    await tryWhenSynchronised(planned, ctx);
    const { uid } =
      planned.type === 'ecr'
        ? await client.post('/v1/registries/oci/ecr', { body: toEcr(planned), scope, signal })
        : await client.post('/v1/registries/oci/basic', { body: toBasic(planned), scope, signal });
    const state = { ...planned, id: uid, waitForStatusMessage: planned.waitForStatusMessage ?? '' };
    checkpoint(state);
    return { ...state, waitForStatusMessage: await waitWhenAsked(state, ctx) };
  },

  async read({ state }, { client, signal }) {
    const path = { uid: state.id };
    const found =
      state.type === 'ecr'
        ? fromEcr(await client.get('/v1/registries/oci/{uid}/ecr', { path, scope, signal }), state)
        : fromBasic(await client.get('/v1/registries/oci/{uid}/basic', { path, scope, signal }), state);
    return { kind: 'current', state: { ...state, ...found, waitForStatusMessage: state.waitForStatusMessage ?? '' } };
  },

  async update({ planned }, ctx) {
    const { client, signal } = ctx;
    await tryWhenSynchronised(planned, ctx);
    const path = { uid: planned.id };
    if (planned.type === 'ecr')
      await client.put('/v1/registries/oci/{uid}/ecr', { path, body: toEcr(planned), scope, signal });
    else await client.put('/v1/registries/oci/{uid}/basic', { path, body: toBasic(planned), scope, signal });
    return { ...planned, waitForStatusMessage: await waitWhenAsked(planned, ctx) };
  },

  async delete({ state }, { client, signal }) {
    const path = { uid: state.id };
    if (state.type === 'ecr') await client.delete('/v1/registries/oci/{uid}/ecr', { path, scope, signal });
    else await client.delete('/v1/registries/oci/{uid}/basic', { path, scope, signal });
  },

  async importState({ id }, { client, signal }) {
    if (looksLikeUid(id)) {
      for (const type of ['ecr', 'basic'] as const) {
        try {
          const path = { uid: id };
          if (type === 'ecr') await client.get('/v1/registries/oci/{uid}/ecr', { path, scope, signal });
          else await client.get('/v1/registries/oci/{uid}/basic', { path, scope, signal });
          return { id, type };
        } catch (error) {
          if (!isNotFound(error)) throw error;
        }
      }
    }
    const { items } = await client.get('/v1/registries/oci/summary', { scope, signal });
    const found = items.find(({ metadata }) => metadata?.name === id);
    const uid = found?.metadata?.uid;
    const type = found?.spec?.registryType === 'ecr' ? ('ecr' as const) : ('basic' as const);
    if (uid !== undefined) return { id: uid, type };
    throw new AttributeError(
      ['id'],
      `There is no OCI registry "${id}"`,
      `Give a registry's identifier or name. Registries in reach: ${listed(items.flatMap(({ metadata }) => metadata?.name ?? []))}.`,
    );
  },

  identity: ({ planned }) => planned.name,

  watched: ({ state }) => ({ type: 'registry', uid: state.id }),
});

function problem(key: keyof RegistryOci, summary: string, detail: string): ConfigProblem {
  return { path: [key], summary, detail };
}

/** What a kind of credentials cannot do without. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  secret: ['accessKey', 'secretKey'],
  sts: ['arn', 'externalId'],
  basic: ['username', 'password'],
};

function incompleteCredentials(given: unknown): ConfigProblem[] {
  const credentials: unknown = Array.isArray(given) ? given[0] : undefined;
  if (typeof credentials !== 'object' || credentials === null || !('credentialType' in credentials)) return [];
  const { credentialType } = credentials;
  if (typeof credentialType !== 'string') return [];
  const values = new Map<string, unknown>(Object.entries(credentials));
  return (NEEDS[credentialType] ?? []).flatMap((key) => missingCredential(credentialType, key, values.get(key)));
}

/** Has the plane try the registry before anything is stored. One that is not synchronised may not even be there yet. */
async function tryWhenSynchronised(registry: RegistryOci, { client, signal }: OperationContext): Promise<void> {
  if (!registry.isSynchronization) return;
  if (registry.type === 'ecr')
    await client.post('/v1/registries/oci/ecr/validate', {
      body: specOf(toEcr(registry)),
      repeatable: true,
      scope,
      signal,
    });
  else
    await client.post('/v1/registries/oci/basic/validate', {
      body: specOf(toBasic(registry)),
      repeatable: true,
      scope,
      signal,
    });
}

function specOf<T>({ spec }: { readonly spec?: T }): T {
  if (spec === undefined) throw new TypeError('a registry without a specification');
  return spec;
}

/** @returns what the synchronisation said; what it said before when nobody waits. */
async function waitWhenAsked(registry: Stored, ctx: OperationContext): Promise<string> {
  if (!registry.waitForSync) return registry.waitForStatusMessage ?? '';
  const path = { uid: registry.id };
  const status: Schemas['v1RegistrySyncStatus'] = await awaitSync(
    `OCI registry ${registry.name}`,
    ctx,
    async ({ signal }) =>
      registry.type === 'ecr'
        ? ctx.client.get('/v1/registries/oci/{uid}/ecr/sync/status', { path, scope, signal })
        : ctx.client.get('/v1/registries/oci/{uid}/basic/sync/status', { path, scope, signal }),
  );
  return status.message || (status.status ? `Status: ${status.status}` : '');
}
