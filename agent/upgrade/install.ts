/** Versions on disk: each in a folder of its own, whole or not there. */
import { mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';

import type { ReleaseArchive } from '#packs/agent-release/archive';
import type { ContentDigest } from '#protocol/identifiers';

import { readLauncherState } from './launcher-state.ts';
import type { Version } from './messages.ts';

const VERSIONS = 'versions';
/** Versions that are kept beside those that the launcher may start. */
const SPARE = 1;

/**
 * Puts a release's files where the launcher can start them; what is there already is left alone. Versions that nobody
 * will start again go first, since they take room.
 *
 * @throws Error of the file system
 */
export async function installRelease(
  dir: string,
  content: ContentDigest,
  { manifest, files }: ReleaseArchive,
): Promise<Version> {
  const folder = join(dir, VERSIONS, `${manifest.version}-${content.slice('sha256:'.length, 'sha256:'.length + 16)}`);
  const version = { version: manifest.version, content, entry: join(folder, manifest.entry) };
  await removeOldVersions(dir, version);
  if (await exists(folder)) return version;
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  const half = await mkdtemp(join(dirname(folder), '.new-'));
  try {
    for (const [path, bytes] of files) {
      const file = join(half, path);
      await mkdir(dirname(file), { recursive: true });
      await writeDurably(file, bytes);
    }
    await rename(half, folder);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    if (await exists(folder)) return version;
    throw error;
  }
  return version;
}

/** On the disk when this returns: a folder that has its name is whole, also after the power went. */
async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes versions that nobody will start again, and halves that a crash left. */
async function removeOldVersions(dir: string, keep: Version): Promise<void> {
  const state = await readLauncherState(dir);
  const needed = [keep, state?.current, state?.previous].flatMap((version) => (version ? [version.entry] : []));
  const isNeeded = (path: string): boolean => needed.some((entry) => entry.startsWith(`${path}${sep}`));
  const folder = join(dir, VERSIONS);
  const found = await Promise.all(
    (await readdir(folder).catch(() => [])).map(async (name) => {
      const path = join(folder, name);
      return { path, name, at: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 };
    }),
  );
  const spare = found
    .filter(({ path, name }) => !isNeeded(path) && !name.startsWith('.new-'))
    .toSorted((a, b) => b.at - a.at);
  const halves = found.filter(({ name, at }) => name.startsWith('.new-') && Date.now() - at > HALF_MS);
  for (const { path } of [...spare.slice(SPARE), ...halves]) await rm(path, { recursive: true, force: true });
}

/** Nobody writes at a half for so long. */
const HALF_MS = 3_600_000;

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
