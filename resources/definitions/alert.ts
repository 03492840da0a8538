import { isNotFound, type Schemas } from '#openapi/client/index';
import { AttributeError, resource, type OperationContext, type PlannedValues } from '#resources/engine/index';

import { alertSchema } from './alert.schema.ts';
import { ImportIdError, importIdOf, looksLikeUid } from './shared/import-id.ts';
import { findProjectUid } from './shared/projects.ts';

const tenant = { kind: 'tenant' } as const;

type Planned = PlannedValues<typeof alertSchema>;
type Channel = Schemas['v1Channel'];
type Context = Pick<OperationContext, 'client' | 'signal'>;

export const alert = resource({
  type: 'spectrocloud_alert',
  description:
    'Who is told when something is wrong with the clusters of a project. It holds all channels of one component: what others added there is replaced.',
  schemaVersion: 2,
  schema: alertSchema,
  timeouts: { create: '10m', update: '10m', delete: '10m' },

  async create({ planned }, ctx) {
    const uid = await projectUidOf(planned.project, ctx);
    await store(uid, planned.component, channelsOf(planned), ctx);
    return { ...planned, id: idOf(uid, planned.component) };
  },

  async read({ state }, ctx) {
    const found = await findAlert(state, ctx);
    if (!found) return { kind: 'absent' };
    const { project, uid, channels } = found;
    const component = state.component;
    const mails = channels.filter(({ type }) => type !== 'http');
    const requests = channels.flatMap(({ type, http }) => (type === 'http' && http ? [http] : []));
    const identifiers = [...new Set(mails.flatMap((mail) => mail.identifiers ?? []))];
    return {
      kind: 'current',
      state: {
        ...state,
        id: idOf(uid, component),
        project,
        // One that is off makes the alert other than `true`, one that is on other than `false`.
        isActive: channels.every((channel) => channel.isActive === true),
        type: state.type,
        alertAllUsers: mails.some(({ alertAllUsers }) => alertAllUsers === true),
        ...(state.createdBy === undefined ? {} : { createdBy: channels[0]?.createdBy ?? '' }),
        identifiers:
          identifiers.length === 0 && (state.identifiers ?? []).length === 0 ? state.identifiers : identifiers,
        http:
          requests.length === 0 && (state.http ?? []).length === 0
            ? state.http
            : requests.map((request, index) => readRequest(request, state.http?.[index]?.headers)),
      },
    };
  },

  async update({ planned }, ctx) {
    const uid = await projectUidOf(planned.project, ctx);
    await store(uid, planned.component, channelsOf(planned), ctx);
    return planned;
  },

  async delete({ state }, ctx) {
    const found = await findAlert(state, ctx);
    if (found) await store(found.uid, state.component, [], ctx);
  },

  async importState({ id }, ctx) {
    const at = id.lastIndexOf(':');
    const component = alertSchema.shape.component.safeParse(id.slice(at + 1));
    const named = id.slice(0, Math.max(0, at));
    if (named === '' || !component.success)
      throw new ImportIdError(id, 'project:component, where component is ClusterHealth or ClusterEvents');
    const uid = looksLikeUid(named) ? named : await projectUidOf(named, ctx);
    return { id: idOf(uid, component.data), component: component.data, type: '' as const };
  },

  identity: ({ planned }) => importIdOf(planned.project, planned.component),

  watched: ({ state }) => ({ type: 'project', uid: ownId(state.id) ?? state.id }),
});

function idOf(projectUid: string, component: string): string {
  return `${projectUid}:${component}`;
}

/** The project in an id that this provider made; other providers have ids of their own. */
function ownId(id: string): string | undefined {
  return /^([0-9a-f]{24}):\w+$/.exec(id)?.[1];
}

async function projectUidOf(name: string, ctx: Context): Promise<string> {
  try {
    return await findProjectUid(ctx, name);
  } catch (error) {
    if (error instanceof AttributeError) throw new AttributeError(['project'], error.message, error.detail);
    throw error;
  }
}

async function findAlert(
  {
    id,
    project,
    component,
  }: { readonly id: string; readonly project?: string | undefined; readonly component: string },
  ctx: Context,
): Promise<{ readonly uid: string; readonly project: string; readonly channels: readonly Channel[] } | undefined> {
  const { client, signal } = ctx;
  const uid = ownId(id) ?? (await projectUidOf(project ?? '', ctx));
  try {
    const { metadata, spec } = await client.get('/v1/projects/{uid}', { path: { uid }, scope: tenant, signal });
    const channels = spec?.alerts?.find((one) => one.component === component)?.channels ?? [];
    return channels.length === 0 ? undefined : { uid, project: metadata?.name ?? project ?? '', channels };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function store(uid: string, component: string, channels: Channel[], { client, signal }: Context): Promise<void> {
  await client.put('/v1/projects/{uid}/alerts/{component}', {
    path: { uid, component },
    body: { channels },
    scope: tenant,
    signal,
  });
}

/** One channel of mail, unless there are requests alone, and one for each request. */
function channelsOf({ isActive, type, alertAllUsers, createdBy, identifiers = [], http = [] }: Planned): Channel[] {
  const common = { isActive, ...(createdBy === undefined ? {} : { createdBy }) };
  const mails = alertAllUsers || identifiers.length > 0 || type === 'email' || http.length === 0;
  return [
    ...(mails ? [{ ...common, type: 'email' as const, alertAllUsers, identifiers: [...identifiers] }] : []),
    ...http.map(({ method, url, body, headers }) => ({
      ...common,
      type: 'http' as const,
      http: { method, url, body, ...(headers === undefined ? {} : { headers: { ...headers } }) },
    })),
  ];
}

type Http = NonNullable<Planned['http']>[number];

function readRequest(
  { method, url = '', body = '', headers = {} }: NonNullable<Channel['http']>,
  known: Http['headers'],
): Http {
  const isNone = Object.keys(headers).length === 0 && known === undefined;
  return {
    method: method === 'PUT' || method === 'GET' ? method : 'POST',
    url,
    body,
    ...(isNone ? {} : { headers }),
  };
}
