/** Keys of files. Passwords come by the environment: a command line is seen by everybody. */
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { CliError, exitCodes } from '#cli/cli-error';
import { readPrivateKey, readPublicKey, SignatureError } from '#packs/signature/index';

/** The second is the one that cosign reads. */
export const PASSWORD_VARIABLES = ['PALETTE_KEY_PASSWORD', 'COSIGN_PASSWORD'] as const;

export function keyPassword(env: NodeJS.ProcessEnv = process.env): string {
  return PASSWORD_VARIABLES.map((name) => env[name]).find((value) => value !== undefined) ?? '';
}

/** @throws CliError that names the file. */
export async function signingKey(file: string): Promise<KeyObject> {
  const text = await textOf(file);
  try {
    return await readPrivateKey(text, keyPassword());
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    throw new CliError(`${file}: ${error.message}`, {
      cause: error,
      ...(error.code === 'WrongPassword' ? { hint: `Set ${PASSWORD_VARIABLES.join(' or ')}.` } : {}),
    });
  }
}

/** @throws CliError that names the file. */
export async function trustedKeys(files: readonly string[]): Promise<readonly KeyObject[]> {
  return Promise.all(
    files.map(async (file) => {
      const text = await textOf(file);
      try {
        return readPublicKey(text);
      } catch (error) {
        if (!(error instanceof SignatureError)) throw error;
        throw new CliError(`${file}: ${error.message}`, { cause: error });
      }
    }),
  );
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError(`${file}: the key cannot be read`, { cause, exitCode: exitCodes.usage });
  });
}
