/** Which API a command talks to, and with what key. */
import { readFile } from 'node:fs/promises';

import { type PaletteClient, createClient } from '#openapi/client/index';

import { CliError } from './cli-error.ts';
import { home, readReady, requireReady } from './local/home.ts';

export interface ConnectOptions {
  readonly home?: string;
  readonly host?: string;
  readonly caFile?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * A client for: the environment that --home names; else the API of --host or SPECTROCLOUD_HOST;
 * else the environment in the default folder.
 *
 * @throws CliError that says which setting is missing.
 */
export async function connect(options: ConnectOptions): Promise<PaletteClient> {
  const { env = process.env } = options;
  const host = options.host ?? env['SPECTROCLOUD_HOST'];
  if (options.home !== undefined && options.host === undefined) return toEnvironment(options.home);
  if (host === undefined || host === '') return toEnvironment(undefined);
  const apiKey = env['SPECTROCLOUD_APIKEY'];
  if (apiKey === undefined || apiKey === '') {
    throw new CliError(`no API key for ${host}`, {
      hint: 'Set SPECTROCLOUD_APIKEY; for an environment of your own use `eval "$(palette env)"`.',
    });
  }
  const caFile = options.caFile ?? env['SPECTROCLOUD_CA_FILE'];
  return createClient({ host, apiKey, ...(caFile === undefined || caFile === '' ? {} : { ca: await readCa(caFile) }) });
}

async function toEnvironment(dir: string | undefined): Promise<PaletteClient> {
  const layout = home(dir);
  const ready = dir === undefined ? await readReady(layout) : await requireReady(layout);
  if (ready === undefined) {
    throw new CliError('no API to talk to', {
      hint: 'Start an environment with `palette up`, or set SPECTROCLOUD_HOST and SPECTROCLOUD_APIKEY.',
    });
  }
  return createClient({ host: ready.host, apiKey: ready.apiKey, ca: await readCa(ready.caFile) });
}

async function readCa(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError(`${file}: the authority's certificate cannot be read`, {
      hint: 'Check SPECTROCLOUD_CA_FILE or --ca-file.',
      cause,
    });
  });
}
