import type { PaletteClient } from '#openapi/client/index';
import { resource, type OperationContext } from '#resources/engine/index';

import { macrosSchema } from './macros.schema.ts';
import { ImportIdError, looksLikeUid, parseContextualImportId, type ResourceContext } from './shared/import-id.ts';
import { perClient } from './shared/per-client.ts';
import { findProjectUid } from './shared/projects.ts';

const tenant = { kind: 'tenant' } as const;

/** Whose macros they are: a project's or a tenant's. */
interface Owner {
  readonly context: ResourceContext;
  readonly uid: string;
}

type MacroEntry = { readonly name: string; readonly value: string };

export const macros = resource({
  type: 'spectrocloud_macros',
  description:
    'Macros of a project or of the tenant: values that packs refer to by name. Only the macros named here are touched.',
  schemaVersion: 1,
  sharesId: true,
  schema: macrosSchema,
  timeouts: { create: '10m', update: '10m', delete: '10m' },

  async create({ planned }, ctx) {
    const owner = await ownerOf(planned.context, ctx);
    await send('post', owner, toEntries(planned.macros), ctx);
    return { ...planned, id: `${owner.context}-macros-${owner.uid}` };
  },

  async read({ state }, ctx) {
    const owner = ownerOfId(state.id);
    const found = await listMacros(owner, ctx);
    // After an import the state names no macros yet: all of them become this resource's.
    const own = state.macros === undefined ? found : new Map([...found].filter(([name]) => name in state.macros));
    if (own.size === 0 && Object.keys(state.macros ?? {}).length > 0) return { kind: 'absent' };
    return { kind: 'current', state: { ...state, context: owner.context, macros: Object.fromEntries(own) } };
  },

  async update({ planned, prior }, ctx) {
    const owner = ownerOfId(prior.id);
    const wanted = await ownerOf(planned.context, ctx);
    const moved = wanted.uid !== owner.uid || wanted.context !== owner.context;
    const dropped = toEntries(prior.macros).filter(({ name }) => moved || !(name in planned.macros));
    if (dropped.length > 0) await send('delete', owner, dropped, ctx);
    if (moved) {
      await send('post', wanted, toEntries(planned.macros), ctx);
      return { ...planned, id: `${wanted.context}-macros-${wanted.uid}` };
    }
    // The update replaces the whole list, so what others made is sent along.
    const others = [...(await listMacros(owner, ctx))].filter(([name]) => !(name in planned.macros));
    await send('put', owner, [...others.map(([name, value]) => ({ name, value })), ...toEntries(planned.macros)], ctx);
    return planned;
  },

  async delete({ state }, ctx) {
    await send('delete', ownerOfId(state.id), toEntries(state.macros), ctx);
  },

  async importState({ id }, ctx) {
    const { idOrName, context } = parseContextualImportId(id, { expected: 'uidOrName:context', rest: 'none' });
    const uid =
      context === 'tenant'
        ? await tenantUidOf(ctx.client)
        : looksLikeUid(idOrName)
          ? idOrName
          : await findProjectUid(ctx, idOrName);
    return { id: `${context}-macros-${uid}`, context };
  },

  // No identity: they are entries of one list, which is there before any of them and may have others of the same kind.

  watched: ({ state }) => ({ type: 'macros', uid: ownerOfId(state.id).uid }),
});

/** The tenant of the API key; it does not change within a process. */
const tenantUidOf = perClient(async (client: PaletteClient): Promise<string> => {
  const { tenantUid } = await client.get('/v1/users/info', { scope: tenant });
  if (tenantUid === undefined) throw new Error('the API did not say which tenant the API key belongs to');
  return tenantUid;
});

async function ownerOf(context: ResourceContext, { client, projectUid }: OperationContext): Promise<Owner> {
  return { context, uid: context === 'tenant' ? await tenantUidOf(client) : projectUid };
}

function ownerOfId(id: string): Owner {
  const [, context, uid] = /^(project|tenant)-macros-(.+)$/.exec(id) ?? [];
  if ((context !== 'project' && context !== 'tenant') || uid === undefined) {
    throw new ImportIdError(id, 'project-macros-UID or tenant-macros-UID');
  }
  return { context, uid };
}

async function listMacros({ context, uid }: Owner, { client, signal }: OperationContext): Promise<Map<string, string>> {
  const { macros: found = [] } =
    context === 'tenant'
      ? await client.get('/v1/tenants/{tenantUid}/macros', { path: { tenantUid: uid }, scope: tenant, signal })
      : await client.get('/v1/projects/{uid}/macros', {
          path: { uid },
          scope: { kind: 'project', projectUid: uid },
          signal,
        });
  return new Map(found.flatMap(({ name, value }) => (name === undefined ? [] : [[name, value ?? ''] as const])));
}

async function send(
  method: 'post' | 'put' | 'delete',
  { context, uid }: Owner,
  entries: MacroEntry[],
  ctx: OperationContext,
): Promise<void> {
  const { client, signal } = ctx;
  const ofTenant = { path: { tenantUid: uid }, body: { macros: entries }, scope: tenant, signal };
  const ofProject = {
    path: { uid },
    body: { macros: entries },
    scope: { kind: 'project', projectUid: uid } as const,
    signal,
  };
  switch (method) {
    case 'post':
      return context === 'tenant'
        ? client.post('/v1/tenants/{tenantUid}/macros', ofTenant)
        : client.post('/v1/projects/{uid}/macros', ofProject);
    case 'put':
      return context === 'tenant'
        ? client.put('/v1/tenants/{tenantUid}/macros', ofTenant)
        : client.put('/v1/projects/{uid}/macros', ofProject);
    case 'delete':
      return context === 'tenant'
        ? client.delete('/v1/tenants/{tenantUid}/macros', ofTenant)
        : client.delete('/v1/projects/{uid}/macros', ofProject);
  }
}

function toEntries(values: Readonly<Record<string, string>> | undefined): MacroEntry[] {
  return Object.entries(values ?? {}).map(([name, value]) => ({ name, value }));
}
