import { open, rm } from 'node:fs/promises';

import { CliError } from '#cli/cli-error';
import { keyPassword } from '#cli/bundle/keys';
import { hasCode } from '#cli/has-code';
import { write } from '#cli/output';
import { generateKeyPair, publicKeyId, readPublicKey } from '#packs/signature/index';

/** Writes PREFIX.key and PREFIX.pub. @throws CliError when one of them is there */
export async function generateKey(prefix: string): Promise<void> {
  const password = keyPassword();
  if (password === '') process.stderr.write('warning: the key has an empty password; set $PALETTE_KEY_PASSWORD\n');
  const { privateKey, publicKey } = await generateKeyPair(password);
  await writeNew(`${prefix}.key`, privateKey, 0o600);
  try {
    await writeNew(`${prefix}.pub`, publicKey, 0o644);
  } catch (error) {
    await rm(`${prefix}.key`, { force: true });
    throw error;
  }
  write(`${prefix}.key and ${prefix}.pub: ${publicKeyId(readPublicKey(publicKey))}`);
}

async function writeNew(file: string, content: string, mode: number): Promise<void> {
  try {
    const handle = await open(file, 'wx', mode);
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!hasCode(error, 'EEXIST'))
      throw new CliError(`${file}: cannot be written: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    throw new CliError(`${file} is there already, and a key is never written over`, {
      cause: error,
      hint: 'Choose another --prefix, or move the file away.',
    });
  }
}
