/** What a launcher remembers over its own restarts: which version runs, which ran before, and what went wrong. */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { Version } from './messages.ts';

export const LauncherState = z.object({
  current: Version,
  /** What is gone back to. */
  previous: Version.optional(),
  /** While the current version has not shown that it works: how often it was started. */
  probation: z.object({ starts: z.int().nonnegative() }).optional(),
  /** The upgrade that brought the current version, as the agent before it named it. */
  attempt: z.string().optional(),
  /** The last version that was gone back from, and the upgrade that had brought it. */
  failure: z
    .object({ version: Version, attempt: z.string().optional(), reason: z.string(), at: z.iso.datetime() })
    .optional(),
  /** The version that the launcher came with when this was written. */
  builtIn: z.string().optional(),
});
export type LauncherState = z.infer<typeof LauncherState>;

const STATE_FILE = 'launcher.json';

/** Undefined where there is none, or none that can be used: then the version that the launcher came with runs. */
export async function readLauncherState(dir: string): Promise<LauncherState | undefined> {
  try {
    return LauncherState.parse(JSON.parse(await readFile(join(dir, STATE_FILE), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Written as a whole or not at all, and on the disk when this returns. @throws Error of the file system */
export async function writeLauncherState(dir: string, state: LauncherState): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, STATE_FILE);
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(state, undefined, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
