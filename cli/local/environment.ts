/** The embedded environment: every server of the project on this machine, started in order and kept running. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { AGENT_NODE_FLAGS } from '#agent/memory';
import { writeFileAtomic } from '#cli/atomic-file';
import { mainFile } from '#cli/package-root';
import type { Progress } from '#cli/progress';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import type { ToolName } from '#cli/toolchain/tools';
import type { Logger } from '#core/log';
import { type PaletteClient, createClient } from '#openapi/client/index';
import type { PlaneConfigInput } from '#plane/config';

import { prepareAgentAccess, renewAgentToken, writeAgentToken } from './agent-access.ts';
import { startControlPlane } from './control-plane.ts';
import type { EtcdAccess } from './control-plane-layout.ts';
import type { Home, Ready } from './home.ts';
import { runImporter } from './importer.ts';
import type { MailServer } from './mail-server.ts';
import { startNats } from './nats.ts';
import { addFakeNode } from './nodes.ts';
import { type KeyPairFiles, ensureAuthority, ensureCertificate } from './pki.ts';
import { rememberedPorts } from './ports.ts';
import { httpProbe } from './probe.ts';
import { Service } from './service.ts';
import { version } from '#cli/version';

export interface EnvironmentOptions {
  readonly layout: Home;
  /** A cluster of the user's own; absent: a local one is started. */
  readonly kubeconfig?: string | undefined;
  /** Takes the mail of alerts; absent: there is none. */
  readonly mail?: MailServer | undefined;
  readonly progress: Progress;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Called when a process started or ended. */
  readonly onChange: (services: readonly Service[]) => void;
}

export interface Environment {
  readonly ready: Ready;
  readonly services: () => readonly Service[];
  /** Ends everything, what depends on others first. */
  readonly stop: () => Promise<void>;
}

const PROJECT = 'Default';
const READY_MS = 60_000;
const GRACE_MS = 15_000;

/**
 * Starts everything and waits until it is ready. What was there before goes on where it was.
 *
 * @throws CliError that says which part failed and why; nothing is left running then.
 */
export async function startEnvironment(options: EnvironmentOptions): Promise<Environment> {
  const { layout, log, progress } = options;
  /** In the order of their start; ended in the opposite order. */
  const stops: (() => Promise<void>)[] = [];
  const services: Service[] = [];
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const stop = async (): Promise<void> => {
    ending.abort(new Error('the environment is being stopped'));
    for (const end of stops.toReversed()) await end();
  };
  const common = {
    log,
    signal,
    keepRunning: true,
    onProgress: progress.note,
    onChange: () => options.onChange(services),
  };
  const keep = (...started: readonly Service[]): void => {
    services.push(...started);
    options.onChange(services);
  };

  try {
    const tools = await findTools(options, signal);
    await mkdir(layout.dir, { recursive: true, mode: 0o700 });
    const ports = await rememberedPorts(layout.portsFile, ['plane', 'agent', 'local']);
    const authority = await ensureAuthority({ dir: layout.pki, name: 'palette-ca' });

    // The bus and the plane need no Kubernetes: they start beside it.
    const [{ kubeconfig, etcd }, { natsUrl, client, apiKey }] = await both<
      { readonly kubeconfig: string; readonly etcd: EtcdAccess | undefined },
      { readonly natsUrl: string; readonly client: PaletteClient; readonly apiKey: string }
    >(
      options.kubeconfig === undefined
        ? progress.step('Kubernetes control plane and a node', async () => {
            const plane = await startControlPlane({ ...common, dir: layout.cluster, name: 'palette-local' });
            stops.push(plane.stop);
            keep(...plane.services);
            await addFakeNode(plane.kubeconfig, 'node-0', { signal });
            return { kubeconfig: plane.kubeconfig, etcd: plane.etcd };
          })
        : Promise.resolve({ kubeconfig: options.kubeconfig, etcd: undefined }),
      progress.step('message bus and management plane', async () => {
        const nats = await startNats({ ...common, dir: layout.nats, authority });
        stops.push(nats.stop);
        keep(nats.service);
        const tls = await ensureCertificate({
          dir: layout.pki,
          name: 'plane',
          authority,
          commonName: 'palette-plane',
          names: ['localhost', '127.0.0.1'],
          usages: ['server'],
        });
        const config = planeConfig(layout, {
          port: ports.plane,
          tls,
          caFile: authority.certFile,
          natsUrl: nats.url,
          websocketUrl: nats.websocketUrl,
          operatorDir: nats.operatorDir,
          helm: tools.helm,
          mail: options.mail,
        });
        const service = await planeService(layout, config, common);
        await service.start({ signal });
        stops.push(async () => service.stop());
        keep(service);
        const key = (await readFile(config.bootstrap.apiKeyFile, 'utf8')).trim();
        const api = createClient({
          host: new URL(config.publicUrl).host,
          apiKey: key,
          ca: await readFile(authority.certFile, 'utf8'),
          log,
        });
        stops.push(async () => api.close());
        await ensureProject(api, signal);
        return { natsUrl: nats.url, client: api, apiKey: key };
      }),
      (reason) => ending.abort(reason),
    );

    await progress.step('agent', async () => {
      const access = await prepareAgentAccess({ admin: kubeconfig, dir: layout.agent, signal });
      const renewing = renewAgentToken({
        renew: async (how) => writeAgentToken({ admin: kubeconfig, dir: layout.agent, ...how }),
        log,
        signal,
      });
      const service = agentService(
        layout,
        { kubeconfig: access, helm: tools.helm, port: ports.agent, localPort: ports.local, etcd },
        common,
      );
      await service.start({ signal });
      stops.push(async () => {
        await service.stop();
        await renewing;
      });
      keep(service);
    });

    const importing = runImporter({
      client,
      admin: kubeconfig,
      file: layout.importedFile,
      log,
      signal,
      onImported: ({ name }) =>
        progress.note(`cluster ${name} is joined: its import manifest was applied to the environment's cluster`),
    });
    stops.push(async () => importing);

    const ready: Ready = {
      host: `127.0.0.1:${ports.plane}`,
      apiKey,
      caFile: authority.certFile,
      projectName: PROJECT,
      kubeconfig,
      natsUrl,
      pid: process.pid,
    };
    await writeFileAtomic(layout.readyFile, `${JSON.stringify(ready, undefined, 2)}\n`);
    stops.push(async () => rm(layout.readyFile, { force: true }));
    return { ready, services: () => services, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Both at once. When one fails the other is ended, and its end awaited before it is told, so that nothing is left over. */
async function both<A, B>(one: Promise<A>, other: Promise<B>, end: (reason: unknown) => void): Promise<[A, B]> {
  const ended = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      end(error);
      throw error;
    });
  const running = [ended(one), ended(other)] as const;
  await Promise.allSettled(running);
  return Promise.all(running);
}

async function findTools(
  { progress, kubeconfig }: EnvironmentOptions,
  signal: AbortSignal,
): Promise<{ readonly helm: string }> {
  const own: readonly ToolName[] = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'];
  return progress.step('servers and tools', async () => {
    for (const name of [...(kubeconfig === undefined ? own : []), 'nats-server', 'kubectl'] as const)
      await ensureTool(name, { signal, onProgress: progress.note });
    return { helm: await ensureTool('helm', { signal, onProgress: progress.note }) };
  });
}

interface PlaneParts {
  readonly port: number;
  readonly tls: KeyPairFiles;
  readonly caFile: string;
  readonly natsUrl: string;
  readonly websocketUrl: string;
  readonly operatorDir: string;
  readonly helm: string;
  readonly mail: MailServer | undefined;
}

function planeConfig(
  layout: Home,
  { port, tls, caFile, natsUrl, websocketUrl, operatorDir, helm, mail }: PlaneParts,
): PlaneConfigInput {
  return {
    listen: { host: '127.0.0.1', port },
    publicUrl: `https://127.0.0.1:${port}`,
    tls: { ...tls, caFile },
    dataDir: join(layout.plane, 'data'),
    database: { kind: 'pglite', dir: join(layout.plane, 'postgres') },
    bus: { servers: [natsUrl], websocket: websocketUrl, caFile, operatorDir },
    bootstrap: { tenantName: 'palette', adminEmail: 'admin@palette.local', apiKeyFile: join(layout.plane, 'api-key') },
    helm,
    // This machine belongs to whoever uses the environment.
    registries: { allowLoopback: true },
    alerts: { allowLoopback: true, ...(mail === undefined ? {} : { smtp: mail }) },
    agentImage: `palette-iac:${version}`,
  };
}

interface ServiceCommon {
  readonly log: Logger;
  readonly keepRunning: boolean;
  readonly onChange: () => void;
}

async function planeService(layout: Home, config: PlaneConfigInput, common: ServiceCommon): Promise<Service> {
  const file = join(layout.plane, 'config.json');
  await writeFileAtomic(file, `${JSON.stringify(config, undefined, 2)}\n`);
  return new Service(
    {
      name: 'plane',
      command: process.execPath,
      args: [mainFile, 'plane', 'run', '--config', file],
      logFile: join(layout.logs, 'plane.log'),
      probe: httpProbe({
        url: `${config.publicUrl}/readyz`,
        ...(config.tls.caFile === undefined ? {} : { caFile: config.tls.caFile }),
      }),
      readyWithinMs: READY_MS,
      graceMs: GRACE_MS,
    },
    common,
  );
}

function agentService(
  layout: Home,
  options: {
    readonly kubeconfig: string;
    readonly helm: string;
    readonly port: number;
    readonly localPort: number;
    /** Of a control plane that this environment runs. */
    readonly etcd: EtcdAccess | undefined;
  },
  common: ServiceCommon,
): Service {
  const address = `127.0.0.1:${options.port}`;
  return new Service(
    {
      name: 'agent',
      command: process.execPath,
      args: [
        ...AGENT_NODE_FLAGS,
        mainFile,
        'agent',
        'run',
        '--kubeconfig',
        options.kubeconfig,
        '--helm',
        options.helm,
        '--state-dir',
        join(layout.agent, 'work'),
        '--upgrades-dir',
        join(layout.agent, 'upgrades'),
        '--metrics',
        address,
        '--local',
        `127.0.0.1:${options.localPort}`,
        ...etcdFlags(options.etcd),
      ],
      logFile: join(layout.logs, 'agent.log'),
      probe: httpProbe({ url: `http://${address}/healthz` }),
      readyWithinMs: READY_MS,
      graceMs: GRACE_MS,
    },
    common,
  );
}

function etcdFlags(etcd: EtcdAccess | undefined): readonly string[] {
  if (etcd === undefined) return [];
  const { endpoint, caFile, certFile, keyFile } = etcd;
  return ['--etcd', endpoint, '--etcd-ca-file', caFile, '--etcd-cert-file', certFile, '--etcd-key-file', keyFile];
}

/** The project that a new environment has, so that there is one to begin with. */
async function ensureProject(client: PaletteClient, signal: AbortSignal): Promise<void> {
  const scope = { kind: 'tenant' } as const;
  const { items } = await client.get('/v1/dashboard/projects/metadata', { scope, signal });
  if ((items ?? []).some(({ metadata }) => metadata?.name === PROJECT)) return;
  await client.post('/v1/projects', { body: { metadata: { name: PROJECT } }, scope, signal });
}
