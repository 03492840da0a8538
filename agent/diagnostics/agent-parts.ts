/** What the agent puts into its diagnostics bundle. */
import { z } from 'zod';

import type { KubeClient } from '#kubernetes/client';
import { mapAt, valueAt, type KubeObject } from '#kubernetes/object';
import type { DesiredState } from '#protocol/desired-state';
import type { Report } from '#protocol/report';

import type { AgentConfig } from '../config.ts';
import type { EnforcerView } from '../enforce/enforcer.ts';
import type { Status } from '../health/status.ts';
import type { Identity } from '../identity/identity.ts';
import type { AgentMetrics } from '../metrics.ts';
import type { DiagnosticsParts } from './collect.ts';

export interface AgentFacts {
  readonly config: AgentConfig;
  readonly client: KubeClient;
  readonly identity: () => Identity;
  readonly view: () => EnforcerView;
  readonly status: () => Status;
  readonly waiting: () => readonly Report[];
  readonly busConnected: () => boolean;
  readonly metrics: AgentMetrics;
  /** Further parts by file name, of whoever has them. */
  readonly more?: DiagnosticsParts;
}

const MAX_EVENTS = 500;
const MAX_REPORTS = 1_000;

/** Secrets are looked at by nobody here; what holds values is given as names and digests. */
export function agentParts({
  config,
  client,
  identity,
  view,
  status,
  waiting,
  busConnected,
  metrics,
  more = {},
}: AgentFacts): DiagnosticsParts {
  return {
    'config.json': () => config,
    'identity.json': () => identityOutline(identity(), busConnected()),
    'policy.json': () => policyOutline(view().policy?.document, view().policy?.digest),
    'status.json': () => status(),
    'reports.json': () => waiting().slice(-MAX_REPORTS),
    'metrics.txt': async () => metrics.registry.metrics(),
    'environment.json': () => environmentOutline(process.env),
    'kubernetes/agent-namespace.json': async ({ signal }) => ownWorkloads(client, config.namespace, signal),
    'kubernetes/events.json': async ({ signal }) => newestEvents(client, config.namespace, signal),
    ...more,
  };
}

function identityOutline(
  { planeUrl, clusterUid, credentials, commandCursor }: Identity,
  busConnected: boolean,
): object {
  const { clusterName, tenantUid, projectUid, expiresAt, bus, trustedKeys, heartbeatSeconds, pollSeconds } =
    credentials;
  return {
    planeUrl,
    clusterUid,
    clusterName,
    tenantUid,
    projectUid,
    accessEnds: expiresAt,
    bus: bus === undefined ? null : { servers: bus.servers, connected: busConnected },
    signingKeys: trustedKeys.map(({ kid }) => kid),
    heartbeatSeconds,
    pollSeconds,
    commandCursor,
  };
}

function policyOutline(document: DesiredState | undefined, digest: string | undefined): object | null {
  if (document === undefined) return null;
  const { revision, issuedAt, lifecycle, policy, layers, context, dayTwo } = document;
  return {
    revision,
    digest,
    issuedAt,
    lifecycle,
    policy,
    layers: layers.map(({ name, version, layer, content, installPriority, profile, manifests, enforcement }) => ({
      name,
      version,
      layer,
      content,
      installPriority,
      profile,
      manifests: manifests.map((manifest) => manifest.name),
      enforcement,
    })),
    variables: Object.keys(context.variables),
    macros: Object.keys(context.macros),
    dayTwo: dayTwo && {
      timezone: dayTwo.timezone,
      windows: dayTwo.windows,
      schedules: dayTwo.schedules.map(({ id, cron, action }) => ({ id, cron, type: action.type })),
      backupLocations: dayTwo.backupLocations.map(({ uid, name, provider, isDefault }) => ({
        uid,
        name,
        provider,
        isDefault,
      })),
      agentRelease: dayTwo.agentRelease && {
        version: dayTwo.agentRelease.version,
        content: dayTwo.agentRelease.content,
      },
      agentUpgrades: dayTwo.agentUpgrades,
    },
  };
}

/** Names that say how the agent reaches others; a value of a proxy may hold a password, which the redactor takes out. */
const ENVIRONMENT = /^(https?_proxy|no_proxy|all_proxy|node_options|node_extra_ca_certs|otel_.*endpoint|tz|lang)$/i;

function environmentOutline(env: NodeJS.ProcessEnv): object {
  return Object.fromEntries(Object.entries(env).filter(([name]) => ENVIRONMENT.test(name)));
}

async function ownWorkloads(client: KubeClient, namespace: string, signal: AbortSignal): Promise<object> {
  const found: Record<string, unknown> = {};
  for (const [apiVersion, kind] of [
    ['apps/v1', 'Deployment'],
    ['v1', 'Pod'],
  ] as const) {
    const type = await client.discovery.resourceType({ apiVersion, kind }, { signal });
    const items = type ? (await client.list(type, { namespace, signal })).items : [];
    found[kind] = items.map((item) => ({
      name: item.metadata.name,
      labels: item.metadata.labels,
      images: imagesOf(item),
      status: mapAt(item, 'status'),
    }));
  }
  return found;
}

const Containers = z.array(z.object({ image: z.string() })).catch([]);

function imagesOf(item: KubeObject): readonly string[] {
  const template = valueAt(item, 'spec', 'template', 'spec', 'containers') ?? valueAt(item, 'spec', 'containers');
  return Containers.parse(template).map(({ image }) => image);
}

async function newestEvents(client: KubeClient, namespace: string, signal: AbortSignal): Promise<readonly object[]> {
  const type = await client.discovery.resourceType({ apiVersion: 'v1', kind: 'Event' }, { signal });
  if (!type) return [];
  const { items } = await client.list(type, { namespace, signal });
  // The API server gives them by name.
  return items
    .map((event) => ({
      at: timeOf(event),
      type: valueAt(event, 'type'),
      reason: valueAt(event, 'reason'),
      object: valueAt(event, 'involvedObject'),
      message: valueAt(event, 'message'),
      count: valueAt(event, 'count'),
    }))
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
    .slice(-MAX_EVENTS);
}

function timeOf(event: KubeObject): string {
  const told =
    valueAt(event, 'lastTimestamp') ?? valueAt(event, 'eventTime') ?? valueAt(event, 'metadata', 'creationTimestamp');
  return typeof told === 'string' ? told : '';
}
