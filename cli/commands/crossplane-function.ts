import { CliError, exitCodes } from '#cli/cli-error';
import { untilTold } from '#cli/until-told';
import { createLogger } from '#core/log';
import { FunctionConfig } from '#crossplane/function/config';
import { runFunction } from '#crossplane/function/main';

import type { FunctionOptions } from './crossplane.ts';
import { parseAddress, parseMilliseconds, wrongOption } from './values.ts';

/** What Crossplane and the runtime configuration expect of a function's pod. */
const IN_CLUSTER = { listen: { host: '0.0.0.0', port: 9443 }, metrics: { host: '0.0.0.0', port: 9090 } };
const ON_HOST = { listen: { host: '127.0.0.1', port: 9443 }, metrics: { host: '127.0.0.1', port: 0 } };

export async function runFunctionCommand(options: FunctionOptions): Promise<void> {
  const config = functionConfig(options);
  const { signal } = untilTold();
  await runFunction(config, { log: createLogger({ name: 'palette-function', level: options.logLevel }), signal });
}

/** @throws CliError that names the option. */
export function functionConfig(options: FunctionOptions): FunctionConfig {
  const { address, metrics, tlsServerCertsDir, insecure = false } = options;
  if (!insecure && tlsServerCertsDir === undefined) {
    throw new CliError('--tls-server-certs-dir: name the folder with tls.crt, tls.key and ca.crt', {
      hint: 'For `crossplane render` on this machine use --insecure.',
      exitCode: exitCodes.usage,
    });
  }
  const usual = insecure ? ON_HOST : IN_CLUSTER;
  const parsed = FunctionConfig.safeParse({
    listen: address === undefined ? usual.listen : parseAddress('--address', address),
    metrics: metrics === undefined ? usual.metrics : parseAddress('--metrics', metrics),
    ...(tlsServerCertsDir === undefined ? {} : { tlsServerCertsDir }),
    insecure,
    drainMs: parseMilliseconds('--drain', options.drain),
  });
  if (parsed.success) return parsed.data;
  throw wrongOption(parsed.error, { listen: 'address' });
}
