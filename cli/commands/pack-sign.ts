import { readFile, stat } from 'node:fs/promises';

import { writeFileAtomic } from '#cli/atomic-file';
import { signingKey, trustedKeys } from '#cli/bundle/keys';
import { CliError, exitCodes } from '#cli/cli-error';
import { formatTable, write, writeJson } from '#cli/output';
import { sha256 } from '#core/digest';
import { archivePack, openPackArchive, openPackDirectory } from '#packs/index';
import { publicKeyId, requireSignature, signBlob, SignatureError, signerOf } from '#packs/signature/index';

import type { OutputOptions } from './options.ts';

export interface PackSignOptions extends OutputOptions {
  readonly key: string;
}

export interface PackVerifyOptions extends OutputOptions {
  readonly key: readonly string[];
  readonly signature?: string;
}

/** Signs archives; a folder becomes one first. @throws CliError, PackError */
export async function signPacks(paths: readonly string[], options: PackSignOptions): Promise<void> {
  const key = await signingKey(options.key);
  const signed = [];
  for (const path of paths) {
    const { file, bytes } = await archiveOf(path);
    const signature = `${file}.sig`;
    await writeFileAtomic(signature, `${signBlob(bytes, key)}\n`, 0o644);
    signed.push({ archive: file, signature, digest: sha256(bytes) });
  }
  if (options.output === 'json') writeJson(signed);
  else
    write(
      formatTable(
        ['archive', 'signature', 'digest'],
        signed.map(({ archive, signature, digest }) => [archive, signature, digest]),
        'nothing signed',
      ),
    );
}

/** @throws CliError for an archive that none of the keys signed, PackError for one that is no pack. */
export async function verifyPacks(archives: readonly string[], options: PackVerifyOptions): Promise<void> {
  if (options.signature !== undefined && archives.length > 1)
    throw new CliError('--signature is for one archive', { exitCode: exitCodes.usage });
  const keys = await trustedKeys(options.key);
  const verified = [];
  for (const archive of archives) {
    const bytes = await content(archive, 'archive');
    const file = options.signature ?? `${archive}.sig`;
    const signature = (await content(file, 'signature')).toString('utf8');
    try {
      requireSignature(archive, bytes, signature, keys);
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      throw new CliError(error.message, { cause: error });
    }
    const { name, version } = await openPackArchive(bytes);
    const signer = signerOf(bytes, signature, keys);
    verified.push({ archive, name, version, digest: sha256(bytes), signedBy: signer ? publicKeyId(signer) : '' });
  }
  if (options.output === 'json') writeJson(verified);
  else
    write(
      formatTable(
        ['archive', 'pack', 'version', 'signed by'],
        verified.map(({ archive, name, version, signedBy }) => [archive, name, version, signedBy]),
        'nothing verified',
      ),
    );
}

async function archiveOf(path: string): Promise<{ readonly file: string; readonly bytes: Uint8Array }> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new CliError(`${path}: there is no such folder or archive`, { cause, exitCode: exitCodes.usage });
  });
  if (!found.isDirectory()) {
    const bytes = await content(path, 'archive');
    // Only what is a pack is signed.
    await openPackArchive(bytes);
    return { file: path, bytes };
  }
  const pack = await openPackDirectory(path);
  const bytes = archivePack(pack);
  const file = `${pack.name}-${pack.version}.tgz`.replaceAll(/[^\w.+-]/g, '_');
  await writeFileAtomic(file, bytes, 0o644);
  return { file, bytes };
}

async function content(file: string, what: string): Promise<Buffer> {
  return readFile(file).catch((cause: unknown) => {
    throw new CliError(`${file}: the ${what} cannot be read`, { cause, exitCode: exitCodes.usage });
  });
}
