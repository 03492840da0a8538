/** What the bundle suites share: the command line in this process, and agents that joined a real plane. */
import { jest } from '@jest/globals';

import { runAgent } from '#agent/main';
import { runCommandLine } from '#cli/program';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { silentLogger } from '#core/log';
import { delay } from '#core/retry';
import type { PaletteClient, Scope } from '#openapi/client/index';

import { kubectl, uniqueName, type TestCluster } from '../support/cluster.ts';
import type { TestPlane } from '../support/plane.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `palette` in this process, with these variables in its environment. */
export async function palette(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Said> {
  const said = { out: '', err: '' };
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((said.out += String(text)))),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((said.err += String(text)))),
  ];
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    const code = await runCommandLine(args);
    return { code, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}

/** The plane's only project. */
export async function projectScope(client: PaletteClient): Promise<Scope> {
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope: { kind: 'tenant' } });
  return { kind: 'project', projectUid: items?.[0]?.metadata?.uid ?? '' };
}

export interface JoinedAgent {
  readonly clusterUid: string;
  readonly namespace: string;
  /** Starts it again, with what it keeps in its cluster. */
  start(): void;
  stop(): Promise<void>;
}

/** Imports a cluster with a profile attached, and joins it with a real agent in a namespace of its own. */
export async function joinAgent(
  cluster: TestCluster,
  plane: TestPlane,
  scope: Scope,
  { name, profileUid, stateDir }: { readonly name: string; readonly profileUid: string; readonly stateDir: string },
): Promise<JoinedAgent> {
  const client = plane.client();
  const { uid } = await client.post('/v1/spectroclusters/generic/import', { scope, body: { metadata: { name } } });
  const profiles = [{ uid: profileUid }];
  await client.patch('/v1/spectroclusters/{uid}/profiles', { path: { uid }, scope, body: { profiles } });
  const manifest = String(await client.get('/v1/spectroclusters/{uid}/import/manifest', { path: { uid }, scope }));
  const namespace = uniqueName('bundle-agent');
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'palette-agent-bootstrap', namespace },
    stringData: {
      planeUrl: `https://${plane.host}`,
      clusterUid: uid,
      token: /token: (\S+)/.exec(manifest)?.[1] ?? '',
      'ca.crt': plane.ca,
    },
  };
  await kubectl(cluster, ['create', 'namespace', namespace]);
  await kubectl(cluster, ['apply', '-f', '-'], { input: JSON.stringify(secret) });
  const helm = await ensureTool('helm', { signal: AbortSignal.timeout(600_000) });
  let life: { readonly stop: AbortController; readonly running: Promise<void> } | undefined;
  const agent: JoinedAgent = {
    clusterUid: uid,
    namespace,
    start: () => {
      const stop = new AbortController();
      const metrics = { host: '127.0.0.1', port: 0 };
      const config = { kubeconfig: cluster.kubeconfig, namespace, helm, stateDir, metrics };
      life = { stop, running: runAgent(config, { log: silentLogger, signal: stop.signal }) };
    },
    stop: async () => {
      life?.stop.abort();
      await life?.running;
      life = undefined;
    },
  };
  agent.start();
  await until('the cluster is healthy', async () => {
    const { status } = await client.get('/v1/dashboard/spectroclusters/{uid}/overview', { path: { uid }, scope });
    return status?.health?.state === 'Healthy';
  });
  return agent;
}

const PATIENCE_MS = 60_000;

export async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await look())) {
    if (performance.now() > end) throw new Error(`waited ${PATIENCE_MS} ms until ${what}`);
    await delay(100);
  }
}
