/**
 * Flux's kustomize-controller as a process of its own. Its sources are objects whose status says where an archive is: they
 * are written here, and the archive is served from here, so that no other controller has a part in what is measured.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import { create as createTar } from 'tar';

import { cacheFolder } from '#cli/folders';
import type { ControlPlane } from '#cli/local/control-plane';
import { packageRoot } from '#cli/package-root';
import { buildTool } from '#cli/toolchain/build-tool';
import type { Build } from '#cli/toolchain/tools';
import { isMap, valueAt } from '#kubernetes/object';
import { kubectl } from '#test/support/cluster';

import type { Enforcer } from './enforcer.ts';
import { waitFor } from './wait-for.ts';

const VERSION = '1.7.3';
/** The command builds it on demand; it is no tool of the product. */
const build: Build = {
  binary: 'kustomize-controller',
  version: VERSION,
  module: join(packageRoot, 'tools/flux'),
  package: 'github.com/fluxcd/kustomize-controller',
  links: [],
  stamps: {},
  cold: { seconds: 480, packages: 2300 },
};
const NAMESPACE = 'flux-system';
const SOURCE_GROUP = 'source.toolkit.fluxcd.io';
const KUSTOMIZE_GROUP = 'kustomize.toolkit.fluxcd.io';

/** A thousand Kustomizations compared every few seconds would do nothing else: its makers' benchmark has ten minutes. */
const SLOW_SECONDS = 600;
const MANY = 50;

export interface FluxOptions {
  /** How often each Kustomization is compared with the cluster, in seconds: there is no watch on what was applied. */
  readonly intervalSeconds: number;
  /** Kustomizations worked on at once. Its default is 4; the benchmark of its makers raises it. */
  readonly concurrent: number;
}

export async function startFlux(cluster: ControlPlane, options: FluxOptions): Promise<Enforcer> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-flux-'));
  const signal = AbortSignal.timeout(30 * 60_000);
  const folder = await buildTool(build, {
    cache: cacheFolder(process.env),
    env: process.env,
    signal,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  await apply(cluster, [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    definition(SOURCE_GROUP, 'GitRepository', 'gitrepositories'),
    // The controller watches the other kinds of sources too.
    definition(SOURCE_GROUP, 'OCIRepository', 'ocirepositories'),
    definition(SOURCE_GROUP, 'Bucket', 'buckets'),
    definition(SOURCE_GROUP, 'ExternalArtifact', 'externalartifacts'),
    definition(KUSTOMIZE_GROUP, 'Kustomization', 'kustomizations'),
  ]);
  await kubectl(cluster, ['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
  let archive: Buffer = Buffer.alloc(0);
  const server = createServer((_request, response) => void response.end(archive)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // as: it listens on a port
  const child = spawn(
    join(folder, build.binary),
    [
      '--watch-all-namespaces=true',
      '--enable-leader-election=false',
      '--metrics-addr=127.0.0.1:0',
      '--health-addr=127.0.0.1:0',
      `--concurrent=${options.concurrent}`,
      '--kube-api-qps=500',
      '--kube-api-burst=1000',
      '--log-level=error',
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, KUBECONFIG: cluster.kubeconfig, RUNTIME_NAMESPACE: NAMESPACE },
    },
  );
  const { pid } = child;
  if (pid === undefined) throw new Error('the controller cannot be started');
  let generation = 0;
  const offer = async (units: readonly { readonly name: string; readonly objects: readonly object[] }[]) => {
    const source = join(dir, String(++generation));
    for (const { name, objects } of units) {
      await mkdir(join(source, name), { recursive: true });
      await writeFile(
        join(source, name, 'objects.yaml'),
        objects.map((one) => `---\n${JSON.stringify(one)}\n`).join(''),
      );
    }
    archive = await buffer(
      createTar(
        { cwd: source, gzip: true, portable: true },
        units.map(({ name }) => name),
      ),
    );
    const digest = createHash('sha256').update(archive).digest('hex');
    await apply(cluster, [{ ...repository(), spec: { interval: '1h', url: 'https://example.com/bench.git' } }]);
    const status = {
      observedGeneration: 1,
      conditions: [condition()],
      artifact: {
        url: `http://127.0.0.1:${port}/${digest}.tar.gz`,
        path: `${digest}.tar.gz`,
        revision: `main@sha1:${digest.slice(0, 40)}`,
        digest: `sha256:${digest}`,
        lastUpdateTime: new Date().toISOString(),
        size: archive.length,
      },
    };
    const where = ['gitrepository', 'bench', '--namespace', NAMESPACE, '--subresource=status'];
    await kubectl(cluster, ['patch', ...where, '--type=merge', '--patch', JSON.stringify({ status })]);
  };
  return {
    name: `Flux ${VERSION}`,
    pid,
    deliver: async (units) => {
      await kubectl(cluster, ['delete', 'kustomizations', '--all', '--namespace', NAMESPACE, '--timeout=600s']);
      await offer(units);
      await apply(
        cluster,
        units.map(({ name }) => kustomization(name, units.length > MANY ? SLOW_SECONDS : options.intervalSeconds)),
      );
      await waitFor('all Kustomizations are ready', async () => {
        const path = `/apis/${KUSTOMIZE_GROUP}/v1/namespaces/${NAMESPACE}/kustomizations`;
        const list: unknown = JSON.parse(await kubectl(cluster, ['get', '--raw', path]));
        const items = valueAt(list, 'items');
        return Array.isArray(items) && items.length === units.length && items.every(isReady);
      });
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

const repository = () => ({
  apiVersion: `${SOURCE_GROUP}/v1`,
  kind: 'GitRepository',
  metadata: { name: 'bench', namespace: NAMESPACE },
});

const condition = () => ({
  type: 'Ready',
  status: 'True',
  reason: 'Succeeded',
  message: '',
  lastTransitionTime: new Date().toISOString(),
});

function kustomization(name: string, intervalSeconds: number): object {
  return {
    apiVersion: `${KUSTOMIZE_GROUP}/v1`,
    kind: 'Kustomization',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      interval: `${intervalSeconds}s`,
      path: `./${name}`,
      prune: true,
      wait: true,
      timeout: '5m',
      sourceRef: { kind: 'GitRepository', name: 'bench' },
    },
  };
}

function isReady(kustomization: unknown): boolean {
  const conditions = valueAt(kustomization, 'status', 'conditions');
  return (
    Array.isArray(conditions) &&
    conditions.some((one) => isMap(one) && one['type'] === 'Ready' && one['status'] === 'True')
  );
}

/** Served as its makers define it, but for the validation of what is written here. */
function definition(group: string, kind: string, plural: string): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
}

async function apply(cluster: ControlPlane, objects: readonly object[]): Promise<void> {
  const input = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  await kubectl(cluster, ['apply', '--server-side', '-f', '-'], { input });
}
