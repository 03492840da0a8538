import { isApiError, isNotFound, type Schemas, type Scope } from '#openapi/client/index';
import {
  AttributeError,
  resource,
  UNKNOWN,
  type ConfigProblem,
  type OperationContext,
  type PlannedValues,
  type StateValues,
} from '#resources/engine/index';
import type { PartlyKnownValues } from '#resources/engine/values';

import { addonDeploymentSchema } from './addon-deployment/schema.ts';
import { waitUntilApplied } from './addon-deployment/wait.ts';
import {
  applyProfileChanges,
  checkAttachments,
  planProfileChanges,
  toAttachment,
} from './cluster-brownfield/attachments.ts';
import { readAttachments } from './cluster-brownfield/read.ts';
import { ImportIdError } from './shared/import-id.ts';

type Planned = PlannedValues<typeof addonDeploymentSchema>;
type State = StateValues<typeof addonDeploymentSchema>;
type Partly = PartlyKnownValues<typeof addonDeploymentSchema>;

export const addonDeployment = resource({
  type: 'spectrocloud_addon_deployment',
  description: 'One profile attached to a cluster that is made elsewhere.',
  schemaVersion: 3,
  schema: addonDeploymentSchema,
  timeouts: { create: '1h', update: '1h', delete: '1h' },

  // Version 2 had cluster_profile as a list: the same element makes the set.
  upgradeState: ({ state }) => state,

  validate: ({ config }) => validateOneProfile(config),

  async modifyPlan({ planned, prior }) {
    const [profile] = planned.clusterProfile === UNKNOWN ? [] : (planned.clusterProfile ?? []);
    const id = profile === undefined || profile === UNKNOWN ? undefined : profile.id;
    return prior !== undefined && id === prior.clusterProfile?.[0]?.id ? [] : [{ kind: 'unknown', path: ['id'] }];
  },

  async create({ planned, checkpoint }, ctx) {
    const { client, signal } = ctx;
    const scope = ctx.scopeOf(planned.context);
    const profile = onlyProfile(planned);
    const profiles = await checkAttachments([profile], client, scope, signal);
    const cluster = await requireCluster(planned.clusterUid, { client, scope, signal });
    const attached = cluster.spec?.clusterProfileTemplates ?? [];
    const name = profiles.get(profile.id)?.profile.metadata?.name;
    const former = attached.find((template) => template.name === name && template.uid !== profile.id)?.uid;
    const attach = {
      ...toAttachment(profile, attached),
      ...(former === undefined ? {} : { replaceWithProfile: former }),
    };
    const changes = { attach: [attach], detach: [], variables: [] };
    await applyProfileChanges(planned.clusterUid, changes, planned.applySetting, { client, signal, scope });
    const state = { ...planned, id: idOf(planned.clusterUid, profile.id) };
    checkpoint(state);
    await waitUntilApplied({ clusterUid: planned.clusterUid, profileUid: profile.id }, { ...ctx, scope });
    return (await readAddon(state, { client, scope, signal })) ?? state;
  },

  async read({ state }, ctx) {
    const found = await readAddon(state, { client: ctx.client, scope: ctx.scopeOf(state.context), signal: ctx.signal });
    return found === undefined ? { kind: 'absent' } : { kind: 'current', state: found };
  },

  async update({ planned, prior }, ctx) {
    const { client, signal } = ctx;
    const scope = ctx.scopeOf(prior.context);
    const profile = onlyProfile(planned);
    const profiles = await checkAttachments([profile], client, scope, signal);
    const cluster = await requireCluster(planned.clusterUid, { client, scope, signal });
    const attached = cluster.spec?.clusterProfileTemplates ?? [];
    const changes = planProfileChanges(prior.clusterProfile, planned.clusterProfile, attached, profiles);
    const changed = await applyProfileChanges(planned.clusterUid, changes, planned.applySetting, {
      client,
      signal,
      scope,
    });
    if (changed) await waitUntilApplied({ clusterUid: planned.clusterUid, profileUid: profile.id }, { ...ctx, scope });
    const state = { ...planned, id: idOf(planned.clusterUid, profile.id) };
    return (await readAddon(state, { client, scope, signal })) ?? state;
  },

  async delete({ state }, ctx) {
    try {
      await ctx.client.delete('/v1/spectroclusters/{uid}/profiles', {
        path: { uid: state.clusterUid },
        body: { profileUids: (state.clusterProfile ?? []).map(({ id }) => id) },
        scope: ctx.scopeOf(state.context),
        signal: ctx.signal,
      });
    } catch (error) {
      // A cluster that is gone, or about to be, takes the profile along.
      if (!isNotFound(error) && !(isApiError(error) && error.code === 'ClusterBeingDeleted')) throw error;
    }
  },

  async importState({ id }) {
    const [, clusterUid, profileUid, context = 'project'] =
      /^([0-9a-f]{24})_([0-9a-f]{24})(?::(project|tenant))?$/i.exec(id) ?? [];
    if (clusterUid === undefined || profileUid === undefined)
      throw new ImportIdError(id, 'CLUSTER-ID_PROFILE-ID or CLUSTER-ID_PROFILE-ID:context');
    return {
      id: idOf(clusterUid, profileUid),
      clusterUid,
      context: context === 'tenant' ? ('tenant' as const) : ('project' as const),
      clusterProfile: [{ id: profileUid }],
      applySetting: 'DownloadAndInstall' as const,
    };
  },

  identity: ({ planned }) => {
    const [profile] = planned.clusterProfile ?? [];
    return profile === undefined ? undefined : `${idOf(planned.clusterUid, profile.id)}:${planned.context}`;
  },

  watched: ({ state }) => ({ type: 'spectrocluster', uid: state.clusterUid }),
});

interface Target extends Pick<OperationContext, 'client' | 'signal'> {
  readonly scope: Scope;
}

function idOf(clusterUid: string, profileUid: string): string {
  return `${clusterUid}_${profileUid}`;
}

function onlyProfile({ clusterProfile }: Planned): NonNullable<Planned['clusterProfile']>[number] {
  const [profile, ...others] = clusterProfile ?? [];
  if (profile === undefined || others.length > 0)
    throw new AttributeError(['clusterProfile'], SUMMARY, 'Write a resource for each profile.');
  return profile;
}

const SUMMARY = 'Exactly one cluster_profile belongs here';

function validateOneProfile({ clusterProfile }: Partly): ConfigProblem[] {
  if (clusterProfile === UNKNOWN || clusterProfile?.length === 1) return [];
  return [{ path: ['clusterProfile'], summary: SUMMARY, detail: 'Write a resource for each profile.' }];
}

/** @throws AttributeError at `cluster_uid` when there is no such cluster */
async function requireCluster(uid: string, target: Target): Promise<Schemas['v1SpectroCluster']> {
  const cluster = await findCluster(uid, target);
  if (cluster !== undefined) return cluster;
  throw new AttributeError(
    ['clusterUid'],
    `There is no cluster "${uid}"`,
    'Check the identifier, and that context names where the cluster lives.',
  );
}

/** The cluster; undefined when it is gone. */
async function findCluster(
  uid: string,
  { client, scope, signal }: Target,
): Promise<Schemas['v1SpectroCluster'] | undefined> {
  try {
    const cluster = await client.get('/v1/spectroclusters/{uid}', { path: { uid }, scope, signal });
    return cluster.status === undefined || cluster.status.state === 'Deleted' ? undefined : cluster;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** What is known by its identifier alone names its cluster and its profile in it. */
function withIdentifiers(state: State): State {
  const [clusterUid = '', profileUid = ''] = state.id.split('_');
  const profiles = state.clusterProfile ?? [];
  return {
    ...state,
    clusterUid: state.clusterUid || clusterUid,
    clusterProfile: profiles.length === 0 ? [{ id: profileUid }] : profiles,
  };
}

/** The state of the attachment; undefined when it, or its cluster, is gone. */
async function readAddon(given: State, target: Target): Promise<State | undefined> {
  const { client, scope, signal } = target;
  const state = withIdentifiers(given);
  const cluster = await findCluster(state.clusterUid, target);
  if (cluster === undefined) return undefined;
  const prior = state.clusterProfile ?? [];
  const withVariables = prior.some(({ variables }) => Object.keys(variables ?? {}).length > 0);
  const path = { uid: state.clusterUid };
  const variables = withVariables
    ? await client.get('/v1/spectroclusters/{uid}/variables', { path, scope, signal })
    : [];
  const kept = readAttachments(prior, cluster.spec?.clusterProfileTemplates ?? [], variables, false);
  const [profile] = kept;
  return profile === undefined ? undefined : { ...state, id: idOf(state.clusterUid, profile.id), clusterProfile: kept };
}
