/** A real nats-server with JetStream, in operator mode: accounts and users by signed claims. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { type Logger, silentLogger } from '#core/log';
import { writeFileAtomic } from '#cli/atomic-file';
import { ensureTool } from '#cli/toolchain/ensure-tool';
import { ensureOperator, natsServerConfig } from '#plane/bus/operator';

import type { Guard } from './guard.ts';
import { type Authority, ensureAuthority, ensureCertificate } from './pki.ts';
import { rememberedPorts } from './ports.ts';
import { httpProbe } from './probe.ts';
import { Service } from './service.ts';

export interface NatsOptions {
  /** Keys, streams, accounts, certificates and logs are kept here. */
  readonly dir: string;
  readonly signal: AbortSignal;
  /** What the certificate names besides this machine. */
  readonly names?: readonly string[];
  /** Default: one of its own in `dir`. */
  readonly authority?: Authority;
  readonly log?: Logger;
  readonly onProgress?: (line: string) => void;
  readonly keepRunning?: boolean;
  readonly guard?: Guard;
  readonly onChange?: () => void;
}

export interface Nats {
  /** tls://127.0.0.1:port */
  readonly url: string;
  /** wss://127.0.0.1:port */
  readonly websocketUrl: string;
  readonly caFile: string;
  /** Where the operator's keys are: what the plane signs accounts with. */
  readonly operatorDir: string;
  readonly service: Service;
  readonly stop: () => Promise<void>;
}

/** Starts the server and waits until it is ready. @throws CliError when it cannot. */
export async function startNats(options: NatsOptions): Promise<Nats> {
  const { dir, signal, log = silentLogger } = options;
  const command = await ensureTool('nats-server', {
    signal,
    log,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  const operatorDir = join(dir, 'operator');
  const storeDir = join(dir, 'jetstream');
  const resolverDir = join(dir, 'accounts');
  for (const folder of [storeDir, resolverDir]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const ports = await rememberedPorts(join(dir, 'ports.json'), ['nats-server', 'nats-monitor', 'nats-websocket']);
  const pki = join(dir, 'pki');
  const authority = options.authority ?? (await ensureAuthority({ dir: pki, name: 'nats-ca' }));
  const tls = await ensureCertificate({
    dir: pki,
    name: 'nats-server',
    authority,
    commonName: 'nats-server',
    names: ['localhost', '127.0.0.1', ...(options.names ?? [])],
    usages: ['server'],
  });
  const config = natsServerConfig({
    operator: await ensureOperator(operatorDir),
    listen: { host: '127.0.0.1', port: ports['nats-server'] },
    tls,
    websocket: { host: '127.0.0.1', port: ports['nats-websocket'] },
    storeDir,
    resolverDir,
    monitorPort: ports['nats-monitor'],
  });
  const configFile = join(dir, 'nats.conf');
  await writeFileAtomic(configFile, config);
  const service = new Service(
    {
      name: 'nats-server',
      command,
      args: ['--config', configFile],
      logFile: join(dir, 'logs', 'nats-server.log'),
      probe: httpProbe({ url: `http://127.0.0.1:${ports['nats-monitor']}/healthz` }),
      readyWithinMs: 30_000,
      graceMs: 10_000,
    },
    {
      log,
      keepRunning: options.keepRunning ?? false,
      ...(options.guard === undefined ? {} : { guard: options.guard }),
      ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
    },
  );
  await service.start({ signal });
  return {
    url: `tls://127.0.0.1:${ports['nats-server']}`,
    websocketUrl: `wss://127.0.0.1:${ports['nats-websocket']}`,
    caFile: authority.certFile,
    operatorDir,
    service,
    stop: async () => service.stop(),
  };
}
