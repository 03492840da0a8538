import { isNotFound } from '#openapi/client/index';
import { AttributeError, resource, type OperationContext, type PlannedValues } from '#resources/engine/index';

import { registrationTokenSchema } from './registration-token.schema.ts';
import { looksLikeUid } from './shared/import-id.ts';
import { listed } from './shared/projects.ts';

const tenant = { kind: 'tenant' } as const;

export const registrationToken = resource({
  type: 'spectrocloud_registration_token',
  description: 'A token with which hosts register themselves with the tenant.',
  schemaVersion: 2,
  schema: registrationTokenSchema,
  timeouts: { create: '10m', update: '10m', delete: '10m' },

  async create({ planned, checkpoint }, ctx) {
    const { client, signal } = ctx;
    const { uid } = await client.post('/v1/edgehosts/tokens', { body: toEntity(planned), scope: tenant, signal });
    checkpoint({ ...planned, id: uid });
    // A new token is active: only the other state needs to be set.
    if (planned.status === 'inactive') await setStatus(uid, planned.status, ctx);
    const { spec } = await client.get('/v1/edgehosts/tokens/{uid}', { path: { uid }, scope: tenant, signal });
    return { ...planned, id: uid, token: spec?.token ?? '' };
  },

  async read({ state }, { client, signal }) {
    const {
      metadata,
      spec,
      status: found,
    } = await client.get('/v1/edgehosts/tokens/{uid}', { path: { uid: state.id }, scope: tenant, signal });
    const status: (typeof state)['status'] = found?.isActive === false ? 'inactive' : 'active';
    return {
      kind: 'current',
      state: {
        ...state,
        name: metadata?.name ?? state.name,
        description: metadata?.annotations?.['description'] ?? '',
        projectUid: spec?.defaultProject?.uid ?? '',
        expiryDate: spec?.expiry?.slice(0, 10) ?? state.expiryDate,
        status,
        token: spec?.token ?? state.token,
      },
    };
  },

  async update({ planned, prior }, ctx) {
    const path = { uid: planned.id };
    if (planned.status !== prior.status) await setStatus(planned.id, planned.status, ctx);
    const changed = (['name', 'description', 'projectUid', 'expiryDate'] as const).some(
      (key) => planned[key] !== prior[key],
    );
    if (changed)
      await ctx.client.put('/v1/edgehosts/tokens/{uid}', {
        path,
        body: toEntity(planned),
        scope: tenant,
        signal: ctx.signal,
      });
    return planned;
  },

  async delete({ state }, { client, signal }) {
    await client.delete('/v1/edgehosts/tokens/{uid}', { path: { uid: state.id }, scope: tenant, signal });
  },

  async importState({ id }, { client, signal }) {
    if (looksLikeUid(id)) {
      try {
        await client.get('/v1/edgehosts/tokens/{uid}', { path: { uid: id }, scope: tenant, signal });
        return { id };
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    const { items } = await client.get('/v1/edgehosts/tokens', { scope: tenant, signal });
    const uid = items.find(({ metadata }) => metadata?.name === id)?.metadata?.uid;
    if (uid !== undefined) return { id: uid };
    const names = items.flatMap(({ metadata }) => metadata?.name ?? []);
    throw new AttributeError(
      ['id'],
      `There is no registration token "${id}"`,
      `Give a token's identifier or name. Tokens in reach: ${listed(names)}.`,
    );
  },

  identity: ({ planned }) => planned.name,

  watched: ({ state }) => ({ type: 'edgetoken', uid: state.id }),
});

function toEntity({ name, description, projectUid, expiryDate }: PlannedValues<typeof registrationTokenSchema>) {
  return {
    metadata: { name, annotations: { description } },
    spec: { defaultProjectUid: projectUid, expiry: `${expiryDate}T00:00:00.000Z` },
  };
}

async function setStatus(
  uid: string,
  status: 'active' | 'inactive',
  { client, signal }: OperationContext,
): Promise<void> {
  await client.put('/v1/edgehosts/tokens/{uid}/state', {
    path: { uid },
    body: { isActive: status === 'active' },
    scope: tenant,
    signal,
  });
}
