import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const BYTES = 32;

/**
 * The key that everything sealed depends on: read from `file`, or made there at the first start, for its owner alone.
 * Keep a copy apart from the database's: without it, sealed values are lost.
 *
 * @throws Error when the file is no key, or others may read it.
 */
export async function ensureMasterKey(file: string): Promise<Uint8Array> {
  const found = await readKey(file);
  if (found) return found;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // Written whole and synced under another name, then linked: neither a crash nor a second process leaves half a key.
  const partial = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = await open(partial, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(BYTES).toString('base64')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(partial, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(partial, { force: true });
  }
  const made = await readKey(file);
  if (!made) throw new Error(`${file}: the master key vanished right after it was made`);
  return made;
}

async function readKey(file: string): Promise<Uint8Array | undefined> {
  let text: string;
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0)
      throw new Error(`${file}: the master key must be readable by its owner only; run: chmod 600 ${file}`);
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== BYTES)
    throw new Error(`${file}: not a master key (expected ${BYTES} bytes in base64); restore it from a copy`);
  return key;
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
