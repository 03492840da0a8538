import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import { CliError, exitCodes } from '#cli/cli-error';
import { connect } from '#cli/connect';
import { write, writeJson } from '#cli/output';
import type { PaletteClient, Schemas } from '#openapi/client/index';

import type { ApiOptions, OutputOptions } from './options.ts';
import { TENANT, type RegistryKind } from './registry-find.ts';
import { awaitSync } from './registry-sync.ts';

export interface AddOptions extends ApiOptions, OutputOptions {
  readonly kind: RegistryKind;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly tokenFile?: string;
  readonly registryCa?: string;
  readonly insecure?: true;
  readonly path?: string;
  readonly provider: 'helm' | 'pack' | 'zarf';
  readonly sync: boolean;
  readonly wait?: true;
}

/** @throws CliError for options that do not fit each other; ApiError as the plane says. */
export async function add(name: string, endpoint: string, options: AddOptions): Promise<void> {
  const auth = await readAuth(options);
  const client = await connect(options);
  try {
    const uid = await create(client, name, endpoint, auth, options);
    if (options.wait) await awaitSync(client, { uid, name, kind: options.kind, type: 'basic' });
    if (options.output === 'json') writeJson({ name, kind: options.kind, uid });
    else write(`registry ${name} has the identifier ${uid}`);
  } finally {
    client.close();
  }
}

async function create(
  client: PaletteClient,
  name: string,
  endpoint: string,
  auth: Schemas['v1RegistryAuth'],
  options: AddOptions,
): Promise<string> {
  const metadata = { name };
  const isPrivate = auth.type !== 'noAuth';
  switch (options.kind) {
    case 'helm': {
      const body = { metadata, spec: { endpoint, auth, isPrivate } };
      return (await client.post('/v1/registries/helm', { body, scope: TENANT })).uid;
    }
    case 'pack': {
      const body = { metadata, spec: { endpoint, auth, private: isPrivate } };
      return (await client.post('/v1/registries/pack', { body, scope: TENANT })).uid;
    }
    case 'oci': {
      const body = {
        metadata,
        spec: {
          endpoint,
          auth,
          baseContentPath: options.path ?? '',
          providerType: options.provider,
          isSyncSupported: options.sync,
        },
      };
      return (await client.post('/v1/registries/oci/basic', { body, scope: TENANT })).uid;
    }
  }
}

async function readAuth(options: AddOptions): Promise<Schemas['v1RegistryAuth']> {
  const { username = '', passwordFile, tokenFile, registryCa, insecure = false } = options;
  if ((passwordFile === undefined) !== (username === '') && tokenFile === undefined)
    throw new CliError('--username and --password-file belong together', { exitCode: exitCodes.usage });
  if (passwordFile !== undefined && tokenFile !== undefined)
    throw new CliError('give --password-file or --token-file, not both', { exitCode: exitCodes.usage });
  const tls = {
    enabled: true,
    insecureSkipVerify: insecure,
    ...(registryCa === undefined ? {} : { ca: await readText(registryCa) }),
  };
  if (passwordFile !== undefined)
    return { type: 'basic', username, password: (await readText(passwordFile)).trim(), tls };
  if (tokenFile !== undefined) return { type: 'token', username, token: (await readText(tokenFile)).trim(), tls };
  return { type: 'noAuth', tls };
}

async function readText(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError(`${file}: cannot be read`, { hint: 'Check the path.', cause });
  });
}
