import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import type { Logger } from '#core/log';

/** Renderings that outlive the process, by everything they depend on. Never throws: what fails is a miss. */
export interface DiskCache {
  get(input: string): Promise<string | undefined>;
  set(input: string, output: string): Promise<void>;
}

export interface DiskCacheOptions {
  readonly dir: string;
  /** Bytes of all files; beyond that the ones not used for longest go. */
  readonly maxBytes: number;
  readonly log: Logger;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const SUFFIX = '.render';
/** Writes between two looks at how large the folder has become. */
const WRITES_PER_SWEEP = 50;

/**
 * Renderings may hold secrets, because values do. So a file is sealed with a key made of the
 * rendering's input: who can open it could have rendered it himself, and a file that was changed or
 * cut off does not open. Its name says nothing of the input either.
 */
export function createDiskCache({ dir, maxBytes, log }: DiskCacheOptions): DiskCache {
  let writes = 0;
  const complain = (step: string, error: unknown): undefined => {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code !== 'ENOENT') log.debug({ err: error, dir, step }, 'the render cache on disk does not work');
    return undefined;
  };
  return {
    get: async (input) => {
      const { file, key } = place(dir, input);
      try {
        const sealed = await readFile(file);
        const output = open(sealed, key);
        if (output === undefined) {
          await rm(file, { force: true });
          return undefined;
        }
        const now = new Date();
        await utimes(file, now, now);
        return output;
      } catch (error) {
        return complain('read', error);
      }
    },
    set: async (input, output) => {
      const { file, key } = place(dir, input);
      const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
      try {
        await mkdir(dir, { recursive: true, mode: 0o700 });
        await writeFile(temporary, seal(output, key), { mode: 0o600, flag: 'wx' });
        await rename(temporary, file);
        if (writes++ % WRITES_PER_SWEEP === 0) await sweep(dir, maxBytes);
      } catch (error) {
        complain('write', error);
        await rm(temporary, { force: true }).catch(() => undefined);
      }
    },
  };
}

function place(dir: string, input: string): { readonly file: string; readonly key: Buffer } {
  const digest = createHash('sha256').update(input).digest();
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', digest, '', purpose, 32));
  return { file: join(dir, `${derive('name').toString('hex')}${SUFFIX}`), key: derive('content') };
}

function seal(output: string, key: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  const content = Buffer.concat([cipher.update(gzipSync(output, { level: 1 })), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), content]);
}

function open(sealed: Buffer, key: Buffer): string | undefined {
  if (sealed.byteLength < IV_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    const content = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return gunzipSync(content).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Removes what is beyond the bound, and what writers that died left behind. */
async function sweep(dir: string, maxBytes: number): Promise<void> {
  const files = await Promise.all(
    (await readdir(dir)).map(async (name) => {
      const path = join(dir, name);
      const info = await stat(path).catch(() => undefined);
      return { path, name, size: info?.size ?? 0, used: info?.mtimeMs ?? 0 };
    }),
  );
  files.sort((a, b) => b.used - a.used);
  let total = 0;
  for (const { path, name, size, used } of files) {
    if (name.endsWith(SUFFIX)) total += size;
    const left = !name.endsWith(SUFFIX) && name.includes(SUFFIX) && Date.now() - used > ABANDONED_MS;
    if (left || (name.endsWith(SUFFIX) && total > maxBytes)) await rm(path, { force: true });
  }
}

const ABANDONED_MS = 60 * 60 * 1000;
