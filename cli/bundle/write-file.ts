import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/** Writes a stream into a file for its owner only; the file is there when it is whole. @returns bytes written. */
export async function writeStreamAtomic(file: string, chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const partial = `${file}.${randomUUID()}`;
  let written = 0;
  try {
    const handle = await open(partial, 'wx', 0o600);
    try {
      for await (const chunk of chunks) {
        await handle.writeFile(chunk);
        written += chunk.byteLength;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return written;
}
