/** Keeps log files bounded while their writers go on: they append, so the file may be cut under them. */
import { copyFile, readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

import { hasCode } from '#cli/has-code';

/** A log larger than this is moved to `NAME.log.1`, replacing the one before: at most twice as much per service. */
const MAX_BYTES = 16 << 20;
const INTERVAL_MS = 30_000;

/** Looks at every `*.log` in these folders now and then, until the signal ends it. */
export function rotateLogs(
  folders: readonly string[],
  { signal, maxBytes = MAX_BYTES }: { readonly signal: AbortSignal; readonly maxBytes?: number },
): void {
  const timer = setInterval(() => {
    void Promise.allSettled(folders.map(async (folder) => rotateFolder(folder, maxBytes)));
  }, INTERVAL_MS);
  timer.unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

/** Cuts every log of the folder that has grown too large. */
export async function rotateFolder(folder: string, maxBytes = MAX_BYTES): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  for (const file of names.filter((name) => name.endsWith('.log')).map((name) => join(folder, name))) {
    if ((await stat(file)).size <= maxBytes) continue;
    await copyFile(file, `${file}.1`);
    await truncate(file);
  }
}
