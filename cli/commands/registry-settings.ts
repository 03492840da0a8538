import { readFile } from 'node:fs/promises';

import { CliError, exitCodes } from '#cli/cli-error';
import { connect } from '#cli/connect';
import { formatTable, write, writeJson } from '#cli/output';
import { publicKeyId, readPublicKey, SignatureError } from '#packs/signature/index';

import type { ApiOptions, OutputOptions } from './options.ts';
import { findRegistry, TENANT } from './registry-find.ts';

export interface SettingsOptions extends ApiOptions, OutputOptions {
  readonly quota?: string;
  readonly key?: readonly string[];
  readonly readProject?: readonly string[];
  readonly pushProject?: readonly string[];
  readonly reset?: true;
}

export async function settings(name: string, options: SettingsOptions): Promise<void> {
  const { quota, key, readProject, pushProject, reset } = options;
  const publicKeys = await Promise.all((key ?? []).map(readKey));
  const quotaBytes = quota === undefined ? undefined : readQuota(quota);
  const client = await connect(options);
  try {
    const { uid } = await findRegistry(client, name);
    if (reset ?? [quota, key, readProject, pushProject].some((given) => given !== undefined))
      await client.put('/v1/registries/{uid}/settings', {
        path: { uid },
        body: {
          publicKeys,
          ...(quotaBytes === undefined ? {} : { quotaBytes }),
          ...(readProject === undefined ? {} : { readProjects: [...readProject] }),
          ...(pushProject === undefined ? {} : { pushProjects: [...pushProject] }),
        },
        scope: TENANT,
      });
    const now = await client.get('/v1/registries/{uid}/settings', { path: { uid }, scope: TENANT });
    if (options.output === 'json') writeJson(now);
    else
      write(
        formatTable(
          ['setting', 'value'],
          [
            ['bytes', `${now.usedBytes ?? 0} of ${now.quotaBytes ?? "the plane's own limit"}`],
            ['read from', now.readProjects?.join(', ') ?? 'every project'],
            ['pushed from', now.pushProjects?.join(', ') ?? 'every project'],
            ['signed by', (now.publicKeys ?? []).map((pem) => publicKeyId(readPublicKey(pem))).join(', ') || 'anybody'],
          ],
          '',
        ),
      );
  } finally {
    client.close();
  }
}

async function readKey(file: string): Promise<string> {
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError(`${file}: cannot be read`, { hint: 'Give the path of a public key (cosign.pub).', cause });
  });
  try {
    readPublicKey(pem);
    return pem;
  } catch (error) {
    if (error instanceof SignatureError) throw new CliError(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

function readQuota(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CliError(`--quota ${text}: expected a number of bytes`, { exitCode: exitCodes.usage });
}
