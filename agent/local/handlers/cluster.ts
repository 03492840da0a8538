/** The cluster and what is in force, as people at it see them. */
import { z } from 'zod';

import type { DesiredState, LocalVariable } from '#protocol/desired-state';
import type { LayerStatus } from '#protocol/report';

import type { Schemas } from '../contract.ts';
import { LocalError } from '../local-error.ts';
import { callerOf, limitOf, memberOf, readBody, readQuery, WRITTEN, type LocalHandlers } from '../request.ts';
import type { LocalServices } from '../services.ts';
import { streamFeed } from '../stream.ts';
import { faultsOf } from '../variables.ts';
import type { LocalMembership } from '../view.ts';
import { AGENT_VERSION } from '../../version.ts';

const Values = z.object({ values: z.record(z.string().min(1).max(256), z.string().max(65_536).nullable()) });
const Limit = z.object({ limit: limitOf(500, 100) });
const RESYNC_MS = 10 * 60_000;

type ClusterOperations =
  | 'getCluster'
  | 'getClusterDetails'
  | 'resyncCluster'
  | 'listApplications'
  | 'listProfiles'
  | 'listVariables'
  | 'setVariables'
  | 'validateVariables'
  | 'listDrift'
  | 'listActions'
  | 'listEvents'
  | 'streamEvents'
  | 'listNodes';

export function clusterHandlers(services: LocalServices): Pick<LocalHandlers, ClusterOperations> {
  const { view, variables } = services;
  let resyncing = false;

  const documentOf = (): DesiredState | undefined => view.membership()?.document()?.document;
  const variablesNow = (): Schemas['Variables'] => {
    const definitions = documentOf()?.localVariables ?? [];
    return {
      settable: definitions.length > 0,
      items: definitions.map((definition) => asVariable(definition, services, documentOf())),
    };
  };

  return {
    getCluster: async () => ({ status: 200, body: clusterOf(services) }),
    getClusterDetails: async () => {
      const document = documentOf();
      const timezone = document?.dayTwo?.timezone;
      return {
        status: 200,
        body: {
          conditions: [...(view.membership()?.status().conditions ?? [])],
          policy: document
            ? {
                drift: document.policy.drift,
                resyncSeconds: document.policy.resyncSeconds,
                ...(timezone === undefined ? {} : { timezone }),
              }
            : {},
        },
      };
    },
    resyncCluster: async (request) => {
      const { user } = callerOf(request);
      const { resync } = memberOf(view);
      if (resyncing) return { status: 202, body: { message: 'a comparison is under way already' } };
      resyncing = true;
      services.note(user.name, { action: 'comparison asked for', actionType: 'action', resourceKind: 'cluster' });
      const signal = AbortSignal.any([services.signal, AbortSignal.timeout(RESYNC_MS)]);
      resync({ signal })
        .then(
          () =>
            view.tell({
              severity: 'info',
              reason: 'Compared',
              message: 'every object was compared with the desired state',
            }),
          (error: unknown) =>
            view.tell({
              severity: 'warning',
              reason: 'ComparisonFailed',
              message: error instanceof Error ? error.message : String(error),
            }),
        )
        .finally(() => {
          resyncing = false;
        });
      return { status: 202, body: { message: 'every object is compared with the desired state now' } };
    },
    listApplications: async () => ({ status: 200, body: { items: applicationsOf(view.membership()) } }),
    listProfiles: async () => ({ status: 200, body: { items: profilesOf(documentOf()) } }),
    listVariables: async () => ({ status: 200, body: variablesNow() }),
    validateVariables: async (request) => {
      const { values } = await readBody(request, Values);
      const problems = [...faultsOf(documentOf()?.localVariables ?? [], variables.values(), values)];
      return { status: 200, body: { valid: problems.length === 0, problems } };
    },
    setVariables: async (request) => {
      const { user } = callerOf(request);
      const membership = memberOf(view);
      const { values } = await readBody(request, Values);
      const definitions = documentOf()?.localVariables ?? [];
      const faults = await variables.set(membership.clusterUid, definitions, values, request);
      if (faults.length > 0)
        throw new LocalError(422, 'Invalid', 'nothing was set', {
          details: faults.map(({ variable, message }) => `${variable}: ${message}`),
        });
      const names = Object.keys(values).toSorted();
      if (names.length > 0) {
        services.note(user.name, {
          action: 'variables set',
          actionType: 'update',
          resourceKind: 'variables',
          resourceName: names.join(', '),
        });
        view.tell({ severity: 'info', reason: 'VariablesSet', message: `set at the cluster: ${names.join(', ')}` });
        membership.reapply();
      }
      return { status: 200, body: variablesNow() };
    },
    listDrift: async (request) => ({
      status: 200,
      body: { items: view.drift().slice(0, readQuery(request, Limit).limit) },
    }),
    listActions: async (request) => ({
      status: 200,
      body: { items: actionsOf(view.membership()).slice(0, readQuery(request, Limit).limit) },
    }),
    listEvents: async (request) => ({
      status: 200,
      body: { items: view.events().slice(0, readQuery(request, Limit).limit) },
    }),
    streamEvents: async (request) => {
      await streamFeed(services, request);
      return WRITTEN;
    },
    listNodes: async () => ({
      status: 200,
      body: {
        items: (view.membership()?.status().nodes ?? []).map(({ name, ready, kubeletVersion }) => ({
          name,
          ready,
          kubeletVersion,
        })),
      },
    }),
  };
}

function clusterOf({ view }: LocalServices): Schemas['Cluster'] {
  const membership = view.membership();
  const base = { membership: view.standing(), agentVersion: AGENT_VERSION };
  const drifts = view.drift().length;
  if (!membership)
    return {
      ...base,
      kubernetesVersion: '',
      revision: 0,
      phase: 'none',
      healthy: false,
      plane: { reachable: false, bus: false },
      counts: { packs: 0, packsReady: 0, objects: 0, nodes: 0, nodesReady: 0, drifts },
    };
  const status = membership.status();
  const inForce = membership.document();
  const { layers, nodes } = status;
  return {
    ...base,
    uid: membership.clusterUid,
    name: membership.clusterName(),
    kubernetesVersion: status.kubernetesVersion,
    revision: status.revision,
    ...(inForce
      ? { digest: inForce.digest, issuedAt: inForce.document.issuedAt, lifecycle: inForce.document.lifecycle }
      : {}),
    phase: inForce ? status.phase : 'none',
    healthy: status.healthy,
    plane: {
      url: membership.planeUrl(),
      reachable: membership.planeReachable(),
      bus: membership.busConnected(),
    },
    counts: {
      packs: layers.length,
      packsReady: layers.filter(({ condition }) => condition === 'Ready').length,
      objects: layers.reduce((sum, { objects }) => sum + objects, 0),
      nodes: nodes.length,
      nodesReady: nodes.filter(({ ready }) => ready).length,
      drifts,
    },
  };
}

function applicationsOf(membership: LocalMembership | undefined): Schemas['Application'][] {
  const layers = membership?.document()?.document.layers ?? [];
  const states = new Map<string, LayerStatus>(membership?.status().layers.map((layer) => [layer.name, layer]) ?? []);
  return layers.flatMap(({ name, version, layer, profile, installPriority }) => {
    const state = states.get(name);
    if (!state) return [];
    const { condition, message, objects, startedAt, endedAt, problems } = state;
    return [
      {
        name,
        version,
        layer,
        profile: { uid: profile.uid, name: profile.name, version: profile.version },
        condition,
        message,
        objects,
        installPriority,
        startedAt,
        ...(endedAt === undefined ? {} : { endedAt }),
        problems: problems.map(({ field, message: text, apiVersion, kind, namespace, name: object }) => ({
          object: { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name: object },
          ...(field === undefined ? {} : { field }),
          message: text,
        })),
      },
    ];
  });
}

function actionsOf(membership: LocalMembership | undefined): Schemas['Action'][] {
  return (membership?.actions() ?? []).toReversed().map((run) => ({
    runId: run.runId,
    type: run.action.type,
    origin: run.origin,
    ...(run.scheduleId === undefined ? {} : { scheduleId: run.scheduleId }),
    phase: run.phase,
    step: run.step,
    ...(run.percent === undefined ? {} : { percent: run.percent }),
    message: run.message,
    askedAt: run.createdAt,
    ...(run.startedAt === undefined ? {} : { startedAt: run.startedAt }),
    ...(run.endedAt === undefined ? {} : { endedAt: run.endedAt }),
  }));
}

function profilesOf(document: DesiredState | undefined): Schemas['Profile'][] {
  const profiles = new Map<string, { uid: string; name: string; version: string; packs: string[] }>();
  for (const { name, profile } of document?.layers ?? []) {
    const { uid, name: profileName, version } = profile;
    const known = profiles.get(uid) ?? { uid, name: profileName, version, packs: [] };
    known.packs.push(name);
    profiles.set(uid, known);
  }
  return [...profiles.values()];
}

function asVariable(
  definition: LocalVariable,
  { variables }: LocalServices,
  document: DesiredState | undefined,
): Schemas['Variable'] {
  const { name, displayName, description, format, inputType, options, regex, required, immutable, isSensitive } =
    definition;
  const local = Object.hasOwn(variables.values(), name) ? variables.values()[name] : undefined;
  const layered = document?.layers.find((layer) => layer.variables?.[name] !== undefined)?.variables?.[name];
  const value = local ?? document?.context.variables[name] ?? layered ?? '';
  return {
    name,
    ...(displayName === undefined ? {} : { displayName }),
    ...(description === undefined ? {} : { description }),
    format: format ?? 'string',
    inputType: inputType ?? 'text',
    options: (options ?? []).map((option) => ({
      value: option.value,
      ...(option.label === undefined ? {} : { label: option.label }),
      ...(option.description === undefined ? {} : { description: option.description }),
    })),
    ...(regex === undefined ? {} : { regex }),
    required: required ?? false,
    immutable: immutable ?? false,
    isSensitive: isSensitive ?? false,
    hasValue: value !== '',
    ...(isSensitive === true ? {} : { value }),
    source: local === undefined ? 'plane' : 'local',
  };
}
