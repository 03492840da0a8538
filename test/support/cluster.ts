/** A real Kubernetes API for tests: one a test run, shared by the suites that ask for it. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from '#cli/local/control-plane';
import { runKubectl } from '#cli/local/kubectl';
import { addFakeNode } from '#cli/local/nodes';

import { oncePerTestRun, START_MS } from './test-run.ts';

const TestCluster = z.object({
  /** A kubeconfig file with an administrator's credentials. */
  kubeconfig: z.string(),
  server: z.string(),
  caFile: z.string(),
  adminCertFile: z.string(),
  adminKeyFile: z.string(),
});
export type TestCluster = z.infer<typeof TestCluster>;

/**
 * The cluster of this test run: all controllers, one fake node on which Pods count as running. Use
 * `uniqueName()` for whatever you make there: other suites use it at the same time. It ends when
 * the test run does.
 */
export async function sharedCluster(): Promise<TestCluster> {
  return oncePerTestRun('cluster', TestCluster, async ({ dir, guard, signal }) => {
    const plane = await startControlPlane({ dir: join(dir, 'cluster'), durable: false, signal, guard });
    await addFakeNode(plane.kubeconfig, 'node-0', { signal });
    return TestCluster.parse(plane);
  });
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
