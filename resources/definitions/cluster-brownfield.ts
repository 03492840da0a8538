import type { Scope } from '#openapi/client/index';
import {
  AttributeError,
  keysWithTrait,
  resource,
  UNKNOWN,
  type ConfigProblem,
  type OperationContext,
  type PlanChange,
} from '#resources/engine/index';
import type { PartlyKnownValues } from '#resources/engine/values';

import {
  applyProfileChanges,
  checkAttachments,
  planProfileChanges,
  toAttachment,
} from './cluster-brownfield/attachments.ts';
import { importCluster } from './cluster-brownfield/import-cluster.ts';
import type { Attachment, Planned, State } from './cluster-brownfield/model.ts';
import { maintainNodes } from './cluster-brownfield/nodes.ts';
import { readCluster, type ReadTarget } from './cluster-brownfield/read.ts';
import { readinessOf } from './cluster-brownfield/readiness.ts';
import { clusterBrownfieldSchema } from './cluster-brownfield/schema.ts';
import { applySettings } from './cluster-brownfield/settings.ts';
import { deleteCluster, isWithoutAgent, waitUntilHealthy } from './cluster-brownfield/wait.ts';
import { resolveCluster } from './shared/clusters.ts';
import { importIdOf, parseContextualImportId } from './shared/import-id.ts';
import { tagsToLabels } from './shared/labels.ts';

/** What is fixed when the cluster is imported. */
const IMMUTABLE = keysWithTrait(clusterBrownfieldSchema, 'immutable');

export const clusterBrownfield = resource({
  type: 'spectrocloud_cluster_brownfield',
  description:
    'A Kubernetes cluster that exists already and is managed from here on. Run `kubectl_command` against it to bring the agent to it.',
  schemaVersion: 2,
  schema: clusterBrownfieldSchema,
  timeouts: { create: '10m', read: '5m', update: '10m', delete: '10m' },

  validate: ({ config }) => validateMode(config),

  // Version 1 had cluster_profile as a list: the same elements make the set.
  upgradeState: ({ state }) => state,

  async modifyPlan({ planned, prior }, ctx) {
    const frozen = prior === undefined ? [] : immutableProblems(planned, prior);
    if (planned.context === UNKNOWN) return frozen;
    return [
      ...frozen,
      ...(await checkProfiles(knownAttachments(planned, prior), ctx.scopeOf(planned.context ?? 'project'), ctx)),
    ];
  },

  async create({ planned, checkpoint }, ctx) {
    const { client, signal } = ctx;
    const scope = ctx.scopeOf(planned.context);
    const attachments = planned.clusterProfile ?? [];
    // A wrong profile or value must not leave a cluster behind that nobody asked for.
    await checkAttachments(attachments, client, scope, signal);
    const uid = await importCluster(planned, client, scope, signal);
    const imported = { ...planned, id: uid };
    checkpoint(imported);
    const attach = attachments.map((attachment) => toAttachment(attachment));
    await applyProfileChanges(uid, { attach, detach: [], variables: [] }, planned.applySetting, {
      client,
      signal,
      scope,
    });
    await applySettings(planned, {}, { uid, client, scope, signal });
    const state = (await readCluster(imported, readTarget(imported, ctx))) ?? imported;
    if (planned.skipCompletion || hasTag(planned, 'skip_completion')) return state;
    checkpoint(state);
    await waitUntilHealthy({ uid, name: planned.name, kubectlCommand: state.kubectlCommand ?? '' }, { ...ctx, scope });
    return (await readCluster(state, readTarget(state, ctx))) ?? state;
  },

  async read({ state }, ctx) {
    const found = await readCluster(state, readTarget(state, ctx));
    return found === undefined ? { kind: 'absent' } : { kind: 'current', state: found };
  },

  async update({ planned, prior }, ctx) {
    const { client, signal } = ctx;
    const scope = ctx.scopeOf(prior.context);
    const path = { uid: planned.id };
    const profilesChange = !same(planned.clusterProfile, prior.clusterProfile);
    const profiles = profilesChange
      ? await checkAttachments(planned.clusterProfile ?? [], client, scope, signal)
      : undefined;
    const cluster = await client.get('/v1/spectroclusters/{uid}', { path, scope, signal });

    if (planned.description !== prior.description || !same(tagsToLabels(planned.tags), tagsToLabels(prior.tags))) {
      await client.patch('/v1/spectroclusters/{uid}/metadata', {
        path,
        body: {
          metadata: {
            name: planned.name,
            labels: tagsToLabels(planned.tags),
            annotations: { description: planned.description },
          },
        },
        scope,
        signal,
      });
    }
    await applySettings(planned, prior, { uid: planned.id, client, scope, signal });
    const changes =
      profiles &&
      planProfileChanges(
        prior.clusterProfile,
        planned.clusterProfile,
        cluster.spec?.clusterProfileTemplates ?? [],
        profiles,
      );
    const changed =
      changes !== undefined &&
      (await applyProfileChanges(planned.id, changes, planned.applySetting, { client, signal, scope }));
    if (!same(planned.machinePool, prior.machinePool)) {
      const configUid = cluster.spec?.cloudConfigRef?.uid;
      if (configUid === undefined)
        throw new AttributeError(
          ['machinePool'],
          'Nodes are not known yet',
          'The cluster has no cloud config until its agent has connected.',
        );
      await maintainNodes(
        planned.machinePool,
        prior.machinePool,
        { cloudType: planned.cloudType, configUid, scope },
        ctx,
      );
    }
    if (changed && !planned.skipCompletion && !hasTag(planned, 'skip_apply')) {
      const kubectlCommand = cluster.status?.clusterImport?.importLink ?? '';
      if (isWithoutAgent(cluster)) {
        ctx.warn(
          `Cluster "${planned.name}" has no agent yet`,
          `The change takes effect when an agent has connected. Run this against the cluster:\n\n  ${kubectlCommand}`,
        );
      } else {
        await waitUntilHealthy({ uid: planned.id, name: planned.name, kubectlCommand }, { ...ctx, scope });
      }
    }
    return (await readCluster(planned, readTarget(planned, ctx))) ?? planned;
  },

  async delete({ state }, ctx) {
    await deleteCluster(
      { uid: state.id, name: state.name },
      { force: state.forceDelete, forceAfterMinutes: state.forceDeleteDelay },
      { ...ctx, scope: ctx.scopeOf(state.context) },
    );
  },

  async importState({ id }, ctx) {
    const { idOrName, context, rest } = parseContextualImportId(id, {
      expected: 'idOrName:context:cloudType',
      rest: 'required',
    });
    const scope = ctx.scopeOf(context);
    const uid = await resolveCluster(idOrName, scope, ctx);
    const { spec } = await ctx.client.get('/v1/spectroclusters/{uid}', { path: { uid }, scope, signal: ctx.signal });
    const attached = (spec?.clusterProfileTemplates ?? []).flatMap((template) =>
      template.uid === undefined ? [] : [{ id: template.uid }],
    );
    return { id: uid, context, cloudType: rest ?? 'generic', clusterProfile: attached };
  },

  identity: ({ planned: { name, context, cloudType } }) => importIdOf(name, context, cloudType),

  readiness: ({ state }) => readinessOf(state),

  watched: ({ state }) => ({ type: 'spectrocluster', uid: state.id }),
});

function readTarget(state: Pick<State, 'context'>, ctx: OperationContext): ReadTarget {
  return {
    client: ctx.client,
    scope: ctx.scopeOf(state.context),
    signal: ctx.signal,
    allProfiles: ctx.feature('flag', 'disable_addon_deployment_resource'),
  };
}

function hasTag({ tags }: Planned, wanted: string): boolean {
  return (tags ?? []).includes(wanted);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
}

type Partly = PartlyKnownValues<typeof clusterBrownfieldSchema>;

/** What is fixed cannot change in place, and a cluster is not replaced by the way: that would remove what runs on it. */
function immutableProblems(planned: Partly, prior: State): PlanChange[] {
  return IMMUTABLE.filter(
    (key) => planned[key] !== UNKNOWN && meaning(key, planned[key]) !== meaning(key, prior[key]),
  ).map((key) => ({
    kind: 'problem',
    problem: {
      path: [key],
      summary: 'This cannot be changed after the cluster is imported',
      detail: `It was ${JSON.stringify(prior[key])}. To import the cluster anew, delete it here and make it again (terraform apply -replace does both), which first takes off the cluster what its profiles brought.`,
    },
  }));
}

/** An empty import mode is another way to write `full`. */
function meaning(key: keyof Partly, value: unknown): unknown {
  return key === 'importMode' && (value === '' || value === undefined) ? 'full' : (value ?? '');
}

/** Attachments that a plan adds or changes, as far as they are wholly known. */
function knownAttachments({ clusterProfile }: Partly, prior: State | undefined): Attachment[] {
  if (clusterProfile === undefined || clusterProfile === UNKNOWN) return [];
  return clusterProfile.flatMap((entry) => {
    if (entry === UNKNOWN || entry.id === undefined || entry.id === UNKNOWN || entry.variables === UNKNOWN) return [];
    const variables = Object.entries(entry.variables ?? {});
    const known = variables.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []));
    if (known.length < variables.length) return [];
    const attachment = { id: entry.id, variables: Object.fromEntries(known) };
    const before = prior?.clusterProfile?.find(({ id }) => id === attachment.id);
    return before !== undefined && same(before.variables ?? {}, attachment.variables) ? [] : [attachment];
  });
}

async function checkProfiles(
  attachments: readonly Attachment[],
  scope: Scope,
  { client, signal }: OperationContext,
): Promise<PlanChange[]> {
  try {
    await checkAttachments(attachments, client, scope, signal);
    return [];
  } catch (error) {
    if (!(error instanceof AttributeError)) throw error;
    return [{ kind: 'problem', problem: { path: error.path, summary: error.summary, detail: error.detail } }];
  }
}

/** A cluster that is only looked at runs nothing of ours. */
function validateMode({ importMode, clusterProfile }: Partly): ConfigProblem[] {
  if (
    importMode !== 'read_only' ||
    clusterProfile === undefined ||
    clusterProfile === UNKNOWN ||
    clusterProfile.length === 0
  )
    return [];
  return [
    {
      path: ['importMode'],
      summary: 'A cluster imported read-only takes no profiles',
      detail: 'Import it with import_mode "full", or leave cluster_profile out.',
    },
  ];
}
