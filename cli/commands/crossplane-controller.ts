import { untilTold } from '#cli/until-told';
import { createLogger } from '#core/log';
import { ControllerConfig } from '#crossplane/controller/config';
import { runController } from '#crossplane/controller/main';

import type { ControllerOptions } from './crossplane.ts';
import { parseAddress, parseCount, parseMilliseconds, wrongOption } from './values.ts';

/** What the install manifest's Deployment expects. */
const IN_CLUSTER = { host: '0.0.0.0', port: 9090 };
const ON_HOST = { host: '127.0.0.1', port: 0 };

export async function runControllerCommand(options: ControllerOptions): Promise<void> {
  const config = controllerConfig(options);
  const { signal } = untilTold();
  await runController(config, { log: createLogger({ name: 'palette-controller', level: options.logLevel }), signal });
}

/** @throws CliError that names the option. */
export function controllerConfig(options: ControllerOptions): ControllerConfig {
  const { kubeconfig, namespace, metrics } = options;
  const parsed = ControllerConfig.safeParse({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    namespace,
    workers: parseCount('--workers', options.workers),
    pollIntervalMs: parseMilliseconds('--poll-interval', options.pollInterval),
    resyncIntervalMs: parseMilliseconds('--resync-interval', options.resyncInterval),
    drainMs: parseMilliseconds('--drain', options.drain),
    leaderElection: options.leaderElection && { namespace, name: options.leaseName },
    metrics:
      metrics === undefined ? (kubeconfig === undefined ? IN_CLUSTER : ON_HOST) : parseAddress('--metrics', metrics),
  });
  if (parsed.success) return parsed.data;
  throw wrongOption(parsed.error);
}
