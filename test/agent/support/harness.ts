/** A real API server, a fake plane, and agents between them. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

import type { JsonMap, KubeObject, ObjectRef } from '#kubernetes/object';
import type { AgentConfigInput } from '#agent/config';
import { runAgent, type RunAgentOptions } from '#agent/main';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { createLogger, type Logger } from '#core/log';
import { delay } from '#core/retry';
import { packArchive } from '#packs/index';
import type { DesiredLayer } from '#protocol/desired-state';
import type { Report, StatusReport } from '#protocol/report';

import { sharedCluster, uniqueName } from '../../support/cluster.ts';
import { createFakePlane, type FakePlane } from './fake-plane.ts';
import { outsiderAt, type Outsider } from './outsider.ts';

export interface TestCluster {
  /** For files of this suite. */
  readonly dir: string;
  readonly kubeconfig: string;
  readonly outsider: Outsider;
  readonly helm: string;
  close(): Promise<void>;
}

/** A cluster, by default that of this test run, and what this suite needs besides. */
export async function openCluster(own?: { readonly kubeconfig: string }): Promise<TestCluster> {
  const dir = await mkdtemp(path.join(tmpdir(), 'agent-test-'));
  const { kubeconfig } = own ?? (await sharedCluster());
  return {
    dir,
    kubeconfig,
    outsider: outsiderAt(kubeconfig),
    helm: await ensureTool('helm', { signal: AbortSignal.timeout(START_MS) }),
    close: async () => rm(dir, { recursive: true, force: true }),
  };
}

export interface RunningAgent {
  /** The agent's counters by name, summed over labels. */
  metric(name: string): Promise<number>;
  /** Stops it as a supervisor does. */
  stop(): Promise<void>;
}

/** One cluster as the plane sees it: a namespace of its own for the agent, so that tests do not meet. */
export interface TestSite {
  readonly namespace: string;
  readonly plane: FakePlane;
  /** Writes the Secret that the import manifest brings. */
  invite(token?: string): Promise<void>;
  /** With more settings, and more told about it, when a test asks for that. */
  startAgent(
    more?: { readonly config?: Partial<AgentConfigInput> } & Pick<RunAgentOptions, 'onLocalApi' | 'localPage' | 'now'>,
  ): Promise<RunningAgent>;
  object(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** Creates or changes an object as somebody else. */
  edit(ref: ObjectRef, patch: JsonMap): Promise<KubeObject>;
  create(object: KubeObject): Promise<void>;
  /** The document that the cluster remembers as applied, once there is one. */
  settledDocument(): Promise<string | undefined>;
  remove(ref: ObjectRef): Promise<void>;
  /** Names of the Secrets that the agent keeps for itself. */
  ownSecrets(): Promise<readonly string[]>;
  status(): StatusReport | undefined;
  reports<K extends Report['kind']>(kind: K): readonly Extract<Report, { readonly kind: K }>[];
  /** Waits until the plane was told that this revision is applied. */
  applied(revision: number): Promise<StatusReport>;
  stop(): Promise<void>;
}

const log: Logger = createLogger({ level: process.env['AGENT_TEST_LOG'] === undefined ? 'silent' : 'debug' });
/** A first start may have to build the servers. */
const START_MS = 20 * 60_000;

export async function createSite(cluster: TestCluster): Promise<TestSite> {
  const namespace = uniqueName('site');
  const plane = await createFakePlane(path.join(cluster.dir, namespace));
  const { outsider } = cluster;
  await outsider.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const agents = new Set<RunningAgent>();
  const site: TestSite = {
    namespace,
    plane,
    invite: async (token = plane.token()) => {
      const data = { planeUrl: plane.url, clusterUid: plane.clusterUid, token, 'ca.crt': plane.ca };
      const encoded = Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
      );
      await outsider.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'palette-agent-bootstrap', namespace },
        data: encoded,
      });
    },
    startAgent: async ({ config: moreConfig, ...told } = {}) => {
      const stop = new AbortController();
      let markListening: (port: number) => void = () => undefined;
      const listening = new Promise<number>((resolve) => {
        markListening = resolve;
      });
      const config = {
        kubeconfig: cluster.kubeconfig,
        namespace,
        helm: cluster.helm,
        stateDir: cluster.dir,
        readyPatienceMs: 20_000,
        prunePatienceMs: 20_000,
        ...moreConfig,
      };
      const running = runAgent(config, {
        log,
        signal: stop.signal,
        onListening: ({ port }) => markListening(port),
        ...told,
      });
      const port = await Promise.race([listening, running.then(() => 0)]);
      const agent: RunningAgent = {
        metric: async (name) => {
          const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
          const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
          return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
        },
        stop: async () => {
          agents.delete(agent);
          stop.abort();
          await running;
        },
      };
      agents.add(agent);
      return agent;
    },
    object: outsider.object,
    edit: outsider.edit,
    create: outsider.create,
    settledDocument: async () => {
      const parent = { apiVersion: 'v1', kind: 'Secret', namespace, name: 'palette-agent-applyset' };
      return (await outsider.object(parent))?.metadata.annotations?.['palette-iac.dev/applied-document'];
    },
    remove: outsider.remove,
    ownSecrets: async () =>
      (await outsider.secretNames(namespace)).filter((name) => name !== 'palette-agent-bootstrap'),
    status: () => site.reports('status').at(-1),
    reports: (kind) =>
      plane.reports.filter((report): report is Extract<Report, { readonly kind: typeof kind }> => report.kind === kind),
    applied: async (revision) =>
      eventually(
        `revision ${revision} is applied`,
        () => {
          const status = site.status();
          return status?.revision === revision && status.phase === 'applied' ? status : undefined;
        },
        () => JSON.stringify(site.status()),
      ),
    stop: async () => {
      for (const agent of agents) await agent.stop();
      await plane.stop();
    },
  };
  return site;
}

/** A layer of inline manifests. */
export function layer(name: string, priority: number, ...objects: readonly object[]): DesiredLayer {
  return {
    name,
    profile: { uid: 'c'.repeat(24), name: 'profile', version: '1.0.0' },
    layer: 'addon',
    version: '1.0.0',
    values: '',
    manifests: objects.map((object, at) => ({ name: `${name}-${at}`, content: JSON.stringify(object) })),
    installPriority: priority,
  };
}

/** A pack archive with one manifest, a template: a ConfigMap whose text is `{{ .Values.text }}`. */
export async function packWith(cluster: TestCluster, namespace: string, name: string): Promise<Uint8Array> {
  const dir = path.join(cluster.dir, `${namespace}-${name}`);
  await mkdir(path.join(dir, 'manifests'), { recursive: true });
  const about = {
    name,
    version: '1.0.0',
    displayName: name,
    layer: 'addon',
    annotations: {},
    kubeManifests: ['manifests/text.yaml'],
    charts: [],
  };
  await writeFile(path.join(dir, 'pack.json'), JSON.stringify(about));
  await writeFile(
    path.join(dir, 'values.yaml'),
    `pack:\n  namespace: ${namespace}\nmanifests:\n  text:\n    text: as packed\n`,
  );
  const manifest = { ...configMap(namespace, name, {}), data: { text: '{{ .Values.text }}' } };
  await writeFile(path.join(dir, 'manifests', 'text.yaml'), JSON.stringify(manifest));
  return packArchive(dir);
}

export function configMap(namespace: string, name: string, data: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

export function refTo({ apiVersion, kind, metadata }: KubeObject): ObjectRef {
  return {
    apiVersion,
    kind,
    name: metadata.name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  };
}

const PATIENCE_MS = 30_000;

/** Waits until a condition gives something; fails with what was waited for and what was seen last. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  seen: () => string = () => '',
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > until) throw new Error(`waited ${patienceMs} ms until ${what}; last seen: ${seen()}`);
    await delay(20);
  }
}
