/** A real Kubernetes API for tests: one a test run, shared by the suites that ask for it. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { lock } from '#cli/file-lock';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from '#cli/local/control-plane';
import { startGuard } from '#cli/local/guard';
import { runKubectl } from '#cli/local/kubectl';
import { addFakeNode } from '#cli/local/nodes';
import { identify } from '#cli/process-identity';

const TestCluster = z.object({
  /** A kubeconfig file with an administrator's credentials. */
  kubeconfig: z.string(),
  server: z.string(),
  caFile: z.string(),
  adminCertFile: z.string(),
  adminKeyFile: z.string(),
});
export type TestCluster = z.infer<typeof TestCluster>;

/** A first start may have to build the servers. */
const START_MS = 20 * 60_000;

/**
 * The cluster of this test run: all controllers, one fake node on which Pods count as running. Use
 * `uniqueName()` for whatever you make there: other suites use it at the same time. It ends when
 * the test run does.
 */
export async function sharedCluster(): Promise<TestCluster> {
  const owner = testRunPid();
  const started = (await identify(owner))?.started.replaceAll(/\W/g, '') ?? '';
  const folder = join(tmpdir(), `palette-test-run-${owner}-${started}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const signal = AbortSignal.timeout(START_MS);
  const held = await lock(join(folder, 'lock'), { signal });
  try {
    const file = join(folder, 'cluster.json');
    const present = await readFile(file, 'utf8').catch(() => undefined);
    if (present !== undefined) return TestCluster.parse(JSON.parse(present));
    const plane = await startControlPlane({
      dir: join(folder, 'cluster'),
      durable: false,
      signal,
      guard: startGuard({ ownerPid: owner, removeAfter: folder }),
    });
    await addFakeNode(plane.kubeconfig, 'node-0', { signal });
    const cluster = TestCluster.parse(plane);
    await writeFile(file, JSON.stringify(cluster), { mode: 0o600 });
    return cluster;
  } finally {
    await held.release();
  }
}

/** A cluster of one suite's own, for tests that break it; stop it in `afterAll`. */
export async function startCluster(options: Partial<ControlPlaneOptions> = {}): Promise<ControlPlane> {
  const dir = await mkdtemp(join(tmpdir(), 'palette-cluster-'));
  const plane = await startControlPlane({ dir, durable: false, signal: AbortSignal.timeout(START_MS), ...options });
  return {
    ...plane,
    stop: async () => {
      await plane.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Runs kubectl against the cluster and gives what it printed. @throws Error with kubectl's own words. */
export async function kubectl(
  cluster: { readonly kubeconfig: string },
  args: readonly string[],
  { input }: { readonly input?: string } = {},
): Promise<string> {
  return runKubectl(cluster.kubeconfig, args, {
    signal: AbortSignal.timeout(START_MS),
    ...(input === undefined ? {} : { input }),
  });
}

/** A name that no other suite has: letters, digits and `-`, at most 63. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(4).toString('hex')}`;
}

/** The process that lives as long as the test run: Jest itself, also when this is a worker of it. */
function testRunPid(): number {
  return process.send === undefined ? process.pid : process.ppid;
}
