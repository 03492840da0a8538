import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomic } from '#cli/atomic-file';
import { signingKey, trustedKeys } from '#cli/bundle/keys';
import { CliError, exitCodes } from '#cli/cli-error';
import { connect } from '#cli/connect';
import { hasCode } from '#cli/has-code';
import { formatTable, write, writeJson } from '#cli/output';
import { packageRoot } from '#cli/package-root';
import { version as ownVersion } from '#cli/version';
import { sha256 } from '#core/digest';
import { isNotFound, type PaletteClient } from '#openapi/client/index';
import { openRelease, ReleaseError, writeRelease } from '#packs/agent-release/archive';
import { publicKeyId, signBlob } from '#packs/signature/index';

import type { ApiOptions, OutputOptions } from './options.ts';

export interface PackReleaseOptions extends OutputOptions {
  readonly image?: string;
  readonly out?: string;
}

export interface PublishOptions extends ApiOptions, OutputOptions {
  readonly key?: string;
}

export interface UseOptions extends ApiOptions {
  readonly none?: boolean;
}

const TENANT = { kind: 'tenant' } as const;
const PROGRAM = 'agent.mjs';
/** What a release runs on: what the package itself does. */
const NODE = '>=20.19.0';

async function withTenant(options: ApiOptions, work: (client: PaletteClient) => Promise<void>): Promise<void> {
  const client = await connect(options);
  try {
    await work(client);
  } finally {
    client.close();
  }
}

/** @throws CliError */
export async function packRelease({ image, out, output }: PackReleaseOptions): Promise<void> {
  const file = out ?? `palette-agent-${ownVersion}.tgz`;
  const built = join(packageRoot, 'dist/agent/palette-agent.mjs');
  const program = await readFile(built).catch((cause: unknown) => {
    throw new CliError(`${built}: the agent's program cannot be read`, { cause, hint: 'Build it: npm run build.' });
  });
  const files = new Map<string, Uint8Array>([[PROGRAM, program]]);
  // The page of the local API stands beside the program that serves it.
  const page = await readIfThere(join(packageRoot, 'dist/agent/local/ui/index.html'));
  if (page) files.set('ui/index.html', page);
  let bytes: Buffer;
  try {
    bytes = writeRelease(
      { version: ownVersion, entry: PROGRAM, node: NODE, ...(image === undefined ? {} : { image }) },
      files,
    );
  } catch (cause) {
    throw new CliError('the release cannot be packed: --image must name an image by its digest', {
      cause,
      exitCode: exitCodes.usage,
    });
  }
  await writeFileAtomic(file, bytes, 0o644);
  const packed = { archive: file, version: ownVersion, digest: sha256(bytes), bytes: bytes.length };
  if (output === 'json') writeJson(packed);
  else write(`${packed.archive}: agent ${packed.version}, ${Math.ceil(packed.bytes / 1024)} KiB, ${packed.digest}`);
}

/** @throws CliError */
export async function trustKeys(files: readonly string[], options: ApiOptions & OutputOptions): Promise<void> {
  const keys = await trustedKeys(files);
  const publicKeys = keys.map((key) => key.export({ type: 'spki', format: 'pem' }).toString());
  await withTenant(options, async (client) => {
    await client.put('/v1/agentreleasesettings', { body: { publicKeys }, scope: TENANT });
  });
  if (options.output === 'json') writeJson(keys.map(publicKeyId));
  else for (const key of keys) write(publicKeyId(key));
}

/** @throws CliError, ApiError */
export async function publishRelease(archive: string, options: PublishOptions): Promise<void> {
  const bytes = await readFile(archive).catch((cause: unknown) => {
    throw new CliError(`${archive}: the release cannot be read`, { cause, exitCode: exitCodes.usage });
  });
  await openRelease(bytes).catch((error: unknown) => {
    if (error instanceof ReleaseError) throw new CliError(`${archive}: ${error.message}`, { cause: error });
    throw error;
  });
  const signature =
    options.key === undefined
      ? (await readIfThere(`${archive}.sig`))?.toString('utf8').trim()
      : signBlob(bytes, await signingKey(options.key));
  if (signature === undefined)
    throw new CliError(`${archive} is not signed`, {
      hint: `Give --key, or sign it: cosign sign-blob --key release.key ${archive} > ${archive}.sig`,
      exitCode: exitCodes.usage,
    });
  await withTenant(options, async (client) => {
    const published = await client.put('/v1/agentreleases', { body: new Uint8Array(bytes), scope: TENANT, signature });
    if (options.output === 'json') writeJson(published);
    else write(`agent ${published.version} is published: ${published.digest}`);
  });
}

/** @throws ApiError */
export async function listReleases(options: ApiOptions & OutputOptions): Promise<void> {
  await withTenant(options, async (client) => {
    const { items } = await client.get('/v1/agentreleases', { scope: TENANT });
    if (options.output === 'json') writeJson(items);
    else
      write(
        formatTable(
          ['version', 'chosen', 'size', 'published', 'image', 'digest'],
          items.map(({ version, chosen, size, createdAt, image = '', digest }) => [
            version,
            chosen ? 'yes' : '',
            `${Math.ceil(size / 1024)} KiB`,
            createdAt,
            image,
            digest,
          ]),
          'no releases',
        ),
      );
  });
}

/** @throws CliError, ApiError */
export async function useRelease(version: string | undefined, options: UseOptions): Promise<void> {
  if ((version === undefined) !== (options.none === true))
    throw new CliError('give a version, or --none', { exitCode: exitCodes.usage });
  await withTenant(options, async (client) => {
    await client
      .put('/v1/agentreleasesettings', { body: { version: version ?? '' }, scope: TENANT })
      .catch(async (error: unknown) => rethrowMissing(client, version, error));
    write(version === undefined ? 'agents stay as they are' : `agents upgrade to ${version} by themselves`);
  });
}

/** @throws CliError, ApiError */
export async function removeRelease(version: string, options: ApiOptions): Promise<void> {
  await withTenant(options, async (client) => {
    await client
      .delete('/v1/agentreleases/{version}', { path: { version }, scope: TENANT })
      .catch(async (error: unknown) => rethrowMissing(client, version, error));
    write(`agent ${version} is removed`);
  });
}

/** Says which releases there are where one was named that is not among them. @throws CliError, or what was given */
export async function rethrowMissing(
  client: PaletteClient,
  version: string | undefined,
  error: unknown,
): Promise<never> {
  if (!isNotFound(error) || version === undefined) throw error;
  const { items } = await client.get('/v1/agentreleases', { scope: TENANT });
  if (items.some((item) => item.version === version)) throw error;
  const there = items.map((item) => item.version).join(', ');
  throw new CliError(`there is no release ${version} of the agent`, {
    cause: error,
    hint: `${there === '' ? 'None was published' : `There are: ${there}`}. Publish one: palette agent release publish`,
  });
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  return readFile(file).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw new CliError(`${file}: cannot be read`, { cause: error });
  });
}
