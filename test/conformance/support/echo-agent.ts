/** An agent that enforces nothing and says that all is well: what Terraform waits for, without a cluster. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import jwt from '@nats-io/jwt';
import { parseAllDocuments } from 'yaml';

import { createClient, isApiError, type PaletteClient } from '#openapi/client/index';
import { verifyDesiredState } from '#protocol/signature';
import { AgentCredentials } from '#protocol/registration';
import { ClusterUid } from '#protocol/identifiers';
import type { LayerStatus, StatusReport } from '#protocol/report';

import type { ConformancePlane } from './plane.ts';

export interface EchoAgent {
  /** Values of variables that the newest document resolves to. */
  readonly variables: () => Readonly<Record<string, string>>;
  /** Names of the layers of the newest document. */
  readonly layers: () => readonly string[];
  stop(): Promise<void>;
}

/** Milliseconds between two looks whether somebody imports a cluster. */
const LOOK_MS = 25;
/** Seconds for which the plane holds a question for news. */
const HELD_S = 20;

/**
 * Waits for a cluster of that name, joins it by its import manifest, and reports every document that it gets as applied
 * until its registration is revoked; then it waits for the next cluster of the name, until it is stopped.
 */
export function startEchoAgent(plane: ConformancePlane, clusterName: string): EchoAgent {
  const stopping = new AbortController();
  const { signal } = stopping;
  const joined = new Set<string>();
  let variables: Readonly<Record<string, string>> = {};
  let layers: readonly string[] = [];
  const serve = async (clusterUid: string): Promise<void> => {
    const credentials = await register(plane, clusterUid);
    const client = createClient({ host: plane.host, jwt: `Bearer ${credentials.accessToken}`, ca: plane.ca });
    let reported = 0;
    const follow = async (): Promise<void> => {
      const signed = await client.get('/v1/agents/self/desiredstate');
      const state = await verifyDesiredState(signed, {
        clusterUid: credentials.clusterUid,
        trustedKeys: credentials.trustedKeys,
        minRevision: 0,
      });
      if (state.revision === reported) return;
      variables = state.context.variables;
      layers = state.layers.map(({ name }) => name);
      await report(client, credentials, {
        revision: state.revision,
        phase: state.lifecycle === 'deleting' ? 'cleaned' : 'applied',
        layers: state.layers.map(({ name, version, profile }) => readyLayer(name, version, profile.uid)),
      });
      reported = state.revision;
    };
    try {
      await follow().catch(async (error: unknown) => {
        if (!(isApiError(error) && error.code === 'NoDesiredState')) throw error;
        await report(client, credentials, { revision: 0, phase: 'applied', layers: [] });
      });
      let digest: string | undefined;
      while (!signal.aborted) {
        const news = await client.get('/v1/agents/self/changes', {
          query: { waitSeconds: HELD_S, ...(digest === undefined ? {} : { digest }) },
          signal,
        });
        digest = news.desiredState ?? digest;
        if (news.desiredState !== undefined) await follow();
      }
    } catch (error) {
      if (!signal.aborted && !(isApiError(error) && error.code === 'AgentRevoked')) throw error;
    } finally {
      client.close();
    }
  };
  const run = async (): Promise<void> => {
    for (;;) {
      const clusterUid = await waitForCluster(plane, clusterName, { except: joined, signal });
      if (clusterUid === undefined) return;
      joined.add(clusterUid);
      await serve(clusterUid);
    }
  };
  const running = run();
  running.catch(() => undefined);
  return {
    variables: () => variables,
    layers: () => layers,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function waitForCluster(
  { client, project, requests }: ConformancePlane,
  name: string,
  { except, signal }: { readonly except: ReadonlySet<string>; readonly signal: AbortSignal },
): Promise<string | undefined> {
  let seen = -1;
  while (!signal.aborted) {
    const imports = requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/import')).length;
    if (imports === seen) {
      await pause(LOOK_MS);
      continue;
    }
    seen = imports;
    const { items } = await client.post('/v1/dashboard/spectroclusters/search', {
      body: {},
      scope: project,
      repeatable: true,
    });
    const named = items.flatMap(({ metadata }) => (metadata?.name === name ? (metadata.uid ?? []) : []));
    const uid = named.find((candidate) => !except.has(candidate));
    if (uid !== undefined) return uid;
  }
  return undefined;
}

async function register(plane: ConformancePlane, clusterUid: string): Promise<AgentCredentials> {
  const cluster = await plane.client.get('/v1/spectroclusters/{uid}', {
    path: { uid: clusterUid },
    scope: plane.project,
  });
  const token =
    new URL((cluster.status?.clusterImport?.importLink ?? '').replace('kubectl apply -f ', '')).searchParams.get(
      'token',
    ) ?? '';
  const open = createClient({ host: plane.host, ca: plane.ca });
  const manifest = await open.get('/v1/spectroclusters/{uid}/import/manifest', {
    path: { uid: clusterUid },
    query: { token },
    scope: { kind: 'tenant' },
  });
  // as: the documents of a manifest that the plane made
  const documents = parseAllDocuments(String(manifest)).map(
    (document) => document.toJSON() as { kind: string; stringData?: { token?: string } },
  );
  const oneTimeToken = documents.find(({ kind }) => kind === 'Secret')?.stringData?.token ?? '';
  const answer = await open.post('/v1/agents/register', {
    body: {
      clusterUid,
      token: oneTimeToken,
      kubernetesUid: `kube-${clusterUid}`,
      kubernetesVersion: 'v1.34.1',
      agentVersion: '0.1.0',
      busPublicKey: jwt.createUser().getPublicKey(),
    },
  });
  return AgentCredentials.parse(answer);
}

async function report(
  client: PaletteClient,
  { clusterUid }: AgentCredentials,
  status: Pick<StatusReport, 'revision' | 'phase' | 'layers'>,
): Promise<void> {
  const sentAt = new Date().toISOString();
  await client.post('/v1/agents/self/reports', {
    body: {
      heartbeat: { clusterUid, sentAt, agentVersion: '0.1.0', revision: status.revision },
      reports: [
        {
          kind: 'status',
          id: randomUUID(),
          clusterUid: ClusterUid.parse(clusterUid),
          sentAt,
          agentVersion: '0.1.0',
          kubernetesVersion: 'v1.34.1',
          healthy: true,
          nodes: [],
          ...status,
        },
      ],
    },
  });
}

function readyLayer(name: string, version: string, profileUid: string): LayerStatus {
  const now = new Date().toISOString();
  return {
    name,
    version,
    profileUid,
    condition: 'Ready',
    message: '',
    startedAt: now,
    endedAt: now,
    objects: 1,
    problems: [],
  };
}
