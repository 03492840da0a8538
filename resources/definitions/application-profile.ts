import type { Schemas, Scope } from '#openapi/client/index';
import { resource, type OperationContext, type PlannedValues, type StateValues } from '#resources/engine/index';

import { resolveAppProfile } from './application-profile/find.ts';
import { applicationProfileSchema } from './application-profile/schema.ts';
import { fromTiers, tierType, toTiers, type ReadTier } from './application-profile/tiers.ts';
import { importIdOf, parseImportId } from './shared/import-id.ts';
import { labelsToTags, tagsToLabels } from './shared/labels.ts';
import { contextOf } from './shared/named.ts';

type Planned = PlannedValues<typeof applicationProfileSchema>;
type State = StateValues<typeof applicationProfileSchema>;

export const applicationProfile = resource({
  type: 'spectrocloud_application_profile',
  description:
    'An application profile: tiers of manifests, charts, services and containers, with the order they are installed in.',
  schemaVersion: 0,
  schema: applicationProfileSchema,
  timeouts: { create: '20s', update: '20s', delete: '20s' },

  async create({ planned, checkpoint }, ctx) {
    const scope = ctx.scopeOf(planned.context);
    const { uid } = await ctx.client.post('/v1/appProfiles', {
      body: await toEntity(planned, undefined, scope, ctx),
      scope,
      signal: ctx.signal,
    });
    const state = { ...planned, id: uid };
    checkpoint(state);
    return readProfile(state, ctx);
  },

  async read({ state }, ctx) {
    return { kind: 'current', state: await readProfile(state, ctx) };
  },

  async update({ planned, prior }, ctx) {
    const { client, signal } = ctx;
    const scope = ctx.scopeOf(planned.context);
    const at = { path: { uid: planned.id }, scope, signal };
    if (inPlace(planned, prior)) {
      await updateTiers(planned, prior, scope, ctx);
      if (!same(toMetadata(planned), toMetadata(prior)) || planned.version !== prior.version) {
        const { labels, annotations } = toMetadata(planned);
        await client.patch('/v1/appProfiles/{uid}/metadata', {
          ...at,
          body: { metadata: { labels, annotations }, version: planned.version },
        });
      }
    } else {
      await client.put('/v1/appProfiles/{uid}', { ...at, body: await toEntity(planned, prior, scope, ctx) });
    }
    return readProfile(planned, ctx);
  },

  async delete({ state }, ctx) {
    await ctx.client.delete('/v1/appProfiles/{uid}', {
      path: { uid: state.id },
      scope: ctx.scopeOf(state.context),
      signal: ctx.signal,
    });
  },

  async importState({ id }, ctx) {
    const { idOrName, context, rest } = parseImportId(id, {
      contexts: ['project', 'tenant'],
      expected: 'idOrName:context or idOrName:context:version',
      rest: 'optional',
    });
    return { id: await resolveAppProfile(idOrName, rest, ctx.scopeOf(context), ctx), context, cloud: 'all' };
  },

  identity: ({ planned: { name, context, version } }) => importIdOf(name, context, version),

  watched: ({ state }) => ({ type: 'appprofile', uid: state.id }),
});

function toMetadata({ name, tags, description }: Planned): {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
} {
  return { name, labels: tagsToLabels(tags), annotations: { description: description ?? '' } };
}

async function toEntity(
  planned: Planned,
  prior: Planned | undefined,
  scope: Scope,
  { client }: OperationContext,
): Promise<Schemas['v1AppProfileEntity']> {
  return {
    metadata: toMetadata(planned),
    spec: {
      version: planned.version,
      template: { appTiers: await toTiers(planned.pack, prior?.pack, client, scope) },
    },
  };
}

/** Whether tiers that go, change and are added at the end lead to what is wanted; a tier's kind and origin never change. */
function inPlace(planned: Planned, prior: Planned): boolean {
  const kinds = ({ pack }: Planned): [string, ...(string | undefined)[]][] =>
    pack.map((tier) => [tier.name, tierType(tier), tier.registryUid, tier.registryName, tier.sourceAppTier]);
  const kept = kinds(prior).filter(([name]) => planned.pack.some((tier) => tier.name === name));
  return same(kinds(planned).slice(0, kept.length), kept);
}

async function updateTiers(planned: State, prior: State, scope: Scope, ctx: OperationContext): Promise<void> {
  if (same(planned.pack, prior.pack)) return;
  const { client, signal } = ctx;
  const before = await toTiers(prior.pack, prior.pack, client, scope);
  const after = await toTiers(planned.pack, prior.pack, client, scope);
  const found = await client.get('/v1/appProfiles/{uid}/tiers', { path: { uid: planned.id }, scope, signal });
  const uidOf = (name: string): string | undefined =>
    found.spec?.appTiers?.find(({ metadata }) => metadata?.name === name)?.metadata?.uid;
  for (const { name } of before) {
    const tierUid = uidOf(name);
    if (tierUid === undefined || after.some((tier) => tier.name === name)) continue;
    const path = { uid: planned.id, tierUid };
    await client.delete('/v1/appProfiles/{uid}/tiers/{tierUid}', { path, scope, signal });
  }
  for (const tier of after) {
    const tierUid = uidOf(tier.name);
    if (tierUid === undefined) {
      await client.post('/v1/appProfiles/{uid}/tiers', { path: { uid: planned.id }, body: tier, scope, signal });
    } else if (
      !same(
        tier,
        before.find(({ name }) => name === tier.name),
      )
    ) {
      const path = { uid: planned.id, tierUid };
      await client.put('/v1/appProfiles/{uid}/tiers/{tierUid}', { path, body: toUpdate(tier), scope, signal });
    }
  }
}

function toUpdate({
  name,
  version,
  installOrder,
  values,
  properties,
  manifests,
}: Schemas['v1AppTierEntity']): Schemas['v1AppTierUpdateEntity'] {
  return {
    name,
    ...(version === undefined ? {} : { version }),
    ...(installOrder === undefined ? {} : { installOrder }),
    ...(values === undefined ? {} : { values }),
    properties: properties ?? [],
    manifests: (manifests ?? []).flatMap((manifest) =>
      manifest.name === undefined ? [] : [{ ...manifest, name: manifest.name }],
    ),
  };
}

async function readProfile(state: State, { client, scopeOf, signal }: OperationContext): Promise<State> {
  const scope = scopeOf(state.context);
  const at = { path: { uid: state.id }, scope, signal };
  const [{ metadata, spec }, tiers] = await Promise.all([
    client.get('/v1/appProfiles/{uid}', at),
    client.get('/v1/appProfiles/{uid}/tiers', at),
  ]);
  const read = await Promise.all(
    (tiers.spec?.appTiers ?? []).map(async (tier): Promise<ReadTier> => {
      const tierUid = tier.metadata?.uid ?? '';
      const uids = (tier.spec?.manifests ?? []).flatMap(({ uid }) => uid ?? []);
      const manifests = uids.map(async (manifestUid) =>
        client.get('/v1/appProfiles/{uid}/tiers/{tierUid}/manifests/{manifestUid}', {
          path: { uid: state.id, tierUid, manifestUid },
          scope,
          signal,
        }),
      );
      return { tier, manifests: await Promise.all(manifests) };
    }),
  );
  return {
    ...state,
    name: metadata?.name ?? state.name,
    version: spec?.version ?? state.version,
    context: contextOf(metadata, state.context),
    description: metadata?.annotations?.['description'],
    tags: labelsToTags(metadata?.labels),
    pack: await fromTiers(read, state.pack, client, scope),
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
