/** An agent as the plane sees one: registers, fetches, reports; enforces nothing. */
import { randomUUID } from 'node:crypto';

import jwt from '@nats-io/jwt';
import { parseAllDocuments } from 'yaml';

import { retry } from '#core/retry';
import type { DesiredState } from '#protocol/desired-state';
import type { ClusterUid } from '#protocol/identifiers';
import { AgentCredentials } from '#protocol/registration';
import type { Report, StatusReport } from '#protocol/report';
import { verifyDesiredState } from '#protocol/signature';
import { BusError, type Bus, type BusStatus } from '#protocol/bus';
import { connectBus } from '#protocol/nats';
import { inboxPrefix, reportSubject } from '#protocol/subjects';

import { logger, type Answer, type TestPlane } from './fleet-plane.ts';

export interface TestAgent {
  readonly credentials: AgentCredentials;
  /** Of its key on the bus. */
  readonly seed: string;
  /** A call with this agent's access token. */
  call(path: string, call?: Parameters<TestPlane['bare']>[1]): Promise<Answer>;
  /** The newest desired state, verified. */
  desiredState(): Promise<DesiredState>;
  status(over?: Partial<StatusReport>): StatusReport;
  report(report: Report): Promise<Answer>;
  connect(signal: AbortSignal, onStatus?: (status: BusStatus) => void): Promise<Bus>;
  publish(bus: Bus, report: Report): Promise<void>;
}

/** Fetches the manifest from the cluster's import link and reads the one-time token out of it. */
export async function fetchToken(plane: TestPlane, clusterUid: string): Promise<string> {
  const cluster = await plane.call(`/v1/spectroclusters/${clusterUid}`);
  const link: string = cluster.body.status.clusterImport.importLink;
  const manifest = await plane.bare(link.replace('kubectl apply -f https://plane.example.test', ''));
  if (manifest.status !== 200) throw new Error(`import manifest: ${manifest.status}`);
  return tokenIn(String(manifest.body));
}

export function tokenIn(manifest: string): string {
  const documents = parseAllDocuments(manifest).map(
    (document) => document.toJSON() as { kind: string; stringData?: { token: string } },
  );
  return documents.find((document) => document.kind === 'Secret')?.stringData?.token ?? '';
}

export async function registerAgent(
  plane: TestPlane,
  clusterUid: string,
  options: { token?: string; kubernetesUid?: string; agentVersion?: string } = {},
): Promise<TestAgent> {
  const key = jwt.createUser();
  const answer = await plane.bare('/v1/agents/register', {
    method: 'POST',
    body: {
      clusterUid,
      token: options.token ?? (await fetchToken(plane, clusterUid)),
      kubernetesUid: options.kubernetesUid ?? `kube-${clusterUid}`,
      kubernetesVersion: 'v1.34.1',
      agentVersion: options.agentVersion ?? '0.1.0',
      busPublicKey: key.getPublicKey(),
    },
  });
  if (answer.status !== 201)
    throw Object.assign(new Error(`register: ${answer.status} ${JSON.stringify(answer.body)}`), { answer });
  const credentials = AgentCredentials.parse(answer.body);
  const call: TestAgent['call'] = async (path, request = {}) =>
    plane.bare(path, {
      ...request,
      headers: { authorization: `Bearer ${credentials.accessToken}`, ...request.headers },
    });
  return {
    credentials,
    seed: new TextDecoder().decode(key.getSeed()),
    call,
    desiredState: async () => {
      const { status, body } = await call('/v1/agents/self/desiredstate');
      if (status !== 200) throw new Error(`desired state: ${status}`);
      return verifyDesiredState(body, {
        clusterUid: credentials.clusterUid,
        trustedKeys: credentials.trustedKeys,
        minRevision: 0,
      });
    },
    status: (over = {}) => statusReport(credentials.clusterUid, over),
    report: async (report) => call('/v1/agents/self/reports', { method: 'POST', body: { reports: [report] } }),
    connect: async (signal, onStatus) => {
      if (!credentials.bus) throw new Error('no bus');
      return connectBus({
        servers: credentials.bus.servers,
        jwt: credentials.bus.jwt,
        seed: new TextDecoder().decode(key.getSeed()),
        inboxPrefix: inboxPrefix(credentials.clusterUid),
        name: 'test agent',
        log: logger,
        signal,
        ...(onStatus ? { onStatus } : {}),
      });
    },
    publish: async (bus, report) => {
      // As an agent does: a bus that has just begun may answer pings before its streams.
      await retry(
        async () =>
          bus.publishDurable(reportSubject(credentials.clusterUid), JSON.stringify(report), { msgId: report.id }),
        {
          attempts: 20,
          baseMs: 100,
          maxMs: 1_000,
          retryable: (error) => error instanceof BusError && error.code === 'NoResponders',
          signal: AbortSignal.timeout(30_000),
        },
      );
    },
  };
}

export function statusReport(clusterUid: ClusterUid, over: Partial<StatusReport> = {}): StatusReport {
  return {
    id: randomUUID(),
    clusterUid,
    sentAt: new Date().toISOString(),
    kind: 'status',
    agentVersion: '0.1.0',
    kubernetesVersion: 'v1.34.1',
    revision: 1,
    phase: 'applied',
    healthy: true,
    layers: [],
    nodes: [],
    ...over,
  };
}
