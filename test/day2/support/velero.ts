/** Velero's server on this machine, against a test's cluster, with backups in a folder. */
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { startChild, type Child } from '#cli/local/child';
import { freePorts } from './free-ports.ts';
import { ensureTool } from '#cli/toolchain/ensure-tool';

import { execute } from '../../support/palette.ts';
import { kubectl } from '../../support/cluster.ts';

export const VELERO_NAMESPACE = 'velero';
/** A first start may have to build it. */
const START_MS = 20 * 60_000;

/** Makes Velero's kinds and the objects of its server known to the cluster, as a pack with Velero does. */
export async function installVelero(cluster: { readonly kubeconfig: string }): Promise<void> {
  const velero = await ensureTool('velero', { signal: AbortSignal.timeout(START_MS) });
  const crds = await execute(velero, ['install', '--crds-only', '--dry-run', '-o', 'yaml'], {});
  const labels = { component: 'velero' };
  const metadata = { name: 'velero', namespace: VELERO_NAMESPACE, labels };
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: VELERO_NAMESPACE } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      // The server itself runs beside the cluster: no Pod of a fake node can.
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'velero', image: 'velero/velero:v1.18.3' }] },
        },
      },
    },
  ];
  const text = [crds.stdout, ...objects.map((object) => JSON.stringify(object))].join('\n---\n');
  await kubectl(cluster, ['apply', '--server-side', '-f', '-'], { input: text });
  await kubectl(cluster, ['wait', '--for=condition=Established', '--timeout=60s', 'crd', '-l', 'component=velero']);
}

export async function startVelero(cluster: { readonly kubeconfig: string }, dir: string): Promise<Child> {
  const signal = AbortSignal.timeout(START_MS);
  const [velero, store] = await Promise.all([ensureTool('velero', { signal }), ensureTool('fsobjects', { signal })]);
  const plugins = join(dir, 'plugins');
  await mkdir(plugins, { recursive: true });
  await symlink(store, join(plugins, 'fsobjects'));
  const [metrics, profiler] = await freePorts(2);
  return startChild({
    name: 'velero',
    command: velero,
    args: [
      'server',
      `--plugin-dir=${plugins}`,
      `--namespace=${VELERO_NAMESPACE}`,
      `--kubeconfig=${cluster.kubeconfig}`,
      `--metrics-address=127.0.0.1:${metrics}`,
      `--profiler-address=127.0.0.1:${profiler}`,
      '--backup-sync-period=5s',
      '--store-validation-frequency=5s',
    ],
    logFile: join(dir, 'velero.log'),
  });
}
