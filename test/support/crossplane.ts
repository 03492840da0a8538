/**
 * Crossplane's core outside of the cluster that it works on, for tests. It cannot reach Pods there, so a test runs the
 * function itself and says where it is.
 */
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { startChild } from '#cli/local/child';
import { ensureAuthority, ensureCertificate } from '#cli/local/pki';
import { freePorts } from '#cli/local/ports';
import { httpProbe } from '#cli/local/probe';
import { Service } from '#cli/local/service';
import { mainFile } from '#cli/package-root';
import { findGo } from '#cli/toolchain/go';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { tools } from '#cli/toolchain/tools';
import { silentLogger } from '#core/log';
import { delay } from '#core/retry';

import { kubectl } from './cluster.ts';
import { execute } from './palette.ts';

/** A first start may have to build Crossplane. */
const START_MS = 20 * 60_000;
const READY_MS = 60_000;
const GRACE_MS = 5_000;
export const CROSSPLANE_NAMESPACE = 'crossplane-system';

export interface TestCrossplane {
  /** `core`: to stop it, kill it and start it again. */
  readonly service: Service;
  /** What Crossplane mounts into a function's Pod: `ca.crt`, `tls.crt`, `tls.key`; the certificate is for localhost. */
  readonly functionTlsDir: string;
  readonly logFile: string;
  /**
   * Lets compositions that name the function call it at `localhost:port`. The revision of an installed package is used
   * when there is one; otherwise one is made by hand.
   */
  routeFunction(name: string, port: number): Promise<void>;
  stop(): Promise<void>;
}

export interface CrossplaneOptions {
  /**
   * Who runs what packages of functions and providers hold: a Deployment in the cluster, or somebody else. Packages that
   * are installed become healthy with Deployments only. Default: `External`.
   */
  readonly packageRuntime?: 'Deployment' | 'External';
}

/** Starts core on the cluster and waits until it is ready; about six seconds. */
export async function startCrossplane(
  cluster: { readonly kubeconfig: string },
  { packageRuntime = 'External' }: CrossplaneOptions = {},
): Promise<TestCrossplane> {
  const signal = AbortSignal.timeout(START_MS);
  const [command, definitions] = await Promise.all([ensureTool('crossplane', { signal }), definitionsFolder()]);
  const dir = await mkdtemp(join(tmpdir(), 'palette-crossplane-'));
  const { clientTlsDir, functionTlsDir } = await makeCertificates(dir);
  const env = {
    KUBECONFIG: cluster.kubeconfig,
    POD_NAMESPACE: CROSSPLANE_NAMESPACE,
    POD_SERVICE_ACCOUNT: 'crossplane',
  };
  await initialise(cluster, { command, definitions, env, dir });
  const [health, metrics] = await twoPorts();
  const logFile = join(dir, 'crossplane.log');
  const service = new Service(
    {
      name: 'crossplane',
      command,
      args: [
        'core',
        'start',
        '--debug',
        '--enable-webhooks=false',
        `--package-runtime=${packageRuntime}`,
        `--cache-dir=${join(dir, 'cache')}`,
        `--tls-client-certs-dir=${clientTlsDir}`,
        ...secretNames(),
        `--health-probe-port=${health}`,
        `--metrics-port=${metrics}`,
        // Drift of composed resources is noticed by watches; this bounds what a test may wait for otherwise.
        '--poll-interval=10s',
      ],
      env,
      logFile,
      probe: httpProbe({ url: `http://127.0.0.1:${health}/readyz` }),
      readyWithinMs: READY_MS,
      graceMs: GRACE_MS,
    },
    { log: silentLogger, keepRunning: false },
  );
  const stop = async (): Promise<void> => {
    await service.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await mkdir(join(dir, 'cache'));
    await service.start({ signal });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    service,
    functionTlsDir,
    logFile,
    routeFunction: async (name, port) => routeFunction(cluster, name, port),
    stop,
  };
}

export interface TestFunction {
  readonly port: number;
  readonly service: Service;
  readonly logFile: string;
  stop(): Promise<void>;
}

/** Starts the built `palette crossplane function` as Crossplane does, and waits until it serves. */
export async function startFunction({ tlsDir }: { readonly tlsDir: string }): Promise<TestFunction> {
  const dir = await mkdtemp(join(tmpdir(), 'palette-function-'));
  const [port, metrics] = await twoPorts();
  const logFile = join(dir, 'function.log');
  const service = new Service(
    {
      name: 'function',
      command: process.execPath,
      args: [
        mainFile,
        'crossplane',
        'function',
        `--address=127.0.0.1:${port}`,
        `--metrics=127.0.0.1:${metrics}`,
        '--log-level=debug',
      ],
      env: { TLS_SERVER_CERTS_DIR: tlsDir },
      logFile,
      probe: httpProbe({ url: `http://127.0.0.1:${metrics}/healthz` }),
      readyWithinMs: READY_MS,
      graceMs: GRACE_MS,
    },
    { log: silentLogger, keepRunning: false },
  );
  await service.start({ signal: AbortSignal.timeout(READY_MS) });
  return {
    port,
    service,
    logFile,
    stop: async () => {
      await service.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export interface TestRegistry {
  /** `127.0.0.1:port`. Crossplane refuses `localhost` in package names. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts an OCI registry that keeps everything in memory. */
export async function startRegistry(): Promise<TestRegistry> {
  const command = await ensureTool('ociregistry', { signal: AbortSignal.timeout(START_MS) });
  const dir = await mkdtemp(join(tmpdir(), 'palette-registry-'));
  const [port] = await twoPorts();
  const address = `127.0.0.1:${port}`;
  const service = new Service(
    {
      name: 'ociregistry',
      command,
      args: [address],
      logFile: join(dir, 'registry.log'),
      probe: httpProbe({ url: `http://${address}/v2/` }),
      readyWithinMs: READY_MS,
      graceMs: GRACE_MS,
    },
    { log: silentLogger, keepRunning: false },
  );
  await service.start({ signal: AbortSignal.timeout(READY_MS) });
  return {
    address,
    stop: async () => {
      await service.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The folder of CustomResourceDefinitions in the module that core is built from. */
async function definitionsFolder(): Promise<string> {
  const { build } = tools.crossplane;
  const go = await findGo(process.env, 'the definitions of crossplane');
  const { exitCode, stdout, stderr } = await execute(
    go,
    ['mod', 'download', '-json', `github.com/crossplane/crossplane/v2@v${build.version}`],
    { cwd: build.module, env: { ...process.env, GOWORK: 'off' } },
  );
  if (exitCode !== 0) throw new Error(`go mod download failed: ${stderr}${stdout}`);
  const { Dir } = z.object({ Dir: z.string() }).parse(JSON.parse(stdout));
  return join(Dir, 'cluster', 'crds');
}

/** Definitions, the lock of packages, the activation of all managed resources. */
async function initialise(
  cluster: { readonly kubeconfig: string },
  options: {
    readonly command: string;
    readonly definitions: string;
    readonly env: Readonly<Record<string, string>>;
    readonly dir: string;
  },
): Promise<void> {
  await kubectl(cluster, ['apply', '-f', '-'], {
    input: [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: CROSSPLANE_NAMESPACE } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'crossplane', namespace: CROSSPLANE_NAMESPACE } },
    ]
      .map((object) => JSON.stringify(object))
      .join('\n---\n'),
  });
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const child = await startChild({
      name: 'crossplane core init',
      command: options.command,
      args: [
        'core',
        'init',
        `--cr-ds-path=${options.definitions}`,
        '--webhook-enabled=false',
        '--activation=*',
        '--tlsca-secret-name=crossplane-root-ca',
        ...secretNames(),
      ],
      env: options.env,
      logFile: join(options.dir, 'init.log'),
    });
    const { code } = await child.exited;
    if (code === 0) return;
    // The kinds that it has just made may not be known to its own client yet: then the next try goes through.
    if (Date.now() > deadline) throw new Error(`crossplane core init failed: ${await child.tail(10)}`);
    await delay(200, { signal: AbortSignal.timeout(READY_MS) });
  }
}

function secretNames(): string[] {
  return ['--tls-client-secret-name=crossplane-tls-client', '--tls-server-secret-name=crossplane-tls-server'];
}

/** Core and function know each other by an authority of the test's own. */
async function makeCertificates(dir: string): Promise<{ clientTlsDir: string; functionTlsDir: string }> {
  const authority = await ensureAuthority({ dir, name: 'ca' });
  const folder = async (name: string, usage: 'server' | 'client', names: readonly string[]): Promise<string> => {
    const target = join(dir, name);
    await mkdir(target, { mode: 0o700 });
    const files = await ensureCertificate({
      dir,
      name: `${name}-pair`,
      authority,
      commonName: name,
      names,
      usages: [usage],
    });
    await cp(authority.certFile, join(target, 'ca.crt'));
    await cp(files.certFile, join(target, 'tls.crt'));
    await cp(files.keyFile, join(target, 'tls.key'));
    return target;
  };
  const [clientTlsDir, functionTlsDir] = await Promise.all([
    folder('crossplane', 'client', []),
    folder('function', 'server', ['localhost', '127.0.0.1']),
  ]);
  return { clientTlsDir, functionTlsDir };
}

async function twoPorts(): Promise<[number, number]> {
  const [first, second] = await freePorts(2);
  if (first === undefined || second === undefined) throw new Error('no free ports');
  return [first, second];
}

const Revisions = z.object({
  items: z.array(z.object({ metadata: z.object({ name: z.string() }), spec: z.object({ desiredState: z.string() }) })),
});

async function routeFunction(cluster: { readonly kubeconfig: string }, name: string, port: number): Promise<void> {
  const label = `pkg.crossplane.io/package=${name}`;
  const listed = await kubectl(cluster, ['get', 'functionrevisions', '-l', label, '-o', 'json']);
  const active = Revisions.parse(JSON.parse(listed)).items.find(({ spec }) => spec.desiredState === 'Active');
  const revision = active?.metadata.name ?? `${name}-local`;
  if (active === undefined) {
    // Core marks it unhealthy, for there is no such package, and calls it nevertheless.
    const object = {
      apiVersion: 'pkg.crossplane.io/v1',
      kind: 'FunctionRevision',
      metadata: { name: revision, labels: { 'pkg.crossplane.io/package': name } },
      spec: {
        desiredState: 'Active',
        image: `registry.invalid/palette-iac/${name}:v0`,
        revision: 1,
        packagePullPolicy: 'Never',
        skipDependencyResolution: true,
      },
    };
    await kubectl(cluster, ['apply', '-f', '-'], { input: JSON.stringify(object) });
  }
  await kubectl(cluster, [
    'patch',
    'functionrevision',
    revision,
    '--subresource=status',
    '--type=merge',
    '-p',
    JSON.stringify({ status: { endpoint: `dns:///localhost:${port}`, capabilities: ['composition'] } }),
  ]);
}
