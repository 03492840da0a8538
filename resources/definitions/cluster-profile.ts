import type { HydratedClusterProfile, Scope } from '#openapi/client/index';
import {
  resource,
  UNKNOWN,
  type OperationContext,
  type PlannedValues,
  type StateValues,
} from '#resources/engine/index';

import { findProfile } from './cluster-profile/find.ts';
import { fromPacks, toPacks } from './cluster-profile/packs.ts';
import { checkPacks, validateProfile } from './cluster-profile/plan.ts';
import { createReadAhead } from './cluster-profile/read-ahead.ts';
import { clusterProfileSchema } from './cluster-profile/schema.ts';
import { fromVariables, toVariables } from './cluster-profile/variables.ts';
import { importIdOf, parseImportId } from './shared/import-id.ts';
import { labelsToTags, tagsToLabels } from './shared/labels.ts';

type Planned = PlannedValues<typeof clusterProfileSchema>;
type State = StateValues<typeof clusterProfileSchema>;

const readAhead = createReadAhead();

export const clusterProfile = resource({
  type: 'spectrocloud_cluster_profile',
  description: 'A cluster profile: layers of packs and manifests, with variables, that clusters run.',
  schemaVersion: 0,
  schema: clusterProfileSchema,
  timeouts: { create: '20s', update: '20s', delete: '20s' },

  validate: ({ config }) => validateProfile(config),

  async modifyPlan({ planned, prior }, ctx) {
    const context = planned.context ?? 'project';
    if (context === UNKNOWN) return [];
    return checkPacks(planned, prior?.pack, ctx.client, scopeOf(context, ctx));
  },

  async create({ planned, checkpoint }, ctx) {
    const { client, signal } = ctx;
    const scope = scopeOf(planned.context, ctx);
    readAhead.forget(client);
    const { uid } = await client.post('/v1/clusterprofiles', {
      query: { publish: true },
      body: {
        metadata: toMetadata(planned),
        spec: {
          version: planned.version,
          variables: toVariables(planned.profileVariables),
          template: {
            cloudType: planned.cloud,
            type: planned.type,
            packs: await toPacks(planned.pack, undefined, client, scope),
          },
        },
      },
      scope,
      signal,
    });
    const state = { ...planned, id: uid };
    // From here on the profile exists: if publishing or reading fails, Terraform knows what to clean up.
    checkpoint(state);
    const created = await readProfile(state, ctx);
    if (created?.profile.status?.isPublished !== false)
      return created === undefined ? state : toState(created, state, ctx);
    // An API that does not know the parameter has stored a draft.
    await client.patch('/v1/clusterprofiles/{uid}/publish', { path: { uid }, scope, signal });
    const published = await readProfile(state, ctx);
    return published === undefined ? state : toState(published, state, ctx);
  },

  async read({ state }, ctx) {
    const found = await readAhead.read(ctx.client, state.id, {
      scope: scopeOf(state.context, ctx),
      signal: ctx.signal,
    });
    return found.kind === 'absent' ? { kind: 'absent' } : { kind: 'current', state: await toState(found, state, ctx) };
  },

  async update({ planned, prior }, ctx) {
    const { client, signal } = ctx;
    const scope = scopeOf(prior.context, ctx);
    const path = { uid: planned.id };
    readAhead.forget(client);

    const variables = toVariables(planned.profileVariables);
    if (!same(variables, toVariables(prior.profileVariables))) {
      await client.put('/v1/clusterprofiles/{uid}/variables', { path, body: { variables }, scope, signal });
    }
    const content = !same(planned.pack, prior.pack);
    if (content) {
      const packs = await toPacks(planned.pack, prior.pack, client, scope);
      await client.put('/v1/clusterprofiles/{uid}', {
        path,
        body: {
          metadata: { ...toMetadata(planned), uid: planned.id },
          spec: { version: planned.version, template: { type: planned.type, packs } },
        },
        scope,
        signal,
      });
    }
    const identity = planned.name !== prior.name || planned.version !== prior.version;
    if (identity || !same(toMetadata(planned), toMetadata(prior))) {
      await client.patch('/v1/clusterprofiles/{uid}/metadata', {
        path,
        body: { metadata: toMetadata(planned), spec: { version: planned.version } },
        scope,
        signal,
      });
    }
    if (content || identity) await client.patch('/v1/clusterprofiles/{uid}/publish', { path, scope, signal });
    const changed = await readProfile(planned, ctx);
    return changed === undefined ? planned : toState(changed, planned, ctx);
  },

  async delete({ state }, ctx) {
    if (state.skipDestroy) {
      ctx.warn(
        'Cluster profile is left where it is',
        `skip_destroy is set: profile "${state.name}" ${state.version} (${state.id}) is forgotten, not deleted.`,
      );
      return;
    }
    readAhead.forget(ctx.client);
    await ctx.client.delete('/v1/clusterprofiles/{uid}', {
      path: { uid: state.id },
      scope: scopeOf(state.context, ctx),
      signal: ctx.signal,
    });
  },

  async importState({ id }, ctx) {
    const { idOrName, context, rest } = parseImportId(id, {
      contexts: ['project', 'tenant', 'system'],
      expected: 'idOrName:context or idOrName:context:version',
      rest: 'optional',
    });
    return { id: await findProfile({ idOrName, version: rest, attribute: 'id' }, scopeOf(context, ctx), ctx), context };
  },

  identity: ({ planned: { name, context, version } }) => importIdOf(name, context, version),

  watched: ({ state }) => ({ type: 'clusterprofile', uid: state.id }),
});

/** What Palette ships itself is seen from the tenant. */
function scopeOf(context: Planned['context'], ctx: Pick<OperationContext, 'scopeOf'>): Scope {
  return ctx.scopeOf(context === 'project' ? 'project' : 'tenant');
}

function toMetadata({ name, tags, description }: Planned): {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
} {
  return { name, labels: tagsToLabels(tags), annotations: { description: description ?? '' } };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

async function readProfile(state: State, ctx: OperationContext): Promise<HydratedClusterProfile | undefined> {
  const found = await ctx.client.clusterProfile(state.id, { scope: scopeOf(state.context, ctx), signal: ctx.signal });
  return found.kind === 'absent' ? undefined : found;
}

async function toState(
  { profile, variables, manifests }: HydratedClusterProfile,
  state: State,
  ctx: OperationContext,
): Promise<State> {
  const { metadata, spec } = profile;
  const template = spec?.published ?? spec?.draft;
  const owner = metadata?.annotations?.['scope'];
  const packs = template?.packs ?? [];
  // After an import nothing is known of the form that the configuration uses.
  const prior = state.pack === undefined || state.pack.length === 0 ? undefined : state.pack;
  return {
    ...state,
    name: metadata?.name ?? state.name,
    version: template?.profileVersion ?? spec?.version ?? state.version,
    context: owner === 'project' || owner === 'tenant' || owner === 'system' ? owner : state.context,
    description: metadata?.annotations?.['description'],
    tags: labelsToTags(metadata?.labels),
    cloud: template?.cloudType ?? state.cloud,
    type: toType(template?.type) ?? state.type,
    pack: await fromPacks(packs, manifests, prior, ctx.client, scopeOf(state.context, ctx)),
    profileVariables: fromVariables(variables, state.profileVariables),
  };
}

function toType(text: string | undefined): Planned['type'] | undefined {
  return text === undefined ? undefined : clusterProfileSchema.shape.type.safeParse(text).data;
}
