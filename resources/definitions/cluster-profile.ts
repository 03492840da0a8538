import type { HydratedClusterProfile, Scope } from '#openapi/client/index';
import {
  resource,
  UNKNOWN,
  type OperationContext,
  type PlannedValues,
  type StateValues,
} from '#resources/engine/index';

import { findProfile } from './cluster-profile/find.ts';
import { createProfile, createVersion, type ProfileMetadata } from './cluster-profile/new-version.ts';
import { warnOfImpact } from './cluster-profile/impact.ts';
import { fromPacks, toPacks } from './cluster-profile/packs.ts';
import { checkPacks, validateProfile } from './cluster-profile/plan.ts';
import { planVersion } from './cluster-profile/plan-version.ts';
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
    const { client, signal } = ctx;
    const scope = scopeOf(context, ctx);
    const packs = await checkPacks(planned, prior?.pack, client, scope);
    // A pack that is not there is told at its own line.
    if (packs.length > 0) return packs;
    const changes = await planVersion(planned, prior, { client, scope, signal });
    if (changes.every(({ kind }) => kind !== 'problem')) await warnOfImpact(planned, prior, toMetadata, ctx);
    return changes;
  },

  async create({ planned, checkpoint }, ctx) {
    const { client, signal } = ctx;
    readAhead.forget(client);
    const scope = scopeOf(planned.context, ctx);
    const uid = await createProfile(planned, toMetadata(planned), { client, scope, signal });
    const state = { ...planned, id: uid };
    // From here on the profile exists: if publishing or reading fails, Terraform knows what to clean up.
    checkpoint(state);
    return readPublished(state, ctx);
  },

  async read({ state }, ctx) {
    const found = await readAhead.read(ctx.client, state.id, {
      scope: scopeOf(state.context, ctx),
      signal: ctx.signal,
    });
    return found.kind === 'absent' ? { kind: 'absent' } : { kind: 'current', state: await toState(found, state, ctx) };
  },

  async update({ planned, prior, checkpoint }, ctx) {
    const { client, signal } = ctx;
    const scope = scopeOf(prior.context, ctx);
    const path = { uid: prior.id };
    readAhead.forget(client);
    if (planned.version !== prior.version) {
      const { uid, adopted } = await createVersion(planned, toMetadata(planned), { client, scope, signal });
      const state = { ...planned, id: uid };
      // The version before is nobody's from here on: it stays for the clusters that run it.
      checkpoint(state);
      if (adopted !== undefined && !sameDescription(adopted, planned)) {
        const body = { metadata: toMetadata(planned), spec: { version: planned.version } };
        await client.patch('/v1/clusterprofiles/{uid}/metadata', { path: { uid }, body, scope, signal });
      }
      return readPublished(state, ctx);
    }

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
          metadata: { ...toMetadata(planned), uid: prior.id },
          spec: { version: planned.version, template: { type: planned.type, packs } },
        },
        scope,
        signal,
      });
    }
    const renamed = planned.name !== prior.name;
    if (renamed || !same(toMetadata(planned), toMetadata(prior))) {
      await client.patch('/v1/clusterprofiles/{uid}/metadata', {
        path,
        body: { metadata: toMetadata(planned), spec: { version: planned.version } },
        scope,
        signal,
      });
    }
    if (content || renamed) await client.patch('/v1/clusterprofiles/{uid}/publish', { path, scope, signal });
    const state = { ...planned, id: prior.id };
    const changed = await readProfile(state, ctx);
    return changed === undefined ? state : toState(changed, state, ctx);
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

function toMetadata({ name, tags, description }: Planned): ProfileMetadata {
  return { name, labels: tagsToLabels(tags), annotations: { description: description ?? '' } };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Reads what was made; an API that does not know how to publish at once has stored a draft. */
async function readPublished(state: State, ctx: OperationContext): Promise<State> {
  const { client, signal } = ctx;
  const made = await readProfile(state, ctx);
  if (made?.profile.status?.isPublished !== false) return made === undefined ? state : toState(made, state, ctx);
  const path = { uid: state.id };
  await client.patch('/v1/clusterprofiles/{uid}/publish', { path, scope: scopeOf(state.context, ctx), signal });
  const published = await readProfile(state, ctx);
  return published === undefined ? state : toState(published, state, ctx);
}

function sameDescription({ profile }: HydratedClusterProfile, planned: Planned): boolean {
  const { labels, annotations } = toMetadata(planned);
  const { metadata } = profile;
  return (
    same(labelsToTags(metadata?.labels), labelsToTags(labels)) &&
    (metadata?.annotations?.['description'] ?? '') === annotations['description']
  );
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
